import { preparsePolicySet, preparseSchema, statefulIsAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import type { Entities } from "@cedar-policy/cedar-wasm/nodejs";
import { fieldClasses, kinds, purposes, verbs } from "#shared/rights.ts";
import type { FieldClass, Grant, Kind, Purpose, RoleDefinition, Verb } from "#shared/rights.ts";

/**
 * The same roles said to Cedar (cedarpolicy.com), as an oracle for our own compiled rights: written from the meaning of a
 * grant, with nothing taken from server/core/access.
 */

export const needs = ["read", "unmasked", "write"] as const;
export type Need = (typeof needs)[number];

export interface AskedRow {
  readonly kind: Kind;
  readonly ownerNo: number | null;
  readonly cellNo: number | null;
}
export interface AskingAccount {
  readonly accountNo: number;
  readonly cells: readonly number[];
  readonly roleKeys: readonly string[];
}

const typeOf: Record<Kind, string> = { customer: "Customer", company: "Company", account: "Member" };
const quoted = (text: string): string => JSON.stringify(text);
const classAction = (need: Need, fieldClass: FieldClass): string => `${need} ${fieldClass}`;

function conditionOf(scope: Grant["scope"]): string {
  if (scope === "own") return "when { resource has ownerNo && resource.ownerNo == principal.accountNo }";
  if (scope === "department") return "when { resource has cellNo && principal.cells.contains(resource.cellNo) }";
  return "";
}

/** One `permit` for each role, grant, class and thing granted; Cedar unites permits, as an account unites its roles. */
function cedarPolicies(roles: readonly RoleDefinition[]): string[] {
  const policies: string[] = [];
  for (const role of roles) {
    const principal = `principal in Role::${quoted(role.key)}`;
    for (const grant of role.grants) {
      for (const fieldClass of fieldClasses) {
        const level = grant.levels[fieldClass];
        const granted: Need[] = [];
        if (level !== "none") granted.push("read");
        if (level !== "none" && !grant.masked.includes(fieldClass)) granted.push("unmasked");
        if (level === "write") granted.push("write");
        for (const need of granted) {
          const action = `action == Action::${quoted(classAction(need, fieldClass))}`;
          policies.push(`permit (${principal}, ${action}, resource is ${typeOf[grant.kind]}) ${conditionOf(grant.scope)};`);
        }
      }
    }
    for (const verb of role.verbs) policies.push(`permit (${principal}, action == Action::${quoted(`verb ${verb}`)}, resource is Store);`);
    for (const purpose of role.purposes) {
      policies.push(`permit (${principal}, action == Action::${quoted(`purpose ${purpose}`)}, resource is Store);`);
    }
  }
  return policies;
}

function cedarSchema(): string {
  const rows = kinds.map((kind) => typeOf[kind]).join(", ");
  const onRows = needs.flatMap((need) => fieldClasses.map((fieldClass) => quoted(classAction(need, fieldClass))));
  const onStore = [...verbs.map((verb) => quoted(`verb ${verb}`)), ...purposes.map((purpose) => quoted(`purpose ${purpose}`))];
  return `
    entity Role;
    entity Account in [Role] { accountNo: Long, cells: Set<Long> };
    entity Store;
    entity ${rows} { ownerNo?: Long, cellNo?: Long };
    action ${onRows.join(", ")} appliesTo { principal: [Account], resource: [${rows}] };
    action ${onStore.join(", ")} appliesTo { principal: [Account], resource: [Store] };`;
}

export interface CedarOracle {
  mayWithRow(account: AskingAccount, row: AskedRow, need: Need, fieldClass: FieldClass): boolean;
  mayAct(account: AskingAccount, verb: Verb): boolean;
  mayStatePurpose(account: AskingAccount, purpose: Purpose): boolean;
  /** How many decisions were asked of Cedar. */
  decisions(): number;
}

let opened = 0;

/** Throws when a policy or a request does not fit the schema, so that a "deny" is always a decision and never a mistake. */
export function openCedar(roles: readonly RoleDefinition[]): CedarOracle {
  const name = `policies-${++opened}`;
  const isReady = (answer: { type: string }, what: string): void => {
    if (answer.type !== "success") throw new Error(`Cedar refused the ${what}: ${JSON.stringify(answer)}`);
  };
  isReady(preparseSchema(name, cedarSchema()), "schema");
  isReady(preparsePolicySet(name, { staticPolicies: cedarPolicies(roles).join("\n") }), "policies");
  let asked = 0;

  function decide(account: AskingAccount, action: string, resource: Entities[number]): boolean {
    asked += 1;
    const principal = { type: "Account", id: String(account.accountNo) };
    const answer = statefulIsAuthorized({
      principal,
      action: { type: "Action", id: action },
      resource: resource.uid,
      context: {},
      preparsedSchemaName: name,
      validateRequest: true,
      preparsedPolicySetId: name,
      entities: [
        {
          uid: principal,
          attrs: { accountNo: account.accountNo, cells: [...account.cells] },
          parents: account.roleKeys.map((key) => ({ type: "Role", id: key })),
        },
        resource,
      ],
    });
    if (answer.type !== "success") throw new Error(`Cedar gave no decision: ${JSON.stringify(answer.errors)}`);
    if (answer.response.diagnostics.errors.length > 0) throw new Error("a policy failed in Cedar");
    return answer.response.decision === "allow";
  }

  const store = { uid: { type: "Store", id: "store" }, attrs: {}, parents: [] };
  return {
    mayWithRow: (account, row, need, fieldClass) =>
      decide(account, classAction(need, fieldClass), {
        uid: { type: typeOf[row.kind], id: "row" },
        attrs: {
          ...(row.ownerNo === null ? {} : { ownerNo: row.ownerNo }),
          ...(row.cellNo === null ? {} : { cellNo: row.cellNo }),
        },
        parents: [],
      }),
    mayAct: (account, verb) => decide(account, `verb ${verb}`, store),
    mayStatePurpose: (account, purpose) => decide(account, `purpose ${purpose}`, store),
    decisions: () => asked,
  };
}
