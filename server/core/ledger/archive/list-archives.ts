import type { Query } from "../query.ts";

/** One file of old events, as `ledger_archives` holds it. */
export interface Archive {
  readonly archiveNo: number;
  readonly epochNo: number;
  readonly firstRound: number;
  readonly lastRound: number;
  readonly firstSequence: number;
  readonly eventCount: number;
  readonly lowest: number;
  readonly highest: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly types: readonly string[];
  readonly file: string;
  readonly bytes: number;
  readonly sha256: Buffer;
  readonly indexSha256: Buffer;
  /** Whether its events stand in the file alone. */
  readonly isCleared: boolean;
  /** Folder of the node that asks; null where its connection does not say. */
  readonly folder: string | null;
}

/**
 * All archives, oldest first. Where the files lie is a matter of the node: each of its connections says so in the setting
 * `kuraban.ledger_folder`, percent-encoded.
 */
export async function listArchives(query: Query): Promise<Archive[]> {
  const { rows } = await query.query(
    `select archive_no, epoch_no, first_round, last_round, first_sequence, event_count, lowest_event_no, highest_event_no, first_at, last_at, types,
       file, bytes, sha256, index_sha256, cleared_at is not null as is_cleared, current_setting('kuraban.ledger_folder', true) as folder
     from ledger_archives order by archive_no`,
  );
  return rows.map((row) => {
    const folder = row["folder"] as string | null;
    return {
      archiveNo: row["archive_no"] as number,
      epochNo: row["epoch_no"] as number,
      firstRound: Number(row["first_round"]),
      lastRound: Number(row["last_round"]),
      firstSequence: Number(row["first_sequence"]),
      eventCount: row["event_count"] as number,
      lowest: Number(row["lowest_event_no"]),
      highest: Number(row["highest_event_no"]),
      firstAt: row["first_at"] as Date,
      lastAt: row["last_at"] as Date,
      types: row["types"] as string[],
      file: row["file"] as string,
      bytes: Number(row["bytes"]),
      sha256: row["sha256"] as Buffer,
      indexSha256: row["index_sha256"] as Buffer,
      isCleared: row["is_cleared"] as boolean,
      folder: folder === null || folder === "" ? null : decodeURIComponent(folder),
    };
  });
}

/** Every event up to this number lies in files; 0 where none does. */
export async function archivedUpTo(query: Query): Promise<number> {
  const { rows } = await query.query("select coalesce(max(highest_event_no), 0) as highest from ledger_archives where cleared_at is not null");
  return Number(rows[0]?.["highest"]);
}

/**
 * For questions that need table and files at one moment, as counts do: asks again when events went into a file meanwhile, which
 * happens once a month.
 */
export async function atOneMoment<Result>(query: Query, ask: (upTo: number) => Promise<Result>): Promise<Result> {
  for (;;) {
    const upTo = await archivedUpTo(query);
    const result = await ask(upTo);
    if ((await archivedUpTo(query)) === upTo) return result;
  }
}
