import { afterAll, beforeAll, expect, test } from "vitest";
import { listEvents } from "#server/core/ledger/index.ts";
import { sentinelValues } from "#server/modules/sample/index.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";

let house: SeededHouse;
let sales: Caller;
let officer: Caller;
let own: number;
beforeAll(async () => {
  house = await openSeededHouse([["sales"], ["privacy-officer"]]);
  [sales, officer] = house.callers as [Caller, Caller];
  own = house.customerNos.find((no) => house.ownerOf.get(no) === sales.accountNo) as number;
}, 60_000);
afterAll(() => house.close());

const ask = (who: Caller, url: string, body: unknown): Promise<Reply> => request(house, { method: "POST", url, cookie: who.cookie, body });
const record = async (who: Caller, more: object = {}): Promise<number> =>
  Number(
    (
      await ask(who, `/api/customers/${own}/person-requests`, {
        kind: "disclosure",
        receivedOn: "2026-11-20",
        channel: "letter",
        identityCheck: "document",
        text: "登録内容をすべて知りたい",
        ...more,
      })
    ).body["requestNo"],
  );
const disclose = (who: Caller, form: "pdf" | "json", requestNo: number): Promise<Reply> =>
  ask(who, `/api/customers/${own}/disclosure/${form}`, { purpose: "person-request", requestNo });

test("a disclosure holds everything that is held of the person, sensitive values too, and its event says exactly that", async () => {
  const requestNo = await record(sales);
  const values = sentinelValues("customer", house.customerIndex.get(own) as number);
  for (const form of ["json", "pdf"] as const) {
    const reply = await disclose(officer, form, requestNo);
    expect(reply.status).toBe(200);
    const text = reply.bytes.toString("utf8").replaceAll(/\s/g, "");
    expect(Object.entries(values).filter(([, value]) => !text.includes(value.replaceAll(/\s/g, "")))).toEqual([]);
    expect(text).toContain("登録内容をすべて知りたい");
    const { events } = await listEvents(house.database.owner, { limit: 5, types: ["person.disclosed"] });
    const event = events.find((one) => one.requestId === reply.requestId);
    expect(event).toMatchObject({ accountNo: officer.accountNo, purpose: "person-request", facts: { requestNo, form } });
    const policy = house.open.storehouse.policy;
    const full = (event?.releases ?? []).flatMap((release) =>
      release.kind === "customer" && release.numbers.includes(own)
        ? release.fields.filter(([, how]) => how === 2).map(([no]) => policy?.fields.find((field) => field.no === no)?.key)
        : [],
    );
    expect(new Set(full)).toEqual(new Set([...Object.keys(values), "personRequest"]));
  }
});

test("a later disclosure says that there was an earlier one, and how often the person was looked at", async () => {
  const body = (await disclose(officer, "json", await record(sales))).body as {
    given: { event: string }[];
    uses: { event: string }[];
    sources: { kind: string }[];
  };
  expect(body.given.map((one) => one.event)).toEqual(["person.disclosed", "person.disclosed"]);
  expect(body.sources.map((one) => one.kind)).toContain("entered");
});

test("nobody but who answers persons gets one; nothing leaves before the person was identified, and for no request of another kind", async () => {
  const requestNo = await record(sales, { identityCheck: "none" });
  expect((await disclose(sales, "json", requestNo)).body["code"]).toBe("not-permitted");
  expect((await disclose(officer, "json", requestNo)).body).toMatchObject({ code: "invalid-input", facts: { reason: "identity-first" } });
  expect((await disclose(officer, "json", await record(sales, { kind: "correction" }))).body["code"]).toBe("invalid-input");
});

test("a request goes from open over decided to answered; a step that was overtaken is a conflict; granting needs the identity check", async () => {
  const requestNo = await record(sales, { kind: "suspension", identityCheck: "none" });
  const move = (version: number, step: object): Promise<Reply> => ask(officer, `/api/person-requests/${requestNo}/move`, { version, step });
  expect((await move(1, { kind: "decide", decision: "granted" })).body).toMatchObject({ code: "invalid-input", facts: { reason: "identity-first" } });
  expect((await move(1, { kind: "identity", identityCheck: "call-back" })).body).toMatchObject({ version: 2, state: "open" });
  expect((await move(1, { kind: "decide", decision: "refused" })).body["code"]).toBe("conflict");
  expect((await move(2, { kind: "decide", decision: "granted", answer: "利用を停止しました" })).body).toMatchObject({ state: "decided" });
  const file = await request(house, { method: "GET", url: `/api/customers/${own}/person-file`, cookie: officer.cookie });
  expect(file.body["suspendedAt"]).not.toBeNull();
  expect((file.body["requests"] as { requestNo: number; answer: unknown }[]).find((one) => one.requestNo === requestNo)?.answer).toBe("利用を停止しました");
  expect((await move(3, { kind: "answer" })).body).toMatchObject({ state: "answered" });
  expect((await move(4, { kind: "withdraw" })).body["code"]).toBe("conflict");
});

test("what was written about a request stands sealed", async () => {
  const { rows } = await house.database.owner.query<{ row: string }>("select person_requests::text as row from person_requests");
  const stored = rows.map((row) => row.row).join();
  expect(rows.length).toBeGreaterThan(3);
  for (const text of ["登録内容をすべて知りたい", "利用を停止しました"]) {
    expect(stored.includes(text) || stored.includes(Buffer.from(text).toString("hex"))).toBe(false);
  }
});
