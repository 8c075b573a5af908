import { isVisible, relationOf } from "#server/core/access/compile.ts";
import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { previewBulk as endpoint } from "#shared/bulk.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { listCustomers, type CustomerRow } from "../customer-records.ts";
import { trashRules } from "../trash-rules.ts";
import { countTrashedAlone } from "../trashed-alone.ts";
import type { ViewCache } from "../view-cache.ts";
import { countSight } from "./count-sight.ts";
import { goalOf } from "./goal-of.ts";
import { judgeRow, placeAfter, type Verdict } from "./judge-row.ts";
import { selectedNumbers } from "./selected-numbers.ts";

/** What an operation would do, in numbers. Nothing is opened and nobody is shown. */
export async function previewBulk(context: Context, input: Input<typeof endpoint>, cache: ViewCache): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { body } = input;
  const goal = await goalOf(context, body);
  const numbers = await selectedNumbers(context, body, cache);
  const rows = await listCustomers(context, numbers, new Set());
  const byVerdict = Map.groupBy(rows, (row) => judgeRow(context, row, body.kind, goal));
  const count = (verdict: Verdict): number => byVerdict.get(verdict)?.length ?? 0;
  const changing = byVerdict.get("change") ?? [];
  for (const row of rows) {
    context.journal.touched("customer", row.customerNo);
  }
  context.journal.fact("kind", body.kind);
  context.journal.fact("persons", numbers.length);
  const sees = (row: CustomerRow): boolean => isVisible(context.actor.rights, "customer", relationOf(context.actor.rights, placeAfter(row, goal)));
  return {
    persons: numbers.length,
    changes: changing.length,
    stays: count("stayed"),
    refused: {
      noRight: count("no-right"),
      wouldGain: count("would-gain"),
      otherState: count("other-state"),
      suspended: count("suspended"),
      gone: numbers.length - rows.length,
    },
    ...(await countSight(context, changing, goal)),
    leavesMySight: changing.filter((row) => !sees(row)).length,
    needsApproval: body.kind === "trash" && changing.length > 0 && changing.length + (await countTrashedAlone(context)) > (await trashRules(context)).alone,
  };
}
