import { hasPurpose } from "#server/core/access/compile.ts";
import { recordFieldOf } from "#server/core/access/policy.ts";
import { inFull, inPart, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import { typeOfWay, type useValue as endpoint } from "#shared/uses.ts";
import { customerFor } from "../customer-records.ts";

/**
 * Hands one value over to a call or a mail in full, to a map as the town, for a stated purpose. Whoever lies in the trash or was
 * merged into another is not contacted.
 * @throws Problem not-found, invalid-input, purpose-needed; conflict {state}
 */
export async function useValue(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { field: key, way, purpose } = input.body;
  const row = await customerFor(context, input.params.customerNo);
  if (recordFieldOf(context.policy, "customer", key)?.type !== typeOfWay[way]) {
    throw new Problem("invalid-input", { field: "field" });
  }
  if (!hasPurpose(context.actor.rights, purpose)) {
    throw new Problem("purpose-needed");
  }
  if (row.state !== "active") {
    throw new Problem("conflict", { state: row.state });
  }
  context.journal.purpose(purpose);
  context.journal.fact("way", way);
  context.journal.fact("field", key);
  context.journal.touched("customer", row.customerNo);
  return { target: way === "map" ? inPart(row.record, key, "town", "contact") : inFull(row.record, key, "contact") };
}
