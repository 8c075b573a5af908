import { randomUUID } from "node:crypto";
import { actAs, type Context, type Storehouse } from "#server/core/door/index.ts";
import { verifyLedger } from "#server/core/ledger/index.ts";
import { countIndexGaps } from "#server/modules/customers/index.ts";
import { Problem } from "#shared/problems.ts";
import { countGivenUp } from "./count-given-up.ts";
import { sweepRows } from "./sweep-rows.ts";

export interface StorehouseVerification {
  readonly ok: boolean;
  readonly events: number;
  readonly rowsSwept: number;
  /** The first 1,000 of the ledger and of the rows each. `subject`: "customer 12", "event 345". */
  readonly findings: readonly { readonly what: string; readonly sequence: number | null; readonly subject: string | null }[];
}

/** One verification at a time in a database: "verify" in ASCII. */
const verificationLock = "0x766572696679";

/**
 * Verifies the ledger from its first event to its last checkpoint and sweeps the rows against it, all at one moment. What it
 * came to stands in the event of `context` and in `ledger_verifications`.
 * @throws Problem too-many-requests while another verification runs
 */
export async function verifyNow(context: Context, signal?: AbortSignal): Promise<StorehouseVerification> {
  const { db, door, journal, now } = context;
  // This transaction waits idle for as long as the verification takes on its own connection.
  await db.query("set local idle_in_transaction_session_timeout = '1h'");
  const [lock] = await db.query<{ held: boolean }>(`select pg_try_advisory_xact_lock(${BigInt(verificationLock)}) as held`);
  if (lock?.held !== true) {
    throw new Problem("too-many-requests");
  }
  const { ledger, sweep, gaps, givenUp } = await door.snapshot(async (query) => ({
    ledger: await verifyLedger({ query, publicKeys: door.checkpointKeys, now, onProgress: () => signal?.throwIfAborted() }),
    sweep: await sweepRows(query, signal),
    gaps: await countIndexGaps(query),
    givenUp: await countGivenUp(query),
  }));
  const ok = ledger.ok && sweep.findings.length === 0;
  const findings = ledger.findings.length + sweep.findings.length;
  journal.fact("ok", ok);
  journal.fact("events", ledger.events);
  journal.fact("treeSize", ledger.treeSize);
  journal.fact("rows", sweep.rows);
  journal.fact("findings", findings);
  journal.fact("remarks", ledger.remarks.length);
  journal.fact("numbersGivenUp", givenUp);
  journal.fact("missingFromIndex", gaps.missing);
  journal.fact("leftInIndex", gaps.extra);
  if (!ok) {
    journal.fact("alarm", true);
    journal.fact("found", [...new Set([...ledger.findings, ...sweep.findings].map((finding) => finding.what))].slice(0, 20));
  }
  await db.query("insert into ledger_verifications (at, ok, events, rows_swept, findings, tree_size) values ($1, $2, $3, $4, $5, $6)", [
    now,
    ok,
    ledger.events,
    sweep.rows,
    findings,
    ledger.treeSize,
  ]);
  return {
    ok,
    events: ledger.events,
    rowsSwept: sweep.rows,
    findings: [
      ...ledger.findings.map(({ what, sequence, eventNo }) => ({ what, sequence, subject: eventNo === null ? null : `event ${eventNo}` })),
      ...sweep.findings.map(({ what, subject }) => ({ what, sequence: null, subject })),
    ],
  };
}

/** {@link verifyNow} for the command line and for background work. */
export function verifyStorehouse(storehouse: Storehouse, principal: "system" | "console", signal?: AbortSignal): Promise<StorehouseVerification> {
  return actAs(storehouse, principal, "ledger.verified", randomUUID(), (context) => verifyNow(context, signal));
}
