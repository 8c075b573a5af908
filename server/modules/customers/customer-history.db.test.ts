import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sentinelValues } from "#server/modules/sample/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { customerExposures, customerHistory } from "#shared/customers.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";

let house: SeededHouse;
let sales: Caller, colleague: Caller, office: Caller, officer: Caller, auditor: Caller, manager: Caller;
let own: number, far: number;

beforeAll(async () => {
  house = await openSeededHouse([["sales"], ["sales"], ["office"], ["privacy-officer"], ["auditor"], ["manager"]]);
  [sales, colleague, office, officer, auditor, manager] = house.callers as [Caller, Caller, Caller, Caller, Caller, Caller];
  own = house.customerNos[0] as number;
  far = house.customerNos.at(-1) as number;
});
afterAll(() => house.close());

const get = (caller: Caller, url: string): Promise<Reply> => request(house, { method: "GET", url, cookie: caller.cookie });
const change = (caller: Caller, customerNo: number, body: object): Promise<Reply> =>
  request(house, { method: "PATCH", url: `/api/customers/${customerNo}`, cookie: caller.cookie, body });
async function historyOf(caller: Caller, customerNo: number, query = ""): Promise<ReplyOf<typeof customerHistory>> {
  const reply = await get(caller, `/api/customers/${customerNo}/history${query}`);
  expect([reply.status, reply.body]).toMatchObject([200, {}]);
  return reply.body as ReplyOf<typeof customerHistory>;
}
const lastEvent = async (type: string) => (await listEvents(house.database.app, { types: [type], limit: 1 })).events[0];

describe("the history of a customer", () => {
  const former = sentinelValues("customer", 0);

  it("shows before and after as the reader may read the fields, and says in the ledger what it showed", async () => {
    const reply = await change(sales, own, { version: 1, values: { phone: "03-1111-2222", jobTitle: "部長", notes: null } });
    expect(reply.status).toBe(200);
    const [edit, creation] = (await historyOf(sales, own)).edits;
    expect(edit).toMatchObject({ type: "customer.changed", accountNo: sales.accountNo });
    expect(Object.fromEntries((edit?.fields ?? []).map((each) => [each.field, [each.before, each.after]]))).toEqual({
      phone: [former["phone"], "03-1111-2222"],
      jobTitle: [former["jobTitle"], "部長"],
      notes: [former["notes"], null],
    });
    expect(creation).toMatchObject({ type: "customer.created", accountNo: null });
    const shown = await lastEvent("customer.history-viewed");
    expect(shown?.releases).toMatchObject([{ kind: "customer", numbers: [own] }]);
    // Everything that the creation set and sales reads in full, and the three that changed.
    expect(shown?.releases[0]?.fields.every(([, how]) => how === 2)).toBe(true);
    expect(shown?.releases[0]?.fields.map(([no]) => no)).toEqual(expect.arrayContaining([5, 7, 14]));
  });

  it("masks for a colleague what stands masked in the record, and hides what they may not read", async () => {
    const fields = (await historyOf(colleague, own)).edits[0]?.fields ?? [];
    expect(fields.find((each) => each.field === "phone")).toEqual({
      field: "phone",
      before: { masked: expect.any(String) as string },
      after: { masked: "03-••••-2222" },
    });
    const creation = (await historyOf(colleague, own)).edits[1]?.fields ?? [];
    expect(creation.find((each) => each.field === "bankAccount")).toEqual({ field: "bankAccount", before: null, after: { hidden: true } });
    expect((await lastEvent("customer.history-viewed"))?.releases[0]?.fields).toContainEqual([7, 1]);
  });

  it("is closed beyond the reader's scope", async () => {
    expect((await get(sales, `/api/customers/${far}/history`)).status).toBe(404);
    expect((await get(auditor, `/api/customers/${own}/history`)).status).toBe(403);
    expect((await get(officer, `/api/customers/${far}/history`)).status).toBe(200);
  });

  it("names moves to the trash and goes on from page to page", async () => {
    const no = house.customerNos[2] as number;
    for (let version = 1; version <= 22; version++) {
      expect((await change(office, no, { version, values: { jobTitle: `係${version}` } })).status).toBe(200);
    }
    await request(house, { method: "POST", url: `/api/customers/${no}/trash`, cookie: office.cookie, body: { version: 23 } });
    const first = await historyOf(office, no);
    expect(first.edits[0]).toMatchObject({ type: "customer.trashed", fields: [] });
    const rest = await historyOf(office, no, `?before=${first.nextBefore}`);
    expect([first.edits.length, rest.edits.length, rest.nextBefore]).toEqual([20, 4, null]);
  });
});

describe("who saw a customer", () => {
  it("is told to readers of the ledger, with no value of the customer, and that they asked is recorded", async () => {
    const no = house.customerNos[1] as number;
    await get(colleague, `/api/customers/${no}`);
    await request(house, { method: "POST", url: `/api/customers/${no}/reveal`, cookie: officer.cookie, body: { fields: ["mail"], purpose: "audit" } });
    const reply = await get(auditor, `/api/customers/${no}/exposures`);
    const { exposures } = reply.body as ReplyOf<typeof customerExposures>;
    expect(exposures).toMatchObject([
      { type: "customer.revealed", accountNo: officer.accountNo, purpose: "audit", fields: [{ field: "mail", how: "full" }] },
      { type: "customer.viewed", accountNo: colleague.accountNo, purpose: null },
    ]);
    expect(exposures[1]?.fields).toContainEqual({ field: "mail", how: "full" });
    for (const { value } of house.sentinels.filter((sentinel) => sentinel.value.length > 4)) {
      expect(reply.bytes.includes(value)).toBe(false);
    }
    expect(await lastEvent("customer.exposures-viewed")).toMatchObject({
      accountNo: auditor.accountNo,
      releases: [{ kind: "customer", numbers: [no], fields: [] }],
    });
  });

  it("is told to a manager of the department's customers, and of no others", async () => {
    const near = house.customerNos.find((no) => house.cellOf.get(no) === house.cells.get("near")?.cellNo) as number;
    await get(office, `/api/customers/${near}`);
    const reply = await get(manager, `/api/customers/${near}/exposures`);
    expect((reply.body as ReplyOf<typeof customerExposures>).exposures[0]).toMatchObject({ type: "customer.viewed", accountNo: office.accountNo });
    expect((await get(manager, `/api/customers/${far}/exposures`)).status).toBe(404);
    expect((await request(house, { method: "POST", url: "/api/ledger/events", cookie: manager.cookie, body: {} })).status).toBe(403);
  });

  it("is told to nobody else, and of nobody who never was", async () => {
    expect((await get(sales, `/api/customers/${own}/exposures`)).status).toBe(403);
    expect((await get(auditor, `/api/customers/999999/exposures`)).status).toBe(404);
    expect((await get(auditor, `/api/customers/${house.customerNos.at(-2)}/exposures`)).body).toEqual({ exposures: [], nextBefore: null });
  });
});
