import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { listEvents } from "#server/core/ledger/index.ts";
import { openSeededHouse, type SeededHouse } from "#tests/support/seeded-house.ts";
import { makeCertificates } from "#tests/support/syslog-receiver.ts";
import { sendCheckpoints, sendEvents } from "./send-checkpoints.ts";

let house: SeededHouse;
let folder: string;
beforeAll(async () => {
  house = await openSeededHouse([["system-administrator"], ["privacy-officer"], ["manager"], ["system-administrator", "privacy-officer"]]);
}, 60_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kuraban-outlet-"));
});
afterAll(() => house.close());

async function ask(role: string, method: "GET" | "POST", url: string, payload?: object): Promise<{ status: number; json: any }> {
  const { cookie } = house.callers.find(({ roles }) => roles.join() === role)!;
  const reply = await house.app.inject({ method, url, headers: { cookie, "x-kuraban": "1" }, ...(payload && { payload }) });
  return { status: reply.statusCode, json: reply.json() };
}
const add = async (kind: "folder" | "lines", role = "system-administrator"): Promise<{ outletNo: number; requestNo: number }> =>
  (await ask(role, "POST", "/api/ledger/outlets", { kind, folder, ...(kind === "lines" && { since: "start" }) })).json;
const decide = (role: string, requestNo: number, decision: "approve" | "refuse"): Promise<{ status: number; json: any }> =>
  ask(role, "POST", `/api/approvals/${requestNo}/decide`, { decision });
const shown = async (outletNo: number): Promise<any> =>
  (await ask("privacy-officer", "GET", "/api/ledger/outlets")).json.outlets.find((one: { outletNo: number }) => one.outletNo === outletNo);
/** What arrived, after everything that is due was sent. */
async function sent(): Promise<number> {
  await house.open.sequencer.sequenceNow();
  await house.database.owner.query("update checkpoint_outlets set next_at = to_timestamp(0)");
  for (const send of [sendCheckpoints, sendEvents]) await send(house.open.storehouse, new AbortController().signal);
  return readdirSync(folder).length;
}

test.each(["folder", "lines"] as const)("a place of the kind %s is sent nothing before the privacy officer consents, and is from then on", async (kind) => {
  const { outletNo, requestNo } = await add(kind);
  expect(await sent()).toBe(0);
  expect(await shown(outletNo)).toMatchObject({ isAllowed: false, state: "waiting", lastSize: null });
  const { waiting } = (await ask("privacy-officer", "GET", "/api/approvals")).json;
  expect(waiting.at(-1)).toMatchObject({ requestNo, kind: "ledger-outlet", more: { outletNo, outletKind: kind } });
  expect(JSON.stringify(waiting.at(-1).reason)).toContain(folder);
  expect((await decide("privacy-officer", requestNo, "approve")).status).toBe(200);
  expect(await sent()).toBeGreaterThan(0);
  expect(await shown(outletNo)).toMatchObject({ isAllowed: true, state: "ok" });
  const { events } = await listEvents(house.open.storehouse.pool, { types: ["approval.decided", "ledger.outlet-requested"], limit: 2 });
  expect(events.map(({ type, facts }) => [type, facts["outletNo"]])).toEqual([
    ["approval.decided", outletNo],
    ["ledger.outlet-requested", outletNo],
  ]);
});

test("whoever asked, a manager, or a row written around the product does not consent", async () => {
  const { requestNo, outletNo } = await add("lines");
  expect((await decide("system-administrator", requestNo, "approve")).status).toBe(403);
  expect((await decide("manager", requestNo, "approve")).status).toBe(404);
  expect((await ask("manager", "GET", "/api/approvals")).json.waiting.map((one: { requestNo: number }) => one.requestNo)).not.toContain(requestNo);
  const own = await add("folder", "system-administrator,privacy-officer");
  expect((await decide("system-administrator,privacy-officer", own.requestNo, "approve")).json.facts).toEqual({ reason: "own-request" });
  await house.database.owner.query("update checkpoint_outlets set allowed_at = now() where allowed_at is null");
  expect(await sent()).toBe(0);
  expect(await shown(outletNo)).toMatchObject({ state: "failing", problem: "settings-unreadable" });
});

test("one that was refused, or ended while it waited, cannot be consented to any more", async () => {
  const refused = await add("folder");
  expect((await decide("privacy-officer", refused.requestNo, "refuse")).status).toBe(200);
  expect(await shown(refused.outletNo)).toBeUndefined();
  expect((await decide("privacy-officer", refused.requestNo, "approve")).status).not.toBe(200);
  const ended = await add("folder");
  expect((await ask("system-administrator", "POST", `/api/ledger/outlets/${ended.outletNo}/end`, {})).status).toBe(200);
  expect((await decide("privacy-officer", ended.requestNo, "approve")).status).toBe(404);
  expect(await sent()).toBe(0);
  rmSync(folder, { recursive: true });
});

test("an authority, which stamps and is shown a hash, needs no consent", async () => {
  const authority = makeCertificates();
  const { rows } = await house.database.owner.query("select count(*)::int4 as n from approvals");
  const reply = await ask("system-administrator", "POST", "/api/ledger/outlets", {
    kind: "timestamp",
    url: "http://127.0.0.1:9/",
    anchors: authority.ca,
  });
  expect(reply).toMatchObject({ status: 200, json: { requestNo: null } });
  expect((await house.database.owner.query("select count(*)::int4 as n from approvals")).rows).toEqual(rows);
  authority.remove();
});
