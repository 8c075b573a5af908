import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { canonicalJson } from "#server/core/ledger/canonical-json.ts";
import { listVerifierKeys, questionsOf } from "#server/modules/records/index.ts";
import { writeZip } from "#server/platform/files/index.ts";
import { snapshotKinds } from "#shared/evidence.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { readVerifierKey, verifyBundle, type BundleVerification } from "../../../verifier/kuraban-verify.mjs";
import { bundleFromConsole, fillSnapshot } from "./index.ts";

let house: SeededHouse;
let officer: Caller, sales: Caller;
let incidentNo: number;
let keys: ReturnType<typeof readVerifierKey>[];
let files: Map<string, Buffer>;
const password = "封をする 2026 言葉";
const name = (): string => join(house.folder, `bundle-${Math.trunc(performance.now() * 1000)}.zip`);
const ask = (who: Caller, method: string, url: string, body?: unknown, headers?: Record<string, string>): Promise<Reply> =>
  request(house, { method, url, cookie: who.cookie, ...(body === undefined ? {} : { body }), ...(headers === undefined ? {} : { headers }) });

beforeAll(async () => {
  house = await openSeededHouse([["privacy-officer"], ["sales"]]);
  [officer, sales] = house.callers as [Caller, Caller];
  const own = house.customerNos.find((no) => house.ownerOf.get(no) === sales.accountNo) as number;
  await ask(sales, "GET", `/api/customers/${own}`);
  const knownAt = new Date(Date.now() - 60_000).toISOString();
  incidentNo = Number((await ask(officer, "POST", "/api/incidents", { playbook: "unauthorised-access", knownAt, what: "不審な閲覧" })).body["incidentNo"]);
  await ask(officer, "POST", `/api/incidents/${incidentNo}/facts`, { key: "outline.summary", value: "見知らぬ端末からの閲覧", certainty: "confirmed" });
  await house.open.sequencer.sequenceNow();
  await ask(officer, "POST", `/api/incidents/${incidentNo}/scope`, { causes: [{ kind: "account", values: [sales.accountNo] }] });
  const { body } = await ask(officer, "POST", `/api/incidents/${incidentNo}/evidence/snapshots`, {});
  await fillSnapshot(house.open.storehouse, Number(body["snapshotNo"]));
  await ask(officer, "POST", `/api/incidents/${incidentNo}/evidence/brought`, Buffer.from("10.0.0.8 GET /export"), {
    "content-type": "application/octet-stream",
    "x-file-name": "proxy.log",
  });
  await house.open.sequencer.sequenceNow();
  keys = (await listVerifierKeys(questionsOf(house.open.storehouse), house.open.storehouse.door.checkpointKeys)).map(readVerifierKey);
}, 60_000);
afterAll(() => house.close());

async function bundle(body: object): Promise<{ path: string; bytes: Buffer }> {
  const reply = await ask(officer, "POST", `/api/incidents/${incidentNo}/evidence/bundle`, { purpose: "警察への提出", ...body });
  expect(reply.status).toBe(200);
  const bytes = reply.bytes.subarray(reply.bytes.indexOf("PK\u0003\u0004", 0, "latin1"));
  const path = name();
  writeFileSync(path, bytes);
  return { path, bytes };
}

/** What a zip holds, read by its directory. */
function unzip(bytes: Buffer): Map<string, Buffer> {
  const end = bytes.lastIndexOf("PK\u0005\u0006", undefined, "latin1");
  const found = new Map<string, Buffer>();
  for (let at = bytes.readUInt32LE(end + 16), rest = bytes.readUInt16LE(end + 10); rest > 0; rest--) {
    const [method, packed, nameLength, extra, comment, offset] = [
      bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
      bytes.readUInt32LE(at + 42),
    ];
    const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
    const content = bytes.subarray(start, start + packed);
    found.set(bytes.toString("utf8", at + 46, at + 46 + nameLength), method === 8 ? inflateRawSync(content) : content);
    at += 46 + nameLength + extra + comment;
  }
  return found;
}

async function verifyChanged(change: (files: Map<string, Buffer>) => void, given: { password?: string } = {}): Promise<BundleVerification> {
  const changed = new Map(files);
  change(changed);
  const parts: Buffer[] = [];
  for await (const piece of writeZip(
    [...changed].map(([path, bytes]) => ({ path, open: () => [bytes], isPacked: true })),
    new Date(),
  ))
    parts.push(piece as Buffer);
  const path = name();
  writeFileSync(path, Buffer.concat(parts));
  return verifyBundle(path, { keys, ...given });
}

const flipped = (bytes: Buffer, at = Math.trunc(bytes.length / 2)): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
};

test("a bundle holds every item in numbers alone and verifies away from the product; its event says that it left", async () => {
  const { path, bytes } = await bundle({});
  files = unzip(bytes);
  expect(await verifyBundle(path, { keys })).toMatchObject({ ok: true, findings: [], items: snapshotKinds.length, incidentNo });
  const manifest = JSON.parse(String(files.get("manifest.json"))) as { items: { kind: string }[]; left: { kind: string }[] };
  expect(manifest.items.map(({ kind }) => kind)).toEqual([...snapshotKinds]);
  expect(manifest.left.map(({ kind }) => kind)).toEqual(["brought"]);
  expect(files.size).toBe(snapshotKinds.length + 3);
  // A postal code may stand in a random identifier.
  const texts = [...files.values()].map((content) => content.toString("utf8").replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, ""));
  for (const text of texts) for (const { value } of house.sentinels) if (value.length > 6) expect(text.includes(value)).toBe(false);
  expect((await verifyBundle(path, { keys: [] })).findings[0]).toMatchObject({
    item: "manifest.json",
    what: "the manifest is signed by no key that was given",
  });
});

test("a changed byte in any item is told with the item's name", async () => {
  const items = [...files.keys()].filter((path) => path.startsWith("items/"));
  expect(items).toHaveLength(snapshotKinds.length);
  for (const path of items) {
    const { ok, findings } = await verifyChanged((copy) => copy.set(path, flipped(copy.get(path) as Buffer)));
    expect([ok, findings]).toEqual([false, [{ item: path, what: "the item is not what was taken" }]]);
  }
  expect(
    (await verifyChanged((copy) => copy.set("manifest.json", Buffer.from(String(copy.get("manifest.json")).replace('"isDrill":false', '"isDrill":true')))))
      .findings,
  ).toEqual([{ item: "manifest.json", what: "the manifest is signed by no key that was given" }]);
  expect((await verifyChanged((copy) => copy.delete(items[3] as string))).findings).toEqual([{ item: items[3], what: "the item is missing" }]);
  expect((await verifyChanged((copy) => copy.set("items/more.json", Buffer.from("{}")))).findings).toEqual([
    { item: "items/more.json", what: "the manifest does not name it" },
  ]);
});

test("who holds the house's own key cannot exchange an item either: the ledger says what was taken", async () => {
  const [path] = [...files.keys()].filter((each) => each.includes("-facts."));
  const { createHash } = await import("node:crypto");
  const result = await verifyChanged((copy) => {
    const other = Buffer.from('{"facts":[],"v":1}');
    copy.set(path as string, other);
    const manifest = JSON.parse(String(copy.get("manifest.json"))) as { items: { path: string; sha256: string; bytes: number }[] };
    const item = manifest.items.find((each) => each.path === path)!;
    item.sha256 = createHash("sha256").update(other).digest("hex");
    item.bytes = other.length;
    const text = canonicalJson(manifest as never);
    copy.set("manifest.json", Buffer.from(text));
    const signature = house.open.storehouse.door.signStatement(Buffer.from(`kuraban evidence bundle v1\n${text}`)).toString("base64");
    copy.set("signature.json", Buffer.from(JSON.stringify({ v: 1, signature })));
  });
  expect(result.findings).toEqual([{ item: path, what: "the item is not what the ledger says was taken" }]);
});

test("names, texts and what was brought in leave locked by a password, released by the door", async () => {
  const refused = await ask(officer, "POST", `/api/incidents/${incidentNo}/evidence/bundle`, { purpose: "x", withNames: true });
  expect(refused.body).toMatchObject({ code: "invalid-input" });
  const { path, bytes } = await bundle({ withNames: true, withTexts: true, withBrought: true, password });
  files = unzip(bytes);
  const opened = new Map<string, Buffer>();
  const result = await verifyBundle(path, { keys, password, onOpened: (each, content) => void opened.set(each, content) });
  expect(result).toMatchObject({ ok: true, findings: [] });
  expect([...opened.values()].map(String).join("\n")).toContain("10.0.0.8 GET /export");
  const texts = JSON.parse(String(opened.get("locked/opened.json.locked"))) as { names: { name: unknown }[]; texts: { text: string }[] };
  expect(texts.texts.map(({ text }) => text)).toContain("見知らぬ端末からの閲覧");
  expect(texts.names.length).toBeGreaterThan(0);
  expect(bytes.includes("10.0.0.8")).toBe(false);
  expect((await verifyBundle(path, { keys, password: "something else here" })).findings.map(({ what }) => what)).toEqual(
    Array(2).fill("it does not open by this password"),
  );
  expect((await verifyBundle(path, { keys })).remarks).toHaveLength(2);
  for (const locked of [...files.keys()].filter((each) => each.startsWith("locked/"))) {
    expect((await verifyChanged((copy) => copy.set(locked, flipped(copy.get(locked) as Buffer)))).findings).toEqual([
      { item: locked, what: "the item is not what was taken" },
    ]);
  }
});

test("the command line writes the same in numbers alone", async () => {
  const { items, pieces } = await bundleFromConsole(house.open.storehouse, incidentNo);
  const parts: Buffer[] = [];
  for await (const piece of pieces) parts.push(piece);
  const path = name();
  writeFileSync(path, Buffer.concat(parts));
  expect(await verifyBundle(path, { keys })).toMatchObject({ ok: true, items });
  expect(readFileSync(path).includes("見知らぬ")).toBe(false);
  await expect(bundleFromConsole(house.open.storehouse, 999_999)).rejects.toMatchObject({ code: "not-found" });
});
