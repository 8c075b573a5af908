import { hasVerb } from "#server/core/access/compile.ts";
import { fieldOf, loadPolicy, rightsOf, type Field, type Policy } from "#server/core/access/policy.ts";
import type { Context } from "#server/core/door/index.ts";
import type { Kind } from "#shared/rights.ts";
import { Problem } from "#shared/problems.ts";

/**
 * The policy as it stands now, held still: one change of it at a time. What the caller may do is asked again of it.
 * @throws Problem not-permitted
 */
export async function holdPolicy({ db, actor }: Context): Promise<Policy> {
  await db.query("select one from organisation for update");
  const policy = await loadPolicy(db);
  if (actor.principal === "account" && !hasVerb(rightsOf(policy, actor.accountNo), "manage-fields")) {
    throw new Problem("not-permitted", { verb: "manage-fields" });
  }
  return policy;
}

/** @throws Problem not-found */
export function demandField(policy: Policy, kind: Kind, key: string): Field {
  const field = fieldOf(policy, kind, key);
  if (field === undefined) {
    throw new Problem("not-found");
  }
  return field;
}

/** Every node and session reads the policy anew from its next transaction on. */
export async function raisePolicyVersion({ db }: Context): Promise<number> {
  const [row] = await db.query<{ policy_version: number }>("update organisation set policy_version = policy_version + 1 returning policy_version");
  return (row as { policy_version: number }).policy_version;
}

/** The full state of a field as the policy has it now, for the event of each change of it. */
export function noteField({ journal }: Context, field: Field, newPolicyVersion: number | null): void {
  journal.touched("field", field.no);
  journal.fact("field", {
    no: field.no,
    kind: field.kind,
    key: field.key,
    class: field.class,
    targetClass: field.targetClass,
    storedClasses: field.storedClasses,
    ja: field.ja,
    en: field.en,
    type: field.type,
    mask: field.mask,
    indexing: field.indexing,
    indexedAs: field.indexedAs === null ? null : { no: field.indexedAs.no, type: field.indexedAs.type },
    isRequired: field.isRequired,
    isArchived: field.isArchived,
    choices: field.choices.map(({ key, ja, en, isRetired }) => ({ key, ja, en, isRetired })),
    sectionNo: field.sectionNo,
  });
  if (newPolicyVersion !== null) {
    journal.fact("newPolicyVersion", newPolicyVersion);
  }
}

/** Raises the policy's version and writes the new state of a field, as it was stored, into the event. */
export async function noteChangedField(context: Context, kind: Kind, key: string): Promise<Field> {
  const version = await raisePolicyVersion(context);
  const field = demandField(await loadPolicy(context.db), kind, key);
  noteField(context, field, version);
  return field;
}
