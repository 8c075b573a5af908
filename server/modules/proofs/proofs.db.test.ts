import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  formatTilePath,
  hashLeaf,
  holdsConsistency,
  holdsInclusion,
  listEvents,
  openNote,
  parseCheckpoint,
  parseVerifierKey,
  tilesOf,
} from "#server/core/ledger/index.ts";
import { rootOfHashes } from "#server/core/ledger/merkle.ts";
import { addOutletWithConsent } from "#tests/support/add-outlet.ts";
import { openSeededHouse, type SeededHouse } from "#tests/support/seeded-house.ts";
import { makeAuthority, type TestAuthority } from "#tests/support/time-authority.ts";
import { sendCheckpoints } from "./send-checkpoints.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let house: SeededHouse;
let folder: string;
beforeAll(async () => {
  house = await openSeededHouse([["auditor"], ["system-administrator"], ["privacy-officer"], ["sales"]]);
  folder = mkdtempSync(join(tmpdir(), "kuraban-share-"));
  await house.open.sequencer.sequenceNow();
});
afterAll(async () => {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

const as = (role: string): string => house.callers.find(({ name }) => name === role)!.cookie;
async function get(role: string, url: string): Promise<{ status: number; bytes: Buffer; json: () => Record<string, any>; type: string }> {
  const reply = await house.app.inject({ method: "GET", url, headers: { cookie: as(role) } });
  return { status: reply.statusCode, bytes: reply.rawPayload, json: () => reply.json() as Record<string, any>, type: String(reply.headers["content-type"]) };
}
async function post(role: string, url: string, body: unknown): Promise<{ status: number; json: Record<string, any> }> {
  const reply = await house.app.inject({ method: "POST", url, headers: { cookie: as(role), "x-kuraban": "1" }, payload: body as object });
  return { status: reply.statusCode, json: reply.json() as Record<string, any> };
}
const hashes = (list: string[]): Buffer[] => list.map((hash) => Buffer.from(hash, "base64"));

/** The newest checkpoint as an outsider reads it: by the verifier key alone. */
async function readLog(role = "sales"): Promise<{ treeSize: number; rootHash: Buffer }> {
  const { epochs } = (await get(role, "/api/ledger/log/epochs")).json();
  const { name, publicKey } = parseVerifierKey(epochs.at(-1).verifierKey as string);
  const reply = await get(role, "/api/ledger/log/checkpoint");
  expect(reply.type).toBe("text/plain; charset=utf-8");
  return parseCheckpoint(openNote(reply.bytes.toString("utf8"), name, publicKey)!);
}

describe("over the API, an outsider", () => {
  test("rebuilds the signed root from the tiles, and finds each leaf in the entries", async () => {
    const { treeSize, rootHash } = await readLog("auditor");
    const leaves: Buffer[] = [];
    for (const tile of tilesOf(treeSize).filter(({ level }) => level === 0)) {
      const path = formatTilePath(tile);
      const { bytes } = await get("auditor", `/api/ledger/log/tile/0/${path}`);
      leaves.push(...Array.from({ length: bytes.length / 32 }, (_, at) => bytes.subarray(at * 32, at * 32 + 32)));
      const bundle = (await get("auditor", `/api/ledger/log/tile/entries/${path}`)).bytes;
      for (let at = 0, leaf = tile.place * 256; at < bundle.length; leaf += 1) {
        const length = bundle.readUInt16BE(at);
        expect(hashLeaf(bundle.subarray(at + 2, at + 2 + length))).toEqual(leaves[leaf]);
        at += 2 + length;
      }
    }
    expect(rootOfHashes(leaves)).toEqual(rootHash);
    expect(leaves).toHaveLength(treeSize);
    await house.open.sequencer.sequenceNow();
    const read = (await listEvents(house.open.storehouse.pool, { types: ["ledger.entries-read"], limit: 5 })).events;
    expect(read[0]?.facts).toMatchObject({ from: 0, count: Math.min(256, treeSize) });
  });

  test("is given proofs that hold against the signed root", async () => {
    const before = await readLog();
    await get("auditor", "/api/ledger/log/tile/entries/000.p/1");
    await house.open.sequencer.sequenceNow();
    const after = await readLog();
    expect(after.treeSize).toBeGreaterThan(before.treeSize);
    const inclusion = (await get("sales", `/api/ledger/proofs/inclusion?eventNo=2&treeSize=${after.treeSize}`)).json();
    expect(holdsInclusion(Buffer.from(inclusion.leafHash, "base64"), inclusion.sequence, after.treeSize, hashes(inclusion.hashes), after.rootHash)).toBe(true);
    expect(Buffer.from(inclusion.rootHash, "base64")).toEqual(after.rootHash);
    const consistency = (await get("sales", `/api/ledger/proofs/consistency?from=${before.treeSize}&to=${after.treeSize}`)).json();
    expect(holdsConsistency(before.treeSize, after.treeSize, before.rootHash, after.rootHash, hashes(consistency.hashes))).toBe(true);
    expect(consistency.checkpoint).toContain(`\n${after.treeSize}\n`);
  });

  test.each([
    ["/api/ledger/log/tile/0/999", 404],
    ["/api/ledger/log/tile/0/0", 404],
    ["/api/ledger/log/tile/00/000.p/1", 404],
    ["/api/ledger/log/tile/64/000.p/1", 404],
    ["/api/ledger/proofs/inclusion", 400],
    ["/api/ledger/proofs/inclusion?sequence=99999999", 404],
    ["/api/ledger/proofs/consistency?from=99999999", 400],
    ["/api/ledger/proofs/consistency?from=1&to=99999999", 404],
  ])("%s is refused with %i", async (url, status) => {
    expect((await get("auditor", url)).status).toBe(status);
  });
});

test("entries and places ask for the right to them; hashes do not", async () => {
  expect((await get("sales", "/api/ledger/log/tile/0/000.p/1")).status).toBe(200);
  expect((await get("sales", "/api/ledger/log/tile/entries/000.p/1")).status).toBe(403);
  expect((await get("auditor", "/api/ledger/log/tile/entries/000.p/1")).status).toBe(200);
  expect((await get("sales", "/api/ledger/outlets")).status).toBe(403);
  expect((await post("auditor", "/api/ledger/outlets", { kind: "folder", folder })).status).toBe(403);
  expect((await house.app.inject({ method: "GET", url: "/api/ledger/log/checkpoint" })).statusCode).toBe(401);
});

test.each([
  ["a folder that is not there", { kind: "folder", folder: "/nowhere/at/all" }],
  ["a folder by a relative path", { kind: "folder", folder: "." }],
  ["a webhook in clear to another machine", { kind: "webhook", url: "http://example.com/" }],
  ["an address with a password in it", { kind: "webhook", url: "https://me:secret@example.com/" }],
  ["mail in clear to another machine", { kind: "mail", host: "mail.example.com", port: 25, security: "none", from: "a@example.com", to: "b@example.com" }],
  [
    "a witness by the key of a log",
    { kind: "witness", url: "https://example.com", verifierKey: "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW" },
  ],
  ["an authority without certificates", { kind: "timestamp", url: "http://example.com", anchors: "none" }],
])("%s is no place for checkpoints", async (_, settings) => {
  const reply = await post("system-administrator", "/api/ledger/outlets", settings);
  expect([reply.status, reply.json["code"]]).toEqual([400, "invalid-input"]);
});

test("the folders of data and keys are no place for checkpoints, nor one above them", async () => {
  for (const place of [house.open.place.dataFolder, join(house.open.place.dataFolder, "files"), house.open.place.keysFolder, house.folder]) {
    expect((await post("system-administrator", "/api/ledger/outlets", { kind: "folder", folder: place })).status).toBe(400);
  }
});

describe("a checkpoint goes to", () => {
  let authority: TestAuthority;
  let hook: Server;
  let mail: SMTPServer;
  const hooked: { body: any; authorization: string | undefined }[] = [];
  const mailed: { user: string | undefined; raw: string; secure: boolean }[] = [];
  let certificate: { key: string; cert: string };
  beforeAll(async () => {
    authority = makeAuthority();
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "mail.key",
        "-out",
        "mail.pem",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
      ],
      { cwd: folder, stdio: "pipe" },
    );
    certificate = { key: readFileSync(join(folder, "mail.key"), "utf8"), cert: readFileSync(join(folder, "mail.pem"), "utf8") };
    hook = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      hooked.push({ body: JSON.parse(Buffer.concat(parts).toString("utf8")), authorization: request.headers.authorization });
      response.writeHead(204).end();
    });
    await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
    mail = new SMTPServer({
      ...certificate,
      onAuth: (auth, session, done) => done(auth.password === "mail password" ? null : new Error("wrong"), { user: `${auth.username}/${session.secure}` }),
      onData(stream, session, done) {
        const parts: Buffer[] = [];
        stream.on("data", (part: Buffer) => parts.push(part));
        stream.on("end", () => {
          mailed.push({ user: session.user as string | undefined, raw: Buffer.concat(parts).toString("utf8"), secure: session.secure });
          done();
        });
      },
    });
    mail.on("error", () => undefined);
    await new Promise<void>((resolve) => mail.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    authority.remove();
    hook.close();
    await new Promise<void>((resolve) => mail.close(() => resolve()));
  });
  const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;
  const send = async (): Promise<void> => {
    await house.open.sequencer.sequenceNow();
    await house.database.owner.query("update checkpoint_outlets set next_at = to_timestamp(0)");
    await sendCheckpoints(house.open.storehouse, new AbortController().signal);
  };
  const outlets = async (): Promise<any[]> => (await get("auditor", "/api/ledger/outlets")).json()["outlets"];

  test("a folder, a webhook, a mail address and an authority, each as the ledger signed it", async () => {
    const share = mkdtempSync(join(tmpdir(), "kuraban-share-"));
    const settings = [
      { kind: "folder", folder: share },
      { kind: "webhook", url: `http://127.0.0.1:${portOf(hook)}/hook`, token: "token of the hook" },
      {
        kind: "mail",
        host: "localhost",
        port: portOf(mail.server),
        security: "starttls",
        user: "kuraban",
        password: "mail password",
        from: "kuraban@example.jp",
        to: "auditor@example.jp",
        trusted: certificate.cert,
      },
      { kind: "timestamp", url: await authority.listen(), anchors: authority.anchorPem, policy: authority.policy },
    ];
    for (const body of settings) expect((await addOutletWithConsent(house, body)).status).toBe(200);
    await send();
    const list = await outlets();
    expect(list.map(({ kind, state, problem }) => [kind, state, problem])).toEqual(settings.map(({ kind }) => [kind, "ok", null]));
    expect(list.map(({ target }) => target)).toEqual([
      share,
      `http://127.0.0.1:${portOf(hook)}`,
      "localhost → ***@example.jp",
      expect.stringContaining("http://127.0.0.1:"),
    ]);

    const { epochs } = (await get("auditor", "/api/ledger/log/epochs")).json();
    const { name, publicKey } = parseVerifierKey(epochs.at(-1).verifierKey as string);
    const files = readdirSync(share).toSorted();
    expect(files).toHaveLength(2);
    const opened = files.map((file) => openNote(readFileSync(join(share, file), "utf8"), name, publicKey));
    expect(new Set(opened).size).toBe(1);
    const { treeSize } = parseCheckpoint(opened[0]!);
    expect(openNote(hooked.at(-1)?.body.note as string, name, publicKey)).toBe(opened[0]);
    expect(hooked.at(-1)).toMatchObject({ authorization: "Bearer token of the hook", body: { treeSize, epoch: 1 } });
    expect(mailed).toHaveLength(1);
    expect(mailed[0]).toMatchObject({ user: "kuraban/true", secure: true });
    const [, attached] = /filename=checkpoint\.txt\r\n\r\n([A-Za-z0-9+/=\r\n]+)/.exec(mailed[0]!.raw) ?? [];
    expect(openNote(Buffer.from(attached!, "base64").toString("utf8"), name, publicKey)).toBe(opened[0]);

    // The stamp is over the note as it stands in the reply, and openssl says so.
    const [stamp] = (await get("auditor", "/api/ledger/timestamps")).json()["timestamps"];
    expect(stamp).toMatchObject({ epoch: 1, treeSize, policy: authority.policy });
    writeFileSync(join(folder, "note"), stamp.note as string);
    writeFileSync(join(folder, "token"), Buffer.from(stamp.token as string, "base64"));
    writeFileSync(join(folder, "anchor"), authority.anchorPem);
    const said = execFileSync("openssl", ["ts", "-verify", "-data", "note", "-in", "token", "-token_in", "-CAfile", "anchor"], { cwd: folder, stdio: "pipe" });
    expect(said.toString()).toContain("Verification: OK");
    rmSync(share, { recursive: true });
    const { lastStampedAt } = (await get("auditor", "/api/ledger/checkpoint")).json();
    expect(lastStampedAt).toBe(stamp.at);
  });

  test("nowhere a password, token or whole address stands in clear", async () => {
    const { rows } = await house.database.owner.query<{ row: string }>(
      "select c::text as row from checkpoint_outlets c union all select e::text from ledger_events e",
    );
    const stored = rows.map(({ row }) => row).join("\n") + JSON.stringify(await outlets());
    for (const secret of ["mail password", "token of the hook", "auditor@example.jp", "kuraban@example.jp"]) {
      expect(stored).not.toContain(secret);
      expect(stored).not.toContain(Buffer.from(secret).toString("hex"));
    }
  });

  test("a place that is gone: its state says so, others go on, and it is tried again later", async () => {
    await new Promise<void>((resolve) => hook.close(() => resolve()));
    await get("auditor", "/api/ledger/log/tile/entries/000.p/1");
    await send();
    const gone = Object.fromEntries((await outlets()).map(({ kind, state, problem }) => [kind, [state, problem]]));
    expect(gone).toEqual({ folder: ["failing", "folder-missing"], webhook: ["failing", "unreachable"], mail: ["ok", null], timestamp: ["ok", null] });
    const { rows } = await house.database.owner.query<{ later: boolean }>("select next_at > tried_at as later from checkpoint_outlets");
    expect(rows.every(({ later }) => later)).toBe(true);
    const failed = (await listEvents(house.open.storehouse.pool, { types: ["ledger.push-failed"], limit: 10 })).events;
    expect(failed.map(({ facts }) => facts["problem"]).toSorted()).toEqual(["folder-missing", "unreachable"]);
    await send();
    expect((await listEvents(house.open.storehouse.pool, { types: ["ledger.push-failed"], limit: 10 })).events).toHaveLength(2);
  });

  test("the others, when somebody exchanged the settings of one", async () => {
    await house.database.owner.query(
      "update checkpoint_outlets set settings_sealed = (select settings_sealed from checkpoint_outlets where kind = 'mail') where kind = 'webhook'",
    );
    mailed.length = 0;
    await get("auditor", "/api/ledger/log/tile/entries/000.p/1");
    await send();
    const states = Object.fromEntries((await outlets()).map(({ kind, problem, target }) => [kind, [problem, target]]));
    expect(states).toMatchObject({ webhook: ["settings-unreadable", "?"], mail: [null, "localhost → ***@example.jp"] });
    expect(mailed).toHaveLength(1);
  });

  test("a place that was ended no more", async () => {
    const [first] = await outlets();
    expect((await post("auditor", `/api/ledger/outlets/${first.outletNo}/end`, {})).status).toBe(403);
    expect((await post("system-administrator", `/api/ledger/outlets/${first.outletNo}/end`, {})).status).toBe(200);
    expect((await post("system-administrator", `/api/ledger/outlets/${first.outletNo}/end`, {})).status).toBe(404);
    expect((await outlets()).map(({ kind }) => kind)).not.toContain("folder");
  });
});
