import { randomInt } from "node:crypto";
import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as signals from "#shared/incident-signals.ts";
import { Problem } from "#shared/problems.ts";
import { sealApart, textApart } from "./seal-incident-text.ts";

/** Reports taken in a quarter of an hour: from one address, and from all together. */
const mostOfAddress = 5;
const mostOfAll = 100;
const quarterMs = 15 * 60_000;
const mostListed = 200;
/** One key for all who report: they are counted one after the other. */
const reportLock = 0x6b72_6570;
/** Nothing that is read wrong over the telephone. */
const receiptLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

function newReceipt(): string {
  const letters = Array.from({ length: 8 }, () => receiptLetters[randomInt(receiptLetters.length)]).join("");
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/**
 * Takes a report of somebody who need not be signed in. Sealed at once; what comes back is a receipt by which the report can be
 * spoken of, and nothing that depends on what is in the house.
 * @throws Problem too-many-requests {retryAfterSeconds}, card-number
 */
export async function reportIncident(context: Context, input: Input<typeof signals.reportIncident>): Promise<{ receipt: string }> {
  const { db, now, address, journal } = context;
  await db.query("select pg_advisory_xact_lock($1)", [reportLock]);
  const [recent] = await db.query<{ of_address: number; of_all: number }>(
    `select count(*) filter (where address = $1)::integer as of_address, count(*)::integer as of_all from incident_reports where received_at > $2`,
    [address, new Date(now.getTime() - quarterMs)],
  );
  if ((recent?.of_address ?? 0) >= mostOfAddress || (recent?.of_all ?? 0) >= mostOfAll) {
    throw new Problem("too-many-requests", { retryAfterSeconds: quarterMs / 1000 });
  }
  const { queryNo, blob } = sealApart(context, { text: input.body.text, contact: input.body.contact === "" ? null : input.body.contact });
  const receipt = newReceipt();
  const [row] = await db.query<{ report_no: number }>(
    "insert into incident_reports (receipt, received_at, address, query_no, sealed_text) values ($1, $2, $3, $4, $5) returning report_no",
    [receipt, now, address, queryNo, blob],
  );
  journal.fact("reportNo", row?.report_no ?? 0);
  return { receipt };
}

interface ReportRow {
  readonly report_no: number;
  readonly receipt: string;
  readonly received_at: Date;
  readonly address: string;
  readonly state: signals.IncidentReport["state"];
  readonly incident_no: number | null;
  readonly handled_by: number | null;
  readonly handled_at: Date | null;
  readonly query_no: string;
  readonly sealed_text: Buffer;
  readonly sealed_reason: Buffer | null;
}

export async function listReports(context: Context): Promise<Draft<ReplyOf<typeof signals.listIncidentReports>>> {
  const rows = await context.db.query<ReportRow>(
    `select report_no, receipt, received_at, address, state, incident_no, handled_by, handled_at, query_no, sealed_text, sealed_reason
       from incident_reports order by state <> 'new', report_no desc limit ${mostListed}`,
  );
  return {
    reports: rows.map((row) => ({
      reportNo: row.report_no,
      receipt: row.receipt,
      receivedAt: row.received_at.toISOString(),
      address: row.address,
      state: row.state,
      incidentNo: row.incident_no,
      handledBy: row.handled_by,
      handledAt: row.handled_at?.toISOString() ?? null,
      text: textApart(row.query_no, row.sealed_text, "text"),
      contact: textApart(row.query_no, row.sealed_text, "contact"),
      reason: textApart(row.query_no, row.sealed_reason, "reason"),
    })),
  };
}

/** @throws Problem not-found, conflict {reason: "decided", state} */
export async function dismissReport(context: Context, input: Input<typeof signals.dismissReport>): Promise<Record<never, never>> {
  const { db, actor, now, journal } = context;
  const { reportNo } = input.params;
  const [row] = await db.query<{ state: string; query_no: string }>("select state, query_no from incident_reports where report_no = $1 for update", [reportNo]);
  if (row === undefined) throw new Problem("not-found");
  if (row.state !== "new") throw new Problem("conflict", { reason: "decided", state: row.state });
  const { blob } = sealApart(context, { reason: input.body.reason }, Number(row.query_no));
  await db.query("update incident_reports set state = 'dismissed', handled_by = $2, handled_at = $3, sealed_reason = $4 where report_no = $1", [
    reportNo,
    actor.accountNo,
    now,
    blob,
  ]);
  journal.fact("reportNo", reportNo);
  return {};
}
