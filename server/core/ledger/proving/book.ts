import { selectBatches } from "../archive/stored-event.ts";
import { readStored } from "../archive/index.ts";
import { leafHashAt } from "../batch.ts";
import { parseHeader } from "../encode.ts";
import { faultsOf } from "../event-faults.ts";
import type { Fact } from "../event.ts";
import { int2Of, int8Of, type Copier } from "../exposure/copy-rows.ts";
import { listEvents } from "../read.ts";
import type { Finding } from "../verify.ts";
import { isBatchSigned, verifyEpochs, verifyNodeKeys } from "../verify-keys.ts";
import { digest } from "./digests.ts";
import { digestBytes, parseBody, rangeKey, rangesOf, type RangeBody, type RangeName } from "./range-body.ts";
import { chunkSize } from "../exposure/ranges.ts";

/** The type of the event that names a book. */
export const provedType = "ledger.packing-proved";

export interface ProvedRange extends RangeName, RangeBody {
  readonly sha256: Buffer;
}

/** What a `ledger.packing-proved` event names: every range up to a number, each verified and packed anew. */
export interface Book {
  readonly eventNo: number;
  readonly at: Date;
  readonly chunkCount: number;
  readonly ranges: readonly ProvedRange[];
}

/** Hash of a book: SHA-256 over the number of its chunks (uint64, big-endian) and the SHA-256 of each body. */
function hashBook(chunkCount: number, hashes: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeBigUInt64BE(BigInt(chunkCount));
  return digest(Buffer.concat([head, ...hashes]));
}

/** The facts by which an event names a book. */
export function bookFacts(chunkCount: number, hashes: readonly Buffer[]): Readonly<Record<string, Fact>> {
  return { upTo: chunkCount * chunkSize - 1, ranges: hashes.length, hash: hashBook(chunkCount, hashes).toString("base64url") };
}

const booksTried = 10;

/**
 * The newest book, by the word of a node that is vouched for; undefined where there is none. A book, a body or a word that was changed
 * is a finding, and the one before is taken: then more is verified anew, and nothing is believed.
 */
export async function openBook(copier: Copier, publicKeys: readonly Buffer[], find: (finding: Finding) => void): Promise<Book | undefined> {
  const { events } = await listEvents(copier, { types: [provedType], limit: booksTried });
  for (const event of events) {
    const fault = await faultOfWord(copier, event.eventNo, publicKeys);
    if (fault !== undefined) {
      find({ what: fault, sequence: event.sequence, eventNo: event.eventNo });
      continue;
    }
    const { upTo, hash } = event.facts;
    if (event.outcome !== "ok" || typeof upTo !== "number" || typeof hash !== "string") continue;
    const chunkCount = (upTo + 1) / chunkSize;
    const ranges = await readRanges(copier, chunkCount, hash);
    if (ranges !== undefined) return { eventNo: event.eventNo, at: event.at, chunkCount, ranges };
    find({ what: "what was proved is not what the ledger says of it", sequence: event.sequence, eventNo: event.eventNo });
  }
  return undefined;
}

async function readRanges(copier: Copier, chunkCount: number, hash: string): Promise<ProvedRange[] | undefined> {
  const names = rangesOf(chunkCount);
  const { rows } = await copier.query("select ranges from ledger_proved_books where hash = $1", [Buffer.from(hash, "base64url")]);
  const list = rows[0]?.["ranges"] as Buffer | undefined;
  if (list === undefined || list.length !== names.length * digestBytes) return undefined;
  const hashes = names.map((_, at) => list.subarray(at * digestBytes, (at + 1) * digestBytes));
  if (hashBook(chunkCount, hashes).toString("base64url") !== hash) return undefined;
  return readBodies(
    copier,
    names.map((name, at) => ({ ...name, sha256: hashes[at]! })),
  );
}

/** A range by the hash of what is said of it. */
export type StatedRange = RangeName & { readonly sha256: Uint8Array };

/** What is said of ranges whose hashes are known to be right; undefined where it is not there, or something else. */
export async function readBodies(copier: Copier, stated: readonly StatedRange[]): Promise<ProvedRange[] | undefined> {
  const bodies = new Map<string, Buffer>();
  // Hashes of ours: 64 hexadecimal digits each.
  const wanted = stated.map(({ sha256 }) => `'\\x${Buffer.from(sha256).toString("hex")}'::bytea`).join();
  if (stated.length > 0) {
    await copier.copy(`select level, range_no, body from ledger_proved_ranges where sha256 in (${wanted})`, ([level, rangeNo, body]) => {
      bodies.set(`${int2Of(level)} ${int8Of(rangeNo)}`, Buffer.from(body!));
    });
  }
  const ranges: ProvedRange[] = [];
  for (const { level, rangeNo, sha256 } of stated) {
    const name = { level, rangeNo };
    const body = bodies.get(rangeKey(name));
    if (body === undefined || !digest(body).equals(sha256)) return undefined;
    ranges.push({ ...name, ...parseBody(body, name), sha256: Buffer.from(sha256) });
  }
  return ranges;
}

/** What is wrong with an event as the word of one of our nodes: in itself, in its batch, by its signature. */
async function faultOfWord(copier: Copier, eventNo: number, publicKeys: readonly Buffer[]): Promise<string | undefined> {
  const [event] = await readStored(copier, [eventNo]);
  if (event === undefined) return "event is missing";
  const [fault] = faultsOf(event);
  if (fault !== undefined) return fault;
  if (parseHeader(event.header).principal !== "system") return "what was proved was not said by the house";
  const batch = event.batch ?? (await selectBatches(copier, [event.batch_no]))[0];
  if (batch === undefined) return "event belongs to no batch";
  if (!leafHashAt(batch.leaf_hashes, event.batch_index).equals(event.leaf_hash)) return "event is not what its batch signed";
  const found: string[] = [];
  const keys = await verifyNodeKeys(copier, await verifyEpochs(copier, publicKeys, (what) => found.push(what)), (what) => found.push(what));
  if (!isBatchSigned(batch, keys)) return "batch is not signed by a key of its node";
  return undefined;
}
