import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress } from "node:zlib";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { findCurrentEpoch, listArchives } from "#server/core/ledger/index.ts";
import { archivedFile } from "./copy-archives.ts";
import { copySettings, type DataEnd, type DataHeader } from "./data-file.ts";
import { letOwnerRead, listDataTables, listSequences, type DataTable } from "./data-tables.ts";
import { frameTypes, writeFrame } from "./frames.ts";
import { sealFile } from "./sealed-file.ts";

/** How far it has come: the table at hand, rows and bytes (before packing) of all tables so far. */
export interface Progress {
  readonly table: string;
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Writes the whole database, as one snapshot saw it, into a new sealed file (0600) that is durable when this resolves.
 * Bounded memory. `key` (32 bytes) and `id` (16 bytes) are the file's own.
 */
export async function writeData(given: {
  owner: pg.Client;
  path: string;
  key: Buffer;
  id: Buffer;
  now: Date;
  onProgress?: ((progress: Progress) => void) | undefined;
}): Promise<{ header: DataHeader; end: DataEnd; bytes: number }> {
  const { owner, path } = given;
  await owner.query(copySettings);
  await letOwnerRead(owner, await listDataTables(owner));
  const file = await open(path, "wx", 0o600);
  try {
    await owner.query("begin transaction isolation level repeatable read read only");
    const tables = await listDataTables(owner);
    const header = await headerOf(owner, tables, given.now);
    const counted: Record<string, number> = {};
    let end: DataEnd = { tables: counted, sequences: {} };
    const content = async function* (): AsyncGenerator<Buffer> {
      yield* writeFrame(frameTypes.header, header);
      const progress = { rows: 0, bytes: 0 };
      for (const table of tables) {
        yield* writeFrame(frameTypes.table, { name: table.name, columns: table.columns });
        counted[table.name] = yield* rowsOf(owner, table, progress, given.onProgress);
      }
      // Read after all rows: no row of the snapshot has a number above.
      end = { tables: counted, sequences: await listSequences(async (text) => (await owner.query<{ name: string; last: string | null }>(text)).rows) };
      yield* writeFrame(frameTypes.end, end);
    };
    const packed = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 } });
    await pipeline(content, packed, (source: AsyncIterable<Buffer>) => file.writeFile(sealFile(source, given.key, given.id)));
    await owner.query("commit");
    await file.sync();
    return { header, end, bytes: (await file.stat()).size };
  } finally {
    await file.close();
  }
}

async function headerOf(owner: pg.Client, tables: readonly DataTable[], now: Date): Promise<DataHeader> {
  const { rows: migrations } = await owner.query<DataHeader["migrations"][number]>("select number, name, sha256 from migrations order by number");
  const { rows: checkpoints } = await owner.query<{ note: string; tree_size: number }>(
    "select note, tree_size from ledger_checkpoints order by epoch_no desc, tree_size desc limit 1",
  );
  return {
    v: 1,
    at: now.toISOString(),
    epoch: (await findCurrentEpoch(owner))?.origin ?? "",
    checkpoint: checkpoints[0]?.note ?? null,
    checkpointSize: checkpoints[0]?.tree_size ?? 0,
    migrations,
    tables: tables.map((table) => table.name),
    archives: (await listArchives(owner)).map(archivedFile),
  };
}

/** The rows of a table as frames; returns how many there are. In COPY's text each row is one line. */
async function* rowsOf(
  owner: pg.Client,
  table: DataTable,
  progress: { rows: number; bytes: number },
  onProgress: ((progress: Progress) => void) | undefined,
): AsyncGenerator<Buffer, number> {
  const stream = owner.query(copyTo(table.copyOut));
  let rows = 0;
  for await (const bytes of stream as AsyncIterable<Buffer>) {
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
      rows += 1;
      progress.rows += 1;
    }
    progress.bytes += bytes.length;
    yield* writeFrame(frameTypes.rows, bytes);
    onProgress?.({ table: table.name, ...progress });
  }
  return rows;
}
