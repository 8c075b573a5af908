import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cloneDatabase, type TestDatabase } from "#tests/support/database.ts";
import { appConnection, beginLedger, eventually, openTestLedger, testEvent, viewing } from "#tests/support/ledger.ts";
import { decodeEvent } from "./encode.ts";
import type { Ledger } from "./ledger.ts";

let database: TestDatabase;
let ledger: Ledger;
beforeAll(async () => {
  database = await cloneDatabase();
  await beginLedger(database);
  ledger = await openTestLedger(database, { maxWaitMs: 1500 });
});
afterAll(async () => {
  await ledger.close();
  await database.drop();
});

const countEvents = async (): Promise<number> => Number((await database.owner.query("select count(*) from ledger_events")).rows[0].count);

async function storedRequest(eventNo: number): Promise<string> {
  const { rows } = await database.owner.query("select header, entries, writes, sealed from ledger_events where event_no = $1", [eventNo]);
  return decodeEvent(rows[0]).requestId;
}

describe("an append", () => {
  test("is answered with the number of its own row, and what was given stands there", async () => {
    const event = { ...viewing(5, 3), sessionId: "018f3b1e-7c2a-7d31-9a55-0c2f4f1e9b10", requestId: "one" };
    const { eventNo } = await ledger.append(event);
    const { rows } = await database.owner.query("select * from ledger_events where event_no = $1", [eventNo]);
    expect(rows[0]).toMatchObject({ type: "customer.viewed", account_no: 1, session_id: event.sessionId, at: event.at });
    expect(decodeEvent(rows[0])).toEqual({
      ...event,
      releases: [
        {
          kind: "customer",
          numbers: [3, 5],
          fields: [
            [1, 2],
            [6, 1],
          ],
        },
      ],
    });
    expect(ledger.isRecording()).toBe(true);
  });

  test("of each of 64 callers at once gets its own number, in fewer batches than events", async () => {
    const batchesBefore = Number((await database.owner.query("select count(*) from ledger_batches")).rows[0].count);
    const answers = await Promise.all(
      Array.from({ length: 64 }, async (_, caller) => {
        const numbers: [string, number][] = [];
        for (let turn = 0; turn < 10; turn++) {
          const requestId = `${caller}/${turn}`;
          numbers.push([requestId, (await ledger.append({ ...viewing(caller), requestId })).eventNo]);
        }
        return numbers;
      }),
    );
    const all = answers.flat();
    expect(new Set(all.map(([, eventNo]) => eventNo)).size).toBe(640);
    const { rows } = await database.owner.query("select event_no, header from ledger_events where event_no = any($1)", [all.map(([, eventNo]) => eventNo)]);
    const stored = new Map(rows.map((row) => [row.event_no as number, (JSON.parse(row.header as string) as { requestId: string }).requestId]));
    for (const [requestId, eventNo] of all) expect(stored.get(eventNo)).toBe(requestId);
    const batchesAfter = Number((await database.owner.query("select count(*) from ledger_batches")).rows[0].count);
    expect(batchesAfter - batchesBefore).toBeLessThan(640);
  });

  test("of many at once goes out on two connections, each batch naming the one before it on its own", async () => {
    const busy = await openTestLedger(database, { nodeId: "node-busy" });
    const runOf = (batchNo: string): string => batchNo.slice(0, 23);
    const runs = async (): Promise<number> => {
      const { rows } = await database.owner.query<{ batch_no: string }>("select batch_no from ledger_batches where node_id = 'node-busy'");
      return new Set(rows.map((row) => runOf(row.batch_no))).size;
    };
    let appended = 0;
    // The second connection is opened when it is wanted, and that takes as long as it takes.
    for (let turn = 0; turn < 4 || (turn < 200 && (await runs()) < 2); turn++) {
      await Promise.all(Array.from({ length: 200 }, () => busy.append(viewing(1))));
      appended += 200;
    }
    await busy.close();
    const { rows } = await database.owner.query<{ batch_no: string; previous: string | null; count: number }>(
      "select batch_no, previous, octet_length(leaf_hashes) / 32 as count from ledger_batches where node_id = 'node-busy' order by batch_no",
    );
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(appended);
    expect(await runs()).toBe(2);
    rows.forEach(({ batch_no: batchNo, previous }, index) => {
      const before = rows[index - 1]?.batch_no;
      expect(previous).toBe(before !== undefined && runOf(before) === runOf(batchNo) ? before : null);
    });
  });

  test("of a type that nobody declared is refused, and harms no other", async () => {
    const good = ledger.append(viewing(1));
    await expect(ledger.append(testEvent({ type: "customer.imagined" }))).rejects.toThrow("not declared");
    await expect(good).resolves.toHaveProperty("eventNo");
  });

  test("beyond the bound of the queue is refused at once, and the others are recorded", async () => {
    const narrow = await openTestLedger(database, { maxWaiting: 10 });
    const results = await Promise.allSettled(Array.from({ length: 25 }, () => narrow.append(viewing(1))));
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(10);
    const refused = results.filter((result) => result.status === "rejected");
    expect(refused.every((result) => (result.reason as { code: string }).code === "ledger-unavailable")).toBe(true);
    await narrow.close();
  });

  test("after closing is refused", async () => {
    const closing = await openTestLedger(database);
    const last = closing.append(viewing(1));
    await closing.close();
    await expect(last).resolves.toHaveProperty("eventNo");
    await expect(closing.append(viewing(1))).rejects.toMatchObject({ code: "ledger-unavailable" });
  });
});

describe("an event recorded in a transaction", () => {
  test("stands or falls with it", async () => {
    const client = await database.app.connect();
    const before = await countEvents();
    await client.query("begin");
    await ledger.recordIn(client, viewing(1));
    await client.query("rollback");
    expect(await countEvents()).toBe(before);
    await client.query("begin");
    const { eventNo } = await ledger.recordIn(client, { ...viewing(1), requestId: "kept" });
    await client.query("commit");
    client.release();
    expect(await storedRequest(eventNo)).toBe("kept");
  });
});

describe("when the database goes away", () => {
  test("a killed connection loses no acknowledged event, and recording goes on by itself", async () => {
    const flaky = await openTestLedger(database, { maxWaitMs: 1500, connection: { ...appConnection(database), application_name: "to be killed" } });
    const acknowledged: [string, number][] = [];
    let refused = 0;
    let isOver = false;
    const callers = Array.from({ length: 16 }, async (_, caller) => {
      for (let turn = 0; !isOver; turn++) {
        const requestId = `kill ${caller}/${turn}`;
        try {
          acknowledged.push([requestId, (await flaky.append({ ...viewing(caller), requestId })).eventNo]);
        } catch {
          refused += 1;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
    });
    for (let kill = 0; kill < 4; kill++) {
      const target = acknowledged.length + 200;
      await eventually(() => acknowledged.length > target);
      await database.owner.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'to be killed' and datname = current_database()",
      );
    }
    const target = acknowledged.length + 200;
    await eventually(() => acknowledged.length > target);
    isOver = true;
    await Promise.all(callers);
    expect(refused).toBeGreaterThan(0);
    const { rows } = await database.owner.query("select event_no, header from ledger_events where event_no = any($1)", [
      acknowledged.map(([, eventNo]) => eventNo),
    ]);
    const stored = new Map(rows.map((row) => [row.event_no as number, (JSON.parse(row.header as string) as { requestId: string }).requestId]));
    for (const [requestId, eventNo] of acknowledged) expect(stored.get(eventNo)).toBe(requestId);
    await flaky.close();
  });

  test("a database that does not answer refuses every waiting append, and the event that was in flight is not acknowledged later", async () => {
    const blocker = await database.owner.connect();
    await blocker.query("begin");
    await blocker.query("lock table ledger_batches in exclusive mode");
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => ledger.append(viewing(9))));
    expect(results.every((result) => result.status === "rejected" && (result.reason as { code: string }).code === "ledger-unavailable")).toBe(true);
    await blocker.query("rollback");
    blocker.release();
    await eventually(async () => (await ledger.append(viewing(9)).catch(() => undefined)) !== undefined);
    expect(ledger.isRecording()).toBe(true);
  });

  test("a ledger that never reached its database refuses, says so, and closes", async () => {
    const lost = await openTestLedger(database, { connection: { host: "127.0.0.1", port: 1, user: "nobody", database: "nothing" }, maxWaitMs: 300 });
    expect(lost.isRecording()).toBe(false);
    await expect(lost.append(viewing(1))).rejects.toMatchObject({ code: "ledger-unavailable" });
    await lost.close();
  });
});

describe("the login of the product", () => {
  test.each([
    "update ledger_events set type = 'x.y'",
    "delete from ledger_events",
    "truncate ledger_events",
    "update ledger_batches set node_id = 'x'",
    "delete from ledger_batches",
    "insert into ledger_events (event_no, batch_no, batch_index, at, type, header, leaf_hash) overriding system value values (1, gen_random_uuid(), 0, now(), 'a.b', '{}', sha256(''))",
    "insert into ledger_rounds select * from ledger_rounds",
    "insert into ledger_checkpoints select * from ledger_checkpoints",
    "insert into ledger_epochs select * from ledger_epochs",
    "alter table ledger_events disable trigger all",
  ])("may not: %s", async (statement) => {
    await expect(database.app.query(statement)).rejects.toMatchObject({ code: "42501" });
  });

  test.each([
    "update ledger_rounds set round_no = 7",
    "delete from ledger_checkpoints",
    "truncate ledger_epochs",
    "insert into ledger_batches select * from ledger_batches",
    "delete from ledger_events",
    "update ledger_events set type = 'x.y'",
  ])("of the sequencer may not: %s", async (statement) => {
    await expect(database.ledger.query(statement)).rejects.toMatchObject({ code: "42501" });
  });
});
