import { open, type FileHandle } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";
import { Problem } from "#shared/problems.ts";
import { packChunk, pickFromChunk, unpackChunk } from "./pack-chunk.ts";
import type { StoredBatch, StoredEvent } from "./stored-event.ts";

/*
 * An archive file: magic (8), chunks of up to 256 events (pack-chunk.ts) as zstd frames one after the other, the index as a
 * zstd frame of JSON, its length (uint32 BE), magic. The index names the place, length and SHA-256 of every chunk and what is
 * in it, so that a question reads few chunks and a changed byte never becomes an answer. The SHA-256 of the whole file and
 * that of the index stand in ledger_archives; the former in the event `ledger.archived` as well.
 */
const magic = Buffer.from("kuraban\x01", "latin1");
const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
/** Headers shrink to a quarter; more effort than this saves two per cent more and takes four times as long. */
const compressionLevel = 9;
export const eventsInChunk = 256;

export interface ChunkEntry {
  readonly at: number;
  readonly bytes: number;
  /** SHA-256 of the frame, base64. */
  readonly sha256: string;
  readonly lowest: number;
  readonly highest: number;
  /** Earliest and latest time of its events in ms. */
  readonly from: number;
  readonly to: number;
  /** Places in the list of types. */
  readonly types: readonly number[];
  readonly accounts: readonly number[];
  readonly hasWrites: boolean;
}

export interface ArchiveIndex {
  readonly v: 1;
  readonly types: readonly string[];
  readonly chunks: readonly ChunkEntry[];
}

export interface WrittenFile {
  readonly bytes: number;
  readonly sha256: Buffer;
  readonly indexSha256: Buffer;
  readonly types: readonly string[];
}

/** Writes events (ascending, in groups of at most a chunk) into a new file that is durable when this resolves (0600). */
export async function writeArchiveFile(
  path: string,
  groups: AsyncIterable<{ readonly events: readonly StoredEvent[]; readonly batches: ReadonlyMap<string, StoredBatch> }>,
): Promise<WrittenFile> {
  const file = await open(path, "wx", 0o600);
  try {
    const hash = createHash("sha256");
    let bytes = 0;
    const put = async (part: Buffer): Promise<void> => {
      hash.update(part);
      await file.appendFile(part);
      bytes += part.length;
    };
    await put(magic);
    const types = new Map<string, number>();
    const chunks: ChunkEntry[] = [];
    for await (const { events, batches } of groups) {
      const frame = await pack(packChunk(events, batches));
      const times = events.map((event) => event.at.getTime());
      for (const { type } of events) if (!types.has(type)) types.set(type, types.size);
      chunks.push({
        at: bytes,
        bytes: frame.length,
        sha256: sha256Of(frame).toString("base64"),
        lowest: events[0]!.event_no,
        highest: events.at(-1)!.event_no,
        from: Math.min(...times),
        to: Math.max(...times),
        types: [...new Set(events.map((event) => types.get(event.type)!))],
        accounts: [...new Set(events.flatMap((event) => event.account_no ?? []))],
        hasWrites: events.some((event) => event.writes !== null),
      });
      await put(frame);
    }
    const index: ArchiveIndex = { v: 1, types: [...types.keys()], chunks };
    const packedIndex = await pack(Buffer.from(JSON.stringify(index), "utf8"));
    const end = Buffer.alloc(4);
    end.writeUInt32BE(packedIndex.length);
    await put(packedIndex);
    await put(Buffer.concat([end, magic]));
    await file.sync();
    return { bytes, sha256: hash.digest(), indexSha256: sha256Of(packedIndex), types: index.types };
  } finally {
    await file.close();
  }
}

const pack = (bytes: Buffer): Promise<Buffer> => compress(bytes, { params: { [constants.ZSTD_c_compressionLevel]: compressionLevel } });
const sha256Of = (bytes: Buffer): Buffer => createHash("sha256").update(bytes).digest();

/** Where a file lies and what it must hold; `folder` is null where a connection does not say where files lie. */
export interface FilePlace {
  readonly folder: string | null;
  readonly file: string;
}

/** @throws Problem ledger-file-unreadable when it is not there, or not what the ledger says */
export async function readArchiveIndex(place: FilePlace & { readonly indexSha256: Buffer }): Promise<ArchiveIndex> {
  return withFile(place, async (file) => {
    const { size } = await file.stat();
    const end = await readAt(file, size - magic.length - 4, magic.length + 4, place);
    if (!end.subarray(4).equals(magic)) throw unreadable(place, "changed");
    const length = end.readUInt32BE();
    const packed = await readAt(file, size - magic.length - 4 - length, length, place);
    if (!sha256Of(packed).equals(place.indexSha256)) throw unreadable(place, "changed");
    return JSON.parse((await decompress(packed)).toString("utf8")) as ArchiveIndex;
  });
}

/** Its events with their batches; or some of them, without. @throws Problem ledger-file-unreadable */
export async function readArchiveChunk(place: FilePlace, chunk: ChunkEntry, some?: ReadonlySet<number>): Promise<StoredEvent[]> {
  const packed = await withFile(place, (file) => readAt(file, chunk.at, chunk.bytes, place));
  if (sha256Of(packed).toString("base64") !== chunk.sha256) throw unreadable(place, "changed");
  const whole = await decompress(packed);
  return some === undefined ? unpackChunk(whole) : pickFromChunk(whole, some);
}

/** SHA-256 over the whole file; undefined when it is not there. */
export async function hashArchiveFile({ folder, file: name }: FilePlace): Promise<Buffer | undefined> {
  if (folder === null) return undefined;
  let file: FileHandle;
  try {
    file = await open(join(folder, name), "r");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    const hash = createHash("sha256");
    for await (const part of file.createReadStream({ autoClose: false, highWaterMark: 1 << 20 })) hash.update(part as Buffer);
    return hash.digest();
  } finally {
    await file.close();
  }
}

async function withFile<Result>(place: FilePlace, act: (file: FileHandle) => Promise<Result>): Promise<Result> {
  if (place.folder === null) throw unreadable(place, "missing");
  let file: FileHandle;
  try {
    file = await open(join(place.folder, place.file), "r");
  } catch (error) {
    throw isMissing(error) ? unreadable(place, "missing") : error;
  }
  try {
    return await act(file);
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, at: number, length: number, place: FilePlace): Promise<Buffer> {
  if (at < 0) throw unreadable(place, "changed");
  const bytes = Buffer.allocUnsafe(length);
  const { bytesRead } = await file.read(bytes, 0, length, at);
  if (bytesRead !== length) throw unreadable(place, "changed");
  return bytes;
}

const isMissing = (error: unknown): boolean => ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");

/** Names the place within the data folder, which is what whoever keeps it needs to know. */
function unreadable({ file }: FilePlace, reason: "missing" | "changed"): Problem {
  return new Problem("ledger-file-unreadable", { file: `ledger/${file}`, reason });
}
