import { CommittedRefusal, type Context } from "#server/core/door/index.ts";
import { foldStated } from "#server/core/door/index.ts";
import { keyedTokens } from "#server/modules/accounts/index.ts";
import { raiseAlert } from "#server/modules/incidents/index.ts";
import { indexedKinds, type Stated } from "#shared/desk.ts";
import { Problem } from "#shared/problems.ts";
import { deskPolicyOf, noteDesk, type CaseRow, type DeskRow } from "./desk-records.ts";

const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/**
 * Keyed hashes of what was stated, by which trying again is noticed. They say what was typed and not whom it means, so that the brake
 * answers alike for people who are there and for people who are not.
 */
export async function statedHashes(context: Context, stated: readonly Stated[]): Promise<Buffer[]> {
  const telling = stated.filter(({ kind }) => indexedKinds.includes(kind));
  return keyedTokens(
    context,
    "stated",
    telling.map((one) => `${one.kind}\0${foldStated(one)}`),
  );
}

/**
 * Before a look: whether the operator and what was stated still have one. Looks of one operator, and looks by one statement, go one
 * after the other from here, so that no number of parallel ones escapes the count.
 *
 * Too many failed checks or too many people in an hour stop the operator's looks until the officer lets them go on; too many failed
 * checks by one statement refuse further ones for a day, whoever tries. Both raise an alert, which stands although the look is refused.
 * @throws Problem desk-stopped; CommittedRefusal desk-stopped, desk-braked
 */
export async function demandLook(context: Context, { desk, row, hashes }: { desk: DeskRow; row: CaseRow; hashes: readonly Buffer[] }): Promise<void> {
  const { db, actor, now } = context;
  const keys = hashes.map((hash) => hash.readBigInt64BE(0)).toSorted((a, b) => (a < b ? -1 : 1));
  for (const key of [BigInt(actor.accountNo ?? 0), ...keys]) await db.query("select pg_advisory_xact_lock($1::bigint)", [key.toString()]);
  const stops = await db.query("select from desk_stops where account_no = $1 and released_at is null", [actor.accountNo]);
  if (stops.length > 0) throw new Problem("desk-stopped");

  const policy = await deskPolicyOf(context);
  const hourAgo = new Date(now.getTime() - hourMs);
  const [looks] = await db.query<{ failed: number; persons: number }>(
    `select count(*) filter (where outcome = 'failed')::integer as failed, count(distinct person_no)::integer as persons
       from desk_checks where operator_no = $1
        and at > greatest($2, coalesce((select max(released_at) from desk_stops where account_no = $1), '-infinity'))`,
    [actor.accountNo, hourAgo],
  );
  const [tries] = await db.query<{ most: number | null }>(
    `select max(tries)::integer as most from (
       select count(*) as tries from desk_checks c cross join lateral unnest(c.tokens) as t (token)
        where c.outcome = 'failed' and c.at > $1 and t.token = any($2) group by t.token) of_each`,
    [new Date(now.getTime() - dayMs), hashes],
  );
  const failed = looks?.failed ?? 0;
  const persons = looks?.persons ?? 0;
  const most = tries?.most ?? 0;
  if (failed >= policy.mostFailed) return refuse(context, { desk, row, because: "failed", found: failed, threshold: policy.mostFailed, from: hourAgo });
  if (persons >= policy.mostPersons) return refuse(context, { desk, row, because: "persons", found: persons, threshold: policy.mostPersons, from: hourAgo });
  if (most >= policy.mostFailedOfPerson) {
    return refuse(context, { desk, row, because: "person", found: most, threshold: policy.mostFailedOfPerson, from: hourAgo });
  }
}

interface Refused {
  readonly desk: DeskRow;
  readonly row: CaseRow;
  readonly because: "failed" | "persons" | "person";
  readonly found: number;
  readonly threshold: number;
  readonly from: Date;
}

async function refuse(context: Context, { desk, row, because, found, threshold, from }: Refused): Promise<never> {
  const { db, journal, actor, now } = context;
  const isStop = because !== "person";
  if (isStop) {
    await db.query("insert into desk_stops (incident_no, account_no, because, found, stopped_at) values ($1, $2, $3, $4, $5)", [
      desk.incident_no,
      actor.accountNo,
      because,
      found,
      now,
    ]);
  }
  const alertNo = await raiseAlert(context, { rule: "desk", accountNo: actor.accountNo, from, found, threshold });
  journal.becomes("desk.braked");
  noteDesk(context, desk, row.case_no);
  journal.fact("because", because);
  journal.fact("found", found);
  journal.fact("threshold", threshold);
  if (alertNo !== undefined) journal.fact("alertNo", alertNo);
  throw new CommittedRefusal(new Problem(isStop ? "desk-stopped" : "desk-braked"));
}
