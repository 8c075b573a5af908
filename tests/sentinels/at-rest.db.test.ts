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
import { standardFields } from "#shared/fields.ts";
import { askOverHttp, type WireReply } from "../support/ask-over-http.ts";
import { filesBelow, memoryOf, processTree, rowsOfEveryTable, sizeOf } from "../support/look-behind.ts";
import { runKuraban, type RunningKuraban } from "../support/run-kuraban.ts";
import { seedEmbedded } from "../support/seed-embedded.ts";
import { password, totpSecret, type Caller, type Seeded } from "../support/seed-storehouse.ts";
import { buildScanner, type Scanner } from "../support/sentinel-scanner.ts";
import { makeTemporaryFolder, startServerIn } from "../support/throwaway-server.ts";
import { driveAll } from "./drive-routes.ts";

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
  await workOfADay();

  const list = join(folder, `${sentinelValues("customer", fromFile)["section"]}.csv`);
  writeFileSync(list, csvOf(fromFile));
  expect(command("import", list, "--map", "auto", "--department", "近部", "--json").said).toMatch(/"added":1\d/);
  expect((await ask("auditor", "POST", "/api/ledger/verify")).body).toMatchObject({ ok: true });
  expect(command("backup", "--to", backupFolder, "--json").status).toBe(0);
}

/** Names, reasons, comments, notes and values for many, as people type them: each says something of somebody. */
async function workOfADay(): Promise<void> {
  const said = (nth: number, field: string): string => sentinelValues("customer", fromFile + nth)[field] as string;
  const done = async (...[name, method, path, body]: Parameters<typeof ask>): Promise<Record<string, unknown>> => {
    const reply = await ask(name, method, path, body);
    expect([name, method, path, reply.status, reply.status === 200 ? "" : reply.body["code"]]).toEqual([name, method, path, 200, ""]);
    return reply.body;
  };
  const near = house.cells.get("near")?.cellNo;
  const free = house.customerNos.filter((no) => house.ownerOf.get(no) === null && house.cellOf.get(no) === near).slice(-16);
  const [first, second, third] = free as [number, number, number];
  const allow = (requestNo: unknown, nth: number): Promise<unknown> =>
    done("manager", "POST", `/api/approvals/${Number(requestNo)}/decide`, { decision: "approve", comment: said(nth, "notes") });
  const rests = async (operationNo: unknown): Promise<string> => {
    for (let tries = 0; ; tries += 1) {
      const { state } = await done("office", "GET", `/api/customers/bulk/${Number(operationNo)}`);
      if (tries > 200 || !["running", "undoing", "awaits-approval"].includes(String(state))) return String(state);
      await wait(50);
    }
  };

  const taken = await done("office", "POST", "/api/lists", {
    name: said(0, "fullName"),
    purpose: "delivery",
    destination: "handler",
    handler: said(1, "companyName"),
    reason: said(2, "notes"),
    fields: ["fullName", "address", "bankAccount"],
    customerNos: [first, second],
    endsOn: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
  });
  await allow(taken["requestNo"], 3);
  expect((await ask("office", "POST", `/api/lists/${Number(taken["listNo"])}/download`, {})).status).toBe(200);
  expect((await ask("office", "POST", "/api/prints", { customerNos: [first, second], layout: "label-a4-24", purpose: "delivery" })).status).toBe(200);

  const values = { section: said(4, "section"), notes: said(4, "notes") };
  const changed = await done("office", "POST", "/api/customers/bulk", { kind: "change", customerNos: [first, second], values, expected: { persons: 2 } });
  await done("office", "POST", `/api/customers/bulk/${Number(changed["operationNo"])}/undo`);
  expect(await rests(changed["operationNo"])).toBe("undone");
  const many = free.slice(4, 15);
  const trashed = await done("office", "POST", "/api/customers/bulk", {
    kind: "trash",
    customerNos: many,
    reason: said(5, "notes"),
    expected: { persons: 11 },
  });
  await allow((await done("office", "GET", `/api/customers/bulk/${Number(trashed["operationNo"])}`))["requestNo"], 5);
  expect(await rests(trashed["operationNo"])).toBe("done");

  const view = {
    filters: {},
    sort: { by: "kana", descending: false },
    columns: [
      "fullName",
      said(6, "mail")
        .replaceAll(/[^a-z]/g, "")
        .slice(0, 30),
    ],
    cellNo: null,
  };
  await done("office", "POST", "/api/saved-views", { ...view, name: said(6, "fullName"), search: said(6, "kana"), sharing: "own" });
  await done("office", "POST", "/api/saved-views", { ...view, name: said(6, "companyName"), search: "", sharing: "all" });
  await done("office", "POST", "/api/duplicates/alike", { values: { fullName: said(6, "fullName"), mail: said(6, "mail"), mobile: said(6, "mobile") } });

  const action = { text: said(7, "address"), dueOn: "2026-12-01" };
  const note = await done("office", "POST", `/api/customers/${first}/notes`, { text: said(7, "notes"), action });
  await done("office", "PATCH", `/api/notes/${Number(note["noteNo"])}`, { version: 1, text: said(8, "notes") });
  await done("office", "POST", `/api/customers/${first}/purchases`, {
    boughtOn: "2026-01-07",
    purchase: { product: said(7, "companyName"), note: said(7, "phone") },
  });

  const asked = { kind: "disclosure", receivedOn: "2026-11-20", channel: "mail", identityCheck: "document", text: said(8, "notes") };
  const request = await done("office", "POST", `/api/customers/${first}/person-requests`, asked);
  const step = { kind: "decide", decision: "granted", answer: said(9, "notes") };
  await done("privacy-officer", "POST", `/api/person-requests/${Number(request["requestNo"])}/move`, { version: 1, step });
  const disclosing = { purpose: "person-request", requestNo: request["requestNo"] };
  for (const form of ["json", "pdf"]) expect((await ask("privacy-officer", "POST", `/api/customers/${first}/disclosure/${form}`, disclosing)).status).toBe(200);
  await done("office", "POST", `/api/customers/${second}/suspend`, { reason: said(10, "notes") });
  await done("privacy-officer", "POST", `/api/customers/${second}/lift-suspension`, { reason: said(10, "address") });
  const erasure = await done("office", "POST", `/api/customers/${third}/erase`, { because: "no-longer-needed", reason: said(11, "notes") });
  await allow(erasure["approvalNo"], 11);
  const versionOf = async (no: number): Promise<unknown> => (await done("office", "GET", `/api/customers/${no}`))["version"];
  const [winner, loser] = [
    { no: first, version: await versionOf(first) },
    { no: second, version: await versionOf(second) },
  ];
  const merged = await done("office", "POST", "/api/duplicates/merge", {
    kind: "customer",
    winner,
    losers: [loser],
    choices: { fullName: second, address: second },
  });
  await done("office", "POST", `/api/duplicates/merges/${Number(merged["mergeNo"])}/undo`, {});
}

/** Twelve people, one with an address that is none: a problem that waits for its correction. */
function csvOf(first: number): string {
  const keys = ["fullName", "kana", "companyName", "mail", "phone", "mobile", "postalCode", "address", "notes"];
  const heads = keys.map((key) => standardFields.find((field) => field.kind === "customer" && field.key === key)?.ja as string);
  const lines = Array.from({ length: 12 }, (_, nth) =>
    keys
      .map((key) => sentinelValues("customer", first + nth)[key] as string)
      .map((value) => (nth === 3 && value.includes("@") ? value.replace(/\.example$/, "") : value)),
  );
  return [heads, ...lines].map((line) => `${line.join(",")}\r\n`).join("");
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

/** What was found in one place. */
interface Place {
  bytes: number;
  readonly found: Set<string>;
}

const emptyPlace = (): Place => ({ bytes: 0, found: new Set() });

function see(place: Place, bytes: Uint8Array): void {
  place.bytes += bytes.length;
  for (const { sentinel } of scanner.scan(bytes)) place.found.add(isName(sentinel));
}

async function seeFiles(paths: readonly string[]): Promise<Place> {
  const place: Place = { bytes: sizeOf(paths), found: new Set() };
  for (const path of paths) {
    for (const { sentinel } of await scanner.scanFile(path)) place.found.add(isName(sentinel));
  }
  return place;
}

const placeNames = ["tables", "temporary files", "data files", "write-ahead log", "server log", "memory of PostgreSQL"] as const;
type Places = Record<(typeof placeNames)[number], Place | undefined>;

/** Looks into every place that a PostgreSQL has. `memory` is undefined where this user may not look into another's memory. */
async function lookInto(client: pg.Client, folders: { cluster: string; log: string }): Promise<Places> {
  await client.query("analyze");
  const tables = emptyPlace();
  for await (const { bytes } of rowsOfEveryTable(client)) see(tables, bytes);

  // Too large for its memory, and held over the end of its transaction: it stands in a temporary file while it is open.
  await client.query("set work_mem = '64kB'; begin; declare held cursor with hold for select c.* from customers c, generate_series(1, 4); commit");
  const temporary = await seeFiles(filesBelow(join(folders.cluster, "base", "pgsql_tmp")));

  let memory: Place | undefined = emptyPlace();
  try {
    for (const pid of processTree(postmasterOf(folders.cluster))) {
      for (const piece of memoryOf(pid)) see(memory, piece);
    }
  } catch (error) {
    if (!["EACCES", "EPERM"].includes(String((error as NodeJS.ErrnoException).code))) throw error;
    memory = undefined;
  }
  await client.query("checkpoint");
  const isLog = (path: string): boolean => path.includes("/pg_wal/");
  return {
    tables,
    "temporary files": temporary,
    "data files": await seeFiles(filesBelow(folders.cluster, isLog)),
    "write-ahead log": await seeFiles(filesBelow(join(folders.cluster, "pg_wal"))),
    "server log": await seeFiles([folders.log]),
    "memory of PostgreSQL": memory,
  };
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
      places = await lookInto(client, { cluster: join(dataFolder, "postgres"), log: join(dataFolder, "postgres.log") });
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
      places = await lookInto(client, { cluster: join(twinFolder, "data", "postgres"), log: join(twinFolder, "data", "postgres.log") });
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
  expect(product.said()).toContain(reply.requestId);
  expect(foundIn(Buffer.from(product.said()))).toEqual([]);
});

test("what the commands print on the terminal holds nothing of anybody", () => {
  expect(told.join("").length).toBeGreaterThan(100);
  expect(foundIn(Buffer.from(told.join("")))).toEqual([]);
});

test("neither the product nor its PostgreSQL can leave a core file", () => {
  const pids = [product.pid, ...processTree(postmasterOf(join(dataFolder, "postgres")))];
  expect(pids.length).toBeGreaterThan(5);
  for (const pid of pids) expect(readFileSync(`/proc/${pid}/limits`, "utf8")).toMatch(/^Max core file size\s+0\s+0\s/m);
});

test("a stopped storehouse leaves nothing of anybody in any file, its keys and its backup included, and no password or token", async () => {
  const token = callerOf("office").cookie.split("=")[1] as string;
  expect(await product.stop()).toBe(0);
  expect(foundIn(Buffer.from(product.said()))).toEqual([]);
  const files = [...filesBelow(dataFolder, (path) => path.includes("/postgres-programs-")), ...filesBelow(keysFolder), ...filesBelow(backupFolder)];
  expect([...(await seeFiles(files)).found]).toEqual([]);
  expect(filesBelow(backupFolder)).toHaveLength(2);
  for (const path of files) {
    const bytes = readFileSync(path);
    for (const secret of [password, totpSecret, token]) {
      if (bytes.includes(secret)) throw new Error(`${path} holds a secret`);
    }
  }
}, 120_000);
