import { randomInt } from "node:crypto";
import { BlockList, isIPv6 } from "node:net";
import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as signals from "#shared/incident-signals.ts";
import { Problem } from "#shared/problems.ts";
import { sealApart, textApart } from "./seal-incident-text.ts";

/** Reports taken in a quarter of an hour: from one address (of IPv6 from one network of 64 bits, all of which one machine may hold), and from all together. */
const mostOfAddress = 5;
const mostOfAll = 100;
const quarterMs = 15 * 60_000;
const mostListed = 200;
/** One key for all who report: they are counted one after the other. */
const reportLock = 0x6b72_6570;
/** Nothing that is read wrong over the telephone. */
const receiptLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/** Whether an address is likely to be the same machine's. */
function nearTo(address: string): (other: string) => boolean {
  if (!isIPv6(address) || address.toLowerCase().startsWith("::ffff:")) return (other) => other === address;
  const network = new BlockList();
  network.addSubnet(address, 64, "ipv6");
  return (other) => isIPv6(other) && network.check(other, "ipv6");
}

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
  // Asked before waiting too: whoever floods the form holds no connections in line.
  await demandFew(context);
  await db.query("select pg_advisory_xact_lock($1)", [reportLock]);
  await demandFew(context);
  const { queryNo, blob } = sealApart(context, { text: input.body.text, contact: input.body.contact === "" ? null : input.body.contact });
  const receipt = newReceipt();
  const [row] = await db.query<{ report_no: number }>(
    "insert into incident_reports (receipt, received_at, address, query_no, sealed_text) values ($1, $2, $3, $4, $5) returning report_no",
    [receipt, now, address, queryNo, blob],
  );
  journal.fact("reportNo", row?.report_no ?? 0);
  return { receipt };
}

/** @throws Problem too-many-requests {retryAfterSeconds} */
async function demandFew({ db, now, address }: Context): Promise<void> {
  const recent = await db.query<{ address: string }>(`select address from incident_reports where received_at > $1 limit ${mostOfAll}`, [
    new Date(now.getTime() - quarterMs),
  ]);
  const isNear = nearTo(address);
  if (recent.length >= mostOfAll || recent.filter((row) => isNear(row.address)).length >= mostOfAddress) {
    throw new Problem("too-many-requests", { retryAfterSeconds: quarterMs / 1000 });
  }
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
