import { askApart, int8Of, type Copier, type Source } from "../exposure/copy-rows.ts";
import { childrenOfRange, chunkSize } from "../exposure/ranges.ts";
import { emptyFrontier, packFrontier } from "../merkle.ts";
import { verifyLedger, type Finding, type VerifiedState } from "../verify.ts";
import { openBook, type Book, type ProvedRange } from "./book.ts";
import { digest } from "./digests.ts";
import { createRangePacker, digestRows, type PackedBefore, type PackedRange, type PostingRows, type RangePacker } from "./pack-ranges.ts";
import { firstChunkOf, lastEventOf, rangeKey, rangesOf } from "./range-body.ts";

export interface ProveOptions {
  /** Connections that read the ledger. */
  readonly source: Source;
  readonly publicKeys: readonly Buffer[];
  readonly now: () => Date;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((upTo: number, of: number) => void) | undefined;
  /** Keeps a further book: its bodies that are new, the hashes of all, in one transaction with the event that names it. */
  readonly keep: (book: NewBook) => Promise<void>;
}

export interface NewBook {
  readonly chunkCount: number;
  readonly hashes: readonly Buffer[];
  readonly bodies: readonly (PackedRange & { readonly sha256: Buffer })[];
}

/** A book is kept whenever so many more chunks were proved: a million events. */
const chunksAtOnce = childrenOfRange ** 2;

export const genesis: VerifiedState = {
  roundNo: 0,
  treeSize: 0,
  frontier: packFrontier(emptyFrontier()),
  highestNo: 0,
  upTo: 0,
  batches: [],
  lastTimes: [],
};

/**
 * Proves what came since the last book: reads every event, verifies it as `verifyLedger` does, packs it anew, and keeps what must come
 * out. What does not verify ends it, and nothing that it touches is kept. Begun anew it goes on from the last book.
 */
export async function proveFurther(options: ProveOptions): Promise<{ readonly chunks: number; readonly findings: readonly Finding[] }> {
  let chunks = 0;
  const findings: Finding[] = [];
  let held: Standing | undefined;
  for (;;) {
    options.signal?.throwIfAborted();
    const turn = await askApart(options.source, async (copier) => {
      await copier.query("begin isolation level repeatable read read only");
      // A book that was changed is told of and not gone on from: what it said is proved anew.
      held ??= await findStanding(copier, options, (finding) => findings.push(finding));
      return proveTurn(copier, held, options);
    });
    findings.push(...(turn?.findings ?? []));
    if (turn === undefined || turn.findings.length > 0 || turn.bodies.length === 0) return { chunks, findings };
    const standing: Standing = held!;
    const known = new Map(standing.hashes);
    const bodies = turn.bodies.map((range) => ({ ...range, sha256: digest(range.body) }));
    for (const range of bodies) known.set(rangeKey(range), range.sha256);
    const names = rangesOf(turn.chunkCount);
    chunks += turn.chunkCount - standing.chunkCount;
    await options.keep({ chunkCount: turn.chunkCount, hashes: names.map((name) => known.get(rangeKey(name))!), bodies });
    held = { ...standing, state: turn.state, chunkCount: turn.chunkCount, hashes: new Map(names.map((name) => [rangeKey(name), known.get(rangeKey(name))!])) };
    if (turn.isAtEnd) return { chunks, findings };
  }
}

interface Standing {
  readonly packer: RangePacker;
  readonly state: VerifiedState;
  readonly chunkCount: number;
  /** Of each range of the last book its SHA-256. */
  readonly hashes: ReadonlyMap<string, Buffer>;
}

interface Turn {
  readonly findings: readonly Finding[];
  readonly bodies: readonly PackedRange[];
  readonly chunkCount: number;
  readonly state: VerifiedState;
  readonly isAtEnd: boolean;
}

async function proveTurn(copier: Copier, { packer, state: from, chunkCount }: Standing, options: ProveOptions): Promise<Turn | undefined> {
  const { rows } = await copier.query("select coalesce((select settled_event_no from ledger_rounds order by round_no desc limit 1), 0) as settled");
  const settled = Number(rows[0]?.["settled"]);
  if (settled < (chunkCount + 1) * chunkSize - 1) return undefined;
  let state = from;
  let isAtEnd = true;
  const { findings } = await verifyLedger({
    query: copier,
    publicKeys: options.publicKeys,
    now: options.now(),
    from,
    onEvent: (event) => packer.add(event),
    onRound: (round) => {
      options.signal?.throwIfAborted();
      state = round.state;
      packer.settle(round.settledNo, state);
      options.onProgress?.(state.highestNo, settled);
      const isFull = packer.chunkCount - chunkCount >= chunksAtOnce;
      // What is not settled yet is looked at next time.
      isAtEnd = !isFull;
      return !isFull && round.settledNo < Math.floor((settled + 1) / chunkSize) * chunkSize - 1;
    },
  });
  return { findings, bodies: packer.take(), chunkCount: packer.chunkCount, state, isAtEnd };
}

/** Where the last book ends; or before, where what was packed of its ranges has been joined since. */
async function findStanding(copier: Copier, { publicKeys }: ProveOptions, find: (finding: Finding) => void): Promise<Standing> {
  const book = await openBook(copier, publicKeys, find);
  if (book !== undefined) {
    for (const ranges of beginnings(book)) {
      const before = await readBefore(copier, ranges);
      if (before === undefined) continue;
      const last = ranges.at(-1);
      const state = last === undefined ? genesis : { ...last.state, upTo: lastEventOf(last) };
      const packer = createRangePacker(before);
      packer.settle(-1, state);
      return { packer, state, chunkCount: before.chunkCount, hashes: new Map(ranges.map((range) => [rangeKey(range), range.sha256])) };
    }
  }
  const packer = createRangePacker(undefined);
  packer.settle(-1, genesis);
  return { packer, state: genesis, chunkCount: 0, hashes: new Map() };
}

/** The book; without the ranges of its last 65,536 events; without those of its last million. */
const beginnings = ({ ranges }: Book): ProvedRange[][] => [[...ranges], ranges.filter(({ level }) => level > 0), ranges.filter(({ level }) => level === 2)];

/** What waits to be joined, as it stands in the tables, if it is what was proved. */
async function readBefore(copier: Copier, ranges: readonly ProvedRange[]): Promise<PackedBefore | undefined> {
  const waiting = [new Map<number, PostingRows[]>(), new Map<number, PostingRows[]>()] as const;
  const entries: Buffer[] = [];
  for (const range of ranges) {
    if (range.level === 2) continue;
    entries.push(...range.chunks.map((chunk) => chunk.bytes));
    for (const kindNo of range.postings.keys()) {
      const rows: [number, Buffer][] = [];
      await copier.copy(
        `select span_no, packed from ledger_exposure_postings where kind = ${kindNo} and level = ${range.level} and range_no = ${range.rangeNo} order by span_no`,
        ([spanNo, packed]) => void rows.push([int8Of(spanNo), Buffer.from(packed!)]),
      );
      if (!digestRows(rows).equals(range.postings.get(kindNo)!)) return undefined;
      const list = waiting[range.level].get(kindNo) ?? [];
      waiting[range.level].set(kindNo, list);
      // A range in which a kind does not occur has its place all the same.
      list[placeIn(range)] = rows;
    }
  }
  for (const ofLevel of waiting)
    for (const [kindNo, list] of ofLevel)
      ofLevel.set(
        kindNo,
        Array.from(list, (rows) => rows ?? []),
      );
  const last = ranges.at(-1);
  const chunkCount = last === undefined ? 0 : (lastEventOf(last) + 1) / chunkSize;
  return { chunkCount, eventsUpTo: last?.eventsUpTo ?? 0, entries, waiting };
}

const placeIn = (range: ProvedRange): number => (range.level === 1 ? range.rangeNo : firstChunkOf(range)) % childrenOfRange;
