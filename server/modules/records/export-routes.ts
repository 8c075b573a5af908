import { queryOver, type Context, type Draft, type Input, type RenderedFile, type StreamedFile, type Storehouse } from "#server/core/door/index.ts";
import { findCheckpoint, formatVerifierKey, type Query } from "#server/core/ledger/index.ts";
import { openEpoch } from "#server/core/ledger/epoch.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { downloadVerifier as verifierEndpoint, exportLedger as endpoint, showVerifier as showEndpoint } from "#shared/ledger-export.ts";
import { readVerifier, streamExport } from "./export-ledger.ts";

/** What is exported; the file itself is made once the event of the export is durable. */
export async function askExport(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { from, to, withEntries, purpose } = input.body;
  const { journal } = context;
  journal.purpose(purpose);
  journal.fact("withEntries", withEntries);
  for (const [key, value] of Object.entries({ from, to })) {
    if (value !== undefined) {
      journal.fact(key, new Date(value).toISOString());
    }
  }
  const treeSize = (await findCheckpoint(queryOver(context.db)))?.treeSize ?? 0;
  journal.fact("treeSize", treeSize);
  const moment = (value: string | undefined): string | null => (value === undefined ? null : new Date(value).toISOString());
  return { at: context.now.toISOString(), from: moment(from), to: moment(to), withEntries, treeSize };
}

export function streamAsked(storehouse: Storehouse, asked: ReplyOf<typeof endpoint>): StreamedFile {
  return {
    type: "application/gzip",
    name: `kuraban-ledger-${asked.at.slice(0, 10)}.jsonl.gz`,
    open: () =>
      streamExport({
        query: questionsOf(storehouse),
        hasEntries: asked.withEntries,
        from: asked.from === null ? undefined : new Date(asked.from),
        to: asked.to === null ? undefined : new Date(asked.to),
        now: new Date(asked.at),
        isPacked: true,
      }),
  };
}

/** Each question by itself: whoever is slow to take the file holds no transaction. */
export function questionsOf(storehouse: Storehouse): Query {
  return { query: async (text, values) => storehouse.pool.query<Record<string, unknown>>(text, values ?? []) };
}

export async function takeVerifier(context: Context): Promise<Draft<ReplyOf<typeof verifierEndpoint>>> {
  const { sha256 } = readVerifier();
  context.journal.fact("sha256", sha256);
  return { sha256 };
}

export async function renderVerifier(): Promise<RenderedFile> {
  return { bytes: readVerifier().bytes, type: "text/javascript", name: "kuraban-verify.mjs" };
}

export async function showVerifier(context: Context): Promise<Draft<ReplyOf<typeof showEndpoint>>> {
  return { sha256: readVerifier().sha256, keys: await listVerifierKeys(queryOver(context.db), context.door.checkpointKeys) };
}

/** Verifier keys (C2SP signed-note) of all epochs whose key stands in the keys folder: what an auditor needs besides the file. */
export async function listVerifierKeys(query: Query, trusted: readonly Buffer[]): Promise<string[]> {
  const { rows } = await query.query("select document, signature from ledger_epochs order by epoch_no");
  return rows.flatMap((row) => {
    const epoch = openEpoch(row["document"] as string, row["signature"] as Buffer);
    return epoch !== undefined && trusted.some((key) => key.equals(epoch.publicKey)) ? [formatVerifierKey(epoch.origin, epoch.publicKey)] : [];
  });
}
