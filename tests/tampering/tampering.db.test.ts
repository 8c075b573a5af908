/**
 * What somebody does who is superuser of the database, and by whom it is found: by the product's own verification, and by the one
 * file, away from the product, on an export made afterwards. docs/tampering.md is the table of these tests.
 */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { batchMessage, parseUuid } from "#server/core/ledger/batch.ts";
import { encodeEvent, leafOfHeader } from "#server/core/ledger/encode.ts";
import { findCheckpoint, signingKey, type Query } from "#server/core/ledger/index.ts";
import { formatCheckpoint, signNote } from "#server/core/ledger/signed-note.ts";
import type { TestDatabase } from "#tests/support/database.ts";
import { beginLedger, openTestLedger, startTestSequencer, testEvent, viewing } from "#tests/support/ledger.ts";
import { cloneDatabase } from "#tests/support/database.ts";
import { after, appendRounds, fillLedger, look, run, type Looking, type Seen, type Tamper } from "./tamper.ts";

let database: TestDatabase;
/** The checkpoint of the untouched ledger, as a witness keeps it. */
let kept: string;
beforeAll(async () => {
  database = await fillLedger();
  kept = (await findCheckpoint(database.app))!.note;
});
afterAll(() => database.drop());

const tampered = (tamper: Tamper, looking: Looking = {}): Promise<Seen> => after(database, tamper, looking);
const words = (findings: readonly { readonly what: string }[]): string[] => [...new Set(findings.map(({ what }) => what))];

test("a ledger that nobody touched holds, for the product and for the one file, and on what a witness kept", async () => {
  const { product, offline } = await look(database.app, { notes: [kept] });
  expect(product).toEqual({ ok: true, events: 20, findings: [], remarks: [], treeSize: 20 });
  expect(offline).toMatchObject({ ok: true, findings: [], remarks: [], events: 20, from: 0, to: 20, isWhole: true, keptCheckpoints: 1 });
});

describe("one event changed is named with its place by both", () => {
  test.each([
    ["header", `update ledger_events set header = replace(header, '"outcome":"ok"', '"outcome":"no"') where event_no = 7`, "header was changed"],
    ["entries", "update ledger_events set entries = set_byte(entries, octet_length(entries) - 1, 99) where event_no = 7", "entries were changed"],
    ["salt", "update ledger_events set salt = set_byte(salt, 0, get_byte(salt, 0) # 1) where event_no = 7", "entries were changed"],
    ["entries taken away", "update ledger_events set entries = null, salt = null where event_no = 7", "entries were changed"],
    ["writes", "update ledger_events set writes = set_byte(writes, 10, get_byte(writes, 10) # 1) where event_no = 7", "writes were changed"],
    ["sealed parts", "update ledger_events set sealed = set_byte(sealed, 50, get_byte(sealed, 50) # 1) where event_no = 7", "sealed parts were changed"],
  ])("changed: %s", async (_, statement, what) => {
    const { product, offline } = await tampered(run(statement));
    expect(product.findings).toEqual([{ what, sequence: 6, eventNo: 7 }]);
    expect(offline.findings).toEqual([{ what, sequence: 6 }]);
  });

  test("removed", async () => {
    const { product, offline } = await tampered(run("delete from ledger_events where event_no = 7"));
    expect(product.findings).toContainEqual({ what: "event is missing", sequence: 6, eventNo: 7 });
    expect(offline.findings[0]).toMatchObject({ sequence: expect.any(Number) as number });
    expect(offline.findings).toContainEqual({ what: "event is missing", sequence: 6 });
  });

  test("changed together with its leaf hash", async () => {
    const { product, offline } = await tampered((query) => rewriteEvent(query, { batch: false, round: false }));
    expect(product.findings).toContainEqual({ what: "event is not what its batch signed", sequence: 6, eventNo: 7 });
    expect(offline.findings[0]).toMatchObject({ sequence: 6 });
  });

  test("changed together with its leaf hash, batch and round", async () => {
    const { product, offline } = await tampered((query) => rewriteEvent(query, { batch: true, round: true }));
    expect(words(product.findings)).toEqual(expect.arrayContaining(["batch is not signed by a key of its node", "checkpoint signs another tree"]));
    expect(offline.findings[0]).toEqual({ what: "batch is not signed by a key of its node", sequence: 6 });
    expect(words(offline.findings)).toContain("checkpoint signs another tree");
  });
});

describe("columns beside the header", () => {
  test.each([
    ["account", "update ledger_events set account_no = 2 where event_no = 7"],
    ["time", "update ledger_events set at = at - interval '1 day' where event_no = 7"],
    ["type", "update ledger_events set type = 'session.started' where event_no = 7"],
  ])("changed column: %s: the product names it, and an export holds what was signed", async (_, statement) => {
    const { product, offline } = await tampered(run(statement));
    expect(product.findings).toEqual([{ what: "columns differ from the header", sequence: 6, eventNo: 7 }]);
    expect(offline.ok).toBe(true);
  });
});

describe("inserted", () => {
  test("inserted without a batch", async () => {
    const { product, offline } = await tampered((query) => insertForged(query, "00000000-0000-8000-8000-000000000009"));
    expect(words(product.findings)).toEqual(["event belongs to no batch"]);
    expect(offline.findings).toEqual([{ what: "event belongs to no batch", sequence: null }]);
  });

  test("inserted with a batch under a key of their own", async () => {
    const { product, offline } = await tampered(insertForgedWithBatch);
    expect(words(product.findings)).toEqual(["batch is not signed by a key of its node"]);
    expect(words(offline.findings)).toEqual(["batch is not signed by a key of its node"]);
  });

  test("inserted once more as it is", async () => {
    const { product, offline } = await tampered(
      run(`insert into ledger_events (batch_no, batch_index, at, type, account_no, header, salt, entries, leaf_hash)
           select batch_no, batch_index, at, type, account_no, header, salt, entries, leaf_hash from ledger_events where event_no = 5`),
    );
    expect(words(product.findings)).toContain("batch and its events differ in number");
    expect(words(offline.findings)).toEqual(["batch stands twice"]);
  });
});

describe("reordered", () => {
  test("reordered within a round", async () => {
    const { product, offline } = await tampered(run("update ledger_rounds set event_nos = array[5, 7, 6, 8] where round_no = 2"));
    expect(product.findings).toContainEqual({ what: "event is not what the tree holds here", sequence: 5, eventNo: 7 });
    expect(offline.findings[0]).toEqual({ what: "event is not what the tree holds here", sequence: 5 });
  });

  test("reordered together with the round's leaf hashes", async () => {
    const { product, offline } = await tampered(
      run(`update ledger_rounds set event_nos = array[6, 5, 7, 8],
             leaf_hashes = substr(leaf_hashes, 33, 32) || substr(leaf_hashes, 1, 32) || substr(leaf_hashes, 65) where round_no = 2`),
    );
    expect(words(product.findings)).toContain("checkpoint signs another tree");
    expect(offline.findings[0]).toEqual({ what: "checkpoint signs another tree", since: 4, sequence: 7 });
  });

  test("a round taken out of the middle", async () => {
    const { product, offline } = await tampered(run("delete from ledger_rounds where round_no = 2"));
    expect(words(product.findings)).toContain("a round is missing");
    expect(offline.findings[0]).toMatchObject({ sequence: 4 });
    expect(words(offline.findings)).toContain("a round is missing");
  });
});

describe("truncated, rolled back, forked", () => {
  const cut =
    (to: number, isThorough: boolean): Tamper =>
    async (query) => {
      const round = to / 4;
      if (isThorough) await query.query("delete from ledger_checkpoints where tree_size > $1", [to]);
      await query.query("delete from ledger_rounds where round_no > $1", [round]);
      await query.query("delete from ledger_batches where batch_no in (select batch_no from ledger_events where event_no > $1)", [to]);
      await query.query("delete from ledger_events where event_no > $1", [to]);
    };

  test("the tail cut off below a checkpoint", async () => {
    const { product, offline } = await tampered(cut(12, false));
    expect(product.findings).toContainEqual({ what: "events below a checkpoint are missing", sequence: 20, eventNo: null });
    expect(offline.findings[0]).toMatchObject({ what: "events below a checkpoint are missing", sequence: 12 });
  });

  test("the tail cut off together with its checkpoints, or an old backup put in place: unseen without a witness", async () => {
    const { product, offline } = await tampered(cut(12, true));
    expect([product.ok, offline.ok]).toEqual([true, true]);
  });

  test("the tail cut off together with its checkpoints, or an old backup put in place: seen with what a witness kept", async () => {
    const { offline } = await tampered(cut(12, true), { notes: [kept] });
    expect(offline.findings).toEqual([
      { what: "a kept checkpoint saw more events than there are: the tail was cut off or the ledger rolled back", sequence: 12 },
    ]);
  });

  test("an acknowledged batch taken away before it came into the tree", async () => {
    const { product, offline } = await tampered(async (query) => {
      await query.query("delete from ledger_checkpoints where tree_size > 16");
      await query.query("delete from ledger_rounds where round_no = 5");
      await query.query("delete from ledger_batches where batch_no = (select batch_no from ledger_events where event_no = 18)");
      await query.query("delete from ledger_events where event_no = 18");
    });
    expect(words(product.findings)).toEqual(["the batch before this event's is missing"]);
    expect(words(offline.findings)).toEqual(["the batch before this event's is missing"]);
  });

  test("events kept out of the tree", async () => {
    const { product, offline } = await tampered(
      async (query) => {
        await query.query("delete from ledger_checkpoints where tree_size > 16");
        await query.query("delete from ledger_rounds where round_no = 5");
      },
      { now: new Date(Date.now() + 61_000) },
    );
    expect(words(product.findings)).toEqual(["event never came into the tree"]);
    expect(offline.findings).toEqual(Array.from({ length: 4 }, () => ({ what: "event never came into the tree", sequence: null })));
  });

  test("another history under the same keys: unseen without a witness, seen with what it kept", async () => {
    const forked = await fillLedger();
    try {
      const seen = (await findCheckpoint(forked.app))!.note;
      await cut(12, true)(forked.owner);
      await appendRounds(forked, 3);
      const alone = await look(forked.app);
      expect([alone.product.ok, alone.offline.ok]).toEqual([true, true]);
      const { offline } = await look(forked.app, { notes: [seen] });
      expect(offline.findings).toEqual([{ what: "a kept checkpoint lies on another tree: the ledger was forked or rewritten", sequence: 19 }]);
    } finally {
      await forked.drop();
    }
  });
});

describe("keys and clocks", () => {
  test("the key of a node swapped", async () => {
    const { product, offline } = await tampered(run("update ledger_node_keys set public_key = $1", [signingKey(Buffer.alloc(32, 66)).publicKey]));
    expect(words(product.findings)).toContain("the key of a node is not vouched for");
    expect(words(offline.findings)).toContain("the key of a node is not vouched for");
  });

  test("everything signed anew under a swapped key", async () => {
    const forged = await cloneDatabase();
    try {
      const seed = Buffer.alloc(32, 66);
      await beginLedger(forged, seed);
      await appendRounds(forged, 1, seed);
      const { product, offline } = await look(forged.app);
      expect(words(product.findings)).toContain("the key of epoch 1 is not trusted");
      expect(words(offline.findings)).toContain("the key of epoch 1 is not trusted");
    } finally {
      await forged.drop();
    }
  });

  test("another root under a checkpoint, signed by a key of their own", async () => {
    const origin = "kuraban.example/ledger/epoch-1";
    const root = Buffer.alloc(32, 5);
    const note = signNote(formatCheckpoint(origin, 8, root), origin, Buffer.alloc(32, 66));
    const { product, offline } = await tampered(run("update ledger_checkpoints set root_hash = $1, note = $2 where tree_size = 8", [root, note]));
    expect(words(product.findings)).toEqual(["checkpoint is not signed by the key of its epoch", "checkpoint signs another tree"]);
    expect(words(offline.findings)).toEqual(["checkpoint is not signed by the key of its epoch", "checkpoint signs another tree"]);
  });

  test("why an epoch began rewritten", async () => {
    const { product, offline } = await tampered(run(`update ledger_epochs set document = replace(document, 'installed', 'restored')`));
    expect(words(product.findings)).toContain("epoch 1 is not as it was signed");
    expect(words(offline.findings)).toContain("epoch 1 is not as it was signed");
  });

  test("a clock that went back is remarked on by both, and is no finding", async () => {
    const other = await cloneDatabase();
    try {
      await beginLedger(other);
      let now = new Date("2026-11-21T09:00:00Z");
      const ledger = await openTestLedger(other, { now: () => now });
      for (const time of ["09:00", "09:01", "08:00", "08:01"]) {
        now = new Date(`2026-11-21T${time}:00Z`);
        await ledger.append(testEvent({ at: now }));
      }
      await ledger.close();
      const sequencer = startTestSequencer(other);
      await sequencer.sequenceNow();
      await sequencer.stop();
      const { product, offline } = await look(other.app);
      expect(product).toMatchObject({ ok: true, remarks: [{ what: "clock of the node went back", sequence: 2, eventNo: 3 }] });
      expect(offline).toMatchObject({ ok: true, remarks: [{ what: "clock of the node went back", sequence: 2 }] });
    } finally {
      await other.drop();
    }
  });
});

async function rewriteEvent(query: Query, also: { readonly batch: boolean; readonly round: boolean }): Promise<void> {
  const { rows } = await query.query("select header, leaf_hash from ledger_events where event_no = 7");
  const header = (rows[0]!["header"] as string).replace('"accountNo":1', '"accountNo":2');
  const leaf = leafOfHeader(header);
  const replace = "decode(replace(encode(leaf_hashes, 'hex'), encode($1::bytea, 'hex'), encode($2::bytea, 'hex')), 'hex')";
  await query.query("update ledger_events set header = $1, account_no = 2, leaf_hash = $2 where event_no = 7", [header, leaf]);
  if (also.batch) await query.query(`update ledger_batches set leaf_hashes = ${replace}`, [rows[0]!["leaf_hash"], leaf]);
  if (also.round) await query.query(`update ledger_rounds set leaf_hashes = ${replace}`, [rows[0]!["leaf_hash"], leaf]);
}

const forged = encodeEvent(viewing(1), randomBytes);
const forgedLeaf = leafOfHeader(forged.header);

async function insertForged(query: Query, batchNo: string): Promise<void> {
  await query.query(
    "insert into ledger_events (batch_no, batch_index, at, type, account_no, header, salt, entries, leaf_hash) values ($1, 0, $2, $3, $4, $5, $6, $7, $8)",
    [batchNo, forged.at, forged.type, forged.accountNo, forged.header, forged.salt, forged.entries, forgedLeaf],
  );
}

async function insertForgedWithBatch(query: Query): Promise<void> {
  const [batchNo, at] = ["00000000-0000-8000-8000-000000000001", new Date()];
  const message = batchMessage({ batchNo: parseUuid(batchNo), previous: null, nodeId: "node-1", at, leafHashes: forgedLeaf });
  const signature = signingKey(Buffer.alloc(32, 66)).sign(message);
  await query.query("insert into ledger_batches values ($1, null, 'node-1', $2, $3, $4)", [batchNo, at, forgedLeaf, signature]);
  await insertForged(query, batchNo);
}
