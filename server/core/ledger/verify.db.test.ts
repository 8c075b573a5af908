import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cloneDatabase, type TestDatabase } from "#tests/support/database.ts";
import { beginLedger, openTestLedger, seeds, startTestSequencer, testEvent, viewing } from "#tests/support/ledger.ts";
import { batchMessage, parseUuid } from "./batch.ts";
import { signingKey } from "./ed25519.ts";
import { encodeEvent, leafOfHeader } from "./encode.ts";
import type { Query } from "./query.ts";
import { formatCheckpoint, signNote } from "./signed-note.ts";
import { verifyLedger, type Verification } from "./verify.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
  await beginLedger(database);
  const ledger = await openTestLedger(database);
  const edit = testEvent({
    type: "customer.edited",
    releases: [{ kind: "customer", numbers: [7], fields: [] }],
    writes: [{ kind: "customer", no: 7, rowHash: randomBytes(32) }],
    sealed: [{ label: "before", subject: { kind: "customer", no: 7 }, fieldClass: "personal", blob: randomBytes(200) }],
  });
  for (let round = 0; round < 5; round++) {
    for (let index = 0; index < 4; index++) await ledger.append(index === 2 ? edit : viewing(index, index + 10, index + 20));
    // Started anew for each round, so that none begins by itself between two appends.
    const sequencer = startTestSequencer(database);
    await sequencer.sequenceNow();
    await sequencer.stop();
  }
  await ledger.close();
});
afterAll(() => database.drop());

const publicKeys = [signingKey(seeds.checkpoint).publicKey];
const verify = (query: Query, now = new Date()): Promise<Verification> => verifyLedger({ query, publicKeys, now });

/** What the verification says after a superuser did this; undone afterwards. */
async function after(tamper: (query: Query) => Promise<unknown>, now?: Date): Promise<Verification> {
  const client = await database.owner.connect();
  try {
    await client.query("begin");
    await tamper(client);
    return await verify(client, now);
  } finally {
    await client.query("rollback");
    client.release();
  }
}

const run =
  (statement: string, values: unknown[] = []) =>
  (query: Query) =>
    query.query(statement, values);
const names = (verification: Verification): string[] => [...new Set(verification.findings.map((finding) => finding.what))];

test("a ledger that nobody touched verifies", async () => {
  const progress: [number, number][] = [];
  const verification = await verifyLedger({ query: database.app, publicKeys, now: new Date(), onProgress: (events, of) => progress.push([events, of]) });
  expect(verification).toEqual({ ok: true, events: 20, findings: [], remarks: [], treeSize: 20 });
  expect(progress.at(-1)).toEqual([20, 20]);
});

describe("a superuser who changes one event is found, with its place, who", () => {
  test.each([
    ["changes its header", `update ledger_events set header = replace(header, '"outcome":"ok"', '"outcome":"no"') where event_no = 7`, "header was changed"],
    ["changes its entries", "update ledger_events set entries = set_byte(entries, octet_length(entries) - 1, 99) where event_no = 7", "entries were changed"],
    ["changes its salt", "update ledger_events set salt = set_byte(salt, 0, get_byte(salt, 0) # 1) where event_no = 7", "entries were changed"],
    ["removes its entries", "update ledger_events set entries = null, salt = null where event_no = 7", "entries were changed"],
    ["changes what it wrote", "update ledger_events set writes = set_byte(writes, 10, get_byte(writes, 10) # 1) where event_no = 7", "writes were changed"],
    [
      "changes what is sealed",
      "update ledger_events set sealed = set_byte(sealed, 50, get_byte(sealed, 50) # 1) where event_no = 7",
      "sealed parts were changed",
    ],
    ["gives it another account", "update ledger_events set account_no = 2 where event_no = 7", "columns differ from the header"],
    ["gives it another time", "update ledger_events set at = at - interval '1 day' where event_no = 7", "columns differ from the header"],
    ["gives it another type", "update ledger_events set type = 'session.started' where event_no = 7", "columns differ from the header"],
    ["removes it", "delete from ledger_events where event_no = 7", "event is missing"],
  ])("%s", async (_, statement, what) => {
    const verification = await after(run(statement));
    expect(verification.ok).toBe(false);
    expect(verification.findings).toContainEqual({ what, sequence: 6, eventNo: 7 });
  });

  test("changes header and leaf hash together", async () => {
    const verification = await after(async (query) => {
      const { rows } = await query.query("select header from ledger_events where event_no = 7");
      const header = (rows[0]!["header"] as string).replace('"accountNo":1', '"accountNo":2');
      const leaf = leafOfHeader(header);
      await query.query("update ledger_events set header = $1, account_no = 2, leaf_hash = $2 where event_no = 7", [header, leaf]);
    });
    expect(verification.findings).toContainEqual({ what: "event is not what its batch signed", sequence: 6, eventNo: 7 });
    expect(verification.findings).toContainEqual({ what: "event is not what the tree holds here", sequence: 6, eventNo: 7 });
  });

  test("changes header, leaf hash, batch and round together", async () => {
    const verification = await after(async (query) => {
      const { rows } = await query.query("select header, leaf_hash from ledger_events where event_no = 7");
      const header = (rows[0]!["header"] as string).replace('"accountNo":1', '"accountNo":2');
      const leaf = leafOfHeader(header);
      const replace = "decode(replace(encode(leaf_hashes, 'hex'), encode($1::bytea, 'hex'), encode($2::bytea, 'hex')), 'hex')";
      await query.query("update ledger_events set header = $1, account_no = 2, leaf_hash = $2 where event_no = 7", [header, leaf]);
      await query.query(`update ledger_batches set leaf_hashes = ${replace}`, [rows[0]!["leaf_hash"], leaf]);
      await query.query(`update ledger_rounds set leaf_hashes = ${replace}`, [rows[0]!["leaf_hash"], leaf]);
    });
    expect(names(verification)).toEqual(
      expect.arrayContaining(["batch is not signed by a key of its node", "a round does not lead to its frontier", "checkpoint signs another tree"]),
    );
  });
});

describe("a superuser is found who", () => {
  test("inserts a forged event", async () => {
    const forged = encodeEvent(viewing(1), randomBytes);
    const verification = await after(
      run(
        "insert into ledger_events (batch_no, batch_index, at, type, account_no, header, salt, entries, leaf_hash) values (gen_random_uuid(), 0, $1, $2, $3, $4, $5, $6, $7)",
        [forged.at, forged.type, forged.accountNo, forged.header, forged.salt, forged.entries, leafOfHeader(forged.header)],
      ),
    );
    expect(names(verification)).toEqual(["event belongs to no batch"]);
  });

  test("inserts a forged event with a batch signed by a key of their own", async () => {
    const forged = encodeEvent(viewing(1), randomBytes);
    const at = new Date();
    const batchNo = "00000000-0000-8000-8000-000000000001";
    const signature = signingKey(Buffer.alloc(32, 66)).sign(
      batchMessage({ batchNo: parseUuid(batchNo), previous: null, nodeId: "node-1", at, leafHashes: leafOfHeader(forged.header) }),
    );
    const verification = await after(async (query) => {
      await query.query("insert into ledger_batches values ($1, null, 'node-1', $2, $3, $4)", [batchNo, at, leafOfHeader(forged.header), signature]);
      await query.query(
        "insert into ledger_events (batch_no, batch_index, at, type, account_no, header, salt, entries, leaf_hash) values ($1, 0, $2, $3, $4, $5, $6, $7, $8)",
        [batchNo, forged.at, forged.type, forged.accountNo, forged.header, forged.salt, forged.entries, leafOfHeader(forged.header)],
      );
    });
    expect(names(verification)).toEqual(["batch is not signed by a key of its node"]);
  });

  test("inserts an event anew", async () => {
    const verification = await after(
      run(`insert into ledger_events (batch_no, batch_index, at, type, account_no, header, salt, entries, leaf_hash)
           select batch_no, batch_index, at, type, account_no, header, salt, entries, leaf_hash from ledger_events where event_no = 5`),
    );
    expect(names(verification)).toContain("batch and its events differ in number");
  });

  test("swaps two events within a round", async () => {
    const verification = await after(run("update ledger_rounds set event_nos = array[5, 7, 6, 8] where round_no = 2"));
    expect(verification.findings).toContainEqual({ what: "event is not what the tree holds here", sequence: 5, eventNo: 7 });
  });

  test("reorders a round with its leaf hashes", async () => {
    const verification = await after(
      run(`update ledger_rounds set event_nos = array[6, 5, 7, 8],
             leaf_hashes = substr(leaf_hashes, 33, 32) || substr(leaf_hashes, 1, 32) || substr(leaf_hashes, 65) where round_no = 2`),
    );
    expect(names(verification)).toEqual(expect.arrayContaining(["a round does not lead to its frontier", "checkpoint signs another tree"]));
  });

  test("removes a round in the middle", async () => {
    const verification = await after(run("delete from ledger_rounds where round_no = 2"));
    expect(names(verification)).toEqual(expect.arrayContaining(["a round is missing", "a round does not continue the one before"]));
  });

  test("cuts off the tail below a checkpoint", async () => {
    const verification = await after(async (query) => {
      await query.query("delete from ledger_rounds where round_no > 3");
      await query.query("delete from ledger_batches where batch_no in (select batch_no from ledger_events where event_no > 12)");
      await query.query("delete from ledger_events where event_no > 12");
    });
    expect(verification.findings).toContainEqual({ what: "events below a checkpoint are missing", sequence: 20, eventNo: null });
  });

  test("removes an acknowledged batch before it was sequenced", async () => {
    const verification = await after(async (query) => {
      await query.query("delete from ledger_checkpoints where tree_size > 16");
      await query.query("delete from ledger_rounds where round_no = 5");
      await query.query("delete from ledger_batches where batch_no = (select batch_no from ledger_events where event_no = 18)");
      await query.query("delete from ledger_events where event_no = 18");
    });
    expect(verification.findings).toEqual([{ what: "the batch before this event's is missing", sequence: null, eventNo: 19 }]);
  });

  test("keeps an event out of the tree", async () => {
    const tamper = async (query: Query): Promise<void> => {
      await query.query("delete from ledger_checkpoints where tree_size > 16");
      await query.query("delete from ledger_rounds where round_no = 5");
    };
    expect((await after(tamper)).ok).toBe(true);
    const verification = await after(tamper, new Date(Date.now() + 61_000));
    expect(verification.findings.map(({ what, eventNo }) => `${what} ${eventNo}`)).toEqual(
      [17, 18, 19, 20].map((no) => `event never came into the tree ${no}`),
    );
  });

  test("swaps the key of a node", async () => {
    const verification = await after(run("update ledger_node_keys set public_key = $1", [signingKey(Buffer.alloc(32, 66)).publicKey]));
    expect(names(verification)).toEqual(["the key of a node is not vouched for", "batch is not signed by a key of its node"]);
  });

  test("signs the epoch and its checkpoints anew with a key of their own", async () => {
    const verification = await verifyLedger({ query: database.app, publicKeys: [signingKey(Buffer.alloc(32, 66)).publicKey], now: new Date() });
    expect(names(verification)).toContain("the key of epoch 1 is not trusted");
  });

  test("puts another root under a checkpoint, signed by another key", async () => {
    const origin = "kuraban.example/ledger/epoch-1";
    const root = Buffer.alloc(32, 5);
    const note = signNote(formatCheckpoint(origin, 8, root), origin, Buffer.alloc(32, 66));
    const verification = await after(run("update ledger_checkpoints set root_hash = $1, note = $2 where tree_size = 8", [root, note]));
    expect(verification.findings).toContainEqual({ what: "checkpoint is not signed by the key of its epoch", sequence: 8, eventNo: null });
    expect(verification.findings).toContainEqual({ what: "checkpoint signs another tree", sequence: 8, eventNo: null });
  });

  test("rewrites why an epoch began", async () => {
    const verification = await after(run(`update ledger_epochs set document = replace(document, 'installed', 'restored')`));
    expect(names(verification)).toContain("epoch 1 is not as it was signed");
  });
});
