import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fold } from "#server/core/vault/index.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "../support/seeded-house.ts";
import { request, type Reply } from "../support/request.ts";
import { buildScanner } from "../support/sentinel-scanner.ts";
import { driveAll } from "./drive-routes.ts";

let house: SeededHouse;
let administrator: Caller;
let reply: Reply;
let report: Record<string, unknown>;
const unpack = (archive: Buffer, name: string): Buffer => execFileSync("tar", ["--extract", "--gzip", "--to-stdout", "--file", "-", name], { input: archive });
const fileOf = ({ bytes }: Reply): Buffer => bytes.subarray(bytes.indexOf(Buffer.from([0x1f, 0x8b, 0x08])));

beforeAll(async () => {
  house = await openSeededHouse([["system-administrator"], ["office"], ["sales"], ["privacy-officer"]], { hasActivities: true, hasOwnFields: true });
  administrator = house.callers[0] as Caller;
  // Everything that the product can be asked, with names, phones and mail addresses typed into it, and refused to some.
  for (const caller of house.callers.slice(1)) {
    await driveAll(house, house.routes, caller, (method, asked) => request(house, { method, ...asked, cookie: caller.cookie }));
  }
  reply = await request(house, { method: "POST", url: "/api/support/bundle", cookie: administrator.cookie, body: {} });
  report = JSON.parse(unpack(fileOf(reply), "report.json").toString("utf8")) as Record<string, unknown>;
}, 300_000);
afterAll(() => house.close());

test("after the whole product was driven, no personal value stands in the support file", () => {
  const scanner = buildScanner(house.sentinels, fold);
  const held = Buffer.concat([unpack(fileOf(reply), "report.json"), unpack(fileOf(reply), "README.txt")]);
  expect(reply.status).toBe(200);
  expect(scanner.scan(held)).toEqual([]);
  expect(scanner.scan(reply.bytes)).toEqual([]);
  // The same scan finds a value where there is one.
  const core = house.sentinels.find((sentinel) => sentinel.core !== null)?.core as string;
  expect(scanner.scan(Buffer.concat([held, Buffer.from(core)]))).toHaveLength(1);
});

test("the support file tells what helps: refusals by their request number, tables, migrations, jobs and the ledger", () => {
  const refusals = report["refusals"] as { code: string; requestId: string; type: string }[];
  expect(refusals.some(({ code }) => code === "not-permitted")).toBe(true);
  expect(refusals.every(({ requestId }) => /^[0-9a-f-]{36}$/.test(requestId))).toBe(true);
  expect((report["tables"] as { name: string }[]).map(({ name }) => name)).toEqual(expect.arrayContaining(["customers", "ledger_events"]));
  expect((report["migrations"] as { number: number }[]).map(({ number }) => number)).toContain(141);
  expect(report["ledger"]).toEqual(expect.arrayContaining([{ name: "isRecording", value: true }]));
  expect(report["disk"]).toHaveLength(2);
});

test("neither a place on the machine, nor an address, nor a secret stands in the support file", () => {
  const text = JSON.stringify(report);
  for (const hidden of [
    house.folder,
    process.cwd(),
    process.env["HOME"] ?? "/home/",
    "127.0.0.1",
    house.database.ownerUrl,
    ...Object.values(house.database.credentials),
  ]) {
    expect(text.includes(hidden), hidden.slice(0, 12)).toBe(false);
  }
});

test("only who may run backups gets the support file, and it is recorded", async () => {
  const office = house.callers[1] as Caller;
  await house.signIn(office);
  expect((await request(house, { method: "POST", url: "/api/support/bundle", cookie: office.cookie, body: {} })).status).toBe(403);
  const { rows } = await house.database.owner.query<{ outcome: string }>(
    "select header::jsonb->>'outcome' as outcome from ledger_events where type = 'support.bundle-made' and account_no = $1",
    [administrator.accountNo],
  );
  expect(rows).toEqual([{ outcome: "ok" }]);
});
