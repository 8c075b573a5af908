import { shippedRoles } from "#server/core/access/shipped-roles.ts";
import { standardFields } from "#shared/fields.ts";
import { fieldClasses, type RoleDefinition, type Verb } from "#shared/rights.ts";
import type { Db } from "#server/core/context/db.ts";
import type { Journal } from "#server/core/context/journal.ts";

/**
 * Puts the shipped roles and the standard fields into an installation; what stands there already, changed or not, stays.
 * Returns whether anything was put in. Part of every start, before the first request. With a journal, what was put in stands
 * in the event (`policy.installed`).
 */
export async function installShippedPolicy(db: Db, journal?: Journal): Promise<boolean> {
  await db.query("select one from organisation for update");
  const roles = await db.query<{ role_key: string }>(
    `insert into roles (role_key, definition, is_shipped)
     select r->>'key', r, true from jsonb_array_elements($1::jsonb) r on conflict do nothing returning role_key`,
    [JSON.stringify(shippedRoles)],
  );
  const fields = await db.query<{ field_no: number }>(
    `insert into fields (field_no, kind, key, class, stored_classes)
     select f.no, f.kind, f.key, f.class, array[f.class]
       from jsonb_to_recordset($1::jsonb) as f (no smallint, kind text, key text, class smallint)
     on conflict do nothing returning field_no`,
    [JSON.stringify(standardFields.map(({ no, kind, key, class: name }) => ({ no, kind, key, class: fieldClasses.indexOf(name) })))],
  );
  const amended = await amendRoles(db);
  if (roles.length === 0 && fields.length === 0 && amended.length === 0) return false;
  const [organisation] = await db.query<{ policy_version: number }>("update organisation set policy_version = policy_version + 1 returning policy_version");
  const newRoles = new Set(roles.map((row) => row.role_key));
  const newFields = new Set(fields.map((row) => row.field_no));
  journal?.fact("newPolicyVersion", organisation?.policy_version ?? 0);
  journal?.fact("roles", [...shippedRoles.filter((role) => newRoles.has(role.key)), ...amended.filter((role) => !newRoles.has(role.key))]);
  journal?.fact(
    "fields",
    standardFields.filter((field) => newFields.has(field.no)).map(({ no, kind, key, class: name }) => ({ no, kind, key, class: name })),
  );
  return true;
}

/**
 * Verbs that came out of others, or that are new and belong to those who held another, or to one shipped role: whoever had the one
 * has both after it, once, in every role that is stored; afterwards the organisation gives and takes each as it likes.
 */
const amendments: readonly { readonly key: string; readonly holdersOf?: Verb; readonly role?: string; readonly get: Verb }[] = [
  { key: "read-exposures", holdersOf: "read-ledger", get: "read-exposures" },
  { key: "handle-incidents", holdersOf: "consent-rights", get: "handle-incidents" },
  { key: "take-measures", holdersOf: "consent-rights", get: "take-measures" },
  { key: "take-measures-at-once", holdersOf: "manage-accounts", get: "take-measures" },
  { key: "keep-evidence", holdersOf: "consent-rights", get: "keep-evidence" },
  { key: "answer-callers", holdersOf: "handle-incidents", get: "answer-callers" },
  { key: "answer-callers-at-desk", role: "desk-operator", get: "answer-callers" },
];

/** Carries out the amendments that this installation has not seen yet; gives the roles that came to hold another verb. */
async function amendRoles(db: Db): Promise<RoleDefinition[]> {
  const amended = new Map<string, RoleDefinition>();
  for (const { key, holdersOf, role, get } of amendments) {
    const isNew = await db.query("insert into policy_amendments (amendment) values ($1) on conflict do nothing returning amendment", [key]);
    if (isNew.length === 0) continue;
    const changed = await db.query<{ definition: RoleDefinition }>(
      `update roles set definition = jsonb_set(definition, '{verbs}', (definition->'verbs') || to_jsonb($2::text))
        where (definition->'verbs' ? $1 or role_key = $3) and not definition->'verbs' ? $2 returning definition`,
      [holdersOf ?? null, get, role ?? null],
    );
    for (const { definition } of changed) amended.set(definition.key, definition);
  }
  return [...amended.values()];
}

/** Whether {@link installShippedPolicy} would put something in: a start without news records none. */
export async function lacksShippedPolicy(db: Db): Promise<boolean> {
  const [found] = await db.query<{ roles: number; fields: number; amendments: number }>(
    `select (select count(*)::integer from roles where role_key = any($1)) as roles,
            (select count(*)::integer from fields where field_no = any($2)) as fields,
            (select count(*)::integer from policy_amendments where amendment = any($3)) as amendments`,
    [shippedRoles.map((role) => role.key), standardFields.map((field) => field.no), amendments.map(({ key }) => key)],
  );
  return found?.roles !== shippedRoles.length || found.fields !== standardFields.length || found.amendments !== amendments.length;
}
