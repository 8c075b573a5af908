import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sentinelValues } from "#server/modules/sample/index.ts";
import type { Endpoint, ReplyOf } from "#shared/endpoint.ts";
import * as customers from "#shared/customers.ts";
import * as contract from "#shared/ledger.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";

let house: SeededHouse;
let sales: Caller, colleague: Caller, officer: Caller, auditor: Caller;
let customerNo: number;
/** The event of the look that the tests speak of. */
let looked: number;

beforeAll(async () => {
  house = await openSeededHouse([["sales"], ["sales"], ["privacy-officer"], ["auditor"]]);
  [sales, colleague, officer, auditor] = house.callers as [Caller, Caller, Caller, Caller];
  customerNo = house.customerNos.find((no) => house.ownerOf.get(no) === sales.accountNo) as number;
  await ask(sales, customers.openView, {});
  await ask(sales, customers.showCustomer, {}, `/api/customers/${customerNo}`);
  await ask(colleague, customers.openView, {});
  looked = (await ask(sales, contract.listOwnEvents, { types: ["customer.viewed"], limit: 1 })).events[0]?.eventNo as number;
});
afterAll(() => house.close());

function send(caller: Caller, endpoint: Endpoint, body: object = {}, url: string = endpoint.path): Promise<Reply> {
  return request(house, { method: endpoint.method, url, cookie: caller.cookie, ...(endpoint.method === "GET" ? {} : { body }) });
}
async function ask<E extends Endpoint>(caller: Caller, endpoint: E, body: object = {}, url: string = endpoint.path): Promise<ReplyOf<E>> {
  const reply = await send(caller, endpoint, body, url);
  expect([reply.status, reply.body]).toMatchObject([200, {}]);
  return reply.body as ReplyOf<E>;
}
const nameOf = (no: number): string => sentinelValues("customer", house.customerIndex.get(no) as number)["fullName"] as string;
const shownAt = (eventNo: number): string => `/api/ledger/events/${eventNo}/shown`;

describe("a replay", () => {
  it("tells what one account did around an event, oldest first, and nothing of anybody else", async () => {
    const story = await ask(officer, contract.replayLedger, { eventNo: looked });
    const told = story.scenes.flatMap((scene) => scene.steps).flatMap((step) => step.eventNos);
    expect(told).toEqual(story.events.map((event) => event.eventNo));
    expect(told).toContain(looked);
    expect(story.events.map((event) => event.at)).toEqual(story.events.map((event) => event.at).toSorted());
    expect(new Set(story.events.map((event) => event.accountNo))).toEqual(new Set([sales.accountNo]));
    expect(story.people).toBeGreaterThan(1);
  });

  it("tells what everybody did around it when asked to", async () => {
    const story = await ask(officer, contract.replayLedger, { eventNo: looked, isEverybody: true });
    expect(new Set(story.events.map((event) => event.accountNo))).toEqual(expect.objectContaining(new Set([sales.accountNo, colleague.accountNo])));
    expect(story.accountNo).toBeNull();
  });

  it("stands in the ledger, with whose it was and how many events it showed", async () => {
    const story = await ask(auditor, contract.replayLedger, { eventNo: looked });
    const { events } = await ask(officer, contract.listEvents, { types: ["ledger.replayed"], accountNo: auditor.accountNo, limit: 1 });
    expect(events).toMatchObject([{ facts: { accountNo: sales.accountNo, shown: story.events.length } }]);
  });

  it("takes a day, and refuses a window without an end or of more than two days", async () => {
    const [from, to] = [new Date(Date.now() - 86_400_000).toISOString(), new Date(Date.now() + 60_000).toISOString()];
    expect((await ask(officer, contract.replayLedger, { accountNo: sales.accountNo, from, to })).events.map((event) => event.eventNo)).toContain(looked);
    expect((await send(officer, contract.replayLedger, { accountNo: sales.accountNo, from })).status).toBe(400);
    expect((await send(officer, contract.replayLedger, { accountNo: sales.accountNo, from: "2020-01-01T00:00:00Z", to })).status).toBe(400);
    expect((await send(officer, contract.replayLedger, { eventNo: 9_999_999 })).status).toBe(404);
  });

  it("is closed to whoever may not read the ledger, and one's own to nobody but oneself", async () => {
    expect((await send(sales, contract.replayLedger, { eventNo: looked })).status).toBe(403);
    expect((await ask(sales, contract.replayOwn, { eventNo: looked })).events.map((event) => event.eventNo)).toContain(looked);
    expect((await send(colleague, contract.replayOwn, { eventNo: looked })).status).toBe(404);
  });
});

describe("what was shown", () => {
  it("is whom and which fields, with the name as the reader's rights show it now, and recorded as seen", async () => {
    const shown = await ask(officer, contract.showWhatWasShown, {}, shownAt(looked));
    expect(shown.total).toBe(1);
    expect(shown.records).toMatchObject([{ kind: "customer", no: customerNo, name: nameOf(customerNo) }]);
    expect(shown.records[0]?.fields).toContainEqual({ field: "fullName", how: "full" });
    const { events } = await ask(officer, contract.listEvents, { types: ["ledger.event-viewed"], accountNo: officer.accountNo, limit: 1 });
    expect(events).toMatchObject([{ facts: { eventNo: looked }, subjects: [{ kind: "customer", count: 1, first: [customerNo] }] }]);
  });

  it("gives a number alone to a reader of the ledger who reads no customer", async () => {
    const reply = await send(auditor, contract.showWhatWasShown, {}, shownAt(looked));
    expect(reply.body).toMatchObject({ records: [{ kind: "customer", no: customerNo }] });
    expect(reply.bytes.includes(nameOf(customerNo))).toBe(false);
  });

  it("is one's own to see, and not a colleague's", async () => {
    const own = `/api/ledger/own/${looked}/shown`;
    expect((await ask(sales, contract.showWhatIWasShown, {}, own)).records).toMatchObject([{ no: customerNo, name: nameOf(customerNo) }]);
    expect((await send(colleague, contract.showWhatIWasShown, {}, own)).status).toBe(404);
    expect((await send(sales, contract.showWhatWasShown, {}, shownAt(looked))).status).toBe(403);
  });

  it("goes on from page to page", async () => {
    const [list] = (await ask(sales, contract.listOwnEvents, { types: ["customers.listed"], limit: 1 })).events;
    const eventNo = list?.eventNo as number;
    const all = await ask(officer, contract.showWhatWasShown, { limit: 100 }, shownAt(eventNo));
    const first = await ask(officer, contract.showWhatWasShown, { limit: 2 }, shownAt(eventNo));
    const rest = await ask(officer, contract.showWhatWasShown, { limit: 100, offset: 2 }, shownAt(eventNo));
    expect([...first.records, ...rest.records]).toEqual(all.records);
    expect(all.total).toBe(all.records.length);
  });
});

describe("the list of events", () => {
  it("names nobody unless asked, and whoever it names counts as seen", async () => {
    const asked = { types: ["customer.viewed"], accountNo: sales.accountNo, limit: 1 };
    expect((await ask(officer, contract.listEvents, asked)).names).toEqual({ customers: [], companies: [] });
    expect((await ask(officer, contract.listEvents, { ...asked, withNames: true })).names.customers).toEqual([{ no: customerNo, name: nameOf(customerNo) }]);
    const [reading] = (await ask(officer, contract.listEvents, { types: ["ledger.read"], accountNo: officer.accountNo, limit: 1 })).events;
    expect(reading).toMatchObject({ subjects: [{ kind: "customer", first: [customerNo] }], fields: [{ field: "fullName", how: "full" }] });
  });

  it("leaves as lines what it shows, and the leaving is recorded", async () => {
    const reply = await send(officer, contract.ledgerLines, { types: ["customer.viewed"], accountNo: sales.accountNo });
    // The headers stand before the body.
    const lines = reply.bytes
      .toString("utf8")
      .replace(/^\{.*?\}(?=\{)/, "")
      .trimEnd()
      .split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { eventNo: number }).eventNo)).toContain(looked);
    expect((await ask(officer, contract.listEvents, { types: ["ledger.lines-downloaded"], limit: 1 })).events).toMatchObject([
      { facts: { lines: lines.length } },
    ]);
    expect((await send(sales, contract.ledgerLines)).status).toBe(403);
  });
});

describe("a kept question", () => {
  const mine = { name: "夜の閲覧", isShared: false, filter: { group: "seen", isOffHours: true } };

  it("is its author's until it is shared, and only its author removes it", async () => {
    const { questionNo } = await ask(officer, contract.keepQuestion, mine);
    const shared = await ask(officer, contract.keepQuestion, { ...mine, name: "みんなの問い", isShared: true });
    expect((await ask(officer, contract.listQuestions)).questions).toMatchObject([
      { questionNo, name: "夜の閲覧", filter: mine.filter },
      { name: "みんなの問い" },
    ]);
    expect((await ask(auditor, contract.listQuestions)).questions.map((one) => one.name)).toEqual(["みんなの問い"]);
    expect((await send(auditor, contract.removeQuestion, {}, `/api/ledger/questions/${shared.questionNo}`)).status).toBe(404);
    await ask(officer, contract.removeQuestion, {}, `/api/ledger/questions/${shared.questionNo}`);
    expect((await ask(auditor, contract.listQuestions)).questions).toEqual([]);
    expect((await send(sales, contract.listQuestions)).status).toBe(403);
  });

  it("does not stand in the database as it was typed", async () => {
    await ask(officer, contract.keepQuestion, { ...mine, name: "退職予定の山本さん" });
    const { rows } = await house.database.owner.query<{ row: string }>("select record_questions::text as row from record_questions");
    expect(rows.map(({ row }) => row).join("\n")).not.toContain(Buffer.from("山本", "utf8").toString("hex"));
    expect(rows.map(({ row }) => row).join("\n")).not.toContain("山本");
  });
});

describe("the density", () => {
  it("counts as many events as the list holds, for all who read the ledger and for oneself", async () => {
    const density = await ask(officer, contract.ledgerDensity, { types: ["customer.viewed"] });
    const { events } = await ask(officer, contract.listEvents, { types: ["customer.viewed"], limit: 100 });
    expect(density.bars.reduce((sum, bar) => sum + bar.events, 0)).toBe(events.length);
    const own = await ask(colleague, contract.ownDensity, { types: ["customer.viewed"] });
    expect(own.bars).toEqual([]);
    expect((await send(sales, contract.ledgerDensity)).status).toBe(403);
  });
});
