import type { Context } from "#server/core/door/index.ts";
import { findIncident } from "../case/incident-records.ts";
import { demandStillMeant, noMoreMeant } from "../scope/still-meant.ts";
import type { ScopeTier } from "#shared/incident-scope.ts";
import type { NoticeRow } from "./notice-records.ts";
import { peopleOf } from "./people-hash.ts";

type Told = Pick<NoticeRow, "incident_no" | "has_possible" | "is_again" | "scope_no" | "started_at">;
const tiersOf = (notice: Told): readonly ScopeTier[] => (notice.has_possible || notice.is_again ? ["confirmed", "possible"] : ["confirmed"]);

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
 * Those of them to whom it still goes. Whom the scope names no more since it was begun gets nothing (`moved`), and may be told by another
 * notice if the scope names them again. Holds the incident, so that nobody is moved between this and what is opened of them.
 */
export async function withoutMoved<Person extends { readonly person_no: number; readonly customer_no: number }>(
  context: Context,
  notice: Told,
  people: readonly Person[],
): Promise<Person[]> {
  await findIncident(context, notice.incident_no, true);
  if (!(await mayHaveMoved(context, notice))) return [...people];
  const numbers = people.map(({ customer_no: no }) => no);
  const moved = new Set(await noMoreMeant(context, notice.incident_no, numbers, tiersOf(notice)));
  if (moved.size === 0) return [...people];
  const out = people.filter(({ customer_no: no }) => moved.has(no)).map(({ person_no: no }) => no);
  await context.db.query("update incident_notice_people set outcome = 'moved', held_by = null, at = $2 where person_no = any($1)", [out, context.now]);
  context.journal.fact("moved", out.length);
  return people.filter(({ customer_no: no }) => !moved.has(no));
}

/** Whether the tiers are to be read again: they were when it was begun. An hour is more than the clocks of two nodes differ. */
async function mayHaveMoved({ db }: Context, { incident_no: no, scope_no: scopeNo, started_at: since }: Told): Promise<boolean> {
  const [row] = await db.query<{ may: boolean }>(
    `select exists (select from incident_scopes where incident_no = $1 and scope_no > $2)
         or exists (select from incident_scope_moves where incident_no = $1 and moved_at > $3::timestamptz - interval '1 hour') as may`,
    [no, scopeNo, since ?? new Date(0)],
  );
  return row?.may === true;
}
