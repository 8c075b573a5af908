import type { Context, Input } from "#server/core/door/index.ts";
import { requestApproval, type ApprovalKind, type ApprovalRequest } from "#server/modules/approvals/index.ts";
import type { askNoticeApproval as endpoint } from "#shared/incident-notices.ts";
import { Problem } from "#shared/problems.ts";
import { findOpenIncident } from "../case/incident-records.ts";
import { mailSettingsHash, mailSettingsOf } from "./mail-settings.ts";
import { countsOf, findNotice, noteNotice, type NoticeRow } from "./notice-records.ts";
import { demandStillTold } from "./still-told.ts";

/**
 * Asks a second person about this very list of people, ways, paper and mail server.
 * @throws Problem not-found, conflict {reason: "decided"}, not-ready {reason: "mail-not-set"}
 */
export async function askNoticeApproval(context: Context, { params, body }: Input<typeof endpoint>): Promise<{ noticeNo: number; requestNo: number }> {
  const row = await findNotice(context, params.noticeNo, true);
  await findOpenIncident(context, row.incident_no);
  if (row.state !== "planned" && row.state !== "refused") throw new Problem("conflict", { reason: "decided" });
  const counts = await countsOf(context, [row.notice_no]);
  const of = (way: string): number => counts.filter((one) => one.way === way).reduce((sum, one) => sum + one.people, 0);
  const mails = of("mail");
  const settings = mails === 0 ? undefined : await mailSettingsOf(context);
  if (mails > 0 && settings === undefined) throw new Problem("not-ready", { reason: "mail-not-set" });
  const persons = mails + of("letter");
  const hash = row.people_hash?.toString("hex") ?? "";
  const mailHost = settings?.host ?? "";
  const { requestNo } = await requestApproval(context, {
    kind: "incident-notice",
    facts: {
      persons,
      incidentNo: row.incident_no,
      noticeNo: row.notice_no,
      draftNo: row.draft_no,
      paper: row.paper,
      version: row.version,
      mails,
      letters: of("letter"),
      substitute: of("none"),
      mailHost,
      mailFrom: settings?.from.split("@").at(-1) ?? "",
      isDrill: row.is_drill,
      hash,
    },
    reason: body.reason,
  });
  await context.db.query("update incident_notices set state = 'asked', request_no = $2, mail_hash = $3 where notice_no = $1", [
    row.notice_no,
    requestNo,
    mails === 0 ? null : await mailSettingsHash(context),
  ]);
  noteNotice(context, row);
  context.journal.fact("hash", hash);
  context.journal.fact("mailHost", mailHost);
  return { noticeNo: row.notice_no, requestNo };
}

async function noticeOf(context: Context, { facts }: ApprovalRequest): Promise<NoticeRow> {
  const row = await findNotice(context, Number(facts["noticeNo"]), true);
  if (row.people_hash?.toString("hex") !== facts["hash"]) throw new Problem("conflict", { reason: "changed" });
  noteNotice(context, row);
  return row;
}

/** Nothing goes to anybody before a second person approved it (approval.notice → incident_notices). */
export const noticeApproval: ApprovalKind = {
  kind: "incident-notice",
  async approved(context, request) {
    const row = await noticeOf(context, request);
    await demandStillTold(context, row);
    await context.db.query("update incident_notices set state = 'approved', approved_by = $2, approved_at = $3 where notice_no = $1", [
      row.notice_no,
      context.actor.accountNo,
      context.now,
    ]);
  },
  async refused(context, request) {
    const row = await noticeOf(context, request);
    await context.db.query("update incident_notices set state = 'refused' where notice_no = $1", [row.notice_no]);
  },
};
