import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";

/** Ways to look behind every wall: what a thief of the disk, of the database or of the machine's memory would hold. */

/** All regular files below a folder, except what `isLeftOut` names. */
export function filesBelow(folder: string, isLeftOut: (path: string) => boolean = () => false): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !isLeftOut(path));
}

/**
 * Every table of a database, catalogues, statistics and queues included, a piece of bytes for each row: values as the server
 * writes them (decompressed, out of TOAST), bytea as it is.
 */
export async function* rowsOfEveryTable(client: pg.Client): AsyncGenerator<{ table: string; bytes: Buffer }> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'm') and n.nspname not in ('pg_toast', 'information_schema')`,
  );
  for (const { name } of tables) {
    const { rows } = await client.query<unknown[]>({
      text: `select t::text, t.* from ${name} t`,
      rowMode: "array",
      types: { getTypeParser: (oid: number) => (oid === 17 ? bytesOf : (value: string | Buffer) => value) } as pg.CustomTypesConfig,
    });
    for (const row of rows) {
      yield {
        table: name,
        bytes: Buffer.concat(row.flatMap((value) => (value === null ? [] : [Buffer.isBuffer(value) ? value : Buffer.from(String(value)), Buffer.from([0])]))),
      };
    }
  }
}

function bytesOf(value: string): Buffer {
  return Buffer.from(value.slice(2), "hex");
}

/** The numbers of a process and of all its children. */
export function processTree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // Gone meanwhile.
    }
  }
  const below = (pid: number): number[] => [pid, ...[...parents].filter(([, parent]) => parent === pid).flatMap(([child]) => below(child))];
  return below(root);
}

const pageBytes = 4096;
const pieceBytes = 1 << 20;

/**
 * What `look` finds of a process or a file, or undefined where it went meanwhile: PostgreSQL ends its workers and drops files of its own
 * as it likes (proc(5): ENOENT for its files, ESRCH for what is read of it).
 */
export async function ifStillThere<Found>(look: () => Found | Promise<Found>): Promise<Found | undefined> {
  try {
    return await look();
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes(String((error as NodeJS.ErrnoException).code))) return undefined;
    throw error;
  }
}

/**
 * What a core file of the process would hold: every writable page that it has in memory (proc(5): maps, pagemap, mem), in
 * pieces that overlap by a page. Throws EACCES or EPERM where this user may not look.
 */
export function* memoryOf(pid: number): Generator<Buffer> {
  const maps = readFileSync(`/proc/${pid}/maps`, "utf8");
  const memory = openSync(`/proc/${pid}/mem`, "r");
  const pages = openSync(`/proc/${pid}/pagemap`, "r");
  try {
    for (const line of maps.split("\n")) {
      const found = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
      if (found === null) continue;
      const [from, to] = [BigInt(`0x${found[1]}`), BigInt(`0x${found[2]}`)];
      const count = Number((to - from) / BigInt(pageBytes));
      const entries = Buffer.alloc(count * 8);
      readSync(pages, entries, 0, entries.length, (from / BigInt(pageBytes)) * 8n);
      // Bit 63: in memory.
      const isPresent = (page: number): boolean => page < count && (entries[page * 8 + 7] as number) >= 0x80;
      for (let page = 0; page < count; page += 1) {
        if (!isPresent(page)) continue;
        let end = page;
        while (isPresent(end) && (end - page) * pageBytes < pieceBytes) end += 1;
        const piece = Buffer.alloc((end - page) * pageBytes);
        try {
          const length = readSync(memory, piece, 0, piece.length, from + BigInt(page * pageBytes));
          yield piece.subarray(0, length);
        } catch (error) {
          // A page of a device, or given back meanwhile.
          if (!["EIO", "EFAULT"].includes(String((error as NodeJS.ErrnoException).code))) throw error;
        }
        // The next piece begins with the last page of this one, where a value may lie across.
        if (end - page > 1 && isPresent(end)) page = end - 2;
        else page = end;
      }
    }
  } finally {
    closeSync(memory);
    closeSync(pages);
  }
}

/** Bytes below a folder. */
export function sizeOf(paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}
