import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eraseCustomer } from "#server/app/erase-customer.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import { dayAfter, dayInJapan } from "#shared/day-in-japan.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as contract from "#shared/incident-afterwards.ts";
import { pdfText } from "#tests/support/pdf-text.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { remindOwners } from "./remind-owners.ts";
import { countPages } from "#server/platform/files/index.ts";

let house: SeededHouse;
let officer: Caller, second: Caller, sales: Caller, administrator: Caller;
beforeAll(async () => {
  house = await openSeededHouse([["privacy-officer"], ["privacy-officer"], ["sales"], ["system-administrator"]]);
  [officer, second, sales, administrator] = house.callers as [Caller, Caller, Caller, Caller];
});
afterAll(() => house.close());

const ask = (who: Caller, method: string, url: string, body?: unknown): Promise<Reply> =>
  request(house, { method, url, cookie: who.cookie, ...(body === undefined ? {} : { body }) });
const now = (): Date => house.open.storehouse.clock();
const today = (): string => dayInJapan(now());
const eventsOf = async (type: string) => (await listEvents(house.database.app, { types: [type], limit: 100 })).events.filter(({ outcome }) => outcome === "ok");
const open = async (): Promise<number> => {
  const body = { playbook: "insider", knownAt: now().toISOString(), what: "退職する職員が名簿を持ち出した" };
  return Number((await ask(officer, "POST", "/api/incidents", body)).body["incidentNo"]);
};
const close = async (no: number, isClosed: boolean): Promise<Reply> => {
  const { incident } = (await ask(officer, "GET", `/api/incidents/${no}`)).body as { incident: { version: number } };
  return ask(officer, "PATCH", `/api/incidents/${no}`, { version: incident.version, isClosed });
};
const inTheClear = async (): Promise<string> => {
  const tables = ["incident_preventions", "incident_redress", "incident_lessons"];
  const texts = await Promise.all(tables.map(async (table) => JSON.stringify((await house.database.owner.query(`select t::text from ${table} t`)).rows)));
  return texts.join() + JSON.stringify((await house.database.owner.query("select header from ledger_events")).rows);
};

describe("preventions", () => {
  const what = "持ち出しには二人の承認を求める";
  const plan = async (no: number, owner: Caller, dueOn: string): Promise<number> =>
    Number((await ask(officer, "POST", `/api/incidents/${no}/preventions`, { what, ownerNo: owner.accountNo, dueOn })).body["preventionNo"]);
  const listed = async (no: number): Promise<contract.Prevention[]> =>
    (await ask(officer, "GET", `/api/incidents/${no}/preventions`)).body["preventions"] as contract.Prevention[];
  const own = async (who: Caller) =>
    (await ask(who, "GET", "/api/preventions")).body["preventions"] as { preventionNo: number; what: string; reminders: number }[];

  test("one stands on its owner's Home until it is carried out, and nobody else carries it out", async () => {
    const no = await open();
    const preventionNo = await plan(no, sales, dayAfter(today(), 30));
    expect(await own(sales)).toMatchObject([{ preventionNo, what, reminders: 0 }]);
    expect(await own(administrator)).toEqual([]);
    const done = { version: 1, note: "設定を変えた" };
    expect((await ask(administrator, "POST", `/api/preventions/${preventionNo}/carried-out`, done)).status).toBe(404);
    expect((await ask(sales, "GET", `/api/incidents/${no}/preventions`)).status).toBe(403);
    expect((await ask(sales, "POST", `/api/preventions/${preventionNo}/carried-out`, { ...done, version: 2 })).body).toMatchObject({ code: "conflict" });
    expect((await ask(sales, "POST", `/api/preventions/${preventionNo}/carried-out`, done)).status).toBe(200);
    expect(await own(sales)).toEqual([]);
    expect(await listed(no)).toMatchObject([{ state: "done", done: { by: sales.accountNo, note: "設定を変えた" }, proof: null }]);
    expect(await inTheClear()).not.toMatch(/二人の承認|設定を変えた/);
  });

  test("an incident is closed when each is proven by somebody other than who carried it out, or given up with a reason", async () => {
    const no = await open();
    const first = await plan(no, officer, dayAfter(today(), 3));
    const other = await plan(no, sales, dayAfter(today(), 3));
    const refused = async () => (await close(no, true)).body;
    const prove = (who: Caller, version: number, more: object = {}): Promise<Reply> =>
      ask(who, "POST", `/api/incidents/${no}/preventions/${first}/prove`, { version, how: "test", evidence: "試して断られた", ...more });
    expect(await refused()).toMatchObject({ code: "not-ready", facts: { reason: "preventions-open" } });
    expect((await prove(second, 1)).body).toMatchObject({ code: "conflict", facts: { reason: "prevention-not-done" } });
    expect((await ask(officer, "POST", `/api/preventions/${first}/carried-out`, { version: 1, note: "済み" })).status).toBe(200);
    expect((await prove(officer, 2)).body).toMatchObject({ code: "conflict", facts: { reason: "own-prevention" } });
    expect((await prove(second, 2, { eventNo: 99_999_999 })).status).toBe(400);
    const [seen] = await eventsOf("incident.prevention-carried-out");
    expect((await prove(second, 2, { eventNo: seen!.eventNo })).status).toBe(200);
    const drop = (body: object): Promise<Reply> => ask(officer, "PATCH", `/api/incidents/${no}/preventions/${other}`, { version: 1, ...body });
    expect((await drop({ state: "dropped" })).status).toBe(400);
    expect(await refused()).toMatchObject({ code: "not-ready" });
    expect((await drop({ state: "dropped", reason: "別の策に含めた" })).status).toBe(200);
    expect((await listed(no)).find((one) => one.preventionNo === first)).toMatchObject({
      state: "proven",
      proof: { by: second.accountNo, how: "test", evidence: "試して断られた", eventNo: seen!.eventNo },
    });
    expect((await close(no, true)).status).toBe(200);
    expect((await ask(officer, "POST", `/api/incidents/${no}/preventions`, { what, ownerNo: sales.accountNo, dueOn: today() })).status).toBe(409);
    await close(no, false);
    // What turned out not to help goes back to its owner, and the incident stays open again.
    const back = await ask(officer, "PATCH", `/api/incidents/${no}/preventions/${first}`, { version: 3, state: "planned", reason: "抜け道があった" });
    expect(back.status).toBe(200);
    expect((await listed(no))[0]).toMatchObject({ preventionNo: first, state: "planned", done: null, proof: null });
    expect(await refused()).toMatchObject({ code: "not-ready" });
    expect((await eventsOf("incident.prevention-proven"))[0]!.facts).toMatchObject({ preventionNo: first, how: "test", proofEvent: seen!.eventNo });
  });

  test("owners are reminded at a time of reminding once, however often it is looked", async () => {
    const no = await open();
    const [soon, late, far] = [await plan(no, administrator, dayAfter(today(), 1)), await plan(no, administrator, dayAfter(today(), -9)), 0];
    await plan(no, administrator, dayAfter(today(), 8));
    await remindOwners(house.open.storehouse);
    await remindOwners(house.open.storehouse);
    const counts = new Map((await own(administrator)).map((one) => [one.preventionNo, one.reminders]));
    expect([counts.get(soon), counts.get(late), counts.size]).toEqual([1, 1, 3]);
    expect(far).toBe(0);
    const reminded = (await eventsOf("incident.prevention-reminded")).filter(({ facts }) => facts["incidentNo"] === no);
    expect(reminded.map(({ facts }) => [facts["preventionNo"], facts["daysLeft"]]).toSorted()).toEqual(
      [
        [soon, 1],
        [late, -9],
      ].toSorted(),
    );
    await house.database.owner.query("update incident_preventions set due_on = due_on - 7, reminded_on = reminded_on - 7 where prevention_no = $1", [late]);
    await remindOwners(house.open.storehouse);
    expect((await own(administrator)).find((one) => one.preventionNo === late)!.reminders).toBe(2);
  });
});

describe("compensation and follow-up", () => {
  const list = async (no: number, body: object = {}) =>
    (await ask(officer, "POST", `/api/incidents/${no}/redress/list`, body)).body as unknown as ReplyOf<typeof contract.listRedress>;
  const costs = async (no: number) => (await ask(officer, "GET", `/api/incidents/${no}/costs`)).body as unknown as ReplyOf<typeof contract.showCosts>;
  const scoped = async (): Promise<{ no: number; confirmed: number }> => {
    await ask(sales, "POST", "/api/customers/views", {});
    const no = await open();
    const run = await ask(officer, "POST", `/api/incidents/${no}/scope`, { causes: [{ kind: "account", values: [sales.accountNo] }] });
    return { no, confirmed: Number(run.body["confirmed"]) };
  };

  test("everybody of a tier has one entry of a kind, carried on together, and what it comes to is added up", async () => {
    const { no, confirmed } = await scoped();
    expect(confirmed).toBeGreaterThan(1);
    const add = (body: object, who = officer): Promise<Reply> => ask(who, "POST", `/api/incidents/${no}/redress`, body);
    expect((await add({ kind: "voucher", amount: 650, tiers: ["confirmed"] })).body).toEqual({ added: confirmed, known: 0, left: 0 });
    expect((await add({ kind: "voucher", amount: 500, tiers: ["confirmed"] })).body).toEqual({ added: 0, known: confirmed, left: 0 });
    expect((await add({ kind: "legal", amount: 300_000, state: "settled" })).body).toMatchObject({ added: 1 });
    expect((await add({ kind: "voucher", amount: 650 })).status).toBe(400);
    expect((await add({ kind: "voucher", amount: 650, tiers: ["confirmed"] }, sales)).status).toBe(403);
    const shown = await list(no, { kind: "voucher" });
    expect(shown.total).toBe(confirmed);
    for (const row of shown.entries) expect(row).toMatchObject({ tier: "confirmed", amount: 650, state: "planned" });
    expect(typeof shown.entries[0]!.name).toBe("string");
    const all = { allOf: { kind: "voucher", state: "planned" }, state: "sent", onDay: today() };
    expect((await ask(officer, "PATCH", `/api/incidents/${no}/redress`, all)).body).toEqual({ changed: confirmed });
    const one = shown.entries[0]!.redressNo;
    expect((await ask(officer, "PATCH", `/api/incidents/${no}/redress`, { redressNos: [one], state: "declined" })).body).toEqual({ changed: 1 });
    expect((await ask(officer, "PATCH", `/api/incidents/${no}/redress`, { redressNos: [one, 99_999] })).status).toBe(404);
    const spent = 650 * (confirmed - 1);
    expect(await costs(no)).toMatchObject({ planned: spent + 300_000, spent: spent + 300_000, people: confirmed - 1 });
  });

  test("a note about somebody is read by whoever handles incidents, stands sealed, and dies with the person", async () => {
    const { no } = await scoped();
    const noted = [...house.ownerOf].find(([, owner]) => owner === sales.accountNo)![0];
    const body = { kind: "call", amount: 0, note: "ご自宅へ電話し、おわびした", customerNos: [noted] };
    expect((await ask(officer, "POST", `/api/incidents/${no}/redress`, body)).body).toMatchObject({ added: 1 });
    const listed = await list(no, { kind: "call" });
    expect(listed.entries).toMatchObject([{ customerNo: noted, note: body.note }]);
    expect(await inTheClear()).not.toContain("電話し");
    const [event] = await eventsOf("incident.redress-added");
    expect(event!.facts).toMatchObject({ incidentNo: no, kind: "call", added: 1 });
    expect((await ask(officer, "POST", `/api/incidents/${no}/redress`, { ...body, kind: "visit", customerNos: [999_999] })).status).toBe(400);
    expect((await ask(officer, "POST", `/api/incidents/${no}/redress`, { ...body, kind: "visit", note: "4111 1111 1111 1111" })).status).toBe(422);
    await eraseCustomer(house.open, noted);
    expect((await list(no, { kind: "call" })).entries).toMatchObject([{ customerNo: noted, name: null, note: null }]);
    expect((await ask(officer, "PATCH", `/api/incidents/${no}/redress`, { redressNos: [listed.entries[0]!.redressNo], note: "もう一度" })).status).toBe(404);
  });
});

test("lessons and disciplinary records stand in versions, sealed, for whoever handles incidents", async () => {
  const no = await open();
  const write = (body: object, who = officer): Promise<Reply> => ask(who, "POST", `/api/incidents/${no}/lessons`, body);
  const listed = async () => (await ask(officer, "GET", `/api/incidents/${no}/lessons`)).body["lessons"];
  const { lessonNo } = (await write({ kind: "lesson", text: "退職の前に持ち出しを見る" })).body as { lessonNo: number };
  expect((await write({ kind: "discipline", text: "けん責とした", accountNo: sales.accountNo })).status).toBe(200);
  expect((await write({ kind: "lesson", text: "退職の一月前から見る", of: { lessonNo, version: 1 } })).body).toEqual({ lessonNo, version: 2 });
  expect((await write({ kind: "lesson", text: "x", of: { lessonNo, version: 1 } })).body).toMatchObject({ code: "conflict" });
  expect((await write({ kind: "lesson", text: null })).status).toBe(400);
  expect((await write({ kind: "lesson", text: null, of: { lessonNo, version: 2 } })).status).toBe(200);
  expect(await listed()).toMatchObject([
    { lessonNo, version: 3, isWithdrawn: true, text: null },
    { lessonNo, version: 2, text: "退職の一月前から見る", isWithdrawn: false },
    { lessonNo, version: 1, text: "退職の前に持ち出しを見る" },
    { kind: "discipline", accountNo: sales.accountNo, text: "けん責とした" },
  ]);
  for (const who of [sales, administrator]) expect((await ask(who, "GET", `/api/incidents/${no}/lessons`)).status).toBe(403);
  expect(await inTheClear()).not.toMatch(/けん責|退職の/);
});

test("the summary is one page whatever was written, with numbers, clocks and proof state, and leaves a record", async () => {
  const no = await open();
  const summary = async (who = officer): Promise<Reply> => ask(who, "POST", `/api/incidents/${no}/summary`, {});
  expect((await summary(sales)).status).toBe(403);
  await ask(officer, "POST", `/api/incidents/${no}/scope`, { causes: [{ kind: "account", values: [sales.accountNo] }] });
  for (let at = 0; at < 14; at += 1) {
    await ask(officer, "POST", `/api/incidents/${no}/timeline`, { happenedAt: now().toISOString(), text: `経過その${at} ${"長い説明が続く。".repeat(60)}` });
    if (at < 9) {
      const prevention = { what: `防止策その${at} ${"細かな手順。".repeat(60)}`, ownerNo: sales.accountNo, dueOn: dayAfter(today(), at) };
      await ask(officer, "POST", `/api/incidents/${no}/preventions`, prevention);
    }
  }
  for (const key of ["outline.summary", "cause.detail", "secondary.detail"]) {
    await ask(officer, "POST", `/api/incidents/${no}/facts`, { key, certainty: "confirmed", value: `${key} ${"詳しい事情。".repeat(200)}` });
  }
  const { bytes, status } = await summary();
  expect(status).toBe(200);
  const pdf = bytes.subarray(bytes.indexOf("%PDF"));
  expect(countPages(pdf)).toBe(1);
  const text = pdfText(pdf).replaceAll(/\s/g, "");
  for (const part of [
    `事案${no}要約`,
    "確報の期限",
    "確認",
    "可能性",
    "除外",
    "時点(記録番号",
    "再発防止策",
    "ほか3件",
    "費用",
    "退職する職員が名簿を持ち出した",
  ])
    expect(text).toContain(part);
  const [event] = await eventsOf("incident.summary-printed");
  expect(event!.facts).toMatchObject({ incidentNo: no });
});
