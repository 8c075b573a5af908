import { createHash } from "node:crypto";
import { keptPartBytes, readKeptPart, sealKeptPart, type Context, type Storehouse } from "#server/core/door/index.ts";
import type { EvidenceKind } from "#shared/evidence.ts";
import { Problem } from "#shared/problems.ts";
import { addCustody } from "./add-custody.ts";
import { noteItem, type ItemRow } from "./evidence-records.ts";

/** Content that stands sealed, and belongs to nothing until {@link bindItem}. */
export interface KeptContent {
  readonly itemNo: number;
  readonly bytes: number;
  readonly parts: number;
  readonly sha256: Buffer;
}

/**
 * Seals content while it arrives, part by part, bound to its item; nothing in the clear touches a disk. Holds no transaction.
 * @throws Problem file-too-large beyond `mostBytes`; whatever the source throws
 */
export async function keepContent(storehouse: Storehouse, incidentNo: number, source: AsyncIterable<Buffer | string>, mostBytes: number): Promise<KeptContent> {
  const { pool, door } = storehouse;
  const { rows } = await pool.query<{ no: number }>("select nextval('evidence_item_no')::integer as no");
  const itemNo = (rows[0] as { no: number }).no;
  const hash = createHash("sha256");
  const part = Buffer.alloc(keptPartBytes);
  let [filled, parts, bytes] = [0, 0, 0];
  const flush = async (): Promise<void> => {
    const sealed = sealKeptPart(door.vault, { incidentNo, itemNo, part: parts }, part.subarray(0, filled));
    await pool.query("insert into evidence_parts (item_no, part, sealed) values ($1, $2, $3)", [itemNo, parts, sealed]);
    parts += 1;
    filled = 0;
  };
  for await (const given of source) {
    const piece = typeof given === "string" ? Buffer.from(given) : given;
    bytes += piece.length;
    if (bytes > mostBytes) throw new Problem("file-too-large", { mostBytes });
    hash.update(piece);
    for (let at = 0; at < piece.length;) {
      const taken = piece.copy(part, filled, at);
      at += taken;
      filled += taken;
      if (filled === keptPartBytes) await flush();
    }
  }
  if (filled > 0) await flush();
  part.fill(0);
  return { itemNo, bytes, parts, sha256: hash.digest() };
}

/** Makes kept content an item: its row, the first line of its chain of custody and, by the act's event, its hash in the ledger. */
export async function bindItem(
  context: Context,
  content: KeptContent,
  given: {
    readonly incidentNo: number;
    readonly snapshotNo: number | null;
    readonly kind: EvidenceKind;
    readonly askedBy: number | null;
    readonly sealedName: Buffer | null;
  },
): Promise<void> {
  const { db, journal, now } = context;
  await db.query(
    "insert into evidence_items (item_no, incident_no, snapshot_no, kind, bytes, parts, sha256, taken_by, taken_at, sealed_name) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    [content.itemNo, given.incidentNo, given.snapshotNo, given.kind, content.bytes, content.parts, content.sha256, given.askedBy, now, given.sealedName],
  );
  await addCustody(context, content.itemNo, "taken", { by: given.askedBy });
  noteItem(context, { incident_no: given.incidentNo, item_no: content.itemNo });
  journal.fact("kind", given.kind);
  journal.fact("bytes", content.bytes);
  journal.fact("sha256", content.sha256.toString("base64url"));
  if (given.snapshotNo !== null) {
    journal.fact("snapshotNo", given.snapshotNo);
    journal.fact("askedBy", given.askedBy);
  }
}

/** The content did not come out as it was kept. */
export class EvidenceChanged extends Error {
  constructor(itemNo: number) {
    super(`evidence ${itemNo} is not what was taken`);
    this.name = "EvidenceChanged";
  }
}

/** The plain content of an item; what it yields is the caller's to release, its event names the item. @throws EvidenceChanged at the latest at its end */
export async function* readContent(storehouse: Storehouse, item: ItemRow): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  let bytes = 0;
  for (let part = 0; part < item.parts; part++) {
    const { rows } = await storehouse.pool.query<{ sealed: Buffer }>("select sealed from evidence_parts where item_no = $1 and part = $2", [
      item.item_no,
      part,
    ]);
    const sealed = rows[0]?.sealed;
    if (sealed === undefined) throw new EvidenceChanged(item.item_no);
    let plain: Buffer;
    try {
      plain = readKeptPart(storehouse.door.vault, { incidentNo: item.incident_no, itemNo: item.item_no, part }, sealed);
    } catch {
      throw new EvidenceChanged(item.item_no);
    }
    hash.update(plain);
    bytes += plain.length;
    if (bytes > item.bytes) throw new EvidenceChanged(item.item_no);
    yield plain;
  }
  if (bytes !== item.bytes || !hash.digest().equals(item.sha256)) throw new EvidenceChanged(item.item_no);
}
