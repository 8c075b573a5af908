import { queryOver, type Context } from "#server/core/door/index.ts";
import { keptFor, numbersMergedInto } from "#server/modules/customers/index.ts";
import type { ScopeTier } from "#shared/incident-scope.ts";
import { findIncident } from "../case/incident-records.ts";
import { demandStillMeant, noMoreMeant } from "../scope/still-meant.ts";
import { noticesOf, type NoticeRow } from "./notice-records.ts";
import { peopleOf } from "./people-hash.ts";

const tiersOf = (notice: NoticeRow): readonly ScopeTier[] => (notice.has_possible || notice.is_again ? ["confirmed", "possible"] : ["confirmed"]);

/**
 * Whom the scope names no more, by a move or by a newer run, is not told: neither approved nor begun. Holds the incident, so that nobody is
 * moved meanwhile. @throws Problem conflict {reason: "people-moved"}
 */
export async function demandStillTold(context: Context, notice: NoticeRow): Promise<void> {
  await findIncident(context, notice.incident_no, true);
  const people = await peopleOf(context, notice.notice_no);
  const told = people.filter(({ way }) => way !== "none").map(({ customer_no: no }) => no);
  await demandStillMeant(context, notice.incident_no, told, tiersOf(notice));
}

/**
 * Takes people who were just moved out of the notices that were begun, as far as nothing was sent to them: they get nothing (`moved`), also
 * where a mail to them was about to leave. Whom a newer run would leave out is told as was approved, until somebody moves them out. Call it with the incident
 * held, behind the move; resolves with how many it were.
 */
export async function takeOutOfNotices(context: Context, incidentNo: number, persons: readonly number[]): Promise<number> {
  const begun = (await noticesOf(context, incidentNo)).filter(({ started_at: at, state }) => at !== null && state !== "withdrawn");
  if (begun.length === 0) return 0;
  const query = queryOver(context.db);
  const kept = await keptFor(query, "customer", persons);
  const numbers = await numbersMergedInto(query, "customer", [...new Set(kept.values())]);
  let taken = 0;
  for (const notice of begun) {
    const waiting = await context.db.query<{ person_no: number; customer_no: number }>(
      "select person_no, customer_no from incident_notice_people where notice_no = $1 and customer_no = any($2) and outcome in ('planned', 'substitute', 'sending')",
      [notice.notice_no, [...numbers.keys()]],
    );
    const scoped = { incidentNo, runNo: notice.scope_no };
    const moved = new Set(
      await noMoreMeant(
        context,
        scoped,
        waiting.map((one) => one.customer_no),
        tiersOf(notice),
      ),
    );
    const nos = waiting.filter((one) => moved.has(one.customer_no)).map((one) => one.person_no);
    const out = await context.db.query<{ customer_no: number }>(
      "update incident_notice_people set outcome = 'moved', held_by = null, at = $2 where person_no = any($1) and outcome in ('planned', 'substitute') returning customer_no",
      [nos, context.now],
    );
    // A mail that the server has at this moment and does not take is not sent later.
    await context.db.query("update incident_notice_people set former = 'moved' where person_no = any($1) and outcome = 'sending'", [nos]);
    taken += out.length;
    if (notice.is_again) await notReplaced(context, notice, out);
  }
  return taken;
}

/** Nothing took the place of what they were sent before. */
async function notReplaced({ db, now }: Context, notice: NoticeRow, out: readonly { customer_no: number }[]): Promise<void> {
  await db.query(
    `update incident_notice_people p set outcome = p.former, former = null, at = $4 from incident_notices n
      where n.notice_no = p.notice_no and n.incident_no = $2 and p.notice_no < $1 and p.outcome = 'replaced' and p.former is not null and p.customer_no = any($3)`,
    [notice.notice_no, notice.incident_no, out.map((one) => one.customer_no), now],
  );
}
