import { openArchivedEvents } from "../archive/index.ts";
import { leafOfHeader } from "../encode.ts";
import { int8Of, type Copier } from "../exposure/copy-rows.ts";
import type { EventRow } from "../exposure/pack-events.ts";
import { chunkSize } from "../exposure/ranges.ts";
import { findPackedUpTo } from "../exposure/tail.ts";
import { verifyLedger, type Finding } from "../verify.ts";
import { openBook, type ProvedRange } from "./book.ts";
import { addLeaf, startDigest } from "./digests.ts";
import { genesis } from "./prove-further.ts";
import { firstChunkOf, lastEventOf, rangeKey, rangesOf, type ChunkEntry } from "./range-body.ts";

/** Packed exposure, each part of which is held against what was proved of it. */
export interface ProvedPacking {
  /** In order. */
  readonly ranges: readonly ProvedRange[];
  /** Of a chunk in one of them. */
  chunk(chunkNo: number): ChunkEntry;
  find(what: string, eventNo?: number): void;
}

export function provedPacking(ranges: readonly ProvedRange[], find: ProvedPacking["find"]): ProvedPacking {
  // A question may leave out ranges in between.
  const chunks = new Map(ranges.flatMap((range) => range.chunks.map((chunk, at) => [firstChunkOf(range) + at, chunk] as const)));
  return { ranges, chunk: (chunkNo) => chunks.get(chunkNo)!, find };
}

/** A ledger of which everything that is read is held against what was proved. One moment; used by one caller. */
export interface ProvedLedger extends ProvedPacking {
  /** Up to here packed exposure may be read; whatever follows stands in `tail`, freshly verified. −1: nothing. */
  readonly upTo: number;
  /** Ascending by number. */
  readonly tail: readonly EventRow[];
  /** Events that were verified for this. */
  readonly verified: number;
  /** The event that named what was proved, and its time; null before the first. */
  readonly word: { readonly eventNo: number; readonly at: Date } | null;
  /** What did not hold so far, by name. Whoever asks looks here last. */
  readonly findings: readonly Finding[];
}

/**
 * Verifies everything behind the last book, and gives what is needed to hold the rest against it. Undefined where more than `mostTail`
 * events would have to be verified. `copier` sees one moment.
 */
export async function readProved(
  copier: Copier,
  given: { readonly publicKeys: readonly Buffer[]; readonly now: Date; readonly mostTail: number; readonly signal?: AbortSignal | undefined },
): Promise<ProvedLedger | undefined> {
  const findings: Finding[] = [];
  const book = await openBook(copier, given.publicKeys, (finding) => findings.push(finding));
  const packedUpTo = await findPackedUpTo(copier);
  const standing = new Set(rangesOf((packedUpTo + 1) / chunkSize).map(rangeKey));
  const ranges: ProvedRange[] = [];
  // What was joined since stands in another form than the one that was proved.
  for (const range of book?.ranges ?? []) {
    if (!standing.has(rangeKey(range))) break;
    ranges.push(range);
  }
  const last = ranges.at(-1);
  const upTo = last === undefined ? -1 : lastEventOf(last);
  const from = last === undefined ? genesis : { ...last.state, upTo };
  const { rows } = await copier.query("select coalesce(max(event_no), 0) as newest from ledger_events");
  if (Number(rows[0]?.["newest"]) - upTo > given.mostTail) return undefined;

  const tail: EventRow[] = [];
  let behind = 0;
  const verified = await verifyLedger({
    query: copier,
    publicKeys: given.publicKeys,
    now: given.now,
    from,
    onEvent: ({ eventNo, header, entries, writes }) => {
      if (eventNo > upTo) tail.push({ eventNo, header, entries, writes });
      else behind += 1;
    },
    onProgress: () => given.signal?.throwIfAborted(),
  });
  findings.push(...verified.findings);
  // The tree holds each event once: those before the round, and those behind it that belong to what was packed.
  if (last !== undefined && from.treeSize + behind !== last.eventsUpTo)
    findings.push({ what: "event stands twice in the tree", sequence: null, eventNo: null });
  tail.sort((a, b) => a.eventNo - b.eventNo);
  return {
    ...provedPacking(ranges, (what, eventNo) => void findings.push({ what, sequence: null, eventNo: eventNo ?? null })),
    upTo,
    tail,
    verified: verified.events,
    word: book === undefined ? null : { eventNo: book.eventNo, at: book.at },
    findings,
  };
}

/** Names what stands in the tables otherwise than it was proved. */
export function findChunk(proved: ProvedPacking, chunkNo: number): void {
  proved.find("what is packed is not what was proved", chunkNo * chunkSize);
}

/** The first event of a range, for a finding. */
export function findRange(proved: ProvedPacking, range: ProvedRange): void {
  proved.find("what is packed is not what was proved", firstChunkOf(range) * chunkSize);
}

/**
 * Holds every event of some types against the ledger as it was proved: that none is missing, added or changed. For types of which
 * there are thousands, and not millions.
 */
export async function checkTypes(copier: Copier, proved: ProvedLedger, types: readonly string[]): Promise<void> {
  if (types.length === 0 || proved.upTo < 0) return;
  const wanted = new Set(types);
  const expected = new Map<string, Map<string, { readonly events: number; readonly digest: Buffer }>>();
  for (let chunkNo = 0; chunkNo * chunkSize <= proved.upTo; chunkNo++) {
    for (const [type, entry] of proved.chunk(chunkNo).types()) {
      if (!wanted.has(type)) continue;
      const key = String(chunkNo);
      const ofChunk = expected.get(key) ?? new Map<string, { events: number; digest: Buffer }>();
      expected.set(key, ofChunk);
      ofChunk.set(type, entry);
    }
  }
  const met = new Map<string, Map<string, { readonly hash: ReturnType<typeof startDigest>; events: number }>>();
  const meet = (eventNo: number, type: string, header: string): void => {
    const key = String(Math.floor(eventNo / chunkSize));
    const ofChunk = met.get(key) ?? new Map<string, { hash: ReturnType<typeof startDigest>; events: number }>();
    met.set(key, ofChunk);
    const entry = ofChunk.get(type) ?? { hash: startDigest(), events: 0 };
    ofChunk.set(type, entry);
    addLeaf(entry.hash, eventNo, leafOfHeader(header));
    entry.events += 1;
  };
  const archived = await openArchivedEvents(copier);
  for await (const events of archived.scan({ types, high: proved.upTo }, "oldest")) for (const event of events) meet(event.event_no, event.type, event.header);
  const archivedUpTo = archived.archives.at(-1)?.highest ?? 0;
  const list = types.map((type) => `'${type.replaceAll("'", "''")}'`).join();
  await copier.copy(
    `select event_no, type, header from ledger_events where type in (${list}) and event_no > ${archivedUpTo} and event_no <= ${proved.upTo} order by event_no`,
    ([eventNo, type, header]) => meet(int8Of(eventNo), type!.toString("utf8"), header!.toString("utf8")),
  );
  for (const key of new Set([...expected.keys(), ...met.keys()])) {
    const [said, found] = [expected.get(key) ?? new Map<string, never>(), met.get(key) ?? new Map<string, never>()];
    for (const type of new Set([...said.keys(), ...found.keys()])) {
      const [stated, entry] = [said.get(type) as { events: number; digest: Buffer } | undefined, found.get(type)];
      const isSame = stated !== undefined && entry !== undefined && stated.events === entry.events && stated.digest.equals(entry.hash.digest());
      if (!isSame) proved.find(`events ${type} are not what was proved`, Number(key) * chunkSize);
    }
  }
}
