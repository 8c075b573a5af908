import type { Context, Draft, Input } from "#server/core/door/index.ts";
import { readForMerge } from "#server/modules/customers/index.ts";
import type { keepApart as endpoint } from "#shared/duplicates.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import { mayWrite } from "./compare-records.ts";
import { visiblePairs } from "./list-pairs.ts";

/** Remembers that two records are not the same, so that they are proposed no more; or takes that back. */
export async function keepApart(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { kind, areApart } = input.body;
  const [first, second] = input.body.numbers.toSorted((a, b) => a - b) as [number, number];
  const rows = await readForMerge(context, kind, [first, second]);
  if (rows.length !== 2) {
    throw new Problem("not-found");
  }
  if (!rows.every((row) => mayWrite(context, kind, row))) {
    throw new Problem("not-permitted");
  }
  const state = areApart ? "not-duplicate" : "open";
  // A pair that the caller may not be told of is none: that two rows are alike by a hidden value is not said by a refusal either.
  const told = [...(await visiblePairs(context, kind, "open", first)), ...(await visiblePairs(context, kind, "not-duplicate", first))];
  if (!told.some((pair) => pair.first === first && pair.second === second)) {
    throw new Problem("not-found");
  }
  const changed = await context.db.query("update duplicate_pairs set state = $4 where kind = $1 and first_no = $2 and second_no = $3 returning kind", [
    kind,
    first,
    second,
    state,
  ]);
  if (changed.length === 0) {
    throw new Problem("not-found");
  }
  context.journal.fact("kind", kind);
  context.journal.fact("state", state);
  context.journal.touched(kind, first);
  context.journal.touched(kind, second);
  return { state };
}
