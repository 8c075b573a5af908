import { queryOver, SealedRecord, sealFrom, tokensAfterMove, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import { lockForMerge, writeMerged, type MergeRow } from "#server/modules/customers/index.ts";
import { addJob, runSoon } from "#server/platform/jobs/index.ts";
import type { MergeKind, undoMerge as endpoint } from "#shared/duplicates.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { fieldClasses } from "#shared/rights.ts";
import { Problem } from "#shared/problems.ts";
import { mayWrite } from "./compare-records.ts";
import { findTask } from "./find-pairs.ts";
import { movePeopleTask } from "./move-people.ts";

interface MergeEntry {
  kind: MergeKind;
  winner_no: number;
  version: number;
  company_no: number | null;
  sealed_open: Buffer | null;
  sealed_internal: Buffer | null;
  sealed_personal: Buffer | null;
  sealed_sensitive: Buffer | null;
  fields: number[];
}

/**
 * Takes a merge back: the losers stand for themselves again, and the winner gets the values back that it gave up. Once the
 * winner was changed, its values are left alone (`keepWinner`) or nothing happens.
 * @throws Problem not-found, not-permitted, conflict (`fields`: keys of what was changed since)
 */
export async function undoMerge(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { mergeNo } = input.params;
  const [merge] = await context.db.query<MergeEntry>(
    `select kind, winner_no, version, company_no, sealed_open, sealed_internal, sealed_personal, sealed_sensitive, fields
       from merges where merge_no = $1 and undone_at is null for update`,
    [mergeNo],
  );
  if (merge === undefined) {
    throw new Problem("not-found");
  }
  const { kind } = merge;
  const formerLosers = await context.db.query<{ loser_no: number; version: number }>("select loser_no, version from merge_losers where merge_no = $1", [
    mergeNo,
  ]);
  const rows = await lockForMerge(context, kind, [merge.winner_no, ...formerLosers.map((row) => row.loser_no)]);
  const winner = rows.find((row) => row.no === merge.winner_no);
  const losers = rows.filter((row) => row.no !== merge.winner_no);
  if (winner === undefined || losers.length !== formerLosers.length) {
    throw new Problem("not-found");
  }
  const forbidden = rows.find((row) => !mayWrite(context, kind, row));
  if (forbidden !== undefined) {
    throw new Problem("not-permitted", { no: forbidden.no });
  }
  const moved = losers.find((row) => row.mergedInto !== winner.no || row.version !== formerLosers.find(({ loser_no }) => loser_no === row.no)?.version);
  if (winner.state !== "active" || moved !== undefined) {
    throw new Problem("conflict", { no: (moved ?? winner).no, version: (moved ?? winner).version });
  }
  const { keepWinner } = input.body;
  if (winner.version !== merge.version && !keepWinner) {
    throw new Problem("conflict", { version: winner.version, fields: await changedSince(context, kind, winner.no, mergeNo) });
  }
  const change = sealFrom(context, { into: winner.record, version: winner.version + 1, takes: keepWinner ? new Map() : takesBack(context, winner, merge) });
  await writeMerged(context, kind, [
    { row: winner, into: null, companyNo: keepWinner ? winner.companyNo : merge.company_no, blobs: change.blobs, tokens: change.tokens },
    ...losers.map((row) => ({ row, into: null, companyNo: row.companyNo, blobs: row.record.blobs, tokens: tokensAfterMove(context, row.record, row.record) })),
  ]);
  await context.db.query(
    "update merges set undone_at = $2, sealed_open = null, sealed_internal = null, sealed_personal = null, sealed_sensitive = null where merge_no = $1",
    [mergeNo, context.now],
  );
  // Whoever takes it back looks for the pair again.
  await runSoon(context.db, findTask);
  if (kind === "company") {
    context.journal.becomes("company.unmerged");
    await addJob(context.db, movePeopleTask, { mergeNo }, { key: `${movePeopleTask}-${mergeNo}` });
  }
  const { journal } = context;
  journal.fact("mergeNo", mergeNo);
  journal.fact("winner", winner.no);
  journal.fact(
    "losers",
    losers.map((row) => row.no),
  );
  journal.fact(
    "fields",
    change.changed.map((field) => field.no),
  );
  change.facts.forEach((fact) => journal.sealed(fact));
  return { kind: "undone", winnerNo: winner.no, version: winner.version + 1 };
}

/** The winner as it was, for each field that a loser's value replaced. */
function takesBack(context: Context, winner: MergeRow, merge: MergeEntry): Map<string, SealedRecord> {
  const { ownerNo, cellNo, version, kind, no } = winner.record;
  const former = new SealedRecord({ kind, no, ownerNo, cellNo, version, blobs: fieldClasses.map((name) => merge[`sealed_${name}`]) });
  return new Map(
    context.policy.fields.filter((field) => field.kind === kind && !field.isArchived && merge.fields.includes(field.no)).map((field) => [field.key, former]),
  );
}

/** Keys of the fields that were changed after the merge, as the ledger tells. */
async function changedSince(context: Context, kind: MergeKind, winnerNo: number, mergeNo: number): Promise<string[]> {
  const { events } = await listEvents(queryOver(context.db), {
    ...(kind === "customer" ? { customerNo: winnerNo } : { companyNo: winnerNo }),
    writing: true,
    limit: 100,
  });
  const since = events.findIndex((event) => event.type === `${kind}.merged` && event.facts["mergeNo"] === mergeNo);
  const numbers = new Set(
    (since < 0 ? events : events.slice(0, since)).flatMap((event) => (Array.isArray(event.facts["fields"]) ? event.facts["fields"] : [])),
  );
  return context.policy.fields.filter((field) => field.kind === kind && numbers.has(field.no)).map((field) => field.key);
}
