import type { Context, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type {
  markReached as reachedEndpoint,
  NoticeOutcome,
  takeBounces as bouncesEndpoint,
  takeReturned as returnedEndpoint,
} from "#shared/incident-notices.ts";
import { Problem } from "#shared/problems.ts";
import { findIncident, noteIncident } from "../case/incident-records.ts";
import { readLetterNumber } from "./letter-number.ts";
import { findNotice, noteNotice } from "./notice-records.ts";
import { readBounce } from "./read-bounce.ts";

interface Found {
  readonly person_no: number;
  readonly customer_no: number;
  readonly outcome: NoticeOutcome;
}

/** Outcomes that a message of a mail system may still change. */
const mayBounce: readonly NoticeOutcome[] = ["sent", "unsure", "sending"];

/**
 * Takes in messages that came back. Each is matched by the mark of its mail alone; nothing of it is kept but the status code, and no
 * address is shown.
 * @throws Problem not-found
 */
export async function takeBounces(context: Context, { params, body }: Input<typeof bouncesEndpoint>): Promise<ReplyOf<typeof bouncesEndpoint>> {
  const incident = await findIncident(context, params.incidentNo);
  const results: ReplyOf<typeof bouncesEndpoint>["results"] = [];
  for (const message of body.messages) {
    const { token, says, status } = await readBounce(Buffer.from(message, "base64"));
    const found = token === null || says === "none" ? undefined : await findMail(context, incident.incident_no, token);
    if (found === undefined) {
      results.push({ outcome: "unknown", customerNo: null });
      continue;
    }
    context.journal.touched("customer", found.customer_no);
    const outcome = says !== "failed" ? (says === "delayed" ? "delayed" : "delivered") : mayBounce.includes(found.outcome) ? "bounced" : "already";
    if (outcome === "bounced") {
      await context.db.query("update incident_notice_people set outcome = 'bounced', status = $2, at = $3 where person_no = $1", [
        found.person_no,
        status,
        context.now,
      ]);
    }
    // The mail system of the receiver has it: then it was sent.
    if (outcome === "delivered" && found.outcome === "unsure") {
      await context.db.query("update incident_notice_people set outcome = 'sent', at = $2 where person_no = $1", [found.person_no, context.now]);
    }
    results.push({ outcome, customerNo: found.customer_no });
  }
  noteIncident(context, incident);
  context.journal.fact("messages", results.length);
  context.journal.fact("bounced", results.filter((one) => one.outcome === "bounced").length);
  context.journal.fact("unknown", results.filter((one) => one.outcome === "unknown").length);
  return { results };
}

async function findMail({ db }: Context, incidentNo: number, token: string): Promise<Found | undefined> {
  const [row] = await db.query<Found>(
    "select p.person_no, p.customer_no, p.outcome from incident_notice_people p join incident_notices n using (notice_no) where p.token = $2 and n.incident_no = $1 for update of p",
    [incidentNo, token],
  );
  return row;
}

/**
 * Takes in letters that came back by their numbers, typed or scanned.
 * @throws Problem not-found
 */
export async function takeReturned(context: Context, { params, body }: Input<typeof returnedEndpoint>): Promise<ReplyOf<typeof returnedEndpoint>> {
  const incident = await findIncident(context, params.incidentNo);
  const read = body.numbers.map(readLetterNumber);
  const rows = await context.db.query<Found>(
    `select p.person_no, p.customer_no, p.outcome from incident_notice_people p join incident_notices n using (notice_no)
      where p.person_no = any($2) and n.incident_no = $1 and p.way = 'letter' order by p.person_no for update of p`,
    [incident.incident_no, read.filter((no) => no !== undefined)],
  );
  const byNo = new Map(rows.map((row) => [row.person_no, row]));
  const open = rows.filter((row) => row.outcome === "sent" || row.outcome === "printed").map((row) => row.person_no);
  await context.db.query("update incident_notice_people set outcome = 'returned', at = $2 where person_no = any($1)", [open, context.now]);
  noteIncident(context, incident);
  context.journal.fact("numbers", read.length);
  context.journal.fact("returned", open.length);
  for (const row of rows) context.journal.touched("customer", row.customer_no);
  return {
    results: read.map((personNo) => {
      if (personNo === undefined) return { outcome: "misread", customerNo: null };
      const row = byNo.get(personNo);
      if (row === undefined) return { outcome: "unknown", customerNo: null };
      return { outcome: open.includes(personNo) ? "returned" : "already", customerNo: row.customer_no };
    }),
  };
}

/** @throws Problem not-found, conflict {reason: "decided"} of a notice that has not begun */
export async function markReached(context: Context, { params, body }: Input<typeof reachedEndpoint>): Promise<{ outcome: NoticeOutcome }> {
  const notice = await findNotice(context, params.noticeNo);
  if (notice.started_at === null) throw new Problem("conflict", { reason: "decided" });
  const [row] = await context.db.query<{ customer_no: number; outcome: NoticeOutcome }>(
    `update incident_notice_people set at = $4,
            former = case when $3 and outcome <> 'reached' then outcome else former end,
            outcome = case when $3 then 'reached' when outcome = 'reached' then former else outcome end
      where notice_no = $1 and person_no = $2 and outcome not in ('planned', 'sending', 'gone', 'moved') returning customer_no, outcome`,
    [notice.notice_no, body.personNo, body.isReached, context.now],
  );
  if (row === undefined) throw new Problem("not-found");
  noteNotice(context, notice);
  context.journal.fact("isReached", body.isReached);
  context.journal.touched("customer", row.customer_no);
  return { outcome: row.outcome };
}
