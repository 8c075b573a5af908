import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSession } from "#server/modules/accounts/index.ts";
import { openSeededHouse, type SeededHouse } from "#tests/support/seeded-house.ts";
import { actAs, beginTransaction } from "./transaction.ts";

let house: SeededHouse;
let session: Buffer;
const begin = (mayGuess: boolean) => beginTransaction(house.open.storehouse, { session, isRead: true, mayGuess }, new Date());

beforeAll(async () => {
  house = await openSeededHouse([["sales"]]);
  const accountNo = house.callers[0]!.accountNo;
  const token = await actAs(house.open.storehouse, "system", "session.started", randomUUID(), (context) =>
    startSession(context, { accountNo, address: "127.0.0.1", device: "test" }),
  );
  session = createHash("sha256").update(token).digest();
});
afterAll(() => house.close());

/** Transactions of the product in this house that stand open, as its owner sees them. */
const openTransactions = async (): Promise<number> => {
  const { rows } = await house.database.owner.query<{ n: number }>(
    "select count(*)::int as n from pg_stat_activity where usename = 'kuraban_app' and datname = current_database() and state like 'idle in%'",
  );
  return rows[0]!.n;
};

test("a guess about who is there is confirmed while it is right", async () => {
  const first = await begin(false);
  await first.commit();
  const second = await begin(true);
  expect(second.actor).toEqual(first.actor);
  expect(await second.confirmed()).toBe(true);
  await second.commit();
});

test("a read that wrote nothing leaves no transaction open for long", async () => {
  const reading = await begin(true);
  await reading.confirmed();
  await expect.poll(openTransactions).toBe(1);
  await reading.commit();
  await expect.poll(openTransactions).toBe(0);
});

test("what a read noted comes by itself", async () => {
  const reading = await begin(true);
  await reading.confirmed();
  const [row] = await reading.db.query<{ view_id: string }>("select gen_random_uuid()::text as view_id");
  const viewId = row!.view_id;
  await reading.db.note(
    "insert into customer_views (view_id, account_no, query_no, request, created_at, expires_at) values ($1, $2, 1, '{}', now(), now() + interval '1 hour')",
    [viewId, reading.actor.accountNo],
    "noted",
  );
  await reading.commit();
  await expect
    .poll(async () => {
      const later = await begin(false);
      const rows = await later.db.query("select 1 from customer_views where view_id = $1", [viewId]);
      await later.commit();
      return rows.length;
    })
    .toBe(1);
});

test("with every connection taken, whoever waits goes on where a read, a write or a refusal ended", async () => {
  const ofPool = house.open.storehouse.pool.options.max as number;
  const all = ofPool - Math.min(2, Math.floor(ofPool / 4));
  const held = [];
  for (let count = 0; count < all; count += 1) held.push(await begin(true));
  const waiting = Array.from({ length: 4 }, () => begin(true));
  expect(await Promise.race([waiting[0], new Promise((resolve) => setTimeout(resolve, 50, "waits"))])).toBe("waits");
  // A read that wrote nothing, a refused one, and one that wrote.
  await held[0]!.commit();
  await held[1]!.rollback();
  await held[2]!.db.query("update sessions set device = device where false");
  await held[2]!.commit();
  for (const next of [await waiting[0], await waiting[1], await waiting[2]]) {
    expect(await next!.confirmed()).toBe(true);
    await next!.commit();
  }
  await (await waiting[3])!.commit();
  for (const each of held.slice(3)) await each.commit();
  await (await begin(true)).commit();
});

test("a refused read whose statement was not sent yet leaves no transaction behind it", async () => {
  for (let time = 0; time < 3; time += 1) {
    const reading = await begin(true);
    const asked = reading.db.query("select 1 as n", [], "asked-and-left").catch(() => undefined);
    await reading.rollback();
    await asked;
  }
  await expect.poll(openTransactions).toBe(0);
});

test("a guess is refuted once the session is revoked, and without guessing nobody is there", async () => {
  await actAs(house.open.storehouse, "system", "session.ended", randomUUID(), async (context) => {
    await context.db.query("update sessions set revoked_at = now() where token_hash = $1", [session]);
  });
  const guessed = await begin(true);
  expect(await guessed.confirmed()).toBe(false);
  await guessed.rollback();
  await expect(begin(false)).rejects.toMatchObject({ code: "not-signed-in" });
});
