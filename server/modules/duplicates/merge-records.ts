import { sealFrom, type Context, type Draft, type Input, type SealedRecord } from "#server/core/door/index.ts";
import { lockForMerge, writeMerged, type MergeRow } from "#server/modules/customers/index.ts";
import { addJob } from "#server/platform/jobs/index.ts";
import type { mergeRecords as endpoint } from "#shared/duplicates.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { fieldClasses } from "#shared/rights.ts";
import { Problem } from "#shared/problems.ts";
import { mayWrite } from "./compare-records.ts";
import { movePeopleTask } from "./move-people.ts";

/**
 * Merges records into one. The winner takes the chosen values, sealed anew by the door; the losers keep every value of theirs,
 * leave lists and searches, and name the winner. What the winner was before is kept, so that all of it can be taken back.
 * @throws Problem not-found, not-permitted, conflict (`no`: the record that was changed since), use-suspended
 */
export async function mergeRecords(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { kind, choices } = input.body;
  const given = [input.body.winner, ...input.body.losers];
  const numbers = given.map(({ no }) => no);
  const locked = await lockForMerge(context, kind, [...new Set(numbers)]);
  const rows = numbers.flatMap((no) => locked.find((row) => row.no === no) ?? []);
  if (new Set(numbers).size !== numbers.length || rows.length !== numbers.length) {
    throw new Problem("not-found");
  }
  rows.forEach((row, index) => {
    demandMergeable(context, input.body.kind, row);
    if (row.version !== given[index]?.version || row.state !== "active") {
      throw new Problem("conflict", { no: row.no, version: row.version });
    }
  });
  const [winner, ...losers] = rows as [MergeRow, ...MergeRow[]];
  const takes = takesOf(choices, winner, losers);
  const change = sealFrom(context, { into: winner.record, version: winner.version + 1, takes });
  const companyOf = takes.get("companyName");
  const companyNo = companyOf === undefined ? winner.companyNo : (losers.find((row) => row.no === companyOf.no)?.companyNo ?? null);
  const fields = change.changed.map((field) => field.no);
  const [merge] = await context.db.query<{ merge_no: number }>(
    `insert into merges (kind, winner_no, version, company_no, sealed_open, sealed_internal, sealed_personal, sealed_sensitive, fields, merged_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning merge_no`,
    [kind, winner.no, winner.version + 1, winner.companyNo, ...fieldClasses.map((_, index) => winner.record.blobs[index] ?? null), fields, context.now],
  );
  const mergeNo = merge?.merge_no as number;
  await context.db.query(
    "insert into merge_losers (merge_no, loser_no, version) select $1, no, version from unnest($2::integer[], $3::integer[]) as t (no, version)",
    [mergeNo, losers.map((row) => row.no), losers.map((row) => row.version + 1)],
  );
  await writeMerged(context, kind, [
    { row: winner, into: null, companyNo, blobs: change.blobs, tokens: change.tokens },
    ...losers.map((row) => ({ row, into: winner.no, companyNo: row.companyNo, blobs: row.record.blobs, tokens: null })),
  ]);
  if (kind === "company") {
    context.journal.becomes("company.merged");
    await addJob(context.db, movePeopleTask, { mergeNo }, { key: `${movePeopleTask}-${mergeNo}` });
  }
  const { journal } = context;
  journal.fact("mergeNo", mergeNo);
  journal.fact("winner", winner.no);
  journal.fact(
    "losers",
    losers.map((row) => row.no),
  );
  journal.fact("fields", fields);
  change.facts.forEach((fact) => journal.sealed(fact));
  return { mergeNo, version: winner.version + 1 };
}

/** Each side must be one that the caller writes to. A person who asked that the data be used no more is merged with nobody: the wish would be lost. */
function demandMergeable(context: Context, kind: "customer" | "company", row: MergeRow): void {
  if (!mayWrite(context, kind, row)) {
    throw new Problem("not-permitted", { no: row.no });
  }
  if (row.record.isSuspended) {
    throw new Problem("use-suspended", { customerNo: row.no });
  }
}

function takesOf(choices: Readonly<Record<string, number>>, winner: MergeRow, losers: readonly MergeRow[]): Map<string, SealedRecord> {
  const takes = new Map<string, SealedRecord>();
  for (const [key, no] of Object.entries(choices)) {
    if (no === winner.no) {
      continue;
    }
    const from = losers.find((row) => row.no === no);
    if (from === undefined) {
      throw new Problem("invalid-input", { field: "choices" });
    }
    takes.set(key, from.record);
  }
  return takes;
}
