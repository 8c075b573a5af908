import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { loadPolicy, type Field, type Policy } from "#server/core/access/policy.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import { serve } from "#server/app/serve.ts";
import { verifyStorehouse } from "#server/modules/records/index.ts";
import { startJobs, type Jobs } from "#server/platform/jobs/index.ts";
import { fieldOut, masksOf, mostSearchableFields, ownFieldTypes, searchForms } from "#shared/fields.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { customerTasks } from "./index.ts";

let house: SeededHouse;
let sales: Caller, office: Caller, officer: Caller;
let own: number;
let jobs: Jobs | undefined;

beforeAll(async () => {
  house = await openSeededHouse([["sales"], ["office"], ["privacy-officer"]], { unowned: 20 });
  [sales, office, officer] = house.callers as [Caller, Caller, Caller];
  own = house.customerNos[0] as number;
});
afterEach(async () => {
  await jobs?.stop();
  jobs = undefined;
});
afterAll(() => house.close());

const plain = { ja: "趣味", en: "Hobby", type: "text", class: "personal", mask: "none", isSearchable: true, isRequired: false, choices: [], sectionNo: null };
const ask = (caller: Caller, method: string, url: string, body?: unknown, on = house): Promise<Reply> =>
  request(on, { method, url, cookie: caller.cookie, body });
const add = async (definition: object = {}, kind = "customer"): Promise<string> => {
  const reply = await ask(officer, "POST", `/api/fields/${kind}`, { ...plain, ...definition });
  expect(reply.status).toBe(200);
  return reply.body["key"] as string;
};
const policyNow = (): Promise<Policy> => loadPolicy({ query: async (text, values) => (await house.database.app.query(text, values as unknown[])).rows });
const fieldNow = async (key: string): Promise<Field> => (await policyNow()).fields.find((field) => field.key === key) as Field;
const show = async (caller: Caller, no: number, on = house) =>
  (await ask(caller, "GET", `/api/customers/${no}`, undefined, on)).body as { version: number; values: Record<string, unknown> };
const write = async (caller: Caller, no: number, values: Record<string, string | null>): Promise<Reply> =>
  ask(caller, "PATCH", `/api/customers/${no}`, { version: (await show(caller, no)).version, values });
const found = async (caller: Caller, search: string) =>
  (await ask(caller, "POST", "/api/customers/views", { search })).body as { total: number; rows: { reasons: unknown }[] };
const change = (key: string, definition: object, kind = "customer"): Promise<Reply> => {
  const { type: _type, class: _class, sectionNo: _section, ...rest } = { ...plain, ...definition } as typeof plain;
  return ask(officer, "PUT", `/api/fields/${kind}/${key}`, rest);
};

describe("a field of one's own", () => {
  it("is there on another node with the next request, is written, found with its reason, and stands in the history", async () => {
    // A node of its own: it shares the database and has a policy of its own in memory.
    const app = await serve({
      storehouse: { ...house.open.storehouse },
      routes: house.routes,
      webFolder: undefined,
      tls: undefined,
      behindProxy: false,
      logLevel: "silent",
      requestsPerMinute: 1_000_000,
    });
    const other = { ...house, app };
    try {
      await show(sales, own, other);
      const key = await add();
      expect((await show(sales, own, other)).values).toMatchObject({ [key]: null });
      expect(
        (await ask(sales, "PATCH", `/api/customers/${own}`, { version: (await show(sales, own)).version, values: { [key]: "釣り・登山" } }, other)).status,
      ).toBe(200);
      expect((await show(sales, own)).values[key]).toBe("釣り・登山");
      expect(await found(sales, "釣り・登山")).toMatchObject({ total: 1, rows: [{ reasons: [{ field: key, how: "exact" }] }] });
      expect(await found(sales, "登山")).toMatchObject({ total: 1, rows: [{ reasons: [{ field: key, how: "inside" }] }] });
      const history = await ask(sales, "GET", `/api/customers/${own}/history`);
      expect(history.body["edits"]).toContainEqual(expect.objectContaining({ fields: [{ field: key, before: null, after: "釣り・登山" }] }));
      const { no } = await fieldNow(key);
      const { events } = await listEvents(house.database.app, { types: ["customer.viewed"], limit: 1 });
      expect(events[0]?.releases.flatMap((release) => release.fields)).toContainEqual([no, 2]);
      expect(await verifyStorehouse(house.open.storehouse, "system")).toMatchObject({ ok: true });
    } finally {
      await app.close();
    }
  });

  it("is masked, revealed and withheld by its class like any other", async () => {
    const masked = await add({ ja: "会員証", type: "code", mask: "all", class: "personal" });
    const secret = await add({ ja: "病歴", type: "notes", mask: "none", class: "sensitive", isSearchable: false });
    expect((await write(office, house.customerNos[1] as number, { [masked]: "K-1" })).status).toBe(200);
    expect((await write(sales, own, { [secret]: "なし" })).status).toBe(403);
    expect((await show(sales, own)).values[secret]).toEqual({ hidden: true });
  });

  it("is typed as its type is written, and refused with its reason where it is not", async () => {
    const choices = [
      { key: null, ja: "和食", en: "", isRetired: false },
      { key: null, ja: "洋食", en: "Western", isRetired: false },
    ];
    const [date, number, multi, flag, url] = await Promise.all([
      add({ ja: "入会日", type: "date", isSearchable: false }),
      add({ ja: "人数", type: "number", isSearchable: false }),
      add({ ja: "好み", type: "multi", isSearchable: false, choices }),
      add({ ja: "送付可", type: "flag", isSearchable: false }),
      add({ ja: "サイト", type: "url", isSearchable: false }),
    ]);
    expect(
      (await write(sales, own, { [date]: "令和6年4月1日", [number]: "１，２００", [multi]: "Western、和食", [flag]: "有", [url]: "example.jp" })).status,
    ).toBe(200);
    expect((await show(sales, own)).values).toMatchObject({
      [date]: "2024-04-01",
      [number]: "1200",
      [multi]: "和食、洋食",
      [flag]: "はい",
      [url]: "https://example.jp/",
    });
    for (const [key, value, reason] of [
      [date, "58/4/1", "bad-date"],
      [number, "多い", "bad-number"],
      [multi, "中華", "bad-choice"],
      [url, "javascript:alert(1)", "bad-url"],
    ] as const) {
      expect((await write(sales, own, { [key]: value })).body).toMatchObject({ code: "invalid-input", facts: { field: key, reason } });
    }
    // An answer that is offered no more stays readable.
    expect(
      (await change(multi, { ja: "好み", isSearchable: false, choices: [{ key: "和食", ja: "日本料理", en: "Japanese", isRetired: false }] })).status,
    ).toBe(200);
    expect((await fieldNow(multi)).choices).toEqual([
      { key: "和食", ja: "日本料理", en: "Japanese", isRetired: false },
      { key: "洋食", ja: "洋食", en: "Western", isRetired: true },
    ]);
    expect((await show(sales, own)).values[multi]).toBe("和食、洋食");
  });

  it("that is required is asked of every new person, and cannot be emptied", async () => {
    const key = await add({ ja: "区分", isRequired: true, isSearchable: false });
    const body = { values: { fullName: "必須　一郎" }, cellNo: house.cells.get("near")?.cellNo };
    expect((await ask(sales, "POST", "/api/customers", body)).body).toMatchObject({ code: "invalid-input", facts: { field: key, reason: "required" } });
    const created = await ask(sales, "POST", "/api/customers", { ...body, values: { ...body.values, [key]: "甲" } });
    expect(created.status).toBe(200);
    expect((await write(sales, created.body["customerNo"] as number, { [key]: "" })).body).toMatchObject({ facts: { field: key, reason: "required" } });
    // Somebody who lacks it since before can still be mended.
    expect((await write(sales, own, { section: "総務" })).status).toBe(200);
    await ask(officer, "POST", `/api/fields/customer/${key}/archive`, { isArchived: true });
  });

  it("taken out of use keeps its values, shows none, takes none, and comes back with them", async () => {
    const key = await add({ ja: "旧番号", type: "code" });
    await write(sales, own, { [key]: "OLD-77" });
    expect((await ask(officer, "POST", `/api/fields/customer/${key}/archive`, { isArchived: true })).status).toBe(200);
    expect((await show(sales, own)).values).not.toHaveProperty(key);
    expect([(await write(sales, own, { [key]: "NEW" })).status, (await found(sales, "OLD-77")).total]).toEqual([400, 0]);
    expect((await ask(sales, "GET", `/api/customers/${own}/retired`)).body["values"]).toMatchObject({ [key]: "OLD-77" });
    await ask(officer, "POST", `/api/fields/customer/${key}/archive`, { isArchived: false });
    expect([(await show(sales, own)).values[key], (await found(sales, "OLD-77")).total]).toEqual(["OLD-77", 1]);
    expect((await ask(officer, "POST", "/api/fields/customer/fullName/archive", { isArchived: true })).status).toBe(400);
  });
});

describe("searching a field", () => {
  it("begins when every value has its tokens, and ends at once with none left behind", async () => {
    const key = await add({ ja: "愛称", isSearchable: false });
    await write(sales, own, { [key]: "たぬきち" });
    const tokens = async (): Promise<number[]> =>
      (await house.database.owner.query<{ tokens: number[] }>("select tokens from customer_search where customer_no = $1", [own])).rows[0]?.tokens ?? [];
    const without = await tokens();
    expect((await change(key, { ja: "愛称", isSearchable: true })).body).toEqual({ kind: "reindexing" });
    expect((await found(sales, "たぬきち")).total).toBe(0);
    jobs = startJobs({ pool: house.open.pools.app, tasks: customerTasks(house.open.storehouse), pollMs: 50 });
    await vi.waitFor(async () => expect((await fieldNow(key)).indexing).toBe("ready"), { timeout: 15_000 });
    expect((await found(sales, "たぬきち")).total).toBe(1);
    expect((await tokens()).length).toBeGreaterThan(without.length);

    expect((await change(key, { ja: "愛称", isSearchable: false })).body).toEqual({ kind: "reindexing" });
    expect((await found(sales, "たぬきち")).total).toBe(0);
    await vi.waitFor(async () => expect(await fieldNow(key)).toMatchObject({ indexing: "none", tokenNo: null }), { timeout: 15_000 });
    expect(await tokens()).toEqual(without);
    expect(await verifyStorehouse(house.open.storehouse, "system")).toMatchObject({ ok: true });
  });

  it("of companies goes the same way, and is recorded", async () => {
    const key = await add({ ja: "屋号", isSearchable: false, class: "open" }, "company");
    expect((await change(key, { ja: "屋号", isSearchable: true }, "company")).body).toEqual({ kind: "reindexing" });
    jobs = startJobs({ pool: house.open.pools.app, tasks: customerTasks(house.open.storehouse), pollMs: 50 });
    await vi.waitFor(async () => expect((await fieldNow(key)).indexing).toBe("ready"), { timeout: 15_000 });
    const { rows } = await house.database.owner.query("select from ledger_events where type = 'company.reindexed'");
    expect(rows.length).toBeGreaterThan(0);
    await change(key, { ja: "屋号", isSearchable: false }, "company");
    await vi.waitFor(async () => expect(await fieldNow(key)).toMatchObject({ indexing: "none" }), { timeout: 15_000 });
    expect(await verifyStorehouse(house.open.storehouse, "system")).toMatchObject({ ok: true });
  });

  it("is refused for types whose few values would show in the index", async () => {
    const choices = [{ key: null, ja: "甲", en: "", isRetired: false }];
    for (const type of ownFieldTypes.filter((each) => searchForms[each] === undefined)) {
      const reply = await ask(officer, "POST", "/api/fields/customer", { ...plain, type, choices });
      expect([type, reply.body]).toMatchObject([type, { code: "invalid-input", facts: { reason: "not-searchable-type" } }]);
    }
  });
});

describe("sections and order", () => {
  it("hold for everybody, and stand whole in the ledger", async () => {
    const section = await ask(officer, "POST", "/api/field-sections/customer", { ja: "お届け", en: "Delivery" });
    const sectionNo = section.body["sectionNo"] as number;
    const key = await add({ ja: "届け先", isSearchable: false, sectionNo });
    const arranged = {
      sections: [
        { sectionNo, fields: [key, "address"] },
        { sectionNo: null, fields: ["kana", "fullName"] },
      ],
    };
    expect((await ask(officer, "PUT", "/api/field-order/customer", arranged)).status).toBe(200);
    const listed = (await ask(sales, "GET", "/api/fields")).body as { fields: { key: string; kind: string; sectionNo: number | null }[]; sections: unknown[] };
    const ofCustomers = listed.fields.filter((field) => field.kind === "customer");
    expect(ofCustomers.slice(0, 4).map((field) => [field.key, field.sectionNo])).toEqual([
      [key, sectionNo],
      ["address", sectionNo],
      ["kana", null],
      ["fullName", null],
    ]);
    expect(listed.sections).toContainEqual({ sectionNo, kind: "customer", ja: "お届け", en: "Delivery" });
    const { events } = await listEvents(house.database.app, { types: ["fields.arranged"], limit: 1 });
    expect(events[0]?.facts).toMatchObject({ kind: "customer", order: ofCustomers.map(() => expect.anything() as unknown) });
    expect((await ask(officer, "DELETE", `/api/field-sections/customer/${sectionNo}`)).status).toBe(200);
    expect((await fieldNow("address")).sectionNo).toBeNull();
  });
});

describe("defining fields", () => {
  it("takes whatever makes sense and nothing else, and the policy holds what was asked", async () => {
    const anyDefinition = fc.record({
      ja: fc.string({ unit: fc.constantFrom(..."趣味番号区分ABC 1"), maxLength: 42 }),
      en: fc.constantFrom("", "Field"),
      type: fc.constantFrom(...ownFieldTypes),
      class: fc.constantFrom("open", "internal", "personal", "sensitive"),
      mask: fc.constantFrom("none", "phone", "mail", "address", "all"),
      isSearchable: fc.boolean(),
      isRequired: fc.constant(false),
      choices: fc
        .uniqueArray(fc.constantFrom("甲", "乙", "丙、丁"), { maxLength: 3 })
        .map((labels) => labels.map((ja) => ({ key: null, ja, en: "", isRetired: false }))),
      sectionNo: fc.constantFrom(null, 99_999),
    });
    await fc.assert(
      fc.asyncProperty(anyDefinition, async (definition) => {
        const reply = await ask(officer, "POST", "/api/fields/company", definition);
        const isChoice = definition.type === "choice" || definition.type === "multi";
        const isSound =
          definition.ja.trim() !== "" &&
          definition.ja.trim().length <= 40 &&
          masksOf(definition.type).includes(definition.mask as "none") &&
          (!definition.isSearchable || searchForms[definition.type] !== undefined) &&
          (!isChoice || definition.choices.length > 0) &&
          definition.sectionNo === null;
        expect(reply.status === 200).toBe(isSound);
        if (isSound) {
          const field = await fieldNow(reply.body["key"] as string);
          expect(field).toMatchObject({
            ja: definition.ja.trim(),
            type: definition.type,
            class: definition.class,
            mask: definition.mask,
            searchable: definition.isSearchable,
          });
          expect(field.choices.map((choice) => choice.ja)).toEqual(isChoice ? definition.choices.map((choice) => choice.ja) : []);
        }
      }),
      { numRuns: 60 },
    );
    const fields = (await policyNow()).fields.filter((field) => field.kind === "company" && field.indexedAs !== null);
    expect(new Set(fields.map((field) => field.indexedAs?.no)).size).toBe(fields.length);
  });

  it("ends where there are as many searched ones as the index can tell apart, with a clear reason", async () => {
    for (;;) {
      const reply = await ask(officer, "POST", "/api/fields/company", plain);
      if (reply.status !== 200) {
        expect(reply.body).toMatchObject({ facts: { reason: "too-many-searchable", limit: mostSearchableFields } });
        break;
      }
    }
    expect((await policyNow()).fields.filter((field) => field.kind === "company" && field.isOwn && field.searchable)).toHaveLength(mostSearchableFields);
  });

  it("is for those who manage fields alone, and every reply is as the contract says", async () => {
    expect((await ask(sales, "POST", "/api/fields/customer", plain)).status).toBe(403);
    const { fields } = (await ask(sales, "GET", "/api/fields")).body as { fields: unknown[] };
    fields.forEach((field) => fieldOut.parse(field));
    const effect = await ask(officer, "GET", "/api/fields/customer/bankAccount/class-effect?class=open");
    expect(effect.body["gain"]).toBeGreaterThan(0);
  });
});
