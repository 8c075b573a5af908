import { pipeline } from "node:stream/promises";
import { createZstdDecompress } from "node:zlib";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { BlobRejected } from "#server/core/vault/index.ts";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import { findMigrations } from "#server/platform/database/find-migrations.ts";
import { migrate } from "#server/platform/database/migrate.ts";
import { copySettings, type DataEnd, type DataHeader, type TableHeader } from "./data-file.ts";
import { leftOut, quoteName } from "./data-tables.ts";
import { frameTypes, readFrames, type Frame } from "./frames.ts";
import { openFile } from "./sealed-file.ts";
import type { Progress } from "./write-data.ts";

/** Tables whose rows are queued to be compared with others (duplicates). */
const queued = ["customers", "companies"];

/** The frames of a data file. */
async function* framesOf(path: string, key: Buffer): AsyncGenerator<Frame> {
  const unpacked = createZstdDecompress();
  // A failure on the way in ends the reading side with the same error.
  const fed = pipeline(openFile(path, key), unpacked).catch((error: unknown) => unpacked.destroy(error as Error));
  yield* readFrames(unpacked as AsyncIterable<Buffer>);
  await fed;
}

/**
 * Walks through a whole data file without keeping anything of it: that it is authentic and complete, before anything is made
 * of it.
 * @throws BlobRejected, CannotStart when it was written by a newer version of the product
 */
export async function verifyData(path: string, key: Buffer): Promise<{ header: DataHeader; end: DataEnd }> {
  let header: DataHeader | undefined;
  let end: DataEnd | undefined;
  try {
    for await (const frame of framesOf(path, key)) {
      if (frame.type === frameTypes.header) header = parse<DataHeader>(frame);
      if (frame.type === frameTypes.end) end = parse<DataEnd>(frame);
    }
  } catch (error) {
    throw error instanceof BlobRejected ? error : new BlobRejected();
  }
  if (header === undefined || end === undefined) throw new BlobRejected();
  migrationsOf(header);
  return { header, end };
}

/**
 * Fills an empty database with a data file that was verified: brings it to the migrations that the file states, then loads every table in one
 * transaction. Customers whose key `isErased` are left out again. Indexes of the search tables are taken away and given back
 * as statements to be run once those are filled.
 */
export async function loadData(given: {
  owner: pg.Client;
  path: string;
  key: Buffer;
  verified: { header: DataHeader; end: DataEnd };
  now: Date;
  isErased: (customerNo: number) => boolean;
  /** Numbers given out after the backup, as the key file knows them. */
  laterSequences: Readonly<Record<string, string | null>>;
  onProgress?: ((progress: Progress) => void) | undefined;
}): Promise<{ erased: number[]; attached: ErasedRow[]; searchIndexes: string[]; rows: Record<string, number> }> {
  const {
    owner,
    verified: { header, end },
  } = given;
  await migrate(owner, migrationsOf(header));
  await owner.query(copySettings);
  await owner.query("begin");
  const attachedTables = await listAttached(owner);
  const foreignKeys = await takeForeignKeys(owner);
  const guarded = await takeGuards(owner);
  const searchIndexes = await takeSearchIndexes(owner);
  await owner.query(`truncate ${header.tables.map(quoteName).join(", ")}`);
  // What was written a row at a time is queued by triggers; here it is queued once, at the end.
  for (const table of queued) await owner.query(`alter table ${table} disable trigger user`);
  const rows = await loadTables(owner, given.path, given.key, given.onProgress);
  for (const table of queued) await owner.query(`alter table ${table} enable trigger user`);
  for (const [name, count] of Object.entries(end.tables)) {
    if (rows[name] !== count) throw new BlobRejected();
  }
  const erased = await dropErased(owner, given.isErased);
  const attached = await dropAttached(owner, attachedTables, erased);
  // An unused link may have been used after the backup: it must not let anybody in a second time.
  await owner.query("update invitations set used_at = $1 where used_at is null", [given.now]);
  const [queue] = (await owner.query<{ exists: boolean }>("select to_regclass('duplicate_queue') is not null as exists")).rows;
  if (queue?.exists === true) {
    await owner.query("insert into duplicate_queue select 'customer', customer_no from customers union all select 'company', company_no from companies");
  }
  await setSequences(owner, end.sequences, given.laterSequences);
  for (const table of guarded) await owner.query(`alter table ${table} force row level security`);
  for (const statement of foreignKeys) await owner.query(statement);
  await owner.query("commit");
  return { erased, attached, searchIndexes, rows };
}

/** The migrations of a data file, from this product. */
function migrationsOf(header: DataHeader): ReturnType<typeof findMigrations> {
  const known = new Map(findMigrations().map((migration) => [migration.number, migration]));
  return header.migrations.map(({ number, name, sha256 }) => {
    const migration = known.get(number);
    if (migration === undefined || migration.sha256 !== sha256) {
      throw new CannotStart({
        ja: `このバックアップは別の版の蔵番で書かれています(${name})。新しい版で復元してください。`,
        en: `This backup was written by another version of Kuraban (${name}). Restore it with a newer version.`,
      });
    }
    return migration;
  });
}

async function loadTables(
  owner: pg.Client,
  path: string,
  key: Buffer,
  onProgress: ((progress: Progress) => void) | undefined,
): Promise<Record<string, number>> {
  const frames = framesOf(path, key);
  const rows: Record<string, number> = {};
  const progress = { rows: 0, bytes: 0 };
  let next = await frames.next();
  while (next.done !== true) {
    if (next.value.type !== frameTypes.table) {
      next = await frames.next();
      continue;
    }
    const { name, columns } = parse<TableHeader>(next.value);
    if (leftOut.includes(name)) throw new BlobRejected();
    const rowsOfTable = async function* (): AsyncGenerator<Buffer> {
      for (next = await frames.next(); next.done !== true && next.value.type === frameTypes.rows; next = await frames.next()) {
        progress.bytes += next.value.content.length;
        onProgress?.({ table: name, ...progress });
        yield next.value.content;
      }
    };
    const into = owner.query(copyFrom(`copy ${quoteName(name)} (${columns.map(quoteName).join(", ")}) from stdin`));
    await pipeline(rowsOfTable, into);
    rows[name] = into.rowCount;
    progress.rows += into.rowCount;
  }
  return rows;
}

/** Rows stand in the order of table names, so references are checked only when all are there. */
async function takeForeignKeys(owner: pg.Client): Promise<string[]> {
  const { rows } = await owner.query<{ drop: string; add: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
            format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as add
       from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace and conparentid = 0`,
  );
  for (const { drop } of rows) await owner.query(drop);
  return rows.map((row) => row.add);
}

/** COPY FROM is refused on a table with forced row-level security, even to its owner. Gives the names of those tables. */
async function takeGuards(owner: pg.Client): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    "select oid::regclass::text as name from pg_class where relnamespace = 'public'::regnamespace and relforcerowsecurity",
  );
  for (const { name } of rows) await owner.query(`alter table ${name} no force row level security`);
  return rows.map((row) => row.name);
}

async function takeSearchIndexes(owner: pg.Client): Promise<string[]> {
  const { rows } = await owner.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
      where indrelid in ('customer_search'::regclass, 'company_search'::regclass) and not indisunique`,
  );
  for (const { name } of rows) await owner.query(`drop index ${name}`);
  return rows.map((row) => row.definition);
}

async function dropErased(owner: pg.Client, isErased: (customerNo: number) => boolean): Promise<number[]> {
  const erased: number[] = [];
  for (let after = 0; ;) {
    const { rows } = await owner.query<{ customer_no: number }>("select customer_no from customers where customer_no > $1 order by customer_no limit 50000", [
      after,
    ]);
    for (const { customer_no: no } of rows) if (isErased(no)) erased.push(no);
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.customer_no;
  }
  if (erased.length > 0) await owner.query("delete from customers where customer_no = any($1)", [erased]);
  return erased;
}

/** A row whose hash stands in the ledger, and that went with its person. */
export interface ErasedRow {
  readonly kind: "note" | "purchase";
  readonly no: number;
}

/** Attached tables whose rows carry their hash in the ledger: their kind there, and the column of their number. */
const hashedAttached: Readonly<Record<string, { kind: ErasedRow["kind"]; no: string }>> = {
  contact_notes: { kind: "note", no: "note_no" },
  purchases: { kind: "purchase", no: "purchase_no" },
};

/** Tables and their columns that name a customer. */
async function listAttached(owner: pg.Client): Promise<{ table: string; column: string }[]> {
  const { rows } = await owner.query<{ table: string; column: string }>(
    `select c.conrelid::regclass::text as table, a.attname as column
       from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      where c.contype = 'f' and c.confrelid = 'customers'::regclass and c.conrelid <> c.confrelid and cardinality(c.conkey) = 1 order by 1, 2`,
  );
  return rows;
}

/** What belongs to erased persons goes with them, in whichever table it stands. */
async function dropAttached(owner: pg.Client, tables: readonly { table: string; column: string }[], erased: readonly number[]): Promise<ErasedRow[]> {
  const dropped: ErasedRow[] = [];
  for (const { table, column } of erased.length === 0 ? [] : tables) {
    const hashed = hashedAttached[table];
    const { rows } = await owner.query<{ no: number }>(
      `delete from ${table} where ${quoteName(column)} = any($1) returning ${hashed === undefined ? "0" : quoteName(hashed.no)} as no`,
      [erased],
    );
    if (hashed !== undefined) dropped.push(...rows.map(({ no }) => ({ kind: hashed.kind, no })));
  }
  return dropped;
}

async function setSequences(owner: pg.Client, stated: DataEnd["sequences"], later: DataEnd["sequences"]): Promise<void> {
  for (const [name, last] of Object.entries(stated)) {
    const highest = [last, later[name] ?? null]
      .flatMap((text) => (text === null ? [] : [BigInt(text)]))
      .reduce<bigint | null>((most, value) => (most === null || value > most ? value : most), null);
    if (highest !== null) await owner.query("select setval($1::regclass, $2::bigint)", [quoteName(name), String(highest)]);
  }
}

function parse<T>(frame: Frame): T {
  return JSON.parse(frame.content.toString("utf8")) as T;
}
