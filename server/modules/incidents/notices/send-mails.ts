import { randomInt, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { actAs, inFull, releaseFor, type Context, type Draft, type Storehouse } from "#server/core/door/index.ts";
import { classesOf, listCustomers } from "#server/modules/customers/index.ts";
import type { Job } from "#server/platform/jobs/index.ts";
import { mailsOut, type MailSettings, type MailsOut, type NoticeProblem } from "#shared/incident-notices.ts";
import { Problem } from "#shared/problems.ts";
import { approvedPaper } from "../drafts/approved-paper.ts";
import { mailText } from "./mail-text.ts";
import { mailSettingsHash, mailSettingsOf } from "./mail-settings.ts";
import { findNotice, noteNotice, type NoticeRow } from "./notice-records.ts";
import { openMailer, type Mailer, type Said } from "./open-mailer.ts";

/** Mails whose names and addresses leave the door together; what a kill -9 leaves undone of them is opened again. */
const atATime = 10;
/** A server that says "not now" (greylisting) is asked again so often, after 5, 10, 20 … minutes. */
const mostTries = 6;
const isDue = `(tries = 0 or at <= $2::timestamptz - make_interval(mins => (5 * 2 ^ (tries - 1))::integer))`;

/**
 * Sends the mails of one notice, at most once each. In this order: a few people are taken and what is opened of them is recorded, in
 * one transaction; each mail is marked as on its way, durably, before the mail server hears of it; what the server said is kept. A mail
 * that was on its way when the machine stopped, or whose connection broke, is `unsure`: it is never sent again by itself.
 */
export async function sendNotice(storehouse: Storehouse, { payload, signal }: Pick<Job, "payload" | "signal">): Promise<void> {
  const noticeNo = Number(payload["noticeNo"]);
  const run = randomInt(1, 2_147_483_647);
  const query = storehouse.pool;
  // A run before this one that fell: what it had taken and not begun waits again, what was on its way is not known.
  await settleFallen(storehouse, noticeNo);
  await query.query("update incident_notice_people set held_by = null where notice_no = $1 and held_by is not null", [noticeNo]);
  let mailer: Mailer | undefined;
  let next = 0;
  try {
    for (;;) {
      signal.throwIfAborted();
      const taken = await takeMails(storehouse, noticeNo, run);
      if (taken === undefined) return;
      // Another run holds what is left.
      if (taken.mails.people.length === 0) await sleep(1_000, undefined, { signal });
      mailer ??= taken.settings === null ? undefined : openMailer(taken.settings);
      const pace = 60_000 / taken.mailsPerMinute;
      const said = new Map<number, Said["outcome"]>();
      let stoppedBy: NoticeProblem | undefined;
      for (const person of taken.mails.people) {
        const wait = next - Date.now();
        if (wait > 0) await sleep(wait, undefined, { signal });
        if (signal.aborted || !(await beginMail(storehouse, person.personNo, run))) continue;
        next = Math.max(next, Date.now()) + pace;
        const answer = mailer === undefined ? ({ outcome: "sent" } as const) : await sendOne(mailer, taken, person);
        await settleMail(storehouse, person.personNo, answer);
        said.set(person.personNo, answer.outcome);
        if (answer.outcome === "stopped") {
          stoppedBy = answer.problem;
          break;
        }
      }
      await query.query("update incident_notice_people set held_by = null where notice_no = $1 and held_by = $2", [noticeNo, run]);
      await recordSaid(storehouse, taken.notice, said, stoppedBy);
      if (stoppedBy === "unreachable") {
        // The job waits longer each time and goes on by itself.
        throw new Problem("try-later");
      }
      if (stoppedBy !== undefined) return;
    }
  } finally {
    mailer?.close();
  }
}

interface Taken {
  readonly notice: NoticeRow;
  readonly mails: MailsOut;
  /** Null in a drill: nothing leaves. */
  readonly settings: MailSettings | null;
  readonly mailsPerMinute: number;
}

interface Waiting {
  readonly person_no: number;
  readonly customer_no: number;
  readonly token: string;
}

/** The next few mails with what stands in them; undefined when there is nothing to be sent any more, or it was stopped. */
async function takeMails(storehouse: Storehouse, noticeNo: number, run: number): Promise<Taken | undefined> {
  const looked = await look(storehouse, noticeNo);
  if (looked === undefined) return undefined;
  const { notice, settings } = looked;
  try {
    const mails = await releaseFor(
      storehouse,
      { accountNo: notice.started_by ?? 0, event: "incident.mails-released", requestId: randomUUID(), reply: mailsOut },
      async (context) => {
        const row = await findNotice(context, noticeNo, true);
        noteNotice(context, row);
        const waiting = row.state === "sending" ? await holdNext(context, noticeNo, run) : [];
        if (row.is_drill) {
          // Of a drill nobody's name or address is opened.
          return { paper: null, people: waiting.map((one) => ({ personNo: one.person_no, token: one.token, name: null, mail: null })) };
        }
        return open(context, row, waiting);
      },
    );
    return { notice, mails, settings, mailsPerMinute: notice.mails_per_minute };
  } catch (error) {
    if (error instanceof Problem && error.code === "not-permitted") {
      await halt(storehouse, notice, "account");
      return undefined;
    }
    throw error;
  }
}

/** Whether there is something to do, before anything is opened for it. */
async function look(storehouse: Storehouse, noticeNo: number): Promise<{ notice: NoticeRow; settings: MailSettings | null } | undefined> {
  const db = { query: async <Row>(text: string, values?: unknown[]) => (await storehouse.pool.query(text, values)).rows as Row[] } as Context["db"];
  const notice = await findNotice({ db }, noticeNo);
  if (notice.state !== "sending") return undefined;
  const [left] = await db.query<{ people: number; due: number }>(
    `select count(*)::integer as people, (count(*) filter (where ${isDue}))::integer as due from incident_notice_people
      where notice_no = $1 and way = 'mail' and outcome = 'planned'`,
    [noticeNo, storehouse.clock()],
  );
  if (left?.people === 0) {
    await actAs(storehouse, "system", "incident.notice-finished", randomUUID(), async (context) => {
      noteNotice(context, notice);
      await context.db.query("update incident_notices set state = 'done', ended_at = $2, problem = null where notice_no = $1", [noticeNo, context.now]);
    });
    return undefined;
  }
  // Nobody is due yet: the job comes up again by itself, later each time.
  if (left?.due === 0) throw new Problem("try-later");
  if (notice.is_drill) return { notice, settings: null };
  const settings = await mailSettingsOf({ db, door: storehouse.door });
  const hash = await mailSettingsHash({ db, door: storehouse.door });
  if (settings === undefined || hash === null || notice.mail_hash?.equals(hash) !== true) {
    await halt(storehouse, notice, settings === undefined ? "mail-not-set" : "mail-changed");
    return undefined;
  }
  return { notice, settings };
}

function holdNext({ db, now }: Context, noticeNo: number, run: number): Promise<Waiting[]> {
  return db.query<Waiting>(
    `update incident_notice_people set held_by = $3 where person_no in (
       select person_no from incident_notice_people where notice_no = $1 and way = 'mail' and outcome = 'planned' and held_by is null and ${isDue}
        order by tries, person_no limit ${atATime} for update skip locked)
     returning person_no, customer_no, token`,
    [noticeNo, now, run],
  );
}

/** What stands in the mails, as handles. Who is gone since, or has no mail address any more, gets none. */
async function open(context: Context, row: NoticeRow, waiting: readonly Waiting[]): Promise<Draft<MailsOut>> {
  const rows = await listCustomers(
    context,
    waiting.map((one) => one.customer_no),
    classesOf(context, ["fullName", "mail"]),
  );
  const byNo = new Map(rows.map((one) => [one.customerNo, one.record]));
  const gone = waiting.filter((one) => !byNo.has(one.customer_no));
  await context.db.query("update incident_notice_people set outcome = 'gone', held_by = null, at = $2 where person_no = any($1)", [
    gone.map((one) => one.person_no),
    context.now,
  ]);
  context.journal.purpose("person-request");
  context.journal.fact("people", rows.length);
  for (const no of byNo.keys()) context.journal.touched("customer", no);
  return {
    paper: await approvedPaper(context, row.draft_no),
    people: waiting.flatMap((one) => {
      const record = byNo.get(one.customer_no);
      if (record === undefined) return [];
      return [{ personNo: one.person_no, token: one.token, name: inFull(record, "fullName", "answer-person"), mail: inFull(record, "mail", "answer-person") }];
    }),
  };
}

async function sendOne(mailer: Mailer, { mails }: Taken, { name, mail, token }: MailsOut["people"][number]): Promise<Said> {
  const to = typeof mail === "string" ? mail.normalize("NFKC").trim() : "";
  // One address and no more: whatever else stands in the field is nobody's mailbox.
  if (!/^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>".]+$/.test(to) || mails.paper === null) return { outcome: "refused", status: null };
  const { title, organisation, locale } = mails.paper;
  const toName = typeof name === "string" ? name.trim() : "";
  return mailer.send({ to, toName, token, fromName: organisation, subject: title, text: mailText(mails.paper, toName), language: locale });
}

/** Marks a mail as on its way, durably, before the mail server hears of it. False: another run has it, or it was stopped meanwhile. */
async function beginMail(storehouse: Storehouse, personNo: number, run: number): Promise<boolean> {
  const { rowCount } = await storehouse.pool.query(
    `update incident_notice_people p set outcome = 'sending', tries = p.tries + 1, at = $3 from incident_notices n
      where p.person_no = $1 and p.held_by = $2 and p.outcome = 'planned' and n.notice_no = p.notice_no and n.state = 'sending'`,
    [personNo, run, storehouse.clock()],
  );
  return rowCount === 1;
}

async function settleMail(storehouse: Storehouse, personNo: number, said: Said): Promise<void> {
  const isOver = said.outcome === "sent" || said.outcome === "unsure" || said.outcome === "refused";
  await storehouse.pool.query(
    `update incident_notice_people set outcome = case when $2 then $3 when former = 'moved' then former when $3 = 'deferred' and tries >= ${mostTries} then 'refused' else 'planned' end,
            tries = case when $3 = 'stopped' then greatest(tries - 1, 0) else tries end, status = $4, held_by = null, at = $5 where person_no = $1 and outcome in ('sending', 'unsure')`,
    [personNo, isOver, said.outcome, "status" in said ? said.status : null, storehouse.clock()],
  );
}

async function recordSaid(
  storehouse: Storehouse,
  notice: NoticeRow,
  said: ReadonlyMap<number, Said["outcome"]>,
  problem: NoticeProblem | undefined,
): Promise<void> {
  if (said.size === 0) return;
  await actAs(storehouse, "system", "incident.mails-sent", randomUUID(), async (context) => {
    const people = await context.db.query<{ person_no: number; customer_no: number }>(
      "select person_no, customer_no from incident_notice_people where person_no = any($1)",
      [[...said.keys()]],
    );
    noteNotice(context, notice);
    for (const outcome of ["sent", "refused", "unsure", "deferred"] as const) {
      context.journal.fact(outcome, [...said.values()].filter((one) => one === outcome).length);
    }
    for (const { customer_no } of people) context.journal.touched("customer", customer_no);
    if (problem !== undefined) {
      context.journal.fact("problem", problem);
      await context.db.query(
        "update incident_notices set problem = $2, state = case when $2 = 'unreachable' then state else 'stopped' end where notice_no = $1",
        [notice.notice_no, problem],
      );
    } else {
      await context.db.query("update incident_notices set problem = null where notice_no = $1 and problem is not null", [notice.notice_no]);
    }
  });
}

/** Mails that were on their way when a run before this one fell: whether they arrived, nobody knows. */
async function settleFallen(storehouse: Storehouse, noticeNo: number): Promise<void> {
  const { rows } = await storehouse.pool.query<{ customer_no: number }>(
    "update incident_notice_people set outcome = 'unsure', held_by = null, at = $2 where notice_no = $1 and outcome = 'sending' returning customer_no",
    [noticeNo, storehouse.clock()],
  );
  if (rows.length === 0) return;
  await actAs(storehouse, "system", "incident.mails-sent", randomUUID(), async (context) => {
    noteNotice(context, await findNotice(context, noticeNo));
    context.journal.fact("unsure", rows.length);
    for (const { customer_no } of rows) context.journal.touched("customer", customer_no);
  });
}

/** Stands still until somebody looks: going on would help nobody. */
async function halt(storehouse: Storehouse, notice: NoticeRow, problem: NoticeProblem): Promise<void> {
  await actAs(storehouse, "system", "incident.notice-stopped", randomUUID(), async (context) => {
    noteNotice(context, notice);
    context.journal.fact("problem", problem);
    await context.db.query("update incident_notices set state = 'stopped', problem = $2 where notice_no = $1", [notice.notice_no, problem]);
  });
}
