import { hasVerb } from "#server/core/access/compile.ts";
import { fieldOf, loadPolicy, rightsOf, type Field } from "#server/core/access/policy.ts";
import { classNumber, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { addJob } from "#server/platform/jobs/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { reclassField as endpoint } from "#shared/fields.ts";
import { Problem } from "#shared/problems.ts";

/** The name of the job that moves values to the class of their field, and its key for one field. */
export const resealTask = "field.reseal";
export const resealKey = (fieldNo: number): string => `${resealTask} ${fieldNo}`;

/**
 * Classes a field anew. A stricter class holds from this transaction on; of a looser one the stricter holds until every value
 * was sealed anew (reseal-field.ts). `stored_classes` names every class whose blobs may hold the field meanwhile.
 */
export async function reclassField(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { db, actor } = context;
  // One change of policy at a time; what the caller may do is asked again of the policy as it stands now.
  await db.query("select one from organisation for update");
  const policy = await loadPolicy(db);
  if (actor.principal === "account" && !hasVerb(rightsOf(policy, actor.accountNo), "manage-fields")) {
    throw new Problem("not-permitted", { verb: "manage-fields" });
  }
  const field = fieldOf(policy, input.params.kind, input.params.key);
  if (field === undefined) {
    throw new Problem("not-found");
  }
  const wanted = classNumber(input.body.class);
  const held = classNumber(field.class);
  const stored = [...new Set([...field.storedClasses, wanted])];
  const after: Field = {
    ...field,
    class: wanted > held ? input.body.class : field.class,
    targetClass: wanted < held ? input.body.class : null,
    storedClasses: stored,
  };
  context.journal.fact("formerClass", field.class);
  if (stored.length === 1) {
    noteField(context, after, null);
    return { kind: "settled" };
  }
  await db.query("update fields set class = $2, target_class = $3, stored_classes = $4 where field_no = $1", [
    field.no,
    classNumber(after.class),
    after.targetClass === null ? null : wanted,
    stored,
  ]);
  noteField(context, after, await raisePolicyVersion(context));
  await addJob(db, resealTask, { fieldNo: field.no, after: 0 }, { key: resealKey(field.no) });
  return { kind: "resealing" };
}

/** Every node and session reads the policy anew from its next transaction on. */
export async function raisePolicyVersion({ db }: Context): Promise<number> {
  const [row] = await db.query<{ policy_version: number }>("update organisation set policy_version = policy_version + 1 returning policy_version");
  return (row as { policy_version: number }).policy_version;
}

/** The full state of a field, for the event of each change of it. */
export function noteField({ journal }: Context, field: Field, newPolicyVersion: number | null): void {
  journal.touched("field", field.no);
  journal.fact("field", {
    no: field.no,
    kind: field.kind,
    key: field.key,
    class: field.class,
    targetClass: field.targetClass,
    storedClasses: field.storedClasses,
  });
  if (newPolicyVersion !== null) {
    journal.fact("newPolicyVersion", newPolicyVersion);
  }
}
