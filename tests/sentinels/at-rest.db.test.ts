import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTwinDatabase } from "#bench/twin/fill-twin.ts";
import { plainRow, valueColumns } from "#bench/twin/plain-row.ts";
import { twinIndexes, twinTables } from "#bench/twin/tables.ts";
import { modules } from "#server/app/modules.ts";
import { fold } from "#server/core/vault/index.ts";
import { sentinelsOf, sentinelValues, type Sentinel } from "#server/modules/sample/index.ts";
import { connectOwner } from "#server/platform/database/connect.ts";
import type { EmbeddedServer } from "#server/platform/database/embedded-server.ts";
import { findRunningServer } from "#server/platform/database/find-running-server.ts";
import { askOverHttp, type WireReply } from "../support/ask-over-http.ts";
import { filesBelow, ifStillThere, processTree } from "../support/look-behind.ts";
import { runKuraban, type RunningKuraban } from "../support/run-kuraban.ts";
import { seedEmbedded } from "../support/seed-embedded.ts";
import { password, totpSecret, type Caller, type Seeded } from "../support/seed-storehouse.ts";
import { buildScanner, type Scanner } from "../support/sentinel-scanner.ts";
import { makeTemporaryFolder, startServerIn } from "../support/throwaway-server.ts";
import { driveAll } from "./drive-routes.ts";
import { lookInto, placeNames, seeFiles, type Places } from "./look-into-places.ts";
import { csvOf, workOfADay } from "./work-of-a-day.ts";

/**
 * After full journeys on the real product nothing of anybody stands in its tables, its files, its logs, its backups or in
 * the memory of its database; and the same scanner, looking in the same places, finds everybody in the plain twin.
 */
const { folder, remove } = makeTemporaryFolder();
const dataFolder = join(folder, "data");
const keysFolder = `${dataFolder}.keys`;
const backupFolder = join(folder, "backup");
const [fromFile, uploaded, invited] = [600, 700, 80];

let house: Seeded;
let product: RunningKuraban;
let scanner: Scanner;
let sentinels: Sentinel[];
const replies: { name: string; reply: WireReply }[] = [];
const told: string[] = [];

const callerOf = (name: string): Caller => house.callers.find((caller) => caller.name === name) as Caller;
const isName = ({ kind, index, field }: Sentinel): string => `${kind} ${index} ${field}`;
const foundIn = (bytes: Uint8Array): string[] => scanner.scan(bytes).map(({ sentinel, form }) => `${isName(sentinel)} as ${form}`);
const ownerUrl = (): string => findRunningServer({ dataFolder, keysFolder }) as string;
const postmasterOf = (cluster: string): number => Number(readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n")[0]);

async function ask(name: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<WireReply> {
  const reply = await askOverHttp(product.url, { method, path, body, headers, cookie: callerOf(name).cookie });
  replies.push({ name: `${name}: ${method} ${path}`, reply });
  return reply;
}

/** One command of the product, beside the running server. */
function command(...words: string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["server/main.ts", ...words, "--data", dataFolder], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"] ?? "" },
  });
  told.push(stdout, stderr);
  return { status, said: stdout + stderr };
}

beforeAll(async () => {
  house = await seedEmbedded(
    dataFolder,
    [["sales"], ["office"], ["manager"], ["privacy-officer"], ["system-administrator"], ["auditor"], ["sales", "privacy-officer"], []],
    { unowned: 25 },
  );
  sentinels = [
    ...house.sentinels,
    ...sentinelsOf("account", invited),
    ...[fromFile, uploaded].flatMap((first) => Array.from({ length: 12 }, (_, nth) => sentinelsOf("customer", first + nth)).flat()),
  ];
  scanner = buildScanner(sentinels, fold);
  product = await runKuraban(dataFolder, { isWhole: true });
  await driveJourneys();
}, 600_000);
afterAll(async () => {
  await product?.stop();
  remove();
});

async function driveJourneys(): Promise<void> {
  const routes = modules.flatMap((module) => module.routes());
  // A session of its own, because the drive ends the one it is given.
  for (const name of ["sales", "sales+privacy-officer", "nothing"]) {
    await driveAll(house, routes, callerOf(name), async (method, asked) => {
      const reply = await askOverHttp(product.url, {
        method,
        path: asked.url,
        body: asked.body,
        cookie: callerOf(name).cookie,
        ...(asked.headers === undefined ? {} : { headers: asked.headers }),
      });
      replies.push({ name: `${name}: ${method} ${asked.url}`, reply });
      return reply;
    });
  }
  const staff = sentinelValues("account", invited);
  await ask("system-administrator", "POST", "/api/accounts", { name: staff["staffName"], mail: staff["staffMail"], departmentNo: null, roles: ["auditor"] });
  for (const account of [invited, 0]) {
    for (let tries = 0; tries < 3; tries += 1)
      await ask("nothing", "POST", "/api/session/password", { mail: sentinelValues("account", account)["staffMail"], password: `${password}x` });
  }
  await ask("nothing", "POST", "/api/session/password", { mail: sentinelValues("account", 1)["staffMail"], password });
  const own = house.customerNos.find((no) => house.ownerOf.get(no) === callerOf("office").accountNo) as number;
  await ask("office", "PATCH", `/api/customers/${own}`, { version: 1, values: { notes: sentinelValues("customer", fromFile)["notes"], fullName: null } });
  await ask("office", "PATCH", `/api/customers/${own}`, { version: 1, values: { notes: sentinelValues("customer", fromFile)["notes"] } });
  await ask("office", "POST", `/api/customers/${own}/reveal`, { fields: ["bankAccount", "considerations"], purpose: "contract" });
  await ask("office", "GET", `/api/customers/${own}/history`);
  await ask("office", "POST", `/api/customers/${own}/trash`, { version: 2 });
  await ask("privacy-officer", "GET", `/api/customers/${own}/exposures`);
  await ask("privacy-officer", "POST", "/api/ledger/events", {});
  await ask("privacy-officer", "PUT", "/api/fields/customer/jobTitle/class", { class: "personal" });
  await importOverHttp();
  await workOfADay({ ask, house, fromFile });

  const list = join(folder, `${sentinelValues("customer", fromFile)["section"]}.csv`);
  writeFileSync(list, csvOf(fromFile));
  expect(command("import", list, "--map", "auto", "--department", "近部", "--json").said).toMatch(/"added":1\d/);
  expect((await ask("auditor", "POST", "/api/ledger/verify")).body).toMatchObject({ ok: true });
  expect(command("backup", "--to", backupFolder, "--json").status).toBe(0);
}

async function importOverHttp(): Promise<void> {
  const name = encodeURIComponent(`${sentinelValues("customer", uploaded)["section"]}.csv`);
  const sent = await ask("office", "POST", "/api/imports", Buffer.from(csvOf(uploaded)), { "x-file-name": name });
  expect(sent.status).toBe(200);
  const path = `/api/imports/${String(sent.body["importNo"])}`;
  const stateOf = async (): Promise<string> => String((await ask("office", "GET", path)).body["state"]);
  for (let tries = 0; (await stateOf()) === "reading" && tries < 1_500; tries += 1) await wait(50);
  const preview = await ask("office", "GET", `${path}/preview`);
  const started = await ask("office", "POST", `${path}/start`, {
    ...(preview.body["mapping"] as object),
    duplicates: "add",
    cellNo: house.cells.get("near")?.cellNo,
  });
  expect([started.status, started.body]).toEqual([200, { kind: "running" }]);
  for (let tries = 0; (await stateOf()) === "running" && tries < 1_500; tries += 1) await wait(50);
  expect(await stateOf()).toBe("done");
  const [problem] = (await ask("office", "GET", `${path}/problems`)).body["problems"] as { problemNo: number }[];
  expect(problem).toBeDefined();
  await ask("office", "POST", `${path}/problems/${problem?.problemNo}/correct`, { value: `${sentinelValues("customer", uploaded + 3)["mail"]}@` });
}

/** Bytes that a place holds at the least, so that looking past it does not count. */
const leastBytes: Record<(typeof placeNames)[number], number> = {
  tables: 500_000,
  "temporary files": 50_000,
  "data files": 5_000_000,
  "write-ahead log": 16_000_000,
  "server log": 500,
  "memory of PostgreSQL": 5_000_000,
};

describe("of the storehouse", () => {
  let places: Places;
  beforeAll(async () => {
    const client = await connectOwner(ownerUrl());
    try {
      places = await lookInto({ scanner, isName }, client, { cluster: join(dataFolder, "postgres"), log: join(dataFolder, "postgres.log") });
    } finally {
      await client.end();
    }
  }, 120_000);

  test.each(placeNames)("the %s hold nothing of anybody", (name, context) => {
    const place = places[name];
    if (place === undefined) {
      (context as unknown as { skip: (why: string) => void }).skip("this user may not look into the memory of another's process");
      return;
    }
    expect([...place.found]).toEqual([]);
    expect(place.bytes).toBeGreaterThan(leastBytes[name]);
  });

  test("the tables that hold what people typed were filled by the journeys", async () => {
    const client = await connectOwner(ownerUrl());
    const { rows } = await client.query<Record<string, number>>(
      `select (select count(*)::int from customers) as customers, (select count(*)::int from customer_views where sealed_search is not null) as searches,
              (select count(*)::int from ledger_events) as events, (select count(*)::int from ledger_events where sealed is not null) as sealed, (select count(*)::int from imports) as imports`,
    );
    await client.end();
    expect(Math.min(...Object.values(rows[0] ?? {}))).toBeGreaterThan(1);
    expect(rows[0]?.["customers"]).toBeGreaterThan(50);
  });

  test("so were those of a working day: lists, requests, operations, views, notes, purchases, merges", async () => {
    const tables = [
      "approvals where sealed_comment is not null",
      "lists",
      "list_members",
      "bulk_operations where sealed_values is not null",
      "bulk_members where sealed_personal is not null",
      "saved_views where sealed_search is not null",
      "contact_notes where sealed_action is not null",
      "purchases",
      "person_requests where sealed_answer is not null",
      "erasures",
      "merges",
    ];
    const client = await connectOwner(ownerUrl());
    const empty: string[] = [];
    for (const table of tables) if ((await client.query(`select from ${table} limit 1`)).rowCount === 0) empty.push(table);
    await client.end();
    expect(empty).toEqual([]);
  });
});

describe("of the plain twin", () => {
  let server: EmbeddedServer;
  let places: Places;
  const twinFolder = join(folder, "twin");
  const everybody = (): string[] =>
    house.sentinels
      .filter((one) => one.core !== null)
      .map(isName)
      .toSorted();

  beforeAll(async () => {
    server = await startServerIn(twinFolder, { log_statement: "all", log_error_verbosity: "default", log_parameter_max_length: "-1" });
    const client = new pg.Client(await createTwinDatabase(server.ownerUrl, "twin"));
    await client.connect();
    try {
      await fillTwin(client);
      places = await lookInto({ scanner, isName }, client, { cluster: join(twinFolder, "data", "postgres"), log: join(twinFolder, "data", "postgres.log") });
    } finally {
      await client.end();
    }
  }, 120_000);
  afterAll(() => server?.stop());

  async function fillTwin(client: pg.Client): Promise<void> {
    await client.query(twinTables);
    await client.query("create table companies (company_no integer, fields text[]); create table staff (account_no integer, fields text[])");
    const insert = (table: string, columns: readonly string[], values: readonly unknown[]): Promise<unknown> =>
      client.query(`insert into ${table} (${columns.join(", ")}) values (${columns.map((_, at) => `$${at + 1}`).join(", ")})`, [...values]);
    for (const [no, index] of house.customerIndex) {
      const row = plainRow(sentinelValues("customer", index));
      await insert("customers", ["customer_no", "cell_no", ...valueColumns], [no, 1, ...row.values]);
      await insert("customer_search", ["customer_no", "scopes", "search_text", "bigrams"], [no, [1], row.searchText, row.bigrams]);
    }
    for (const [no, index] of house.companyIndex) await insert("companies", ["company_no", "fields"], [no, Object.values(sentinelValues("company", index))]);
    for (const [no, index] of house.accountIndex) await insert("staff", ["account_no", "fields"], [no, Object.values(sentinelValues("account", index))]);
    await client.query(twinIndexes);
  }

  test.each(placeNames)("the %s hold everybody, and the same look finds them all", (name, context) => {
    const place = places[name];
    if (place === undefined) {
      (context as unknown as { skip: (why: string) => void }).skip("this user may not look into the memory of another's process");
      return;
    }
    const expected = name === "temporary files" ? everybody().filter((one) => one.startsWith("customer ")) : everybody();
    expect(expected.filter((one) => !place.found.has(one))).toEqual([]);
    expect(expected.length).toBeGreaterThan(300);
  });
});

test("an error reply holds nothing of anybody, not even what was typed; other replies do", () => {
  const errors = replies.filter(({ reply }) => reply.status >= 400);
  expect(errors.flatMap(({ name, reply }) => foundIn(reply.bytes).map((found) => `${name} ${reply.status}: ${found}`))).toEqual([]);
  expect(new Set(errors.map(({ reply }) => reply.status)).size).toBeGreaterThan(4);
  expect(replies.filter(({ reply }) => reply.status === 200 && foundIn(reply.bytes).length > 0).length).toBeGreaterThan(30);
});

test("an unforeseen error is logged and told without a value", async () => {
  const client = await connectOwner(ownerUrl());
  await client.query("revoke select on companies from kuraban_app");
  const reply = await ask("office", "POST", "/api/companies/views", { search: sentinelValues("company", 0)["companyName"] });
  await client.query("grant select on companies to kuraban_app");
  await client.end();
  expect([reply.status, reply.body["code"]]).toEqual([500, "unexpected"]);
  expect(foundIn(reply.bytes)).toEqual([]);
  // What it says comes by another way than the reply.
  await expect.poll(() => product.said()).toContain(reply.requestId);
  expect(foundIn(Buffer.from(product.said()))).toEqual([]);
});

test("what the commands print on the terminal holds nothing of anybody", () => {
  expect(told.join("").length).toBeGreaterThan(100);
  expect(foundIn(Buffer.from(told.join("")))).toEqual([]);
});

test("neither the product nor its PostgreSQL can leave a core file", async () => {
  const pids = [product.pid, ...processTree(postmasterOf(join(dataFolder, "postgres")))];
  const looked = await Promise.all(pids.map((pid) => ifStillThere(() => readFileSync(`/proc/${pid}/limits`, "utf8"))));
  const limits = looked.filter((each) => each !== undefined);
  expect(limits.length).toBeGreaterThan(5);
  for (const each of limits) expect(each).toMatch(/^Max core file size\s+0\s+0\s/m);
});

test("a stopped storehouse leaves nothing of anybody in any file, its keys and its backup included, and no password or token", async () => {
  const token = callerOf("office").cookie.split("=")[1] as string;
  expect(await product.stop()).toBe(0);
  expect(foundIn(Buffer.from(product.said()))).toEqual([]);
  const files = [...filesBelow(dataFolder, (path) => path.includes("/postgres-programs-")), ...filesBelow(keysFolder), ...filesBelow(backupFolder)];
  expect([...(await seeFiles({ scanner, isName }, files)).found]).toEqual([]);
  expect(filesBelow(backupFolder)).toHaveLength(2);
  for (const path of files) {
    const bytes = readFileSync(path);
    for (const secret of [password, totpSecret, token]) {
      if (bytes.includes(secret)) throw new Error(`${path} holds a secret`);
    }
  }
}, 120_000);
