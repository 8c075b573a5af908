import { randomUUID } from "node:crypto";
import { actAs, queryOver, rowHash, type Context, type HashedRow, type Storehouse } from "#server/core/door/index.ts";
import { latestRowHashes, type Query } from "#server/core/ledger/index.ts";
import { swept, type ListRows, type SweptKind } from "./sweep-rows.ts";

/** Kinds whose rows came to carry hashes later than the product, with the migration since which they do and their tables. */
const baselines: readonly { readonly migration: number; readonly kind: SweptKind; readonly table: string }[] = [
  { migration: 222, kind: "person-request", table: "person_requests" },
  { migration: 222, kind: "person-consent", table: "customer_consents" },
  { migration: 222, kind: "erasure", table: "erasures" },
  { migration: 222, kind: "approval", table: "approvals" },
];

const rowsAtOnce = 500;
const rowsInAnEvent = 5_000;

/**
 * Notes the hash of each row that stands and that the ledger holds none of, for the kinds that carry hashes since one of the
 * given migrations: those that the ledger does not name yet. What happened to such a row before is proved by nothing; from
 * here on a change around the product is found. To be called before the ledger names the migrations, and so only once.
 */
export async function baselineRows(storehouse: Storehouse, migrations: readonly number[]): Promise<void> {
  for (const { migration, kind, table } of baselines) {
    const listRows = swept.find(([known]) => known === kind)?.[1];
    if (!migrations.includes(migration) || listRows === undefined) continue;
    const unknown = await storehouse.door.snapshot((query) => findUnhashed(query, kind, listRows));
    for (let from = 0; from < unknown.length; from += rowsInAnEvent) {
      const numbers = unknown.slice(from, from + rowsInAnEvent);
      await actAs(storehouse, "system", "rows.baselined", randomUUID(), async (context) => {
        // Nobody writes a row between its reading here and this event: its newest hash would not be the last one.
        await context.db.query(`lock table ${table} in share mode`);
        await noteRows(context, kind, listRows, numbers);
      });
    }
  }
}

async function noteRows({ db, journal }: Context, kind: SweptKind, listRows: ListRows, numbers: readonly number[]): Promise<void> {
  const wanted = new Set(numbers);
  const [lowest = 0, highest = 0] = [numbers[0], numbers.at(-1)];
  let rows = 0;
  for await (const row of eachRow(queryOver(db), listRows, lowest - 1)) {
    if (row.no > highest) break;
    if (!wanted.has(row.no)) continue;
    journal.wrote(kind, row.no, rowHash(row));
    rows += 1;
  }
  journal.fact("kind", kind);
  journal.fact("rows", rows);
  journal.fact("lowest", lowest);
  journal.fact("highest", highest);
}

/** Numbers of the rows that the ledger knows nothing of, ascending. A ledger without such rows is not read. */
async function findUnhashed(query: Query, kind: SweptKind, listRows: ListRows): Promise<number[]> {
  if ((await listRows(query, 0, 1)).length === 0) return [];
  const known = await latestRowHashes(query);
  const found: number[] = [];
  for await (const row of eachRow(query, listRows, 0)) if (known.get(kind, row.no) === undefined) found.push(row.no);
  return found;
}

async function* eachRow(query: Query, listRows: ListRows, afterNo: number): AsyncGenerator<HashedRow> {
  for (let after = afterNo; ;) {
    const page = await listRows(query, after, rowsAtOnce);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < rowsAtOnce) return;
    after = last.no;
  }
}
