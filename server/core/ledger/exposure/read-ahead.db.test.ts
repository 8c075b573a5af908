import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { connectOwner } from "#server/platform/database/connect.ts";
import { cloneDatabase, type TestDatabase } from "#tests/support/database.ts";
import { everyByteOf, readAheadOver } from "./read-ahead.ts";

const pieceCount = 12;
const atOnce = 3;
let database: TestDatabase;
let listener: Awaited<ReturnType<typeof connectOwner>>;
/** Rows that were read of each piece: they say so themselves. */
const rows = new Map<number, Set<string>>();
const rowsOfPiece = 100;
const rowsLookedAt = 64;
/** Pieces of which so many rows were read, ascending. */
const withRows = (count: number): number[] => [...rows].flatMap(([piece, { size }]) => (size === count ? [piece] : [])).toSorted((a, b) => a - b);
const read = (): number[] => withRows(rowsOfPiece);

beforeAll(async () => {
  database = await cloneDatabase();
  listener = await connectOwner(database.ownerUrl);
  listener.on("notification", ({ payload = "" }) => {
    const [piece, row] = payload.split(" ") as [string, string];
    rows.set(Number(piece), (rows.get(Number(piece)) ?? new Set()).add(row));
  });
  await listener.query("listen pieces");
}, 60_000);
beforeEach(() => rows.clear());
afterAll(async () => {
  await listener.end();
  await database.drop();
});

/** How many connections read ahead. */
async function countReaders(): Promise<number> {
  const { rows } = await database.owner.query<{ readers: number }>(
    "select count(*)::int4 as readers from pg_stat_activity where datname = current_database() and query like 'explain%'",
  );
  return rows[0]!.readers;
}
const soon = { timeout: 20_000 };

/** Of these nothing is found in PostgreSQL's memory. */
const cold = Array.from(
  { length: pieceCount },
  (_, piece) => `select ${everyByteOf("'abc'::bytea")}, pg_notify('pieces', '${piece} ' || row) from generate_series(1, ${rowsOfPiece}) row`,
);
/** Of these everything is. */
const warm = cold.map((select) => `${select} where exists (select from pg_class where oid = 1259)`);

test("what comes next is read once, so many pieces ahead and no more, and nothing is left behind", async () => {
  const answer = await readAheadOver(database.app, atOnce)(cold, async (reach) => {
    reach(0);
    await expect.poll(read, soon).toEqual([1, 2, 3]);
    reach(4);
    await expect.poll(read, soon).toEqual([1, 2, 3, 5, 6, 7]);
    expect(await countReaders()).toBeLessThanOrEqual(atOnce);
    reach(pieceCount - 1);
    return "answer";
  });
  expect([answer, read()]).toEqual(["answer", [1, 2, 3, 5, 6, 7]]);
  await expect.poll(countReaders, soon).toBe(0);
});

test("of what lies in memory a few rows are looked at, by one connection", async () => {
  await readAheadOver(database.app, atOnce)(warm, async (reach) => {
    reach(4);
    await expect.poll(() => withRows(rowsLookedAt), soon).toEqual([5, 6, 7]);
    expect([read(), await countReaders()]).toEqual([[], 1]);
  });
});

test("a reader that fails changes no answer, and a question that fails says why and leaves no reader", async () => {
  const failing = Array.from({ length: pieceCount }, () => "select 1 / 0");
  expect(await readAheadOver(database.app)(failing, async () => "answer")).toBe("answer");
  expect(await readAheadOver({ options: { host: "127.0.0.1", port: 1 } })(cold, async () => "answer")).toBe("answer");
  const asked = readAheadOver(database.app)(cold, async () => {
    throw new Error("not this one");
  });
  await expect(asked).rejects.toThrow("not this one");
  await expect.poll(countReaders, soon).toBe(0);
});
