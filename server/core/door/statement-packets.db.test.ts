import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSeededHouse, type SeededHouse } from "#tests/support/seeded-house.ts";
import { statementPackets } from "./statement-packets.ts";

let house: SeededHouse;
let client: pg.PoolClient;
const numbers = { name: "test-numbers", text: "select n, n * 2 as twice from generate_series(1, $1::int) n" };
const kinds = {
  name: "test-kinds",
  text: `select $1::text as text, $2::int8 as number, $3::timestamptz as at, $4::bytea as bytes, $5::int[] as list, $6::jsonb as json, null::text as nothing,
           $7::boolean as flag`,
};
const divided = { name: "test-divided", text: "select 1 / $1::int as n" };
/** Rows of several statements asked for in one turn. */
const together = (...statements: (typeof numbers & { values: readonly unknown[] })[]) => {
  const packets = statementPackets(client);
  return Promise.allSettled(statements.map(async (statement) => (await packets.query(statement)).rows));
};

beforeAll(async () => {
  house = await openSeededHouse([["sales"]]);
  client = await house.open.pools.app.connect();
});
afterAll(async () => {
  client.release();
  await house.close();
});

test("statements of one turn get their own rows, the first time and every other", async () => {
  for (let time = 0; time < 3; time += 1) {
    const [two, none, one] = await together({ ...numbers, values: [2] }, { ...numbers, values: [0] }, { ...numbers, values: [1] });
    expect(two).toEqual({
      status: "fulfilled",
      value: [
        { n: 1, twice: 2 },
        { n: 2, twice: 4 },
      ],
    });
    expect(none).toEqual({ status: "fulfilled", value: [] });
    expect(one).toEqual({ status: "fulfilled", value: [{ n: 1, twice: 2 }] });
  }
});

test("values go and come as when they are asked for one by one", async () => {
  const values = ["高木　一", 2 ** 52, new Date(1_700_000_000_123), Buffer.from([0, 255, 92]), [3, 1], { a: "「」" }, true];
  const plain = await client.query(kinds.text, values);
  for (let time = 0; time < 2; time += 1) {
    expect(await together({ ...kinds, values })).toEqual([{ status: "fulfilled", value: plain.rows }]);
  }
});

test("a statement that fails takes with it those behind it and none before, and the connection serves on", async () => {
  await together({ ...numbers, values: [1] }, { ...divided, values: [1] });
  const [before, failed, behind] = await together({ ...numbers, values: [1] }, { ...divided, values: [0] }, { ...numbers, values: [1] });
  expect(before).toMatchObject({ status: "fulfilled" });
  expect(failed).toMatchObject({ status: "rejected", reason: { code: "22012" } });
  expect(behind).toMatchObject({ status: "rejected" });
  expect(await together({ ...divided, values: [1] })).toEqual([{ status: "fulfilled", value: [{ n: 1 }] }]);
});

test("what waits goes out before what the connection is asked next", async () => {
  await client.query("begin");
  const packets = statementPackets(client);
  const answered: string[] = [];
  const first = packets.query({ ...numbers, values: [1] }).then(() => answered.push("packet"));
  packets.flush();
  const last = client.query("rollback").then(() => answered.push("rollback"));
  await Promise.all([first, last]);
  expect(answered).toEqual(["packet", "rollback"]);
});

test("a connection that breaks refuses what it was asked", async () => {
  const doomed = await house.open.pools.app.connect();
  const packets = statementPackets(doomed);
  await packets.query({ ...numbers, values: [1] });
  const asked = [packets.query({ ...numbers, values: [1] }), packets.query({ ...numbers, values: [1] })];
  packets.flush();
  (doomed as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  const settled = await Promise.allSettled(asked);
  doomed.release(true);
  expect(settled.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});
