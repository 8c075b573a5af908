import type { Context, Input } from "#server/core/door/index.ts";
import { holdWaitingRequest } from "#server/modules/approvals/index.ts";
import { addJob } from "#server/platform/jobs/index.ts";
import type { NoticeState, startNotice as startEndpoint } from "#shared/incident-notices.ts";
import { Problem } from "#shared/problems.ts";
import { demandUnchanged } from "../drafts/draft-hash.ts";
import { findDraft } from "../drafts/draft-records.ts";
import { mailSettingsHash } from "./mail-settings.ts";
import { findNotice, noteNotice } from "./notice-records.ts";
import { demandSamePeople } from "./people-hash.ts";
import { demandStillTold } from "./still-told.ts";

export const sendTask = "incidents.send-notice";
type OfNotice = Pick<Input<typeof startEndpoint>, "params">;
interface Now {
  readonly state: NoticeState;
}

/**
 * Begins to send, or goes on after a stop. The mails are made by the rights of whoever calls this.
 * @throws Problem not-found, awaits-approval, conflict {reason: "decided" | "changed" | "people-moved"}, not-ready {reason: "mail-changed"}
 */
export async function startNotice(context: Context, { params }: OfNotice): Promise<Now> {
  const { db, now, actor } = context;
  const row = await findNotice(context, params.noticeNo, true);
  if (row.state === "planning" || row.state === "planned" || row.state === "asked") throw new Problem("awaits-approval", { state: row.state });
  if (row.state !== "approved" && row.state !== "stopped") throw new Problem("conflict", { reason: "decided" });
  if (row.mail_hash !== null && (await mailSettingsHash(context))?.equals(row.mail_hash) !== true) {
    throw new Problem("not-ready", { reason: "mail-changed" });
  }
  await demandSamePeople(context, row);
  if (row.state === "approved") await demandStillTold(context, row);
  demandUnchanged(await findDraft(context, row.draft_no));
  const waiting = await waitingMails(context, row.notice_no);
  const state = waiting > 0 ? "sending" : "done";
  await db.query(
    "update incident_notices set state = $2, started_by = $3, started_at = coalesce(started_at, $4), ended_at = case when $2 = 'done' then $4::timestamptz end, problem = null where notice_no = $1",
    [row.notice_no, state, actor.accountNo, now],
  );
  if (row.is_again && row.state === "approved") await replaceFormer(context, row.notice_no, row.incident_no);
  if (state === "sending") await addJob(db, sendTask, { noticeNo: row.notice_no }, { key: `notice ${row.notice_no}` });
  noteNotice(context, row);
  return { state };
}

/** What was missed before is told anew from now on (送り直し). */
async function replaceFormer({ db, now }: Context, noticeNo: number, incidentNo: number): Promise<void> {
  await db.query(
    `update incident_notice_people p set former = p.outcome, outcome = 'replaced', at = $3 from incident_notices n
      where n.notice_no = p.notice_no and n.incident_no = $2 and p.notice_no < $1 and p.outcome in ('refused', 'bounced', 'returned', 'unsure')
        and p.customer_no in (select customer_no from incident_notice_people where notice_no = $1 and way <> 'none')`,
    [noticeNo, incidentNo, now],
  );
}

async function waitingMails({ db }: Pick<Context, "db">, noticeNo: number): Promise<number> {
  const [row] = await db.query<{ people: number }>(
    "select count(*)::integer as people from incident_notice_people where notice_no = $1 and way = 'mail' and outcome in ('planned', 'sending')",
    [noticeNo],
  );
  return row?.people ?? 0;
}

/** @throws Problem not-found, conflict {reason: "decided"} when it is not under way */
export async function stopNotice(context: Context, { params }: OfNotice): Promise<Now> {
  const row = await findNotice(context, params.noticeNo, true);
  if (row.state !== "sending") throw new Problem("conflict", { reason: "decided" });
  await context.db.query("update incident_notices set state = 'stopped' where notice_no = $1", [row.notice_no]);
  noteNotice(context, row);
  return { state: "stopped" };
}

/** @throws Problem not-found, conflict {reason: "decided"} once something may have left, conflict {reason: "changed"} */
export async function withdrawNotice(context: Context, { params }: OfNotice): Promise<Now> {
  const { request_no: requestNo } = await findNotice(context, params.noticeNo);
  // Held before the notice itself, in the order in which a decision holds them.
  const request = requestNo === null ? undefined : await holdWaitingRequest(context, requestNo);
  const row = await findNotice(context, params.noticeNo, true);
  if (!["planning", "planned", "asked", "approved", "refused"].includes(row.state)) throw new Problem("conflict", { reason: "decided" });
  // Asked about anew in this very moment.
  if (row.request_no !== requestNo) throw new Problem("conflict", { reason: "changed" });
  if (row.state === "asked") await request?.close("withdrawn");
  await context.db.query("update incident_notices set state = 'withdrawn', to_plan = '{}' where notice_no = $1", [row.notice_no]);
  noteNotice(context, row);
  return { state: "withdrawn" };
}
