import { SealedValues, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { classesOf, listCustomers } from "#server/modules/customers/index.ts";
import type { drawLetters as endpoint, LettersOut, postLetters as postEndpoint } from "#shared/incident-notices.ts";
import { Problem } from "#shared/problems.ts";
import { approvedPaper } from "../drafts/approved-paper.ts";
import { letterNumber } from "./letter-number.ts";
import { findNotice, noteNotice } from "./notice-records.ts";
import { demandSamePeople } from "./people-hash.ts";

/** What stands on a letter. */
export const letterFields = ["fullName", "companyName", "section", "jobTitle", "postalCode", "address"] as const;

/**
 * What stands in one file of letters, as handles. Only of a notice that was begun: it is approved. Whoever was erased since, or cannot
 * be reached by the caller's rights, is left out by number.
 * @throws Problem not-found, awaits-approval, conflict {reason: "decided" | "changed"}
 */
export async function drawLetters(context: Context, { params, body }: Input<typeof endpoint>): Promise<Draft<LettersOut>> {
  const notice = await findNotice(context, params.noticeNo);
  if (["planning", "planned", "asked", "approved"].includes(notice.state)) throw new Problem("awaits-approval", { state: notice.state });
  if (!["sending", "stopped", "done"].includes(notice.state)) throw new Problem("conflict", { reason: "decided" });
  await demandSamePeople(context, notice);
  const people = await context.db.query<{ person_no: number; customer_no: number }>(
    "select person_no, customer_no from incident_notice_people where notice_no = $1 and part_no = $2 and outcome in ('planned', 'printed', 'sent') order by person_no",
    [notice.notice_no, body.partNo],
  );
  if (people.length === 0) throw new Problem("not-found");
  const rows = await listCustomers(
    context,
    people.map((one) => one.customer_no),
    classesOf(context, letterFields),
  );
  const byNo = new Map(rows.map((row) => [row.customerNo, row.record]));
  const drawn = people.filter((one) => byNo.has(one.customer_no));
  await context.db.query("update incident_notice_people set outcome = 'printed', at = $2 where person_no = any($1) and outcome = 'planned'", [
    drawn.map((one) => one.person_no),
    context.now,
  ]);
  noteNotice(context, notice);
  context.journal.purpose("person-request");
  context.journal.fact("partNo", body.partNo);
  context.journal.fact("people", drawn.length);
  for (const one of drawn) context.journal.touched("customer", one.customer_no);
  return {
    noticeNo: notice.notice_no,
    partNo: body.partNo,
    at: context.now.toISOString(),
    paper: await approvedPaper(context, notice.draft_no),
    people: drawn.flatMap((one) => {
      const record = byNo.get(one.customer_no);
      return record === undefined
        ? []
        : [
            {
              personNo: one.person_no,
              customerNo: one.customer_no,
              letterNumber: letterNumber(one.person_no),
              values: new SealedValues(record, letterFields, "answer-person"),
            },
          ];
    }),
    leftOut: people.filter((one) => !byNo.has(one.customer_no)).map((one) => one.customer_no),
  };
}

/** @throws Problem not-found when no letter of the file was drawn; invalid-input {field: "on"} for a day to come */
export async function postLetters(context: Context, { params, body }: Input<typeof postEndpoint>): Promise<{ letters: number }> {
  const notice = await findNotice(context, params.noticeNo, true);
  if (new Date(`${body.on}T00:00:00+09:00`) > context.now) throw new Problem("invalid-input", { field: "on" });
  const posted = await context.db.query<{ customer_no: number }>(
    `update incident_notice_people set outcome = 'sent', at = $3, posted_on = $4
      where notice_no = $1 and part_no = $2 and (outcome = 'printed' or (outcome = 'sent' and posted_on is distinct from $4::date)) returning customer_no`,
    [notice.notice_no, body.partNo, context.now, body.on],
  );
  if (posted.length === 0) throw new Problem("not-found");
  noteNotice(context, notice);
  context.journal.fact("partNo", body.partNo);
  context.journal.fact("on", body.on);
  context.journal.fact("people", posted.length);
  for (const { customer_no } of posted) context.journal.touched("customer", customer_no);
  return { letters: posted.length };
}
