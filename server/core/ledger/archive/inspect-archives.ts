import { parseHeader } from "../encode.ts";
import type { Query } from "../query.ts";
import { hashArchiveFile } from "./archive-file.ts";
import { listArchives, type Archive } from "./list-archives.ts";
import { archiveFacts } from "./make-archive.ts";
import type { StoredEvent } from "./stored-event.ts";

/** What a verification asks of the files, and tells of what it meets in the ledger. */
export interface ArchiveInspection {
  /** Events that lie in files. */
  readonly events: number;
  readonly upTo: number;
  /** Whether an event lies in a file that was found missing or changed. */
  isUnreadable(eventNo: number): boolean;
  meetEvent(event: StoredEvent): void;
  /** A batch that lies in a file. */
  meetBatch(batchNo: string): void;
  /** After the last event: what the ledger says of files against what is listed, and batches missed by their successors. */
  finish(): void;
}

const mostMissed = 10_000;

/**
 * Holds every file against the SHA-256 that is listed, and what is listed against the events `ledger.archived`. An event that
 * was taken out of a file cannot be told from the rest of it: the file as a whole is what the ledger names.
 */
export async function inspectArchives(
  query: Query,
  find: (what: string, sequence?: number | null, eventNo?: number | null) => void,
): Promise<ArchiveInspection> {
  const all = await listArchives(query);
  const archives = all.filter(({ isCleared }) => isCleared);
  const unreadable: Pick<Archive, "lowest" | "highest">[] = [];
  const listed = new Set(all.map(({ archiveNo }) => archiveNo));
  for (const { archiveNo, file, firstSequence, lowestEventNo: lowest, highestEventNo: highest } of await findStated(query)) {
    if (listed.has(archiveNo)) continue;
    find(`archive file ledger/${file} is not listed any more`, firstSequence, lowest);
    listed.add(archiveNo);
    unreadable.push({ lowest, highest });
  }
  for (const archive of archives) {
    const { file, firstSequence, lowest } = archive;
    const sha256 = await hashArchiveFile(archive).catch(() => undefined);
    if (sha256?.equals(archive.sha256) === true) continue;
    find(sha256 === undefined ? `archive file ledger/${file} is missing` : `archive file ledger/${file} was changed`, firstSequence, lowest);
    unreadable.push(archive);
  }
  const stated = new Map<number, string>();
  const missed = await findMissed(query);
  return {
    events: archives.reduce((sum, { eventCount }) => sum + eventCount, 0),
    upTo: archives.at(-1)?.highest ?? 0,
    isUnreadable: (eventNo) => unreadable.some(({ lowest, highest }) => eventNo >= lowest && eventNo <= highest),
    meetEvent({ type, header }) {
      if (type !== "ledger.archived") return;
      const { outcome, facts } = parseHeader(header);
      if (outcome === "ok") stated.set(Number(facts?.["archiveNo"]), stable(facts ?? {}));
    },
    meetBatch: (batchNo) => void missed.delete(batchNo),
    finish() {
      for (const archive of all) {
        // The event of a file may lie in another one that cannot be read.
        if (stated.get(archive.archiveNo) === undefined && unreadable.length > 0) continue;
        if (stated.get(archive.archiveNo) !== stable(archiveFacts(archive))) {
          find(`archive file ledger/${archive.file} is not what the ledger says of it`, archive.firstSequence, archive.lowest);
        }
      }
      for (const archiveNo of stated.keys()) if (!listed.has(archiveNo)) find(`archive ${archiveNo} of the ledger is not listed any more`);
      if (unreadable.length > 0) return;
      for (const eventNo of [...missed.values()].slice(0, 100)) find("the batch before this event's is missing", null, eventNo);
    },
  };
}

interface StatedArchive {
  readonly archiveNo: number;
  readonly file: string;
  readonly firstSequence: number;
  readonly lowestEventNo: number;
  readonly highestEventNo: number;
}

/** What the events of the table say of files: before anything is read, so that a file is named and not each of its events. */
async function findStated(query: Query): Promise<StatedArchive[]> {
  const { rows } = await query.query("select header from ledger_events where type = 'ledger.archived' order by event_no");
  return rows.flatMap((row) => {
    try {
      const { outcome, facts } = parseHeader(row["header"] as string);
      return outcome === "ok" ? [facts as unknown as StatedArchive] : [];
    } catch {
      // The walk names it.
      return [];
    }
  });
}

const stable = (facts: object): string => JSON.stringify(Object.entries(facts).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** Batches that others name as the one before and that do not stand in the table, each with an event of who names it. */
async function findMissed(query: Query): Promise<Map<string, number | null>> {
  const { rows } = await query.query(
    `select b.previous, (select min(event_no) from ledger_events e where e.batch_no = b.batch_no) as event_no
     from ledger_batches b left join ledger_batches p on p.batch_no = b.previous where b.previous is not null and p.batch_no is null limit ${mostMissed}`,
  );
  return new Map(rows.map((row) => [row["previous"] as string, row["event_no"] === null ? null : Number(row["event_no"])]));
}
