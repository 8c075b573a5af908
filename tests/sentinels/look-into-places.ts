import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import type { Sentinel } from "#server/modules/sample/index.ts";
import { filesBelow, ifStillThere, memoryOf, processTree, rowsOfEveryTable, sizeOf } from "../support/look-behind.ts";
import type { Scanner } from "../support/sentinel-scanner.ts";

const postmasterOf = (cluster: string): number => Number(readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n")[0]);

/** What was found in one place. */
export interface Place {
  bytes: number;
  readonly found: Set<string>;
}

export const emptyPlace = (): Place => ({ bytes: 0, found: new Set() });

/** What the scanner finds is noted by its name. */
export interface Look {
  readonly scanner: Scanner;
  readonly isName: (sentinel: Sentinel) => string;
}

function see({ scanner, isName }: Look, place: Place, bytes: Uint8Array): void {
  place.bytes += bytes.length;
  for (const { sentinel } of scanner.scan(bytes)) place.found.add(isName(sentinel));
}

export async function seeFiles({ scanner, isName }: Look, paths: readonly string[]): Promise<Place> {
  const place: Place = { bytes: sizeOf(paths), found: new Set() };
  for (const path of paths) {
    for (const { sentinel } of (await ifStillThere(() => scanner.scanFile(path))) ?? []) place.found.add(isName(sentinel));
  }
  return place;
}

export const placeNames = ["tables", "temporary files", "data files", "write-ahead log", "server log", "memory of PostgreSQL"] as const;
export type Places = Record<(typeof placeNames)[number], Place | undefined>;

/** Looks into every place that a PostgreSQL has. `memory` is undefined where this user may not look into another's memory. */
export async function lookInto(look: Look, client: pg.Client, folders: { cluster: string; log: string }): Promise<Places> {
  await client.query("analyze");
  const tables = emptyPlace();
  for await (const { bytes } of rowsOfEveryTable(client)) see(look, tables, bytes);

  // Too large for its memory, and held over the end of its transaction: it stands in a temporary file while it is open.
  await client.query("set work_mem = '64kB'; begin; declare held cursor with hold for select c.* from customers c, generate_series(1, 4); commit");
  const temporary = await seeFiles(look, filesBelow(join(folders.cluster, "base", "pgsql_tmp")));

  let memory: Place | undefined = emptyPlace();
  try {
    for (const pid of processTree(postmasterOf(folders.cluster))) {
      await ifStillThere(() => {
        for (const piece of memoryOf(pid)) see(look, memory as Place, piece);
      });
    }
  } catch (error) {
    if (!["EACCES", "EPERM"].includes(String((error as NodeJS.ErrnoException).code))) throw error;
    memory = undefined;
  }
  await client.query("checkpoint");
  const isLog = (path: string): boolean => path.includes("/pg_wal/");
  return {
    tables,
    "temporary files": temporary,
    "data files": await seeFiles(look, filesBelow(folders.cluster, isLog)),
    "write-ahead log": await seeFiles(look, filesBelow(join(folders.cluster, "pg_wal"))),
    "server log": await seeFiles(look, [folders.log]),
    "memory of PostgreSQL": memory,
  };
}
