import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fold } from "#server/core/vault/index.ts";
import { sentinelValues } from "#server/modules/sample/index.ts";
import { connectToHouse } from "#tests/support/connect-to-house.ts";
import { askOverHttp, type WireReply } from "../support/ask-over-http.ts";
import { runKuraban, type RunningKuraban } from "../support/run-kuraban.ts";
import { seedEmbedded } from "../support/seed-embedded.ts";
import type { Caller, Seeded } from "../support/seed-storehouse.ts";
import { buildScanner, type Scanner } from "../support/sentinel-scanner.ts";
import { makeTemporaryFolder } from "../support/throwaway-server.ts";
import { verifyHouse } from "./verify-house.ts";

/** What cannot be recorded is neither shown nor done, is refused in words, and comes back by itself. */
const { folder, remove } = makeTemporaryFolder();
const dataFolder = join(folder, "data");
let house: Seeded;
let product: RunningKuraban;
let owner: pg.Client;
let scanner: Scanner;

beforeAll(async () => {
  house = await seedEmbedded(dataFolder, [["office"], ["sales"], ["privacy-officer"]]);
  scanner = buildScanner(house.sentinels, fold);
  product = await runKuraban(dataFolder);
  owner = await connectToHouse(dataFolder);
}, 120_000);
afterAll(async () => {
  await owner?.end();
  await product?.stop();
  remove();
});

const ask = (caller: number, method: string, path: string, body?: unknown): Promise<WireReply> =>
  askOverHttp(product.url, { method, path, body, cookie: (house.callers[caller] as Caller).cookie });
const ownOf = (caller: number): number => house.customerNos.find((no) => house.ownerOf.get(no) === house.callers[caller]?.accountNo) as number;

const looks = (): (() => Promise<WireReply>)[] => [
  () => ask(0, "POST", "/api/customers/views", {}),
  () => ask(0, "POST", "/api/customers/views", { search: sentinelValues("customer", 0)["fullName"] }),
  () => ask(0, "GET", `/api/customers/${ownOf(0)}`),
  () => ask(0, "POST", `/api/customers/${ownOf(0)}/reveal`, { fields: ["bankAccount"], purpose: "inquiry" }),
  () => ask(0, "GET", `/api/customers/${ownOf(0)}/history`),
  () => ask(1, "POST", "/api/companies/views", {}),
  () => ask(1, "GET", "/api/session"),
  () => ask(2, "POST", "/api/ledger/events", {}),
  // Refusals are recorded as well, so they cannot be told apart either.
  () => ask(1, "GET", "/api/customers/999999"),
];
const acts = (): (() => Promise<WireReply>)[] => [
  () => ask(0, "PATCH", `/api/customers/${ownOf(0)}`, { version: 1, values: { section: "記録なし" } }),
  () => ask(0, "POST", "/api/customers", { values: { fullName: "記録 なし" } }),
  () => ask(0, "POST", `/api/customers/${ownOf(0)}/trash`, { version: 1 }),
];

const stateOfRows = async (): Promise<unknown> =>
  (await owner.query("select count(*), sum(version), count(*) filter (where state = 'trashed') from customers")).rows[0];

async function expectNothingLeaves(): Promise<void> {
  const before = await stateOfRows();
  for (const one of [...looks(), ...acts()]) {
    const reply = await one();
    expect([reply.status, reply.body["code"]]).toEqual([503, "ledger-unavailable"]);
    expect(reply.headers["retry-after"]).toBeDefined();
    expect(scanner.scan(reply.bytes)).toEqual([]);
  }
  expect(await stateOfRows()).toEqual(before);
}

async function expectRecovery(): Promise<void> {
  for (let tries = 0; (await ask(0, "POST", "/api/customers/views", {})).status !== 200; tries += 1) {
    expect(tries).toBeLessThan(200);
    await wait(50);
  }
  await expect.poll(async () => (await ask(0, "GET", "/api/health")).body).toMatchObject({ kind: "open", ledger: "recording" });
  const shown = await ask(0, "GET", `/api/customers/${ownOf(0)}`);
  expect(scanner.scan(shown.bytes).length).toBeGreaterThan(3);
  expect((await verifyHouse(product.url, house.callers[2] as Caller)).body).toMatchObject({ ok: true, findings: [] });
}

test("without the right to insert into the ledger nothing is shown and nothing done; with it, all goes on by itself", async () => {
  await owner.query("revoke insert on ledger_events from kuraban_app");
  await owner.query(
    "revoke insert (batch_no, batch_index, at, type, account_no, session_id, header, salt, entries, writes, sealed, leaf_hash) on ledger_events from kuraban_app",
  );
  await expectNothingLeaves();
  await owner.query(
    "grant insert (batch_no, batch_index, at, type, account_no, session_id, header, salt, entries, writes, sealed, leaf_hash) on ledger_events to kuraban_app",
  );
  await expectRecovery();
});

test("while somebody else holds the ledger's table nobody hangs: looks are refused within seconds, changes too, and all goes on when it is let go", async () => {
  const holder = await connectToHouse(dataFolder);
  await holder.query("begin; lock table ledger_events in share mode");
  const before = await stateOfRows();
  const replies = await Promise.all([...looks().slice(0, 3), ...acts().slice(0, 2)].map((one) => one()));
  for (const reply of replies) {
    expect([reply.status, reply.body["code"]]).toEqual([503, "ledger-unavailable"]);
    expect(scanner.scan(reply.bytes)).toEqual([]);
  }
  expect(await stateOfRows()).toEqual(before);
  await holder.query("rollback");
  await holder.end();
  await expectRecovery();
});
