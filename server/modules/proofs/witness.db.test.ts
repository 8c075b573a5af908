import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStorehouse, type OpenStorehouse } from "#server/app/open-storehouse.ts";
import { actAs } from "#server/core/door/index.ts";
import { findNewest, formatVerifierKey, hashLeaf, listEvents, noteOf, openCosignature, parseWitnessKey, splitNote } from "#server/core/ledger/index.ts";
import { openHouse, type TestHouse } from "#tests/support/open-house.ts";
import { startWitness, type TestWitness } from "#tests/support/witness.ts";
import { addOutlet } from "./add-outlet.ts";
import { listWitnesses } from "./list-outlets.ts";
import { sendCheckpoints } from "./send-checkpoints.ts";

let house: TestHouse;
let open: OpenStorehouse;
const witnesses: TestWitness[] = [];

beforeEach(async () => {
  house = await openHouse();
  open = house.open;
});
afterEach(async () => {
  for (const witness of witnesses.splice(0)) await witness.remove();
  await open.close();
  await house.close();
});

const logKeyOf = async ({ storehouse }: OpenStorehouse): Promise<string> => {
  const checkpoint = await findNewest(storehouse.pool);
  return formatVerifierKey(checkpoint!.origin, storehouse.door.checkpointKeys.at(-1)!);
};

async function addWitness(name: string): Promise<TestWitness> {
  await open.sequencer.sequenceNow();
  const witness = await startWitness(name, await logKeyOf(open));
  witnesses.push(witness);
  await actAs(open.storehouse, "console", "ledger.outlet-added", randomUUID(), (context) =>
    addOutlet(context, { body: { kind: "witness", url: witness.url, verifierKey: witness.verifierKey } } as never),
  );
  return witness;
}

/** Some events, in the tree and signed. */
async function go(count = 3): Promise<void> {
  for (let at = 0; at < count; at += 1) await actAs(open.storehouse, "console", "ledger.verified", randomUUID(), async ({ journal }) => journal.fact("at", at));
  await open.sequencer.sequenceNow();
}

async function send(): Promise<void> {
  await house.database.owner.query("update checkpoint_outlets set next_at = to_timestamp(0)");
  await sendCheckpoints(open.storehouse, new AbortController().signal);
}

const states = async (): Promise<unknown> => (await listWitnesses(open.storehouse.pool)).map(({ name, state, problem }) => ({ name, state, problem }));
const alarms = async (): Promise<unknown[]> =>
  (await listEvents(open.storehouse.pool, { types: ["ledger.witness-refused"], limit: 10 })).events.map(({ facts }) => facts);

/** What somebody does with the files and the database while nothing runs. */
async function meanwhile(act: (owner: pg.Pool) => Promise<unknown>): Promise<void> {
  await open.close();
  await act(house.database.owner);
  open = await openStorehouse({ place: house.open.place, onTrouble: () => undefined, appConnections: 4 });
}

test("two witnesses cosign what continues, keep it through a kill, and the served checkpoint carries both", async () => {
  const first = await addWitness("witness.example/one");
  await go();
  await send();
  const second = await addWitness("witness.example/two");
  await go();
  await send();
  await first.restart();
  await go();
  await send();
  expect(await states()).toEqual([
    { name: "witness.example/one", state: "ok", problem: null },
    { name: "witness.example/two", state: "ok", problem: null },
  ]);
  const checkpoint = (await findNewest(open.storehouse.pool))!;
  const { text, lines } = splitNote(noteOf(checkpoint))!;
  expect(lines).toHaveLength(3);
  for (const witness of [first, second]) {
    const key = parseWitnessKey(witness.verifierKey)!;
    expect(openCosignature(text, lines, key.name, key.publicKey)).toBeDefined();
    expect(witness.folder().lastOf(checkpoint.origin)?.treeSize).toBe(checkpoint.treeSize);
  }
  // What stands in the witness's folder is the checkpoint with both signatures: evidence by itself.
  const { createHash } = await import("node:crypto");
  const file = readFileSync(join(first.path, `${createHash("sha256").update(checkpoint.origin).digest("hex")}.checkpoint`), "utf8");
  expect(splitNote(file)?.text).toBe(text);
  expect(splitNote(file)?.lines).toHaveLength(2);
  expect(await alarms()).toEqual([]);
});

test("a witness that is away is failing and not an alarm, and takes up where it was", async () => {
  const witness = await addWitness("witness.example/one");
  await go();
  await send();
  await witness.stop();
  await go();
  await send();
  expect(await states()).toEqual([{ name: "witness.example/one", state: "failing", problem: "unreachable" }]);
  await witness.restart().catch(() => undefined);
  await go();
  await send();
  expect(await states()).toEqual([{ name: "witness.example/one", state: "ok", problem: null }]);
  const types = (await listEvents(open.storehouse.pool, { limit: 50 })).events.map(({ type }) => type);
  expect(types.filter((type) => type.startsWith("ledger.push-"))).toEqual(["ledger.push-resumed", "ledger.push-failed"]);
});

describe("a witness refuses, and an alarm stands in the ledger, when somebody", () => {
  test("cut off the end of the ledger", async () => {
    const witness = await addWitness("witness.example/one");
    await go(10);
    await send();
    const seen = witness.folder().lastOf((await findNewest(open.storehouse.pool))!.origin)!.treeSize;
    await meanwhile(async (owner) => {
      const cut = [seen - 8];
      await owner.query(
        "delete from ledger_events where event_no in (select unnest(event_nos) from ledger_rounds where first_sequence + event_count > $1)",
        cut,
      );
      await owner.query("delete from ledger_rounds where first_sequence + event_count > $1", cut);
      await owner.query(
        "delete from ledger_cosignatures; delete from ledger_checkpoints where tree_size > (select max(first_sequence + event_count) from ledger_rounds)",
      );
    });
    await open.sequencer.sequenceNow();
    await send();
    expect(await states()).toEqual([{ name: "witness.example/one", state: "refused", problem: "ahead" }]);
    expect(await alarms()).toMatchObject([{ problem: "ahead", seen, alarm: true }]);
    // Once the ledger has grown past what was seen, it does not continue it either.
    await go(20);
    await send();
    expect(await states()).toEqual([{ name: "witness.example/one", state: "refused", problem: "inconsistent" }]);
    expect(witness.folder().lastOf((await findNewest(open.storehouse.pool))!.origin)!.treeSize).toBe(seen);
  });

  test("changed an event and built and signed the tree anew", async () => {
    await addWitness("witness.example/one");
    await go(5);
    await send();
    await meanwhile(async (owner) => {
      const { rows } = await owner.query<{ header: string }>("select header from ledger_events where event_no = 3");
      const header = rows[0]!.header.replace('"v":1', '"v":1 ');
      await owner.query("update ledger_events set header = $1, leaf_hash = $2 where event_no = 3", [header, hashLeaf(Buffer.from(header))]);
      await owner.query("delete from ledger_rounds; delete from ledger_cosignatures; delete from ledger_checkpoints; delete from ledger_tile_hashes");
    });
    await go();
    await send();
    expect(await states()).toEqual([{ name: "witness.example/one", state: "refused", problem: "inconsistent" }]);
    expect(await alarms()).toMatchObject([{ problem: "inconsistent", alarm: true }]);
    // Being out of reach afterwards does not make the alarm a mere failure.
    await witnesses[0]!.stop();
    await go();
    await send();
    expect(await states()).toEqual([{ name: "witness.example/one", state: "refused", problem: "inconsistent" }]);
    await witnesses[0]!.restart().catch(() => undefined);
  });

  test("put an older copy of the database back", async () => {
    const witness = await addWitness("witness.example/one");
    await go();
    await send();
    const copied = await copyLedger();
    await go(6);
    await send();
    const seen = witness.folder().lastOf((await findNewest(open.storehouse.pool))!.origin)!.treeSize;
    await meanwhile(copied.putBack);
    await open.sequencer.sequenceNow();
    await send();
    expect(await alarms()).toMatchObject([{ problem: "ahead", seen, alarm: true }]);
  });
});

test("a restore with a new epoch is unknown to the witness until its keeper gives it the new key", async () => {
  const witness = await addWitness("witness.example/one");
  await go();
  await send();
  const { place, signing } = house.open;
  await open.close();
  open = await openStorehouse({ place, onTrouble: () => undefined, appConnections: 4, newEpoch: { reason: "restored", former: signing } });
  await go();
  await send();
  expect(await states()).toEqual([{ name: "witness.example/one", state: "failing", problem: "origin-unknown" }]);
  expect(await alarms()).toEqual([]);
  await witness.restart(await logKeyOf(open));
  await go();
  await send();
  expect(await states()).toEqual([{ name: "witness.example/one", state: "ok", problem: null }]);
  expect(witness.folder().logs).toHaveLength(2);
});

/** The ledger's tables as they are now, to be put back later. */
async function copyLedger(): Promise<{ putBack: (owner: pg.Pool) => Promise<void> }> {
  const tables = ["ledger_batches", "ledger_events", "ledger_rounds", "ledger_checkpoints", "ledger_cosignatures", "checkpoint_outlets"];
  // As of one moment: the sequencer writes meanwhile.
  await house.database.owner.query(
    `begin isolation level repeatable read; ${tables.map((table) => `create table ${table}_copied as select * from ${table}`).join("; ")}; commit`,
  );
  return {
    async putBack(owner) {
      for (const table of tables.toReversed()) await owner.query(`delete from ${table}`);
      for (const table of tables) await owner.query(`insert into ${table} overriding system value select * from ${table}_copied`);
    },
  };
}
