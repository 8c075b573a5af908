import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { hashLeaf, listEvents, readHeaders } from "#server/core/ledger/index.ts";
import { addOutletWithConsent } from "#tests/support/add-outlet.ts";
import { testEvent } from "#tests/support/ledger.ts";
import { openSeededHouse, type SeededHouse } from "#tests/support/seeded-house.ts";
import { makeCertificates, startReceiver, type Certificates, type SyslogReceiver } from "#tests/support/syslog-receiver.ts";
import { sendCheckpoints, sendEvents } from "../send-checkpoints.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let house: SeededHouse;
let folder: string;
let authority: Certificates;
let localhost: { cert: string; key: string };
let receiver: SyslogReceiver | undefined;
beforeAll(async () => {
  house = await openSeededHouse([["auditor"], ["system-administrator"], ["privacy-officer"]]);
  folder = mkdtempSync(join(tmpdir(), "kuraban-feed-"));
  authority = makeCertificates();
  localhost = authority.sign("localhost");
});
afterAll(async () => {
  await house.close();
  authority.remove();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  await receiver?.close();
  receiver = undefined;
  await house.database.owner.query("update checkpoint_outlets set ended_at = now() where ended_at is null");
});

const as = (role: string): string => house.callers.find(({ name }) => name === role)!.cookie;
async function shown(): Promise<any> {
  const reply = await house.app.inject({ method: "GET", url: "/api/ledger/outlets", headers: { cookie: as("auditor") } });
  return (reply.json() as any).outlets.at(-1);
}
async function record(count: number, accountNo = 1): Promise<void> {
  const one = (at: number): Promise<unknown> => house.open.ledger.append(testEvent({ accountNo, facts: { at } }));
  // Some at a time: what waits for too long is refused.
  for (let from = 0; from < count; from += 500) await Promise.all(Array.from({ length: Math.min(500, count - from) }, (_, at) => one(from + at)));
  await house.open.sequencer.sequenceNow();
}
/** A run of the task, with everything settled before it and nothing waiting for its turn; another one for what came meanwhile. */
async function send(): Promise<void> {
  let last: any;
  for (let runs = 0; runs === 0 || (runs < 5 && last?.state === "ok" && last.waiting > 0); runs += 1) {
    await house.open.sequencer.sequenceNow();
    await house.database.owner.query("update checkpoint_outlets set next_at = to_timestamp(0)");
    await sendEvents(house.open.storehouse, new AbortController().signal);
    last = await shown();
  }
}
const treeSize = async (): Promise<number> =>
  Number((await house.database.owner.query<{ size: string }>("select max(tree_size) as size from ledger_checkpoints")).rows[0]!.size);
const upTo = (size: number): number[] => Array.from({ length: size }, (_, at) => at);
const syslog = (port: number, more: object = {}): object => ({ kind: "syslog", host: "localhost", port, trusted: authority.ca, since: "start", ...more });

describe("over syslog, a SIEM", () => {
  test("is given every event in order, each as it stands in the signed tree, and none again", async () => {
    receiver = await startReceiver(localhost);
    expect((await addOutletWithConsent(house, syslog(receiver.port))).status).toBe(200);
    await record(5_000);
    await send();
    const size = await treeSize();
    expect(size).toBeGreaterThan(5_000);
    expect(receiver.faults).toEqual([]);
    expect(receiver.messages.map(({ data }) => Number(data["sequence"]))).toEqual(upTo(size));
    // The first migration of a house names everything it brought: longer than a message, it goes without its facts and says so.
    const whole = receiver.messages.filter(({ data }) => data["cut"] === undefined);
    expect(receiver.messages.filter((message) => !whole.includes(message)).map(({ data }) => data["type"])).toEqual(["storehouse.migrated"]);
    for (const { text, data } of whole) expect(hashLeaf(Buffer.from(text, "utf8")).toString("base64")).toBe(data["leaf"]);
    expect(await shown()).toMatchObject({ kind: "syslog", state: "ok", problem: null, lastSize: size, waiting: 0, target: `localhost:${receiver.port}` });
    await send();
    await record(3);
    expect((await shown()).waiting).toBeGreaterThanOrEqual(3);
    await send();
    expect(receiver.messages.map(({ data }) => Number(data["sequence"]))).toEqual(upTo(await treeSize()));
    const { rows } = await house.database.owner.query("select from ledger_rounds r, unnest(r.event_nos) where round_no > 0");
    expect(rows).toHaveLength(await treeSize());
  });

  test("that is killed in the middle has lost nothing once it is back, and what it saw twice is the same", async () => {
    const first = await startReceiver(localhost);
    await addOutletWithConsent(house, syslog(first.port));
    await record(6_000);
    first.fallAfter(3_000);
    await send();
    expect(first.messages).toHaveLength(3_000);
    expect(await shown()).toMatchObject({ state: "failing", problem: "not-confirmed", lastSize: 2_000 });
    await send();
    expect(await shown()).toMatchObject({ state: "failing", problem: "unreachable", lastSize: 2_000 });
    receiver = await startReceiver({ ...localhost, port: first.port });
    await send();
    await send();
    const size = await treeSize();
    expect(await shown()).toMatchObject({ state: "ok", lastSize: size, waiting: 0 });
    const all = [...first.messages, ...receiver.messages];
    const bySequence = Map.groupBy(all, ({ data }) => Number(data["sequence"]));
    expect([...bySequence.keys()].toSorted((a, b) => a - b)).toEqual(upTo(size));
    for (const same of bySequence.values()) expect(new Set(same.map(({ text }) => text)).size).toBe(1);
    expect([...first.faults, ...receiver.faults]).toEqual([]);
    const told = await listEvents(house.open.storehouse.pool, { types: ["ledger.push-failed", "ledger.push-resumed"], limit: 10 });
    expect(told.events.map(({ type, facts }) => [type, facts["kind"], facts["problem"]])).toEqual([
      ["ledger.push-resumed", "syslog", undefined],
      ["ledger.push-failed", "syslog", "not-confirmed"],
    ]);
  });

  test("of another authority, or of another name, is sent nothing", async () => {
    const others = makeCertificates();
    for (const certificate of [others.sign("localhost"), authority.sign("siem.example")]) {
      const stranger = await startReceiver(certificate);
      await addOutletWithConsent(house, syslog(stranger.port));
      await send();
      expect(await shown()).toMatchObject({ state: "failing", problem: "certificate-refused", lastSize: null });
      expect(stranger.messages).toEqual([]);
      await stranger.close();
      await house.database.owner.query("update checkpoint_outlets set ended_at = now() where ended_at is null");
    }
    others.remove();
  });

  test("that asks for a certificate is shown ours; without one nothing counts as sent", async () => {
    const own = authority.sign("kuraban.example");
    receiver = await startReceiver({ ...localhost, clients: authority.ca });
    await addOutletWithConsent(house, syslog(receiver.port));
    await send();
    expect(await shown()).toMatchObject({ state: "failing", problem: "certificate-refused", lastSize: null });
    await addOutletWithConsent(house, syslog(receiver.port, { certificate: own.cert, privateKey: own.key }));
    await send();
    expect(await shown()).toMatchObject({ state: "ok", lastSize: await treeSize() });
    expect(receiver.messages.length).toBeGreaterThan(0);
    const { rows } = await house.database.owner.query<{ row: string }>(
      "select c::text as row from checkpoint_outlets c union all select e::text from ledger_events e",
    );
    const stored = rows.map(({ row }) => row).join("\n");
    const [, secret] = own.key.split("\n") as [string, string];
    for (const form of [secret, Buffer.from(secret).toString("hex")]) expect(stored.includes(form)).toBe(false);
  });

  test("that shuts the door before it has read is sent the same again", async () => {
    receiver = await startReceiver(localhost);
    await addOutletWithConsent(house, syslog(receiver.port, { since: "now" }));
    receiver.fallAfter(1);
    await send();
    expect(await shown()).toMatchObject({ state: "failing", problem: "not-confirmed" });
  });

  test("is told at once of an event that somebody changed or removed", async () => {
    await record(4, 4711);
    receiver = await startReceiver(localhost);
    await addOutletWithConsent(house, syslog(receiver.port));
    const { owner } = house.database;
    const { rows } = await owner.query<{ event_no: string }>("select event_no from ledger_events where account_no = 4711 order by event_no");
    const [changed, removed] = rows.map((row) => Number(row.event_no)) as [number, number];
    await owner.query("begin");
    await owner.query("set local session_replication_role = replica");
    await owner.query("update ledger_events set header = replace(header, '4711', '4712') where event_no = $1", [changed]);
    await owner.query("delete from ledger_events where event_no = $1", [removed]);
    await owner.query("commit");
    await send();
    const odd = receiver.messages.filter(({ data }) => data["state"] !== undefined);
    expect(odd.map(({ data, severity }) => [Number(data["event"]), data["state"], severity])).toEqual([
      [changed, "altered", 1],
      [removed, "missing", 1],
    ]);
    expect(receiver.messages.map(({ data }) => Number(data["sequence"]))).toEqual(upTo(await treeSize()));
  });
});

describe("in files, an agent", () => {
  const read = (share: string): { files: string[]; lines: any[] } => {
    const files = readdirSync(share).toSorted();
    const lines = files.flatMap((file) => readFileSync(join(share, file), "utf8").split("\n").slice(0, -1));
    return { files, lines: lines.map((line) => JSON.parse(line)) };
  };

  test("finds every event once and in order, whatever a crash left of the last write", async () => {
    const share = mkdtempSync(join(folder, "share-"));
    expect((await addOutletWithConsent(house, { kind: "lines", folder: share, since: "start" })).status).toBe(200);
    await send();
    const { files } = read(share);
    const day = new Date().toISOString().slice(0, 10);
    expect(files.at(-1)).toMatch(new RegExp(`^kuraban[\\w.-]*\\.${day}\\.jsonl$`));
    expect(read(share).lines.map(({ sequence }) => sequence)).toEqual(upTo(await treeSize()));
    for (const name of files) expect(statSync(join(share, name)).mode & 0o777).toBe(0o640);

    const file = join(share, files.at(-1)!);
    const { lastSize } = await shown();
    await record(10);
    await send();
    const whole = readFileSync(file, "utf8");
    // The lines were written, the place in the database was not; and then a part of a line alone.
    await house.database.owner.query("update checkpoint_outlets set tree_size = $1 where ended_at is null", [lastSize]);
    await send();
    expect(readFileSync(file, "utf8").startsWith(whole)).toBe(true);
    truncateSync(file, whole.length - 30);
    await house.database.owner.query("update checkpoint_outlets set tree_size = $1 where ended_at is null", [lastSize]);
    await send();
    expect(readFileSync(file, "utf8").startsWith(whole)).toBe(true);
    expect(read(share).lines.map(({ sequence }) => sequence)).toEqual(upTo(await treeSize()));

    // Another life of the tree wrote the last line: nothing of this one may be taken for written.
    await record(2);
    appendFileSync(file, `${JSON.stringify({ sequence: 999_999, event: 1, epoch: 9, leaf: "", header: null })}\n`);
    await send();
    const sequences = read(share).lines.map(({ sequence }) => sequence as number);
    expect(sequences.filter((sequence) => sequence !== 999_999)).toEqual(upTo(await treeSize()));
  });

  test("is not written to behind a newer day, and a folder that is gone holds nothing up for good", async () => {
    const share = mkdtempSync(join(folder, "share-"));
    await addOutletWithConsent(house, { kind: "lines", folder: share, since: "start" });
    await send();
    const [name] = readdirSync(share) as [string];
    const tomorrow = name.replace(/\d{4}-\d\d-\d\d/, "2999-01-01");
    writeFileSync(join(share, tomorrow), "");
    const before = readFileSync(join(share, name), "utf8");
    await record(1);
    await send();
    expect(readFileSync(join(share, name), "utf8")).toBe(before);
    expect(readFileSync(join(share, tomorrow), "utf8")).not.toBe("");
    rmSync(share, { recursive: true });
    await record(1);
    await send();
    expect(await shown()).toMatchObject({ state: "failing", problem: "folder-missing" });
    expect((await addOutletWithConsent(house, { kind: "lines", folder: `${share}/`, since: "start" })).status).toBe(400);
    const again = mkdtempSync(join(folder, "share-"));
    await addOutletWithConsent(house, { kind: "lines", folder: again, since: "now" });
    expect((await addOutletWithConsent(house, { kind: "lines", folder: `${again}/.`, since: "start" })).json.code).toBe("conflict");
    await record(2);
    await send();
    expect(await shown()).toMatchObject({ kind: "lines", state: "ok", waiting: 0 });
    expect(read(again).lines.length).toBeLessThan(10);
  });
});

test("places for events are added by the system administrator alone, with settings that hold, and stand in the ledger", async () => {
  const own = authority.sign("kuraban.example");
  const byAuditor = await house.app.inject({
    method: "POST",
    url: "/api/ledger/outlets",
    headers: { cookie: as("auditor"), "x-kuraban": "1" },
    payload: syslog(6514),
  });
  expect(byAuditor.statusCode).toBe(403);
  for (const [wrong, more] of [
    ["trusted", { trusted: "none" }],
    ["privateKey", { certificate: own.cert }],
    ["privateKey", { certificate: own.cert, privateKey: localhost.key }],
    ["certificate", { privateKey: own.key }],
  ] as const) {
    const { status, json } = await addOutletWithConsent(house, syslog(6514, more));
    expect([status, json.facts?.fields ?? json.fields]).toEqual([400, [`${wrong}:invalid`]]);
  }
  expect((await addOutletWithConsent(house, { kind: "lines", folder: house.open.place.keysFolder })).status).toBe(400);
  expect((await addOutletWithConsent(house, syslog(6514))).status).toBe(200);
  const [added] = (await listEvents(house.open.storehouse.pool, { types: ["ledger.outlet-requested"], limit: 1 })).events;
  expect(added?.facts).toMatchObject({ kind: "syslog", since: "start" });
});

test("checkpoints and events go their own ways", async () => {
  const share = mkdtempSync(join(folder, "share-"));
  await addOutletWithConsent(house, { kind: "lines", folder: share, since: "start" });
  await house.open.sequencer.sequenceNow();
  await sendCheckpoints(house.open.storehouse, new AbortController().signal);
  expect(readdirSync(share)).toEqual([]);
});

test("any stretch of the tree is read as it lies, across rounds and their gaps", async () => {
  const pool = house.open.storehouse.pool;
  const size = await treeSize();
  const all = await readHeaders(pool, 0, size + 10);
  expect(all.map(({ sequence }) => sequence)).toEqual(upTo(size));
  for (const from of [0, 1, 2, 17, size - 3, size]) expect(await readHeaders(pool, from, from + 5)).toEqual(all.slice(from, from + 5));
});
