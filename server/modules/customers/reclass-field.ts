import type { Field } from "#server/core/access/policy.ts";
import { classNumber, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { addJob } from "#server/platform/jobs/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { reclassField as endpoint } from "#shared/fields.ts";
import { demandField, holdPolicy, noteField, raisePolicyVersion } from "./change-fields.ts";

/** The name of the job that moves values to the class of their field, and its key for one field. */
export const resealTask = "field.reseal";
export const resealKey = (fieldNo: number): string => `${resealTask} ${fieldNo}`;

/**
 * Classes a field anew. A stricter class holds from this transaction on; of a looser one the stricter holds until every value
 * was sealed anew (reseal-field.ts). `stored_classes` names every class whose blobs may hold the field meanwhile.
 */
export async function reclassField(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { db } = context;
  const field = demandField(await holdPolicy(context), input.params.kind, input.params.key);
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
