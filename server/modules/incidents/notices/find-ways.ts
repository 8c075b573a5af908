import { randomBytes, randomUUID } from "node:crypto";
import { actAs, actFor, examinePresence, queryOver, type Context, type Storehouse } from "#server/core/door/index.ts";
import { classesOf, keptFor, listCustomers, numbersMergedInto } from "#server/modules/customers/index.ts";
import type { Job } from "#server/platform/jobs/index.ts";
import { mostLetters, type NoticeWay } from "#shared/incident-notices.ts";
import { Problem } from "#shared/problems.ts";
import { mailSettingsHash } from "./mail-settings.ts";
import { findNotice, noteNotice, type NoticeRow } from "./notice-records.ts";
import { hashOfPeople, peopleOf } from "./people-hash.ts";

export const planTask = "incidents.plan-notice";

/** People whose ways are found in one transaction. */
const waysAtOnce = 1_000;

interface Planned {
  readonly customerNo: number;
  readonly way: NoticeWay;
}

/**
 * Finds by which way each person of a notice is told, by the rights of whoever asked for it; nothing is opened but whether there is a mail
 * address or a postal one, and nothing leaves. Some people at a time, each time whole: what a run that fell left is taken up where it
 * stands, and nobody comes twice.
 *
 * A notice that the law asks for goes to people whose use is suspended (利用停止), too, by letter where there is an address: it is not a use
 * for the purposes that they objected to. Whoever neither way reaches is counted for 代替措置.
 */
export async function findWays(storehouse: Storehouse, { payload, signal }: Pick<Job, "payload" | "signal">, atOnce = waysAtOnce): Promise<void> {
  const noticeNo = Number(payload["noticeNo"]);
  const { rows } = await storehouse.pool.query<{ made_by: number }>("select made_by from incident_notices where notice_no = $1 and state = 'planning'", [
    noticeNo,
  ]);
  const accountNo = rows[0]?.made_by;
  if (accountNo === undefined) return;
  try {
    let isMore = true;
    while (isMore) {
      signal.throwIfAborted();
      isMore = await actFor(storehouse, accountNo, "incident.notice-ways-found", randomUUID(), (context) => findNextWays(context, noticeNo, atOnce));
    }
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "not-permitted") throw error;
    await giveUp(storehouse, noticeNo);
  }
}

/** Whether people are left. */
async function findNextWays(context: Context, noticeNo: number, atOnce: number): Promise<boolean> {
  const { db, journal } = context;
  const notice = await findNotice(context, noticeNo, true);
  noteNotice(context, notice);
  if (notice.state !== "planning") {
    journal.fact("people", 0);
    return false;
  }
  const [next] = await db.query<{ nos: number[]; left: number }>(
    "select to_plan[1:$2::integer] as nos, greatest(cardinality(to_plan) - $2::integer, 0) as left from incident_notices where notice_no = $1",
    [noticeNo, atOnce],
  );
  const { planned, suspended, gone } = await waysOf(context, notice, next?.nos ?? []);
  await insertPeople(context, noticeNo, planned);
  await db.query(
    "update incident_notices set to_plan = to_plan[$4::integer + 1:], suspended = suspended + $2, gone = gone + $3, problem = null where notice_no = $1",
    [noticeNo, suspended, gone, atOnce],
  );
  journal.fact("people", planned.length);
  journal.fact("gone", gone);
  if ((next?.left ?? 0) > 0) return true;
  await closePlan(context, notice);
  return false;
}

/** All ways are found: who is told by which stands from here on, and is what a second person approves. */
async function closePlan(context: Context, notice: NoticeRow): Promise<void> {
  const { db, journal } = context;
  const people = await peopleOf(context, notice.notice_no);
  const digest = hashOfPeople(people);
  const count = (way: NoticeWay): number => people.filter((one) => one.way === way).length;
  const [row] = await db.query<{ gone: number }>(
    "update incident_notices set state = 'planned', people_hash = $2, mail_hash = $3 where notice_no = $1 returning gone",
    [notice.notice_no, digest, count("mail") === 0 ? null : await mailSettingsHash(context)],
  );
  journal.becomes("incident.notice-planned");
  journal.fact("draftNo", notice.draft_no);
  journal.fact("runNo", notice.scope_no);
  journal.fact("people", people.length);
  for (const way of ["mail", "letter", "none"] as const) journal.fact(way, count(way));
  journal.fact("already", notice.already);
  journal.fact("gone", row?.gone ?? 0);
  journal.fact("isAgain", notice.is_again);
  journal.fact("hash", digest.toString("hex"));
}

/**
 * By mail where there is an address and use is not suspended, by letter where there is a postal address, else by whichever is there.
 * A way that failed once is not taken again. Numbers that were merged since are the person who is kept.
 */
async function waysOf(context: Context, notice: NoticeRow, nos: readonly number[]): Promise<{ planned: Planned[]; suspended: number; gone: number }> {
  const kept = await keptFor(queryOver(context.db), "customer", nos);
  const there = await context.db.query<{ no: number }>("select customer_no as no from incident_notice_people where notice_no = $1 and customer_no = any($2)", [
    notice.notice_no,
    [...kept.values()],
  ]);
  const known = new Set(there.map(({ no }) => no));
  const people = [...new Set(kept.values())].filter((no) => !known.has(no));
  const tried = await triedWays(context, notice, people);
  const rows = await listCustomers(context, people, classesOf(context, ["mail", "address"]));
  const records = rows.map((row) => row.record);
  const withMail = examinePresence(context, records, "mail");
  const withAddress = examinePresence(context, records, "address");
  let suspended = 0;
  const planned = rows.map(({ customerNo, isSuspended }): Planned => {
    const open = [...(withMail.has(customerNo) ? (["mail"] as const) : []), ...(withAddress.has(customerNo) ? (["letter"] as const) : [])].filter(
      (way) => tried.get(customerNo)?.has(way) !== true,
    );
    const way = (isSuspended ? open.at(-1) : open[0]) ?? "none";
    if (isSuspended && way === "letter" && open.length > 1) suspended += 1;
    return { customerNo, way };
  });
  return { planned, suspended, gone: people.length - rows.length };
}

/** Ways by which earlier notices of the incident tried to reach people, under any of their numbers. */
async function triedWays(context: Context, notice: NoticeRow, people: readonly number[]): Promise<Map<number, Set<NoticeWay>>> {
  const numbers = await numbersMergedInto(queryOver(context.db), "customer", people);
  const rows = await context.db.query<{ customer_no: number; way: NoticeWay }>(
    `select p.customer_no, p.way from incident_notice_people p join incident_notices n using (notice_no)
      where n.incident_no = $1 and n.notice_no < $2 and n.state not in ('refused', 'withdrawn') and p.outcome <> 'moved' and p.customer_no = any($3)`,
    [notice.incident_no, notice.notice_no, [...numbers.keys()]],
  );
  const tried = new Map<number, Set<NoticeWay>>();
  for (const { customer_no, way } of rows) {
    const person = numbers.get(customer_no) ?? customer_no;
    tried.set(person, (tried.get(person) ?? new Set<NoticeWay>()).add(way));
  }
  return tried;
}

async function insertPeople({ db, now }: Context, noticeNo: number, planned: readonly Planned[]): Promise<void> {
  const [before] = await db.query<{ letters: number }>(
    "select count(*)::integer as letters from incident_notice_people where notice_no = $1 and way = 'letter'",
    [noticeNo],
  );
  let letters = before?.letters ?? 0;
  await db.query(
    `insert into incident_notice_people (notice_no, customer_no, way, outcome, part_no, token, at)
     select $1, p.no, p.way, case p.way when 'none' then 'substitute' else 'planned' end, p.part, p.token, $6
       from unnest($2::integer[], $3::text[], $4::smallint[], $5::text[]) as p (no, way, part, token)`,
    [
      noticeNo,
      planned.map((one) => one.customerNo),
      planned.map((one) => one.way),
      planned.map((one) => (one.way === "letter" ? Math.ceil(++letters / mostLetters) : null)),
      planned.map((one) => (one.way === "mail" ? makeToken() : null)),
      now,
    ],
  );
}

/** 80 random bits in small letters and digits, as they may stand in a mail address whose case is lost. */
function makeToken(): string {
  return BigInt(`0x${randomBytes(10).toString("hex")}`)
    .toString(32)
    .padStart(16, "0");
}

/** Whoever asked for it may no more: it stands still until somebody gives it up and plans anew. */
async function giveUp(storehouse: Storehouse, noticeNo: number): Promise<void> {
  await actAs(storehouse, "system", "incident.notice-stopped", randomUUID(), async (context) => {
    noteNotice(context, await findNotice(context, noticeNo, true));
    context.journal.fact("problem", "account");
    await context.db.query("update incident_notices set problem = 'account' where notice_no = $1 and state = 'planning'", [noticeNo]);
  });
}
