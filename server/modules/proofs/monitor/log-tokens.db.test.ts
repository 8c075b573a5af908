import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hashLeaf, holdsConsistency, listEvents, openNote, parseCheckpoint, parseVerifierKey } from "#server/core/ledger/index.ts";
import { approvalTasks } from "#server/modules/approvals/index.ts";
import { endpoints } from "#shared/index.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { followLog } from "../witness/follow-log.ts";
import { openWitnessFolder } from "../witness/witness-folder.ts";
import { hashOfToken, logTokenNotice } from "./log-tokens.ts";

let house: SeededHouse;
let administrator: Caller, officer: Caller, manager: Caller, auditor: Caller;
beforeAll(async () => {
  house = await openSeededHouse([["system-administrator"], ["privacy-officer"], ["manager"], ["auditor"]]);
  [administrator, officer, manager, auditor] = house.callers as [Caller, Caller, Caller, Caller];
  await house.open.sequencer.sequenceNow();
}, 60_000);
afterAll(() => house.close());

const ask = (who: Caller, method: string, url: string, body?: unknown): Promise<Reply> =>
  request(house, { method, url, cookie: who.cookie, ...(body === undefined ? {} : { body }) });
async function read(token: string, path: string): Promise<{ status: number; bytes: Buffer; code: unknown }> {
  const reply = await house.app.inject({ method: "GET", url: path, headers: { authorization: `Bearer ${token}` } });
  return { status: reply.statusCode, bytes: reply.rawPayload, code: reply.statusCode === 200 ? undefined : reply.json<{ code: string }>().code };
}
async function make(name = "監視サーバー"): Promise<{ tokenNo: number; token: string; requestNo: number }> {
  const reply = await ask(administrator, "POST", "/api/ledger/log-tokens", { name });
  expect(reply.status).toBe(200);
  const [made] = (await listEvents(house.database.app, { types: ["ledger.log-token-made"], limit: 1 })).events;
  return { tokenNo: Number(reply.body["tokenNo"]), token: String(reply.body["token"]), requestNo: Number(made!.facts["requestNo"]) };
}
const monitored = async (tokenNo: number) =>
  (await listEvents(house.database.app, { types: ["ledger.log-monitored"], limit: 50 })).events.filter(({ facts }) => facts["tokenNo"] === tokenNo);
const paths = ["/api/ledger-monitor/checkpoint", "/api/ledger-monitor/tile/0/000.p/1", "/api/ledger-monitor/consistency?from=1"];

test("a token is made by a system administrator alone, shown once, and kept as its hash", async () => {
  for (const who of [officer, manager, auditor]) expect((await ask(who, "POST", "/api/ledger/log-tokens", { name: "x" })).status).toBe(403);
  const { tokenNo, token } = await make("監視サーバー零号");
  const listed = await ask(auditor, "GET", "/api/ledger/log-tokens");
  expect((listed.body["tokens"] as { tokenNo: number }[])[0]).toMatchObject({
    tokenNo,
    name: "監視サーバー零号",
    madeBy: administrator.accountNo,
    isTold: false,
  });
  expect(listed.bytes.toString("utf8")).not.toContain(token);
  expect((await ask(manager, "GET", "/api/ledger/log-tokens")).status).toBe(403);
  const { rows } = await house.database.owner.query<{ hash: Buffer; row: string }>("select hash, t::text as row from ledger_log_tokens t where token_no = $1", [
    tokenNo,
  ]);
  expect(rows[0]!.hash.equals(hashOfToken(token))).toBe(true);
  expect(rows[0]!.row).not.toMatch(/監視|kbm_/);
});

test("it reads checkpoints, hashes and proofs that lead to the signed root, and each hour of it stands in the ledger once", async () => {
  const { tokenNo, token } = await make();
  await house.open.sequencer.sequenceNow();
  const { epochs } = (await ask(auditor, "GET", "/api/ledger/log/epochs")).body as { epochs: { verifierKey: string }[] };
  const { name, publicKey } = parseVerifierKey(epochs.at(-1)!.verifierKey);
  const note = (await read(token, "/api/ledger-monitor/checkpoint")).bytes.toString("utf8");
  const { treeSize, rootHash } = parseCheckpoint(openNote(note, name, publicKey)!);
  const leaf = (await read(token, "/api/ledger-monitor/tile/0/000.p/1")).bytes;
  const proof = JSON.parse((await read(token, `/api/ledger-monitor/consistency?from=1&to=${treeSize}`)).bytes.toString("utf8")) as { hashes: string[] };
  const hashes = proof.hashes.map((hash) => Buffer.from(hash, "base64"));
  expect(holdsConsistency(1, treeSize, leaf, rootHash, hashes)).toBe(true);
  const bundle = await house.app.inject({ method: "GET", url: "/api/ledger/log/tile/entries/000.p/1", headers: { cookie: auditor.cookie } });
  expect(hashLeaf(bundle.rawPayload.subarray(2, 2 + bundle.rawPayload.readUInt16BE(0)))).toEqual(leaf);
  for (const path of paths) expect((await read(token, path)).status).toBe(200);
  const events = await monitored(tokenNo);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ principal: "anyone", accountNo: null, outcome: "ok" });
  await house.database.owner.query("update ledger_log_tokens set used_hour = used_hour - interval '1 hour' where token_no = $1", [tokenNo]);
  await Promise.all(paths.map((path) => read(token, path)));
  expect(await monitored(tokenNo)).toHaveLength(2);
});

test("it opens nothing else, and nothing but a token opens these", async () => {
  const { token } = await make();
  expect((await read(token, "/api/ledger-monitor/tile/entries/000.p/1")).code).toBe("invalid-input");
  expect((await read(token, "/api/ledger-monitor/tile/9/000")).code).toBe("not-found");
  const others = endpoints.filter(({ access }) => access !== "anyone");
  expect(others.length).toBeGreaterThan(250);
  for (const { method, path } of others) {
    const url = path.replaceAll(/:\w+/g, "1").replace("*", "000");
    const headers = { authorization: `Bearer ${token}`, "x-kuraban": "1", "user-agent": "test" };
    const reply = await house.app.inject({ method, url, headers, ...(method === "GET" ? {} : { payload: {} }) });
    expect([method, path, reply.statusCode, reply.json<{ code: string }>().code]).toEqual([method, path, 401, "not-signed-in"]);
  }
  const asSession = await house.app.inject({ method: "GET", url: "/api/session", headers: { cookie: `kuraban-session=${token}` } });
  expect(asSession.statusCode).toBe(401);
  const almost = `${token.slice(0, -2)}${token.endsWith("AA") ? "BB" : "AA"}`;
  for (const path of paths) {
    expect((await house.app.inject({ method: "GET", url: path, headers: { cookie: administrator.cookie } })).statusCode).toBe(403);
    for (const wrong of ["", "kbm_", almost, hashOfToken(token).toString("hex")]) expect((await read(wrong, path)).code).toBe("not-permitted");
  }
});

test("one that is withdrawn is refused at once, and that it was tried is noted once an hour", async () => {
  const { tokenNo, token } = await make();
  expect((await read(token, paths[0]!)).status).toBe(200);
  for (const who of [manager, auditor]) expect((await ask(who, "POST", `/api/ledger/log-tokens/${tokenNo}/withdraw`, {})).status).toBe(403);
  expect((await ask(administrator, "POST", `/api/ledger/log-tokens/${tokenNo}/withdraw`, {})).status).toBe(200);
  expect((await ask(administrator, "POST", `/api/ledger/log-tokens/${tokenNo}/withdraw`, {})).status).toBe(404);
  for (const path of [...paths, ...paths]) expect((await read(token, path)).code).toBe("not-signed-in");
  expect((await monitored(tokenNo)).map(({ outcome }) => outcome).toSorted()).toEqual(["ok", "refused"]);
  const second = await make();
  expect((await ask(officer, "POST", `/api/ledger/log-tokens/${second.tokenNo}/withdraw`, {})).status).toBe(200);
});

test("the privacy officer, and nobody else, is told: taking note leaves it, refusing ends it", async () => {
  const first = await make("社外の監視");
  const { waiting } = (await ask(officer, "GET", "/api/approvals")).body as { waiting: { requestNo: number; kind: string; reason: string }[] };
  expect(waiting.find(({ requestNo }) => requestNo === first.requestNo)).toMatchObject({ kind: "log-token", reason: "社外の監視" });
  const decide = (who: Caller, requestNo: number, decision: string): Promise<Reply> => ask(who, "POST", `/api/approvals/${requestNo}/decide`, { decision });
  expect((await decide(manager, first.requestNo, "refuse")).status).toBe(404);
  expect((await decide(officer, first.requestNo, "approve")).status).toBe(200);
  expect((await read(first.token, paths[0]!)).status).toBe(200);
  const second = await make();
  expect((await decide(officer, second.requestNo, "refuse")).status).toBe(200);
  expect((await read(second.token, paths[0]!)).status).toBe(401);
  const tokens = (await ask(administrator, "GET", "/api/ledger/log-tokens")).body["tokens"] as { tokenNo: number }[];
  expect(tokens.find(({ tokenNo }) => tokenNo === first.tokenNo)).toMatchObject({ isTold: true, withdrawnAt: null });
  expect(tokens.find(({ tokenNo }) => tokenNo === second.tokenNo)).toMatchObject({ isTold: true, withdrawnBy: officer.accountNo });
});

test("one that nobody judged in its term ends with it: at once for who comes, and written down by the hour", async () => {
  const [judged, left] = [await make(), await make()];
  expect((await ask(officer, "POST", `/api/approvals/${judged.requestNo}/decide`, { decision: "approve" })).status).toBe(200);
  await house.database.owner.query("update approvals set expires_at = now() where request_no = any($1)", [[judged.requestNo, left.requestNo]]);
  expect([(await read(judged.token, paths[0]!)).status, (await read(left.token, paths[0]!)).code]).toEqual([200, "not-signed-in"]);
  const job = { payload: {}, attempt: 1, signal: new AbortController().signal, remember: async () => true };
  await approvalTasks(house.open.storehouse, [logTokenNotice])["approvals.expire"]!.run(job);
  const tokens = (await ask(administrator, "GET", "/api/ledger/log-tokens")).body["tokens"] as { tokenNo: number }[];
  expect(tokens.find(({ tokenNo }) => tokenNo === left.tokenNo)).toMatchObject({ withdrawnAt: expect.any(String), withdrawnBy: null });
  expect(tokens.find(({ tokenNo }) => tokenNo === judged.tokenNo)).toMatchObject({ withdrawnAt: null });
  const [event] = (await listEvents(house.database.app, { types: ["approval.expired"], limit: 1 })).events;
  expect(event!.facts).toMatchObject({ tokenNo: left.tokenNo, requestNo: left.requestNo });
});

test("a witness follows the log by a token, and refuses what does not continue what it keeps", async () => {
  const { token, tokenNo } = await make();
  await house.open.sequencer.sequenceNow();
  const { epochs } = (await ask(auditor, "GET", "/api/ledger/log/epochs")).body as { epochs: { verifierKey: string; origin: string }[] };
  const folder = mkdtempSync(join(tmpdir(), "kuraban-follow-"));
  try {
    const options = { folder, name: "witness.example/1", logKey: epochs.at(-1)!.verifierKey, random: (bytes: number) => randomBytes(bytes) };
    const kept = openWitnessFolder(options);
    const url = await house.app.listen({ host: "127.0.0.1", port: 0 });
    const look = (given: Partial<Parameters<typeof followLog>[0]> = {}) => followLog({ folder: kept, url, token, now: () => new Date(), fetch, ...given });
    const first = await look();
    expect(first).toMatchObject({ state: "kept" });
    await make();
    await house.open.sequencer.sequenceNow();
    const second = await look();
    expect(second.state === "kept" && first.state === "kept" && second.treeSize > first.treeSize).toBe(true);
    const origin = epochs.at(-1)!.origin;
    const last = kept.lastOf(origin)!;
    kept.keep({ ...last, rootHash: Buffer.alloc(32, 7) });
    await make();
    await house.open.sequencer.sequenceNow();
    expect(await look()).toMatchObject({ state: "refused", status: 422 });
    expect(await look({ url: "http://127.0.0.1:9" })).toEqual({ state: "unreachable" });
    await ask(administrator, "POST", `/api/ledger/log-tokens/${tokenNo}/withdraw`, {});
    expect(await look()).toEqual({ state: "token-refused" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
