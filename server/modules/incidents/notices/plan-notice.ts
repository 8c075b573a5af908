import { queryOver, type Context, type Input } from "#server/core/door/index.ts";
import { keptFor } from "#server/modules/customers/index.ts";
import { addJob } from "#server/platform/jobs/index.ts";
import type { NoticeOutcome, planNotice as endpoint } from "#shared/incident-notices.ts";
import { Problem } from "#shared/problems.ts";
import { findOpenIncident } from "../case/incident-records.ts";
import { draftsOf } from "../drafts/draft-records.ts";
import { numbersIn } from "../scope/list-people.ts";
import { noMoreMeant } from "../scope/still-meant.ts";
import { movesOf, scopeColumns, standingIn, tiersOfScope, type ScopeRow } from "../scope/scope-records.ts";
import { planTask } from "./find-ways.ts";
import { noteNotice } from "./notice-records.ts";

/** Outcomes after which a person has not been told. */
const missed: readonly NoticeOutcome[] = ["refused", "bounced", "returned"];

/**
 * Takes up whom of the newest scope a notice goes to; by which way each of them is told, a job finds (find-ways.ts). Nothing is opened
 * and nothing leaves.
 * @throws Problem not-found, conflict {reason: "incident-closed"}, not-ready {reason: "no-approved-paper" | "no-scope" | "scope-not-verified" |
 *   "being-planned" | "nobody"}
 */
export async function planNotice(context: Context, { params, body }: Input<typeof endpoint>): Promise<{ noticeNo: number }> {
  const { db, now, actor, journal } = context;
  const incident = await findOpenIncident(context, params.incidentNo);
  const draft = (await draftsOf(context, incident.incident_no, body.paper)).find((row) => row.state === "approved");
  if (draft === undefined) throw new Problem("not-ready", { reason: "no-approved-paper" });
  const scope = await verifiedScope(context, incident.incident_no);
  const [underWay] = await db.query("select from incident_notices where incident_no = $1 and state = 'planning'", [incident.incident_no]);
  if (underWay !== undefined) throw new Problem("not-ready", { reason: "being-planned" });
  const earlier = await outcomesSoFar(context, incident.incident_no);
  const told = body.isAgain
    ? { nos: await stillMeant(context, incident.incident_no, missedPeople(earlier, body.hasUnsure)), already: 0 }
    : await untold(context, incident.incident_no, scope, body.hasPossible, new Set(earlier.keys()));
  if (told.nos.length === 0) throw new Problem("not-ready", { reason: "nobody" });
  const [made] = await db.query<{ notice_no: number }>(
    `insert into incident_notices (incident_no, draft_no, scope_no, is_again, has_possible, mails_per_minute, state, made_by, made_at, already, suspended, gone, to_plan)
     values ($1, $2, $3, $4, $5, $6, 'planning', $7, $8, $9, 0, 0, $10) returning notice_no`,
    [
      incident.incident_no,
      draft.draft_no,
      scope.scope_no,
      body.isAgain,
      body.hasPossible,
      body.mailsPerMinute,
      actor.accountNo,
      now,
      told.already,
      told.nos.toSorted((a, b) => a - b),
    ],
  );
  const noticeNo = made?.notice_no as number;
  await addJob(db, planTask, { noticeNo }, { key: `notice ways ${noticeNo}` });
  noteNotice(context, { ...incident, notice_no: noticeNo });
  journal.fact("draftNo", draft.draft_no);
  journal.fact("runNo", scope.scope_no);
  journal.fact("people", told.nos.length);
  journal.fact("already", told.already);
  journal.fact("isAgain", body.isAgain);
  return { noticeNo };
}

async function verifiedScope(context: Context, incidentNo: number): Promise<ScopeRow> {
  const [row] = await context.db.query<ScopeRow>(`select ${scopeColumns} from incident_scopes where incident_no = $1 order by scope_no desc limit 1`, [
    incidentNo,
  ]);
  if (row === undefined) throw new Problem("not-ready", { reason: "no-scope" });
  // A ledger that does not verify excludes nobody; its confirmed people are told all the same.
  if (row.verification === "pending") throw new Problem("not-ready", { reason: "scope-not-verified" });
  return row;
}

/** What the newest notice to each person came to, by the person's number as it is now. Whoever was moved out first was sent none. */
async function outcomesSoFar(context: Context, incidentNo: number): Promise<Map<number, NoticeOutcome>> {
  const rows = await context.db.query<{ customer_no: number; outcome: NoticeOutcome }>(
    `select p.customer_no, p.outcome from incident_notice_people p join incident_notices n using (notice_no)
      where n.incident_no = $1 and n.state not in ('refused', 'withdrawn') and p.outcome <> 'moved' order by p.notice_no`,
    [incidentNo],
  );
  const kept = await keptFor(
    queryOver(context.db),
    "customer",
    rows.map((row) => row.customer_no),
  );
  return new Map(rows.map(({ customer_no, outcome }) => [kept.get(customer_no) ?? customer_no, outcome]));
}

function missedPeople(earlier: ReadonlyMap<number, NoticeOutcome>, hasUnsure: boolean): number[] {
  return [...earlier].filter(([, outcome]) => missed.includes(outcome) || (hasUnsure && outcome === "unsure")).map(([no]) => no);
}

/** Whom the scope names no more is not told anew either. */
async function stillMeant(context: Context, incidentNo: number, people: readonly number[]): Promise<number[]> {
  const moved = new Set(await noMoreMeant(context, { incidentNo }, people, ["confirmed", "possible"]));
  return people.filter((no) => !moved.has(no));
}

async function untold(
  context: Context,
  incidentNo: number,
  scope: ScopeRow,
  hasPossible: boolean,
  toldAlready: ReadonlySet<number>,
): Promise<{ nos: number[]; already: number }> {
  const tiers = await tiersOfScope(context, scope.scope_no);
  const standing = standingIn(scope, tiers, await movesOf(context, incidentNo));
  const found = [...numbersIn(tiers, standing, "confirmed"), ...(hasPossible ? numbersIn(tiers, standing, "possible") : [])];
  const kept = await keptFor(queryOver(context.db), "customer", found);
  const people = [...new Set(found.map((no) => kept.get(no) ?? no))];
  const nos = people.filter((no) => !toldAlready.has(no));
  return { nos, already: people.length - nos.length };
}
