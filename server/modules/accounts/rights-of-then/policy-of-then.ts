import { loadPolicy, rightsOf, type Policy, type RightsSource } from "#server/core/access/policy.ts";
import type { Rights } from "#server/core/access/compile.ts";
import type { Context } from "#server/core/door/index.ts";
import { queryOver } from "#server/core/door/index.ts";
import type { RoleDefinition } from "#shared/rights.ts";
import { everyEvent, type Query } from "#server/core/ledger/index.ts";
import { events as declared } from "../events.ts";
import { followRights } from "./follow-rights.ts";

/** What rights came from at a moment: roles, who held them, departments with their cells. */
export interface PolicyOfThen extends RightsSource {
  readonly version: number;
  /** From when on it held; null: from the beginning. */
  readonly since: Date | null;
  /** Until when; null: still. Past the `since` of the next where a clock was set back in between. */
  readonly until: Date | null;
  readonly stateOf: ReadonlyMap<number, string>;
}

/** The policies of a time, oldest first; the first one is that which held when it began. */
export interface PoliciesOfThen {
  readonly policies: readonly PolicyOfThen[];
  /** Versions of which the ledger does not say the new state, and accounts or roles of which it never did: taken as they were first known, or as they are. */
  readonly assumed: { readonly versions: readonly number[]; readonly roles: readonly string[]; readonly accountNos: readonly number[] };
}

interface AccountFact {
  readonly accountNo: number;
  readonly state: string;
  readonly departmentNo: number | null;
  readonly roles: readonly string[];
}
interface PolicyFacts {
  readonly account?: AccountFact;
  readonly accounts?: readonly AccountFact[];
  readonly role?: RoleDefinition;
  readonly roles?: readonly RoleDefinition[];
  readonly departments?: readonly { departmentNo: number; parentNo: number | null; cells: readonly number[] }[];
}
interface ChangeRow {
  readonly at: Date;
  readonly policy_version: number;
  readonly facts: PolicyFacts;
}

/** The policies that held between two times, rebuilt from the ledger. Write transactions only: it takes in what is new. */
export async function policiesBetween(context: Pick<Context, "db">, from: Date, to: Date): Promise<PoliciesOfThen> {
  await followRights(queryOver(context.db));
  const changes = await context.db.query<ChangeRow>("select at, policy_version, facts from rights_changes where facts is not null order by policy_version");
  return replayPolicies(changes, await loadPolicy(context.db), from, to);
}

const silent = /^sessions?\.|\.(listed|shown|previewed|viewed)$|^monitoring\./;
/** Types of events that tell the new state of what rights come from. */
export const tellingPolicy = Object.keys(declared).filter((type) => !silent.test(type));

/**
 * All policies up to an event, read from the events themselves and from nothing that was taken out of them: whoever is excluded by it
 * is excluded by what verifies.
 */
export async function policiesFromEvents(query: Query, now: Policy, asOf: { readonly eventNo: number; readonly at: Date }): Promise<PoliciesOfThen> {
  const events = await everyEvent(query, { types: tellingPolicy, upTo: asOf.eventNo });
  const changes = events.flatMap(({ at, facts, outcome }): ChangeRow[] => {
    const version = facts["newPolicyVersion"];
    return outcome === "ok" && typeof version === "number" ? [{ at, policy_version: version, facts: facts as unknown as PolicyFacts }] : [];
  });
  return replayPolicies(
    changes.toSorted((a, b) => a.policy_version - b.policy_version),
    now,
    new Date(0),
    asOf.at,
  );
}

/** The policy that held at a moment. */
export async function policyAt(context: Pick<Context, "db">, at: Date): Promise<PolicyOfThen> {
  const { policies } = await policiesBetween(context, at, at);
  return policies[0] as PolicyOfThen;
}

/** Pure: changes ascending by version. `now` stands in for what no change ever spoke of. */
export function replayPolicies(changes: readonly ChangeRow[], now: Policy, from: Date, to: Date): PoliciesOfThen {
  const named = namedIn(changes);
  const roles = new Map([...now.roles].filter(([key]) => !named.roles.has(key)));
  const rolesOf = new Map([...now.rolesOf].filter(([no]) => !named.accounts.has(no)));
  const departmentOf = new Map([...now.departmentOf].filter(([no]) => !named.accounts.has(no)));
  const stateOf = new Map<number, string>();
  let departments: PolicyOfThen["departments"] = named.departments ? new Map() : now.departments;
  const assumed = { versions: [] as number[], roles: [...roles.keys()], accountNos: [...rolesOf.keys()] };

  const { began, ended } = timesOf(changes);
  const policyNow = (version: number, since: Date | null, until: Date | null): PolicyOfThen => ({
    version,
    since,
    until,
    roles: new Map(roles),
    rolesOf: new Map(rolesOf),
    departmentOf: new Map(departmentOf),
    stateOf: new Map(stateOf),
    departments,
    rightsCache: new Map(),
  });
  let first = policyNow(0, null, ended[0] ?? null);
  const later: PolicyOfThen[] = [];
  let version = changes[0] === undefined ? now.version : changes[0].policy_version - 1;
  for (const [at, change] of changes.entries()) {
    const since = began[at] as Date;
    for (let missing = version + 1; missing < change.policy_version; missing += 1) assumed.versions.push(missing);
    version = change.policy_version;
    if (since > to) continue;
    const { facts } = change;
    for (const role of [...(facts.roles ?? []), ...(facts.role === undefined ? [] : [facts.role])]) roles.set(role.key, role);
    if (facts.departments !== undefined) departments = new Map(facts.departments.map((node) => [node.departmentNo, node]));
    for (const account of [...(facts.accounts ?? []), ...(facts.account === undefined ? [] : [facts.account])]) {
      rolesOf.set(account.accountNo, account.roles);
      departmentOf.set(account.accountNo, account.departmentNo);
      stateOf.set(account.accountNo, account.state);
    }
    const policy = policyNow(version, since, ended[at + 1] ?? null);
    if (since <= from) first = policy;
    else later.push(policy);
  }
  for (let missing = version + 1; missing <= now.version; missing += 1) assumed.versions.push(missing);
  return { policies: [first, ...later], assumed };
}

/**
 * Versions are in their order whatever the clock said: a change began no later than any after it, and what it replaced ended no
 * earlier than any before it was recorded. Where clocks go forward both are the time of the change.
 */
function timesOf(changes: readonly Pick<ChangeRow, "at">[]): { began: readonly Date[]; ended: readonly Date[] } {
  const began = changes.map(({ at }) => at);
  const ended = changes.map(({ at }) => at);
  for (let at = began.length - 2; at >= 0; at -= 1) if (began[at]! > began[at + 1]!) began[at] = began[at + 1]!;
  for (let at = 1; at < ended.length; at += 1) if (ended[at]! < ended[at - 1]!) ended[at] = ended[at - 1]!;
  return { began, ended };
}

function namedIn(changes: readonly ChangeRow[]): { roles: Set<string>; accounts: Set<number>; departments: boolean } {
  const roles = new Set<string>();
  const accounts = new Set<number>();
  for (const { facts } of changes) {
    for (const role of [...(facts.roles ?? []), ...(facts.role === undefined ? [] : [facts.role])]) roles.add(role.key);
    for (const account of [...(facts.accounts ?? []), ...(facts.account === undefined ? [] : [facts.account])]) accounts.add(account.accountNo);
  }
  return { roles, accounts, departments: changes.some(({ facts }) => facts.departments !== undefined) };
}

/** The rights of an account under a policy of then. Whoever was disabled had none. */
export function rightsOfThen(policy: PolicyOfThen, accountNo: number): Rights {
  return rightsOf(policy.stateOf.get(accountNo) === "disabled" ? { ...policy, rolesOf: new Map(), rightsCache: new Map() } : policy, accountNo);
}
