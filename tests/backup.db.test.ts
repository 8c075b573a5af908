import { randomUUID } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createZstdDecompress } from "node:zlib";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { backupHouse } from "#server/app/command-backup.ts";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import { connectOwner } from "#server/platform/database/connect.ts";
import { withLogin } from "#server/platform/database/database-url.ts";
import { actAs } from "#server/core/door/index.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import { fold, newRecoveryKey } from "#server/core/vault/index.ts";
import { makeRecoveryKey } from "#server/modules/accounts/recovery-public-key.ts";
import { emptied, leftOut } from "#server/modules/backup/data-tables.ts";
import { readFrames } from "#server/modules/backup/frames.ts";
import { findBackup, refreshKeyFiles, writeBackup, type WrittenBackup } from "#server/modules/backup/index.ts";
import { openFile } from "#server/modules/backup/sealed-file.ts";
import { verifyStorehouse } from "#server/modules/records/index.ts";
import { sentinelValues } from "#server/modules/sample/index.ts";
import { openSeededHouse, password, type SeededHouse } from "./support/seeded-house.ts";
import { findOtherPlace, type OtherPlace } from "./support/restore-elsewhere.ts";
import { buildScanner } from "./support/sentinel-scanner.ts";
import { totpCodeAt } from "./support/totp-code.ts";

let house: SeededHouse;
let recoveryKey: string;
let folder: string;
let written: WrittenBackup;
const places: OtherPlace[] = [];

beforeAll(async () => {
  house = await openSeededHouse([["manager"], ["sales"]], { unowned: 4 });
  recoveryKey = await actAs(house.open.storehouse, "system", "organisation.founded", randomUUID(), makeRecoveryKey);
  folder = join(house.folder, "backups");
  await house.open.sequencer.sequenceNow();
  written = await writeBackup(backupHouse(house.open), { to: folder });
}, 120_000);
afterEach(async () => {
  for (const place of places.splice(0)) await place.remove();
});
afterAll(() => house.close());

async function otherPlace(): Promise<OtherPlace> {
  const place = await findOtherPlace();
  places.push(place);
  return place;
}

/** A folder of its own with copies of the two files. */
function copyBackup(name: string): { from: string; data: string; keys: string } {
  const from = join(house.folder, name);
  mkdirSync(from);
  const [data, keys] = [join(from, written.file), join(from, "kuraban-keys.kbk")];
  copyFileSync(join(folder, written.file), data);
  copyFileSync(join(folder, "kuraban-keys.kbk"), keys);
  return { from, data, keys };
}

async function rowsOf(query: pg.Pool | pg.Client, table: string): Promise<string[]> {
  const { rows } = await query.query<{ row: string }>(`select t::text as row from ${table} t order by 1`);
  return rows.map(({ row }) => row);
}

/** What the frames hold, joined: a frame may end in the middle of a row. */
async function contentOf(): Promise<Buffer> {
  const found = await findBackup(folder, recoveryKey);
  const pieces: Buffer[] = [];
  await pipeline(openFile(found.path, found.dataKey), createZstdDecompress(), async (source: AsyncIterable<Buffer>) => {
    for await (const frame of readFrames(source)) pieces.push(frame.content);
  });
  return Buffer.concat(pieces);
}

async function refusal(act: Promise<unknown>): Promise<CannotStart> {
  const error: unknown = await act.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CannotStart);
  return error as CannotStart;
}

test("what comes back is the same rows, the same people found, a ledger that verifies in a new epoch, and staff who can sign in", async () => {
  const compared = ["customers", "companies", "accounts", "customer_search", "company_search"];
  const before: string[][] = [];
  for (const table of compared) before.push(await rowsOf(house.database.owner, table));
  const other = await otherPlace();
  const restored = await other.restore(folder, recoveryKey);
  expect(restored).toMatchObject({ customers: house.customerNos.length, companies: 3, erased: 0, unreadable: 0 });
  expect(restored.epoch).toMatch(/\/epoch-2$/);

  const { open, app, close } = await other.open();
  try {
    const owner = await connectOwner(open.ownerUrl);
    const after: string[][] = [];
    for (const table of compared) after.push(await rowsOf(owner, table));
    expect(after[0]).toHaveLength(house.customerNos.length);
    expect(after).toEqual(before);
    expect(await rowsOf(owner, "sessions")).toEqual([]);
    const indexes = "(select indexdef from pg_indexes where schemaname = 'public' order by 1)";
    expect(await rowsOf(owner, indexes)).toEqual(await rowsOf(house.database.owner, indexes));
    const keysAndGuards = `(select conrelid::regclass::text || conname || pg_get_constraintdef(oid) as d from pg_constraint where connamespace = 'public'::regnamespace
      union all select relname || relrowsecurity || relforcerowsecurity from pg_class where relnamespace = 'public'::regnamespace)`;
    expect(await rowsOf(owner, keysAndGuards)).toEqual(await rowsOf(house.database.owner, keysAndGuards));
    await owner.end();

    await open.sequencer.sequenceNow();
    expect(await verifyStorehouse(open.storehouse, "console")).toMatchObject({ ok: true, findings: [], rowsSwept: house.customerNos.length + 3 });

    const manager = sentinelValues("account", 0);
    const cookies = new Map<string, string>();
    const call = async (method: "GET" | "POST", url: string, payload?: object): Promise<Record<string, unknown>> => {
      const reply = await app.inject({
        method,
        url,
        headers: { "x-kuraban": "1", "user-agent": "test", cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
        ...(payload === undefined ? {} : { payload }),
      });
      for (const cookie of reply.cookies) cookies.set(cookie.name, cookie.value);
      expect([url, reply.statusCode]).toEqual([url, 200]);
      return JSON.parse(reply.body) as Record<string, unknown>;
    };
    await call("POST", "/api/session/password", { mail: manager["staffMail"], password });
    await call("POST", "/api/session/code", { code: totpCodeAt("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", new Date()) });
    const own = house.customerNos.find((no) => house.ownerOf.get(no) === house.callers[0]?.accountNo) as number;
    const values = sentinelValues("customer", house.customerIndex.get(own) as number);
    const view = (await call("POST", "/api/customers/views", { search: values["fullName"] })) as { total: number; rows: { customerNo: number }[] };
    expect(view.rows.map((row) => row.customerNo)).toEqual([own]);
  } finally {
    await close();
  }
}, 120_000);

test("numbers go on above those that were given out after the backup", async () => {
  const { from } = copyBackup("numbers");
  await house.database.owner.query("select setval('customers_customer_no_seq', 5000)");
  await refreshKeyFiles(backupHouse(house.open));
  copyFileSync(join(folder, "kuraban-keys.kbk"), join(from, "kuraban-keys.kbk"));
  const other = await otherPlace();
  await other.restore(from, recoveryKey);
  const { open, close } = await other.open();
  const { rows } = await open.pools.app.query<{ next: number }>("select nextval('customers_customer_no_seq') as next");
  await close();
  expect(rows[0]?.next).toBe(5001);
}, 60_000);

test("the data file holds no value in any form, no token of the index, and nothing that lets anybody in", async () => {
  const content = await contentOf();
  const scanner = buildScanner(house.sentinels, fold);
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  for (const bytes of [content, ...files]) expect(scanner.scan(bytes)).toEqual([]);
  // The scanner can see: the same bytes with one value in them.
  const planted = Buffer.concat([content.subarray(0, 5_000), Buffer.from(sentinelValues("customer", 0)["fullName"] as string)]);
  expect(scanner.scan(planted)).not.toEqual([]);

  // What is not there is looked for in the way in which it would stand there.
  const text = content.toString("latin1");
  const { rows: customers } = await house.database.owner.query<{ blob: string }>("select sealed_personal::text as blob from customers");
  for (const { blob } of customers) expect(text).toContain(blob.slice(1));
  const { rows: tokens } = await house.database.owner.query<{ tokens: string }>(
    "select tokens::text from customer_search union all select tokens::text from company_search",
  );
  expect(tokens.length).toBeGreaterThan(house.customerNos.length);
  for (const row of tokens) expect(text).not.toContain(row.tokens);
  const { rows: sessions } = await house.database.owner.query<{ hash: string }>("select encode(token_hash, 'hex') as hash from sessions");
  expect(sessions.length).toBeGreaterThan(0);
  for (const { hash } of sessions) expect(text).not.toContain(hash);
});

test("every table with search tokens, and every one that lets somebody in, stays out of backups", async () => {
  const { rows } = await house.database.owner.query<{ name: string; column: string }>(
    `select c.relname as name, a.attname as column from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and (a.attname = 'tokens' or a.attname = 'token_hash')`,
  );
  // Invitations come along, but used up: a restore voids them.
  const comeAlong = rows.filter(({ name, column }) => name !== "invitations" && !leftOut.includes(name) && emptied[name]?.[column] === undefined);
  expect(comeAlong).toEqual([]);
  const { rows: there } = await house.database.owner.query("select from pg_class where relname = any($1) and relkind = 'r'", [leftOut]);
  expect(there).toHaveLength(leftOut.length);
});

test("the recovery key of somebody else opens nothing, and a typing error names its group", async () => {
  const other = await otherPlace();
  const stranger = await newRecoveryKey();
  await refusal(other.restore(folder, stranger.text));
  const groups = recoveryKey.split("-");
  groups[2] = `${groups[2]?.slice(0, 4)}${groups[2]?.endsWith("7") ? "8" : "7"}`;
  expect((await refusal(other.restore(folder, groups.join("-")))).en).toContain("3");
  expect((await other.restore(folder, recoveryKey)).customers).toBe(house.customerNos.length);
}, 60_000);

test.each([
  ["cut off at its end", (path: string) => truncateSync(path, statSync(path).size - 1)],
  ["cut off after its head", (path: string) => truncateSync(path, 29)],
  ["with one bit turned", (path: string) => flip(path, Math.floor(statSync(path).size / 2))],
  ["with a byte added", (path: string) => writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.alloc(1)]))],
])(
  "a data file %s is refused, and the place stays empty",
  async (name, harm) => {
    const { from, data } = copyBackup(`harmed ${name}`);
    harm(data);
    const other = await otherPlace();
    expect((await refusal(other.restore(from, recoveryKey))).en).toContain("damaged");
    expect(readdirSync(other.folder)).toEqual(["keys"]);
    expect(readdirSync(other.place.keysFolder)).toEqual(["database.json"]);
    expect((await other.restore(folder, recoveryKey)).customers).toBe(house.customerNos.length);
  },
  60_000,
);

test("a changed key file is refused, in its head and in its body", async () => {
  const { from, keys } = copyBackup("changed keys");
  const other = await otherPlace();
  flip(keys, statSync(keys).size - 20);
  expect((await refusal(other.restore(from, recoveryKey))).en).toContain("damaged");
  copyFileSync(join(folder, "kuraban-keys.kbk"), keys);
  const text = readFileSync(keys, "latin1");
  writeFileSync(keys, text.replace('"at":"20', '"at":"21'), "latin1");
  expect((await refusal(other.restore(from, recoveryKey))).en).toContain("damaged");
});

test("a place where something is stays as it is", async () => {
  const other = await otherPlace();
  mkdirSync(other.place.dataFolder);
  writeFileSync(join(other.place.dataFolder, "letter"), "mine");
  expect((await refusal(other.restore(folder, recoveryKey))).en).toContain("not empty");
  expect(readFileSync(join(other.place.dataFolder, "letter"), "utf8")).toBe("mine");
});

test("what a killed restore left behind is cleared away by the next one", async () => {
  const other = await otherPlace();
  mkdirSync(join(other.place.dataFolder, "postgres"), { recursive: true });
  for (const name of ["restoring", "trees.sealed", "signing.sealed"]) writeFileSync(join(other.place.keysFolder, name), "half", { mode: 0o600 });
  expect((await refusal(other.open())).en).toContain("Run restore again");
  expect((await other.restore(folder, recoveryKey)).customers).toBe(house.customerNos.length);
  expect(readdirSync(other.place.keysFolder)).not.toContain("restoring");
}, 60_000);

test("a folder with the keys of another storehouse is not written over", async () => {
  const { from, keys } = copyBackup("foreign");
  const foreign = readFileSync(keys, "latin1").replace(/"checkpointKey":"(.)/, (_, first) => `"checkpointKey":"${first === "_" ? "-" : "_"}`);
  writeFileSync(keys, foreign, "latin1");
  await refusal(writeBackup(backupHouse(house.open), { to: from }));
  expect(readFileSync(keys, "latin1")).toBe(foreign);
});

test("the ledger says that keys and data were copied, before and after, and names no folder", async () => {
  const { events } = await listEvents(house.database.app, { limit: 200, types: ["backup.started", "backup.written", "keys.copied"] });
  const first = events.toReversed().slice(0, 3);
  expect(first.map((event) => event.type)).toEqual(["backup.started", "keys.copied", "backup.written"]);
  expect(first[2]?.facts).toMatchObject({ file: written.file, bytes: statSync(join(folder, written.file)).size });
  expect(JSON.stringify(events.map((event) => event.facts))).not.toContain(house.folder);
});

test("after an erasure the old data file and today's keys bring everybody back but the erased; an older key copy still would", async () => {
  const old = copyBackup("older key copy");
  const erased = house.customerNos.at(-1) as number;
  const { vault } = house.open;
  await vault.eraseKey({ kind: "customer", no: erased });
  const refreshed = await refreshKeyFiles({ ...backupHouse(house.open), exportKeys: () => vault.exportKeys() });
  expect(refreshed).toEqual({ written: [folder], missed: [] });

  const other = await otherPlace();
  expect(await other.restore(folder, recoveryKey)).toMatchObject({ customers: house.customerNos.length - 1, erased: 1, unreadable: 0 });
  const { open, close } = await other.open();
  try {
    const { rows } = await open.pools.app.query<{ numbers: number[] }>("select array_agg(customer_no) as numbers from customer_search");
    expect(rows[0]?.numbers.toSorted((a, b) => a - b)).toEqual(house.customerNos.filter((no) => no !== erased));
    expect(open.vault.isErased({ kind: "customer", no: erased })).toBe(true);
    await open.sequencer.sequenceNow();
    expect(await verifyStorehouse(open.storehouse, "console")).toMatchObject({ ok: true, findings: [] });
  } finally {
    await close();
  }

  // The horizon: whoever kept a copy of the key file from before still opens that person.
  const before = await otherPlace();
  expect(await before.restore(old.from, recoveryKey)).toMatchObject({ customers: house.customerNos.length, erased: 0, unreadable: 0 });
}, 120_000);

test("a backup folder out of reach is told of, and does not keep the others from their keys", async () => {
  const second = join(house.folder, "second");
  await writeBackup(backupHouse(house.open), { to: second });
  renameSync(second, `${second}.gone`);
  expect(await refreshKeyFiles(backupHouse(house.open))).toEqual({ written: [folder], missed: [second] });
  renameSync(`${second}.gone`, second);
  expect(await refreshKeyFiles(backupHouse(house.open))).toEqual({ written: [folder, second], missed: [] });
});

test("a backup that cannot be finished leaves no file, and the ledger says so", async () => {
  const lost = join(house.folder, "lost");
  await expect(writeBackup(backupHouse(house.open), { to: lost, onProgress: () => rmSync(lost, { recursive: true, force: true }) })).rejects.toThrow();
  expect(existsSync(lost) ? readdirSync(lost) : []).toEqual([]);
  const { events } = await listEvents(house.database.app, { limit: 1, types: ["backup.failed"] });
  expect(events).toMatchObject([{ facts: { file: expect.stringMatching(/^kuraban-data-/) as string } }]);
});

test("an owner who is no superuser backs up every row, too", async () => {
  const { owner, ownerUrl } = house.database;
  const login = `kuraban_test_owner_${randomUUID().slice(0, 8)}`;
  const [{ me }] = (await owner.query<{ me: string }>("select current_user as me")).rows as [{ me: string }];
  const giveTo = (whom: string): Promise<unknown> =>
    owner.query(`do $$ declare t regclass; begin
      for t in select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' loop
        execute format('alter table %s owner to ${whom}', t);
      end loop; end $$`);
  await owner.query(
    `create role ${login} login password 'plain owner'; grant usage on schema public to ${login}; do $$ begin execute format('grant connect on database %I to ${login}', current_database()); end $$`,
  );
  try {
    await giveTo(login);
    const plain = await writeBackup({ ...backupHouse(house.open), ownerUrl: withLogin(ownerUrl, login, "plain owner") }, { to: join(house.folder, "plain") });
    expect(plain.tables).toMatchObject({ customers: house.customerNos.length, companies: 3 });
  } finally {
    await giveTo(me);
    await owner.query(`drop owned by ${login}; drop role ${login}`);
  }
});

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(path, bytes);
}
