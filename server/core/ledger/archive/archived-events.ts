import type { Query } from "../query.ts";
import { readArchiveChunk, readArchiveIndex, type ArchiveIndex, type ChunkEntry } from "./archive-file.ts";
import { listArchives, type Archive } from "./list-archives.ts";
import { selectEvents, type StoredEvent } from "./stored-event.ts";

/** Which events of the files are wanted; what is absent does not narrow. */
export interface ArchivedScope {
  /** Inclusive. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  readonly types?: readonly string[] | undefined;
  readonly accountNo?: number | undefined;
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
  /** Only events that changed rows. */
  readonly writing?: boolean | undefined;
}

/** What lies in files. Remembers the chunks it read last: made for one question or one walk, and then let go. */
export interface ArchivedEvents {
  readonly archives: readonly Archive[];
  /** Those of the events that lie in files, with their batches, ascending, a chunk at a time: for walks. @throws Problem ledger-file-unreadable */
  byNumber(eventNos: readonly number[]): AsyncGenerator<StoredEvent[]>;
  /** The same without batches: for pages, whose events lie far apart. @throws Problem ledger-file-unreadable */
  pick(eventNos: readonly number[]): AsyncGenerator<StoredEvent[]>;
  /** Events of a scope a chunk at a time, none empty, in the order of their numbers. @throws Problem ledger-file-unreadable */
  scan(scope: ArchivedScope, order: "oldest" | "newest"): AsyncGenerator<StoredEvent[]>;
}

const chunksKept = 8;

/** `given`: which; those alone whose rows are gone unless told. */
export async function openArchivedEvents(query: Query, given?: readonly Archive[]): Promise<ArchivedEvents> {
  const archives = given ?? (await listArchives(query)).filter(({ isCleared }) => isCleared);
  const indexes = new Map<number, ArchiveIndex>();
  const chunks = new Map<string, StoredEvent[]>();

  const indexOf = async (archive: Archive): Promise<ArchiveIndex> => {
    let index = indexes.get(archive.archiveNo);
    if (index === undefined) indexes.set(archive.archiveNo, (index = await readArchiveIndex(archive)));
    return index;
  };
  const read = async (archive: Archive, chunk: ChunkEntry): Promise<StoredEvent[]> => {
    const key = `${archive.archiveNo} ${chunk.at}`;
    const events = chunks.get(key) ?? (await readArchiveChunk(archive, chunk));
    chunks.delete(key);
    chunks.set(key, events);
    if (chunks.size > chunksKept) chunks.delete(chunks.keys().next().value as string);
    return events;
  };

  async function* chunksOf(eventNos: readonly number[]): AsyncGenerator<{ archive: Archive; chunk: ChunkEntry; some: ReadonlySet<number> }> {
    const wanted = [...new Set(eventNos)].sort((a, b) => a - b);
    for (const archive of archives) {
      const ofFile = between(wanted, archive.lowest, archive.highest);
      if (ofFile.length === 0) continue;
      for (const chunk of (await indexOf(archive)).chunks) {
        const some = new Set(between(ofFile, chunk.lowest, chunk.highest));
        if (some.size > 0) yield { archive, chunk, some };
      }
    }
  }

  return {
    archives,
    async *byNumber(eventNos) {
      for await (const { archive, chunk, some } of chunksOf(eventNos)) {
        const found = (await read(archive, chunk)).filter((event) => some.has(event.event_no));
        if (found.length > 0) yield found;
      }
    },
    async *pick(eventNos) {
      for await (const { archive, chunk, some } of chunksOf(eventNos)) {
        const found = await readArchiveChunk(archive, chunk, some);
        if (found.length > 0) yield found;
      }
    },
    async *scan(scope, order) {
      const inOrder = <T>(all: readonly T[]): readonly T[] => (order === "oldest" ? all : all.toReversed());
      for (const archive of inOrder(archives)) {
        if (!mayHold(archive, scope, archive.firstAt.getTime(), archive.lastAt.getTime())) continue;
        if (scope.types !== undefined && !scope.types.some((type) => archive.types.includes(type))) continue;
        const { types, chunks: entries } = await indexOf(archive);
        const wantedTypes = scope.types?.map((type) => types.indexOf(type));
        for (const chunk of inOrder(entries)) {
          if (!mayHold(chunk, scope, chunk.from, chunk.to)) continue;
          if (wantedTypes !== undefined && !wantedTypes.some((type) => chunk.types.includes(type))) continue;
          if (scope.accountNo !== undefined && !chunk.accounts.includes(scope.accountNo)) continue;
          if (scope.writing === true && !chunk.hasWrites) continue;
          const found = (await read(archive, chunk)).filter((event) => isIn(event, scope));
          if (found.length > 0) yield [...inOrder(found)];
        }
      }
    },
  };
}

/** Of ascending numbers those from `low` to `high`, both inclusive. */
function between(numbers: readonly number[], low: number, high: number): readonly number[] {
  const at = (limit: number): number => {
    let [from, to] = [0, numbers.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (numbers[middle]! < limit) from = middle + 1;
      else to = middle;
    }
    return from;
  };
  return numbers.slice(at(low), at(high + 1));
}

function mayHold(
  part: { readonly lowest: number; readonly highest: number },
  { low, high, from, to }: ArchivedScope,
  firstAt: number,
  lastAt: number,
): boolean {
  return (
    (low === undefined || part.highest >= low) &&
    (high === undefined || part.lowest <= high) &&
    (from === undefined || lastAt >= from.getTime()) &&
    (to === undefined || firstAt < to.getTime())
  );
}

/** Whether an event is in a scope: as the columns of the table would be asked. */
export function isIn(event: StoredEvent, { low, high, types, accountNo, from, to, writing }: ArchivedScope): boolean {
  return (
    (low === undefined || event.event_no >= low) &&
    (high === undefined || event.event_no <= high) &&
    (types === undefined || types.includes(event.type)) &&
    (accountNo === undefined || event.account_no === accountNo) &&
    (from === undefined || event.at >= from) &&
    (to === undefined || event.at < to) &&
    (writing !== true || event.writes !== null)
  );
}

/** Events by their numbers from wherever they lie, ascending; for pages, not for walks. */
export async function readStored(query: Query, eventNos: readonly number[]): Promise<StoredEvent[]> {
  if (eventNos.length === 0) return [];
  // The table first: what goes into a file between two questions is then found in the file.
  const standing = await selectEvents(query, eventNos);
  if (standing.length === new Set(eventNos).size) return standing;
  const found = new Set(standing.map((event) => event.event_no));
  const lying: StoredEvent[] = [];
  for await (const events of (await openArchivedEvents(query)).pick(eventNos.filter((no) => !found.has(no)))) lying.push(...events);
  return [...lying, ...standing];
}
