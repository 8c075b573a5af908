import { afterAll, beforeAll, expect, test } from "vitest";
import { causes } from "#server/app/modules.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import { verifyScope } from "#server/modules/incidents/index.ts";
import { sentinelsOf } from "#server/modules/sample/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { snapshotKinds, type listEvidence, type lookAtEvidence } from "#shared/evidence.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { fillSnapshot, watchForSnapshots } from "./index.ts";
import { keepContent } from "./keep-item.ts";
import { tidyUnbound } from "./tidy-unbound.ts";

let house: SeededHouse;
let officer: Caller, manager: Caller, sales: Caller, admin: Caller;
let incidentNo: number;
let runNo: number;

beforeAll(async () => {
  house = await openSeededHouse([["privacy-officer"], ["manager"], ["sales"], ["system-administrator"]]);
  [officer, manager, sales, admin] = house.callers as [Caller, Caller, Caller, Caller];
  const own = house.customerNos.find((no) => house.ownerOf.get(no) === sales.accountNo) as number;
  expect((await ask(sales, "GET", `/api/customers/${own}`)).status).toBe(200);
  const opened = await ask(officer, "POST", "/api/incidents", {
    playbook: "unauthorised-access",
    knownAt: new Date(Date.now() - 60_000).toISOString(),
    what: "不審な閲覧",
  });
  incidentNo = Number(opened.body["incidentNo"]);
  const stated = await ask(officer, "POST", `/api/incidents/${incidentNo}/facts`, {
    key: "outline.summary",
    value: "見知らぬ端末からの閲覧",
    certainty: "confirmed",
  });
  expect(stated.status).toBe(200);
  await house.open.sequencer.sequenceNow();
  const run = await ask(officer, "POST", `/api/incidents/${incidentNo}/scope`, { causes: [{ kind: "account", values: [sales.accountNo] }] });
  runNo = Number(run.body["runNo"]);
}, 60_000);
afterAll(() => house.close());

const ask = (who: Caller, method: string, url: string, body?: unknown, headers?: Record<string, string>): Promise<Reply> =>
  request(house, { method, url, cookie: who.cookie, ...(body === undefined ? {} : { body }), ...(headers === undefined ? {} : { headers }) });
const at = (): string => `/api/incidents/${incidentNo}/evidence`;
const list = async () => (await ask(officer, "GET", at())).body as unknown as ReplyOf<typeof listEvidence>;
const look = async (itemNo: number) =>
  (await ask(officer, "POST", `/api/incident-evidence/${itemNo}/look`, {})).body as unknown as ReplyOf<typeof lookAtEvidence>;
const eventsOf = async (type: string) => (await listEvents(house.database.app, { types: [type], limit: 200 })).events.filter(({ outcome }) => outcome === "ok");
const bring = (who: Caller, bytes: Buffer): Promise<Reply> =>
  ask(who, "POST", `${at()}/brought`, bytes, { "content-type": "application/octet-stream", "x-file-name": encodeURIComponent("中継サーバー.log") });

test("a snapshot takes everything that the scope rests on, each item with a hash that the ledger says too", async () => {
  const { body } = await ask(officer, "POST", `${at()}/snapshots`, {});
  await fillSnapshot(house.open.storehouse, Number(body["snapshotNo"]));
  const { items, snapshots } = await list();
  expect(items.map(({ kind }) => kind)).toEqual([...snapshotKinds]);
  expect(snapshots).toEqual([expect.objectContaining({ because: "asked", runNo, askedBy: officer.accountNo, takenAt: expect.any(String) })]);
  const bound = new Map((await eventsOf("evidence.taken")).map(({ facts }) => [facts["itemNo"], facts["sha256"]]));
  for (const item of items) expect(bound.get(item.itemNo)).toBe(Buffer.from(item.sha256, "hex").toString("base64url"));
  for (const item of items)
    expect((await ask(officer, "POST", `/api/incident-evidence/${item.itemNo}/verify`, {})).body).toMatchObject({ holds: true, sha256: item.sha256 });
  // Taken up again it takes nothing twice.
  await fillSnapshot(house.open.storehouse, Number(body["snapshotNo"]));
  expect((await list()).items).toHaveLength(items.length);
});

test("a scope that was verified and a report that was approved are kept by themselves, once", async () => {
  await verifyScope(house.open.storehouse, runNo, { causes });
  await ask(officer, "POST", `/api/incidents/${incidentNo}/drafts`, { papers: ["preliminary"] });
  const preview = await ask(officer, "GET", `/api/incidents/${incidentNo}/drafts/preliminary`);
  const [draft] = preview.body["versions"] as { draftNo: number }[];
  const asked = await ask(officer, "POST", `/api/incident-drafts/${draft!.draftNo}/approval`, { reason: "速報の提出" });
  expect((await ask(manager, "POST", `/api/approvals/${Number(asked.body["requestNo"])}/decide`, { decision: "approve" })).status).toBe(200);
  await watchForSnapshots(house.open.storehouse);
  await watchForSnapshots(house.open.storehouse);
  const { snapshots } = await list();
  expect(snapshots.map(({ because }) => because).toSorted()).toEqual(["asked", "paper-approved", "scope-verified"]);
  const paper = snapshots.find(({ because }) => because === "paper-approved");
  await fillSnapshot(house.open.storehouse, paper!.snapshotNo);
  const kept = (await list()).items.find(({ snapshotNo, kind }) => snapshotNo === paper!.snapshotNo && kind === "papers");
  const copy = await ask(officer, "POST", `/api/incident-evidence/${kept!.itemNo}/copy`, { purpose: "弁護士への相談" });
  expect(copy.status).toBe(200);
  expect(copy.bytes.toString("utf8")).toContain('"paper":"preliminary"');
});

test("what is brought in is kept as it came, and whoever has it in hand stands in its chain", async () => {
  const bytes = Buffer.concat([Buffer.from("2026-11-20 02:11:07 GET /export\n"), Buffer.alloc(600_000, 7)]);
  const brought = await bring(officer, bytes);
  expect(brought.status).toBe(200);
  const itemNo = Number(brought.body["itemNo"]);
  await ask(officer, "POST", `/api/incident-evidence/${itemNo}/describe`, {
    source: "中継サーバーの記録",
    finder: "情報システム部 佐藤",
    foundAt: "2026-11-20T01:00:00Z",
    note: "",
  });
  const copy = await ask(officer, "POST", `/api/incident-evidence/${itemNo}/copy`, { purpose: "調査会社での解析" });
  expect(copy.bytes.includes(bytes)).toBe(true);
  const handed = await ask(officer, "POST", `/api/incident-evidence/${itemNo}/hand-over`, { to: "調査会社 山本", purpose: "解析", note: "" });
  expect((await ask(officer, "POST", `/api/incident-evidence/${itemNo}/verify`, {})).body["holds"]).toBe(true);
  const { item, custody } = await look(itemNo);
  expect(item.fileName).toBe("中継サーバー.log");
  expect(custody.map(({ act }) => act)).toEqual(["taken", "described", "copied-out", "handed-over", "verified", "looked-at"]);
  expect(custody[1]).toMatchObject({ source: "中継サーバーの記録", finder: "情報システム部 佐藤", foundAt: "2026-11-20T01:00:00.000Z" });
  expect(custody[3]).toMatchObject({ to: "調査会社 山本", receipt: handed.body["receipt"], by: officer.accountNo });
  const pdf = (await ask(officer, "POST", `${at()}/custody.pdf`, {})).bytes.toString("utf8");
  for (const text of ["証拠保全記録", "調査会社 山本", String(handed.body["receipt"]), item.sha256]) expect(pdf).toContain(text);
  for (const type of [
    "evidence.brought-in",
    "evidence.described",
    "evidence.copied-out",
    "evidence.handed-over",
    "evidence.verified",
    "evidence.looked-at",
    "evidence.custody-printed",
  ])
    expect((await eventsOf(type)).length).toBeGreaterThan(0);
});

test("content that was changed around the product is told by its verification, and is no file any more", async () => {
  const { body } = await bring(officer, Buffer.from("original"));
  const itemNo = Number(body["itemNo"]);
  const { rows } = await house.database.owner.query<{ sealed: Buffer }>("select sealed from evidence_parts where item_no = $1", [itemNo]);
  const sealed = Buffer.from(rows[0]!.sealed);
  sealed[30] = (sealed[30] as number) ^ 1;
  await house.database.owner.query("update evidence_parts set sealed = $2 where item_no = $1", [itemNo, sealed]);
  expect((await ask(officer, "POST", `/api/incident-evidence/${itemNo}/verify`, {})).body["holds"]).toBe(false);
  expect((await list()).items.find((item) => item.itemNo === itemNo)?.verified?.holds).toBe(false);
  const { body: other } = await bring(officer, Buffer.from("another"));
  // Its row is as somebody would like it, with content to fit: the ledger says otherwise.
  await house.database.owner.query("update evidence_items set sha256 = sha256(bytea 'else') where item_no = $1", [other["itemNo"]]);
  expect((await ask(officer, "POST", `/api/incident-evidence/${Number(other["itemNo"])}/verify`, {})).body["holds"]).toBe(false);
  await house.database.owner.query("delete from evidence_custody where item_no = any($1)", [[itemNo, other["itemNo"]]]);
  await house.database.owner.query("delete from evidence_items where item_no = any($1)", [[itemNo, other["itemNo"]]]);
});

test("only who keeps evidence comes near it, and the app's login can take nothing back", async () => {
  const [item] = (await list()).items;
  for (const who of [manager, sales, admin]) {
    expect((await ask(who, "GET", at())).status).toBe(403);
    expect((await ask(who, "POST", `${at()}/snapshots`, {})).status).toBe(403);
    expect((await ask(who, "POST", `/api/incident-evidence/${item!.itemNo}/copy`, { purpose: "x" })).status).toBe(403);
    expect((await bring(who, Buffer.from("x"))).status).toBe(403);
  }
  for (const table of ["evidence_items", "evidence_parts", "evidence_custody", "evidence_hold_members"]) {
    await expect(house.database.app.query(`delete from ${table}`)).rejects.toThrow(/permission denied/);
    await expect(house.database.app.query(`update ${table} set item_no = 0`)).rejects.toThrow(/permission denied|does not exist/);
  }
});

test("at rest nothing of evidence is readable, and no snapshot holds a value of anybody", async () => {
  const { rows } = await house.database.owner.query<{ text: string }>(
    `select encode(sealed, 'escape') as text from evidence_parts union all select encode(coalesce(sealed_texts, ''), 'escape') from evidence_custody`,
  );
  const stored = rows.map(({ text }) => text).join("\n");
  for (const text of ["GET /export", "unauthorised-access", "調査会社"]) expect(stored.includes(text)).toBe(false);
  const values = house.customerNos
    .flatMap((_, index) => sentinelsOf("customer", index))
    .map(({ value }) => value)
    .filter((value) => value.length > 5);
  for (const item of (await list()).items.filter(({ kind }) => kind !== "brought" && kind !== "ledger")) {
    const whole = (await ask(officer, "POST", `/api/incident-evidence/${item.itemNo}/copy`, { purpose: "確認" })).bytes.toString("utf8");
    // A postal code may stand in a random identifier.
    const text = whole.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "");
    expect(values.filter((value) => text.includes(value))).toEqual([]);
    expect(text).not.toContain("見知らぬ端末からの閲覧");
  }
});

test("an upload that was broken off leaves nothing for longer than a day, the ledger says what was removed, and no item loses a part", async () => {
  const { owner, app } = house.database;
  const partsOf = async (): Promise<number> => Number((await owner.query("select count(*) as parts from evidence_parts")).rows[0]["parts"]);
  const aDayGoesBy = (): Promise<unknown> => owner.query("update evidence_parts set kept_at = kept_at - interval '25 hours'");
  await aDayGoesBy();
  await tidyUnbound(house.open.storehouse);
  const toldOf = () => eventsOf("evidence.unbound-removed");
  const [before, told] = [await partsOf(), (await toldOf()).length];
  const mebibyte = Buffer.alloc(1024 * 1024, 5);
  async function* brokenOff(): AsyncGenerator<Buffer> {
    for (let sent = 0; sent < 3; sent += 1) yield mebibyte;
    throw new Error("the caller went away");
  }
  await expect(keepContent(house.open.storehouse, incidentNo, brokenOff(), 1024 ** 3)).rejects.toThrow("went away");
  expect(await partsOf()).toBeGreaterThan(before);
  await tidyUnbound(house.open.storehouse);
  const lost = (await partsOf()) - before;
  expect([lost > 0, (await toldOf()).length]).toEqual([true, told]);
  // The product's login removes no part by itself, and by the function none of the last hour, whatever it says.
  await expect(app.query("delete from evidence_parts")).rejects.toThrow("permission denied");
  expect((await app.query("select items from remove_unbound_evidence('infinity')")).rows).toEqual([{ items: 0 }]);
  await aDayGoesBy();
  await tidyUnbound(house.open.storehouse);
  await tidyUnbound(house.open.storehouse);
  expect(await partsOf()).toBe(before);
  expect((await toldOf()).slice(0, -told || undefined).map(({ principal, facts }) => ({ principal, ...facts }))).toEqual([
    { principal: "system", items: 1, parts: lost, bytes: expect.any(Number) },
  ]);
  for (const item of (await list()).items) {
    expect((await ask(officer, "POST", `/api/incident-evidence/${item.itemNo}/verify`, {})).body).toMatchObject({ holds: true });
  }
});
