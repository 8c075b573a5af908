import { randomInt } from "node:crypto";
import { Readable } from "node:stream";
import { queryOver, type Context, type Draft, type Input, type Received, type StreamedFile, type Storehouse } from "#server/core/door/index.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as contract from "#shared/evidence.ts";
import { Problem } from "#shared/problems.ts";
import { addCustody } from "./add-custody.ts";
import { custodyOf, custodyOut, itemColumns, itemFor, itemOut, noteItem, type ItemRow } from "./evidence-records.ts";
import { EvidenceChanged, readContent } from "./keep-item.ts";

/** The acts that bind the hash of an item in the ledger. */
const binding = ["evidence.taken", "evidence.brought-in"];

export async function describeEvidence(
  context: Context,
  { params, body }: Input<typeof contract.describeEvidence>,
): Promise<Draft<ReplyOf<typeof contract.describeEvidence>>> {
  const item = await itemFor(context, params.itemNo);
  noteItem(context, item);
  const { source, finder, note } = body;
  const custodyNo = await addCustody(context, item.item_no, "described", {
    foundAt: body.foundAt === null ? null : new Date(body.foundAt),
    typed: { incidentNo: item.incident_no, texts: { source, finder, note } },
  });
  context.journal.fact("custodyNo", custodyNo);
  return { custodyNo };
}

/** Whoever looks stands in the chain as well. */
export async function lookAtEvidence(
  context: Context,
  { params }: Input<typeof contract.lookAtEvidence>,
): Promise<Draft<ReplyOf<typeof contract.lookAtEvidence>>> {
  const item = await itemFor(context, params.itemNo);
  noteItem(context, item);
  await addCustody(context, item.item_no, "looked-at");
  const custody = await custodyOf(context, [item.item_no]);
  return { item: itemOut(item, custody), custody: custody.map((row) => custodyOut(item.incident_no, row)) };
}

export async function copyEvidence(
  context: Context,
  { params, body }: Input<typeof contract.copyEvidence>,
): Promise<Draft<ReplyOf<typeof contract.copyEvidence>>> {
  const item = await itemFor(context, params.itemNo);
  noteItem(context, item);
  context.journal.fact("kind", item.kind);
  context.journal.fact("sha256", item.sha256.toString("base64url"));
  await addCustody(context, item.item_no, "copied-out", { typed: { incidentNo: item.incident_no, texts: { purpose: body.purpose } } });
  return { itemNo: item.item_no, kind: item.kind, bytes: item.bytes, sha256: item.sha256.toString("hex") };
}

const endings: Readonly<Record<contract.EvidenceKind, string>> = {
  scope: "json",
  people: "jsonl",
  events: "jsonl",
  ledger: "jsonl.gz",
  checkpoint: "json",
  case: "json",
  facts: "json",
  papers: "json",
  measures: "json",
  rights: "json",
  brought: "bin",
};

/** What an item is called outside: no word that anybody typed. */
export const fileNameOf = ({ itemNo, kind }: { readonly itemNo: number; readonly kind: contract.EvidenceKind }): string =>
  `${String(itemNo).padStart(5, "0")}-${kind}.${endings[kind]}`;

/** The content as it was taken; one that was changed ends in the middle and is no file. */
export function streamCopy(storehouse: Storehouse, built: ReplyOf<typeof contract.copyEvidence>): StreamedFile {
  return {
    type: "application/octet-stream",
    name: `kuraban-evidence-${fileNameOf(built)}`,
    open: () => Readable.from(contentOf(storehouse, built.itemNo), { objectMode: false }),
  };
}

async function* contentOf(storehouse: Storehouse, itemNo: number): AsyncGenerator<Buffer> {
  const { rows } = await storehouse.pool.query<ItemRow>(`select ${itemColumns} from evidence_items where item_no = $1`, [itemNo]);
  yield* readContent(storehouse, rows[0] as ItemRow);
}

export async function handOverEvidence(
  context: Context,
  { params, body }: Input<typeof contract.handOverEvidence>,
): Promise<Draft<ReplyOf<typeof contract.handOverEvidence>>> {
  const item = await itemFor(context, params.itemNo);
  noteItem(context, item);
  const receipt = `E${item.incident_no}-${item.item_no}-${String(randomInt(1_000_000)).padStart(6, "0")}`;
  context.journal.fact("receipt", receipt);
  const custodyNo = await addCustody(context, item.item_no, "handed-over", { receipt, typed: { incidentNo: item.incident_no, texts: body } });
  return { custodyNo, receipt };
}

/**
 * Reads an item through, before the transaction of the act, and compares it with its row; in the act its row is compared with what the
 * ledger said when it was taken.
 */
export async function verifyEvidence(
  storehouse: Storehouse,
  { params }: Input<typeof contract.verifyEvidence>,
): Promise<Received<typeof contract.verifyEvidence>> {
  const { rows } = await storehouse.pool.query<ItemRow>(`select ${itemColumns} from evidence_items where item_no = $1`, [params.itemNo]);
  const item = rows[0];
  if (item === undefined) throw new Problem("not-found");
  const isContentSame = await isAsTaken(storehouse, item);
  return {
    useCase: async (context) => {
      const bound = await boundHash(context, item);
      const holds = isContentSame && bound === item.sha256.toString("base64url");
      noteItem(context, item);
      context.journal.fact("holds", holds);
      context.journal.fact("sha256", item.sha256.toString("base64url"));
      if (!holds) context.journal.fact("alarm", true);
      await addCustody(context, item.item_no, "verified", { holds });
      return { holds, sha256: item.sha256.toString("hex") };
    },
    discard: async () => undefined,
  };
}

async function isAsTaken(storehouse: Storehouse, item: ItemRow): Promise<boolean> {
  try {
    for await (const piece of readContent(storehouse, item)) piece.fill(0);
    return true;
  } catch (error) {
    if (error instanceof EvidenceChanged) return false;
    throw error;
  }
}

/** What the ledger said of the item when it was taken; undefined where it says nothing. */
async function boundHash(context: Context, item: ItemRow): Promise<string | undefined> {
  const event = await bindingEvent(context, item);
  return event?.facts["sha256"] as string | undefined;
}

/** The event by which an item was bound. Its time is the item's own, so that few have to be looked at. */
export async function bindingEvent(context: Pick<Context, "db">, item: Pick<ItemRow, "item_no" | "taken_at">) {
  const { events } = await listEvents(queryOver(context.db), {
    types: binding,
    from: new Date(item.taken_at.getTime() - 1),
    to: new Date(item.taken_at.getTime() + 1_000),
    limit: 1_000,
  });
  return events.find(({ facts, outcome }) => facts["itemNo"] === item.item_no && outcome === "ok");
}
