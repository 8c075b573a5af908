import { afterAll, beforeAll, expect, test } from "vitest";
import { eraseCustomer } from "#server/app/erase-customer.ts";
import { modules } from "#server/app/modules.ts";
import { customerTasks } from "#server/modules/customers/index.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import { followScopes } from "#server/modules/evidence/index.ts";
import { importTasks } from "#server/modules/imports/index.ts";
import { eraseRows, runErasure } from "#server/modules/requests/index.ts";
import type { Job, Tasks } from "#server/platform/jobs/index.ts";
import { openImportHouse, type Importer, type ImportHouse } from "#tests/support/import-house.ts";
import type { Reply } from "#tests/support/request.ts";

let house: ImportHouse;
let manager: Importer, officer: Importer, sales: Importer;
/** Held, of the same import as the next; not held. */
let held: number, beside: number, free: number;
let incidentNo: number;
let importNo: number, freeImportNo: number, heldImportNo: number;
let listNo: number, freeListNo: number;
let operationNo: number;
let holdNo: number;

const ask = (who: Importer, method: string, url: string, body?: unknown): Promise<Reply> => house.send(who, method, url, body);
const job = (payload: Job["payload"] = {}): Job => ({ payload, attempt: 1, signal: new AbortController().signal, remember: async () => true });
const run = async (tasks: Tasks, task: string, payload: Job["payload"] = {}): Promise<void> => tasks[task]?.run(job(payload));
const rowsOf = async (table: string, where: string): Promise<number> =>
  Number((await house.database.owner.query(`select count(*) as rows from ${table} where ${where}`)).rows[0]["rows"]);
const isErased = (kind: "customer" | "import", no: number): boolean => house.open.vault.isErased({ kind, no });
const eraseOf = (who: Importer, no: number): Promise<Reply> =>
  ask(who, "POST", `/api/customers/${no}/erase`, { because: "asked-by-person", reason: "ご本人の請求" });
const scopeOf = async (customerNos: readonly number[], listNos: readonly number[] = []): Promise<number> =>
  Number(
    (
      await ask(officer, "POST", `/api/incidents/${incidentNo}/scope`, {
        causes: [{ kind: "people", values: customerNos }, ...(listNos.length === 0 ? [] : [{ kind: "list", values: listNos }])],
      })
    ).body["runNo"],
  );
const due = async () => (await ask(officer, "GET", "/api/disposals/due")).body["groups"] as { reason: string; persons: number; held: number }[];

beforeAll(async () => {
  house = await openImportHouse();
  manager = await house.addImporter({ name: "長 一郎", department: "near", roles: ["manager"] });
  officer = await house.addImporter({ name: "守 和子", department: "near", roles: ["privacy-officer"] });
  sales = await house.addImporter({ name: "売 次郎", department: "near", roles: ["sales"] });
  const file = (names: readonly string[]): Buffer =>
    Buffer.from(`氏名,メール,携帯\r\n${names.map((name) => `${name} 太郎,${name}@example.jp,12-34\r\n`).join("")}`);
  importNo = (await house.importAll(house.near, file(["hogo", "tonari"]))).importNo;
  freeImportNo = (await house.importAll(house.near, file(["jiyu"]))).importNo;
  heldImportNo = (await house.importAll(house.near, file(["sanban"]))).importNo;
  const find = async (mail: string): Promise<number> => (await house.find(house.near, mail))[0] as number;
  [held, beside, free] = [await find("hogo@example.jp"), await find("tonari@example.jp"), await find("jiyu@example.jp")];
  const endsOn = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  const listed = async (no: number): Promise<number> =>
    Number(
      (await ask(house.near, "POST", "/api/lists", { name: "案内状", purpose: "delivery", fields: ["fullName"], customerNos: [no], endsOn })).body["listNo"],
    );
  [listNo, freeListNo] = [await listed(held), await listed(free)];
  const changed = await ask(house.near, "POST", "/api/customers/bulk", {
    customerNos: [held],
    kind: "change",
    values: { jobTitle: "課長" },
    expected: { persons: 1 },
  });
  operationNo = Number(changed.body["operationNo"]);
  const opened = await ask(officer, "POST", "/api/incidents", {
    playbook: "insider",
    knownAt: new Date(Date.now() - 60_000).toISOString(),
    what: "名簿の持ち出し",
  });
  incidentNo = Number(opened.body["incidentNo"]);
}, 60_000);
afterAll(() => house.close());

test("a hold is placed on the people of a scope and on the lists that its causes name, by whoever keeps evidence alone", async () => {
  const runNo = await scopeOf([held], [listNo]);
  for (const who of [manager, sales, house.near]) {
    expect((await ask(who, "POST", `/api/incidents/${incidentNo}/evidence/holds`, { runNo, reason: "調査のため" })).status).toBe(403);
  }
  const placed = await ask(officer, "POST", `/api/incidents/${incidentNo}/evidence/holds`, { runNo, importNos: [heldImportNo], reason: "調査のため" });
  expect(placed.body).toMatchObject({ persons: 1, lists: 1, imports: 1 });
  holdNo = Number(placed.body["holdNo"]);
  const shown = async (who: Importer, no: number) => (await ask(who, "GET", `/api/customers/${no}/hold`)).body;
  expect(await shown(officer, held)).toMatchObject({ isHeld: true, incidentNos: [incidentNo] });
  expect(await shown(manager, held)).toMatchObject({ isHeld: true, incidentNos: [] });
  expect(await shown(officer, free)).toMatchObject({ isHeld: false });
  // Whom it does not stop, it does not tell.
  expect([403, 404, 200]).toContain((await ask(sales, "GET", `/api/customers/${held}/hold`)).status);
  expect(await shown(sales, held)).not.toMatchObject({ isHeld: true });
});

test("nobody who is held is erased: neither asked for, nor by an approval from before, nor by the console, nor by SQL of the product's login", async () => {
  expect((await eraseOf(officer, held)).body).toMatchObject({ code: "conflict", facts: { reason: "held" } });
  await expect(eraseCustomer(house.open, held)).rejects.toMatchObject({ code: "conflict", facts: { reason: "held" } });
  const touched: string[] = [];
  const erasures = modules.flatMap((module) => (module.erasures ?? []).map((erase) => async () => void touched.push(erase.name)));
  expect(erasures.length).toBeGreaterThan(5);
  await expect(eraseRows(house.open.storehouse, erasures, held)).rejects.toMatchObject({ facts: { reason: "held" } });
  expect(touched).toEqual([]);
  const client = await house.database.app.connect();
  try {
    await client.query("begin; select set_config('kuraban.reads_all', 'on', true), set_config('kuraban.house', 'on', true)");
    await expect(client.query("delete from customers where customer_no = $1", [held])).rejects.toThrow("a hold keeps this customer");
  } finally {
    await client.query("rollback");
    client.release();
  }
  // Allowed before the hold was placed.
  const waiting = (await eraseOf(officer, beside)).body;
  expect((await ask(manager, "POST", `/api/approvals/${Number(waiting["approvalNo"])}/decide`, { decision: "approve" })).status).toBe(200);
  const runNo = await scopeOf([beside]);
  const { body } = await ask(officer, "POST", `/api/incidents/${incidentNo}/evidence/holds`, { runNo, reason: "調査のため" });
  await runErasure(house.open.storehouse, job({ erasureNo: Number(waiting["erasureNo"]) }), {
    erasures: () => modules.flatMap((module) => module.erasures ?? []),
    refreshKeyFiles: async () => ({ written: [], missed: [] }),
  });
  for (const no of [held, beside]) expect([isErased("customer", no), await rowsOf("customers", `customer_no = ${no}`)]).toEqual([false, 1]);
  expect(Number(body["holdNo"])).toBeGreaterThan(holdNo);
});

test("a person's own request of erasure is told 保全中 and waits", async () => {
  const { body } = await ask(officer, "POST", `/api/customers/${held}/person-requests`, {
    kind: "erasure",
    receivedOn: "2026-11-20",
    channel: "letter",
    identityCheck: "document",
    text: "消してほしい",
  });
  const requestNo = Number(body["requestNo"]);
  const move = (version: number, step: object): Promise<Reply> => ask(officer, "POST", `/api/person-requests/${requestNo}/move`, { version, step });
  expect((await move(1, { kind: "decide", decision: "granted", answer: "消去します" })).body).toMatchObject({ code: "conflict", facts: { reason: "held" } });
  const listed = async (who: Importer) => ((await ask(who, "GET", "/api/person-requests")).body["requests"] as { requestNo: number; isHeld: boolean }[])[0];
  expect(await listed(officer)).toMatchObject({ requestNo, isHeld: true });
  expect((await ask(officer, "GET", `/api/customers/${held}/person-file`)).body["isHeld"]).toBe(true);
  expect((await move(1, { kind: "decide", decision: "refused", answer: "保全のためお待ちください" })).status).toBe(200);
  expect((await move(2, { kind: "answer" })).status).toBe(200);
});

test("no term ends what is held: neither of people, nor of an import's file and former values, nor of an operation's", async () => {
  const { owner } = house.database;
  await owner.query(
    "update customers set updated_at = now() - interval '10 years', state = 'trashed', trashed_at = now() - interval '1 year' where customer_no = any($1)",
    [[held, free]],
  );
  expect((await due()).find(({ reason }) => reason === "trash-term-over")).toMatchObject({ persons: 1, held: 1 });
  await owner.query("update customers set state = 'active', trashed_at = null, updated_at = now() where customer_no = any($1)", [[held, free]]);

  await owner.query("update imports set finished_at = now() - interval '100 days'");
  await run(importTasks(house.open.storehouse), "import.tidy");
  expect([importNo, heldImportNo, freeImportNo].map((no) => isErased("import", no))).toEqual([false, false, true]);
  expect(await rowsOf("imports", `import_no = ${importNo} and tidied_at is null`)).toBe(1);
  // Also when somebody of it is erased: the next day it is looked at anew.
  await run(importTasks(house.open.storehouse), "import.tidy-one", { importNo });
  expect(isErased("import", importNo)).toBe(false);
  expect(await rowsOf("jobs", `task = 'import.tidy-one' and run_at > now() + interval '20 hours'`)).toBe(2);

  const tidyBulk = (): Promise<void> => run(customerTasks(house.open.storehouse, { onHandOver: async () => 0 } as never), "customers.bulk-tidy");
  await owner.query("update bulk_operations set created_at = now() - interval '100 days', finished_at = now() - interval '100 days'");
  await tidyBulk();
  expect(await rowsOf("bulk_members", `operation_no = ${operationNo}`)).toBe(1);
});

test("copies of a list that is held are not noted as disposed of; those of another are", async () => {
  expect((await ask(house.near, "POST", `/api/lists/${listNo}/dispose`, {})).body).toMatchObject({ code: "conflict", facts: { reason: "held" } });
  expect((await ask(house.near, "POST", `/api/lists/${freeListNo}/dispose`, {})).body).toEqual({ kind: "disposed" });
});

test("whoever is merged with somebody who is held is held with them", async () => {
  const versionOf = async (no: number) =>
    Number((await house.database.owner.query("select version from customers where customer_no = $1", [no])).rows[0]["version"]);
  const merged = await ask(house.near, "POST", "/api/duplicates/merge", {
    kind: "customer",
    winner: { no: free, version: await versionOf(free) },
    losers: [{ no: held, version: await versionOf(held) }],
    choices: {},
  });
  expect(merged.status).toBe(200);
  expect((await eraseOf(officer, free)).body).toMatchObject({ code: "conflict", facts: { reason: "held" } });
  await expect(eraseCustomer(house.open, free)).rejects.toMatchObject({ facts: { reason: "held" } });
  expect(await rowsOf("customers", `customer_no in (${free}, ${held})`)).toBe(2);
});

test("one person alone lifts no hold; when a second one agrees, what waited may be destroyed", async () => {
  // What its scope named since is written out first: nobody lets go of more people than they read of.
  await followScopes(house.open.storehouse);
  const lift = (no: number): Promise<Reply> => ask(officer, "POST", `/api/incident-evidence-holds/${no}/lift`, { reason: "調査が終わった" });
  expect((await ask(manager, "POST", `/api/incident-evidence-holds/${holdNo}/lift`, { reason: "x" })).status).toBe(403);
  const { body } = await lift(holdNo);
  const decide = (who: Importer): Promise<Reply> => ask(who, "POST", `/api/approvals/${Number(body["requestNo"])}/decide`, { decision: "approve" });
  expect((await lift(holdNo)).body).toMatchObject({ code: "awaits-approval" });
  expect((await decide(officer)).status).toBe(403);
  expect((await eraseOf(officer, free)).status).toBe(409);
  expect((await decide(manager)).status).toBe(200);
  expect((await lift(holdNo)).body).toMatchObject({ code: "conflict", facts: { reason: "hold-lifted" } });
  expect((await ask(house.near, "POST", `/api/lists/${listNo}/dispose`, {})).body).toEqual({ kind: "disposed" });
  await eraseCustomer(house.open, free);
  expect([isErased("customer", free), isErased("customer", held), isErased("customer", beside)]).toEqual([true, true, false]);
  const { holds } = (await ask(officer, "GET", `/api/incidents/${incidentNo}/evidence`)).body as { holds: { holdNo: number; liftedBy: number | null }[] };
  expect(holds.find((hold) => hold.holdNo === holdNo)).toMatchObject({ liftedBy: manager.accountNo, requestNo: null });
});

test("a hold keeps whom later runs of the scope find, and who is moved, from that moment on", async () => {
  const names = ["saisho", "atokara", "utsushi", "mukankei"];
  await house.importAll(house.near, Buffer.from(`氏名,メール\r\n${names.map((name) => `${name} 太郎,${name}@example.jp\r\n`).join("")}`));
  const [first, later, moved, other] = (await Promise.all(names.map((name) => house.find(house.near, `${name}@example.jp`)))).map(([no]) => no as number);
  const opened = await ask(officer, "POST", "/api/incidents", {
    playbook: "insider",
    knownAt: new Date(Date.now() - 60_000).toISOString(),
    what: "名簿の持ち出し",
  });
  incidentNo = Number(opened.body["incidentNo"]);
  const runNo = await scopeOf([first!]);
  const placed = await ask(officer, "POST", `/api/incidents/${incidentNo}/evidence/holds`, { runNo, tiers: ["confirmed"], reason: "調査のため" });
  const no = Number(placed.body["holdNo"]);
  const shown = async () =>
    ((await ask(officer, "GET", `/api/incidents/${incidentNo}/evidence`)).body as { holds: Record<string, unknown>[] }).holds.find(
      (hold) => hold["holdNo"] === no,
    );
  const isKept = async (customerNo: number): Promise<boolean> => {
    const reply = await eraseOf(officer, customerNo);
    return reply.status === 409 && (reply.body["facts"] as { reason?: string }).reason === "held";
  };
  expect(await shown()).toMatchObject({ persons: 1, followedRun: runNo, isBehind: false });

  const newer = await scopeOf([later!], [freeListNo]);
  expect(await shown()).toMatchObject({ persons: 1, isBehind: true });
  expect([await isKept(first!), await isKept(later!), await isKept(moved!)]).toEqual([true, true, false]);
  await expect(eraseCustomer(house.open, later!)).rejects.toMatchObject({ facts: { reason: "held" } });
  await followScopes(house.open.storehouse);
  expect(await shown()).toMatchObject({ persons: 2, lists: 1, followedRun: newer, isBehind: false });
  expect(await rowsOf("evidence_hold_members", `hold_no = ${no} and kind = 'customer' and no in (${first}, ${later})`)).toBe(2);
  const extended = async () => (await listEvents(house.database.app, { types: ["evidence.hold-extended"], limit: 10 })).events;
  expect((await extended())[0]).toMatchObject({ principal: "system", facts: { incidentNo, holdNo: no, runNo: newer, added: 1, persons: 2 } });

  const move = { customerNos: [moved], tier: "confirmed", reason: "本人からの申し出" };
  expect((await ask(officer, "POST", `/api/incidents/${incidentNo}/scope/runs/${newer}/move`, move)).status).toBe(200);
  expect(await isKept(moved!)).toBe(true);
  const last = await scopeOf([first!]);
  await followScopes(house.open.storehouse);
  await followScopes(house.open.storehouse);
  expect(await shown()).toMatchObject({ persons: 3, followedRun: last, isBehind: false });
  expect((await extended()).filter(({ facts }) => facts["holdNo"] === no)).toHaveLength(2);
  expect([await isKept(later!), await isKept(moved!), await isKept(other!)]).toEqual([true, true, false]);
});
