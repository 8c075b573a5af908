import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { causes } from "#server/app/modules.ts";
import { listEvents, packSettled } from "#server/core/ledger/index.ts";
import type { ScopeSummary } from "#shared/incident-scope.ts";
import { compareScope, incidentCases } from "#tests/support/incident-cases.ts";
import { driveIncidentLoad } from "#tests/support/incident-load.ts";
import type { Clerk, Load } from "#tests/support/incident-receipts.ts";
import { openHouse, type TestHouse } from "#tests/support/open-house.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { proveLedger, runScopeFor, verifyScope } from "./index.ts";
import { decompress, hashTiers, unpackTiers } from "./pack-tiers.ts";

let house: TestHouse;
let load: Load;
let incidentNo: number;

beforeAll(async () => {
  house = await openHouse();
  load = await driveIncidentLoad(
    house.open,
    async ({ method, url, cookie, address, body, headers }) => {
      const reply = await house.app.inject({
        method: method as "GET",
        url,
        remoteAddress: address,
        headers: { "x-kuraban": "1", "user-agent": "test", cookie, ...headers },
        ...(body === undefined ? {} : { payload: body as object }),
      });
      return { status: reply.statusCode, bytes: reply.rawPayload };
    },
    { customers: 300, deliveries: 3_000 },
  );
  const opened = await send(load.officer, "POST", "/api/incidents", {
    playbook: "unauthorised-access",
    knownAt: new Date().toISOString(),
    what: "不審なログイン",
  });
  incidentNo = opened.body["incidentNo"] as number;
}, 180_000);
afterAll(() => house.close());

function send(clerk: Clerk, method: string, url: string, body?: unknown): Promise<Reply> {
  return request(house, { method, url, cookie: clerk.cookie, body });
}

async function run(given: object): Promise<ScopeSummary> {
  const reply = await send(load.officer, "POST", `/api/incidents/${incidentNo}/scope`, given);
  expect([reply.status, reply.body["code"], reply.body["facts"]]).toEqual([200, undefined, undefined]);
  return reply.body as unknown as ScopeSummary;
}

async function tiersOf(runNo: number) {
  const { rows } = await house.database.owner.query<{ packed: Buffer; hash: Buffer }>("select packed, hash from incident_scopes where scope_no = $1", [runNo]);
  const packed = decompress(rows[0]!.packed);
  expect(hashTiers(packed)).toEqual(rows[0]!.hash);
  const tiers = unpackTiers(packed);
  const inTier = new Set(tiers.people.map(({ no }) => no));
  return {
    confirmed: new Set(tiers.people.filter((one) => one.isConfirmed).map(({ no }) => no)),
    possible: new Set(tiers.people.filter((one) => !one.isConfirmed).map(({ no }) => no)),
    excluded: new Set([...tiers.existed].filter((no) => !inTier.has(no))),
  };
}

describe("against what members of staff received, told by the bytes of the replies alone", () => {
  test("whoever received something is confirmed or possible, nobody of them is excluded, and nobody is confirmed who received nothing", async () => {
    const results = [];
    for (const { name, causes: asked, truth } of incidentCases(load)) {
      const summary = await run({ causes: asked });
      const compared = compareScope(truth, await tiersOf(summary.runNo));
      results.push({ name, ...compared, truth: truth.size > 0 });
    }
    expect(
      results.map(({ name, recall, wrongExclusions, lost, precision, missing, beyond }) => ({
        name,
        recall,
        wrongExclusions,
        lost,
        precision,
        missing,
        beyond,
      })),
    ).toEqual(results.map(({ name }) => ({ name, recall: 1, wrongExclusions: 0, lost: 0, precision: 1, missing: [], beyond: [] })));
    // An incident that concerned nobody would prove nothing.
    expect(results.filter(({ truth }) => !truth).map(({ name }) => name)).toEqual(["backup without keys"]);
    expect(load.merged.size).toBeGreaterThan(2);
    expect(load.erased.size).toBeGreaterThan(2);
  }, 120_000);
});

const allOf = (at: number): object => ({ kind: "account", values: [load.clerks[at]!.accountNo] });

test("asked again as of the same event a run gives the same bytes, after more work and from what was packed meanwhile", async () => {
  const first = await run({ causes: [allOf(0), { kind: "role", values: ["office"] }] });
  const { rows } = await house.database.owner.query("select packed from incident_scopes where scope_no = $1", [first.runNo]);
  // The numbers of the first chunk are used up, so that it is packed; later events stand in another one.
  await house.database.owner.query("alter table ledger_events alter column event_no restart with 9000");
  await send(load.clerks[0]!, "POST", "/api/customers/views", { search: "", columns: ["fullName"], first: 50 });
  await house.open.sequencer.sequenceNow();
  await house.database.owner.query("update ledger_rounds set settled_event_no = highest_event_no");
  expect(await packSettled(house.open.pools.ledger)).toBeGreaterThan(0);
  const again = await run({ causes: [allOf(0), { kind: "role", values: ["office"] }], asOfEvent: first.asOfEvent });
  expect(again).toMatchObject({ hash: first.hash, asOfEvent: first.asOfEvent, confirmed: first.confirmed, possible: first.possible, excluded: first.excluded });
  const { rows: later } = await house.database.owner.query("select packed from incident_scopes where scope_no = $1", [again.runNo]);
  expect(decompress(later[0].packed)).toEqual(decompress(rows[0].packed));
  const now = await run({ causes: [allOf(0), { kind: "role", values: ["office"] }] });
  expect(now.asOfEvent).toBeGreaterThanOrEqual(9_000);
  const compared = await send(load.officer, "POST", `/api/incidents/${incidentNo}/scope/runs/${now.runNo}/compare`, { otherRunNo: first.runNo });
  const changes = compared.body["changes"] as { from: string; to: string; reason: string; people: number }[];
  expect(changes.every(({ to, reason }) => to === "confirmed" && reason === "new-events")).toBe(true);
  expect(changes.reduce((sum, { people }) => sum + people, 0)).toBe(now.confirmed - first.confirmed);
});

test("of what was proved before nothing is verified again, and a plain look still comes to the same people", async () => {
  const before = await run({ causes: [allOf(5)] });
  await house.open.sequencer.sequenceNow();
  await house.database.owner.query("update ledger_rounds set settled_event_no = highest_event_no");
  expect(await proveLedger(house.open.storehouse)).toBeGreaterThan(0);
  await house.open.sequencer.sequenceNow();
  const after = await run({ causes: [allOf(5)], asOfEvent: before.asOfEvent });
  expect(after).toMatchObject({ hash: before.hash, verification: { state: "holds", basis: "proved", findings: 0 } });
  expect(after.verification.events).toBeLessThan(before.verification.events);
  expect(await verifyScope(house.open.storehouse, after.runNo, { causes })).toBe("holds");
}, 120_000);

test("a plain look at every event, while the ledger is verified, comes to the same people", async () => {
  const cases = [
    [allOf(0), { kind: "list", values: [load.lists[0]!] }],
    [
      { kind: "import", values: [load.imports[0]!.importNo] },
      { kind: "time", to: load.moments[2]!.toISOString() },
    ],
    [{ kind: "lost-device", values: [load.clerks[4]!.deviceId], from: load.moments[6]!.toISOString() }],
    [
      { kind: "department", values: [load.departments.west] },
      { kind: "people", values: [1, 2, 3] },
    ],
  ];
  for (const causesAsked of cases) {
    const { runNo, isVerified, verification } = await run({ causes: causesAsked });
    expect([isVerified, verification.basis]).toEqual([true, "proved"]);
    expect(await verifyScope(house.open.storehouse, runNo, { causes })).toBe("holds");
    const shown = (await send(load.officer, "GET", `/api/incidents/${incidentNo}/scope/runs/${runNo}`)).body;
    expect(shown).toMatchObject({ isVerified: true, verification: { state: "holds", findings: 0, basis: "whole" } });
  }
}, 120_000);

test("a run does not hold as long as the last verification of the whole ledger found something", async () => {
  const { runNo } = await run({ causes: [allOf(5)] });
  const stateOf = async (): Promise<unknown> => (await send(load.officer, "GET", `/api/incidents/${incidentNo}/scope/runs/${runNo}`)).body["verification"];
  expect(await stateOf()).toMatchObject({ state: "holds" });
  const { owner } = house.database;
  await owner.query("insert into ledger_verifications (at, ok, events, rows_swept, findings, tree_size) values (now(), false, 1, 1, 1, 1)");
  expect(await stateOf()).toMatchObject({ state: "pending" });
  await owner.query("insert into ledger_verifications (at, ok, events, rows_swept, findings, tree_size) values (now() + interval '1 s', true, 1, 1, 0, 1)");
  expect(await stateOf()).toMatchObject({ state: "holds", wholeAt: expect.any(String) });
});

describe("nobody is excluded, and what does not hold is named, where somebody with the database", () => {
  const otherBook = "what was proved is not what the ledger says of it";
  test.each([
    [
      "changed what is packed",
      "ledger_exposure_chunks",
      "update ledger_exposure_chunks set actors = set_byte(actors, 9, get_byte(actors, 9) # 1) where chunk_no = 0",
      "what is packed is not what was proved: event 0",
    ],
    ["changed what was proved", "ledger_proved_ranges", "update ledger_proved_ranges set body = set_byte(body, 99, get_byte(body, 99) # 1)", otherBook],
    ["removed what was proved", "ledger_proved_books", "delete from ledger_proved_books", otherBook],
    [
      "changed the event that names it",
      "ledger_events",
      `update ledger_events set header = replace(header, '"upTo"', '"upto"') where type = 'ledger.packing-proved'`,
      "header was changed",
    ],
    [
      "changed an event behind it",
      "ledger_events",
      "update ledger_events set account_no = 999 where event_no = (select max(event_no) from ledger_events)",
      "columns differ from the header",
    ],
  ])("%s", async (_, table, tamper, what) => {
    const { owner } = house.database;
    await owner.query(`create table kept_aside as select * from ${table}`);
    await owner.query(tamper);
    const forged = await run({ causes: [allOf(5)] });
    const key = { ledger_exposure_chunks: "chunk_no", ledger_proved_ranges: "sha256", ledger_proved_books: "hash", ledger_events: "event_no" }[table]!;
    const columns = { ledger_exposure_chunks: ["actors"], ledger_proved_ranges: ["body"], ledger_proved_books: [], ledger_events: ["header", "account_no"] }[
      table
    ]!;
    for (const column of columns)
      await owner.query(
        `update ${table} t set ${column} = k.${column} from kept_aside k where k.${key} = t.${key} and k.${column} is distinct from t.${column}`,
      );
    if (columns.length === 0) await owner.query(`insert into ${table} select * from kept_aside`);
    await owner.query("drop table kept_aside");
    expect(forged).toMatchObject({ isVerified: false, excluded: 0, proofs: [], verification: { state: "fails", basis: "proved" } });
    expect(forged.verification.found.join("\n")).toContain(what);
    const { events } = await listEvents(owner, { types: ["incident.scoped"], limit: 1 });
    expect(events[0]!.facts).toMatchObject({ runNo: forged.runNo, holds: false, alarm: true });
    expect(await run({ causes: [allOf(5)] })).toMatchObject({ isVerified: true });
  });

  test("changed an event that is shown", async () => {
    const { owner } = house.database;
    const asked = await run({ causes: [allOf(0)] });
    const base = `/api/incidents/${incidentNo}/scope/runs/${asked.runNo}/people`;
    const [person] = (
      (await send(load.officer, "POST", base, { tier: "confirmed", limit: 1 })).body as { people: { customerNo: number; firstEvent: number }[] }
    ).people;
    const thread = async (): Promise<Reply> => send(load.officer, "POST", `${base}/${person!.customerNo}/events`, { limit: 100 });
    expect((await thread()).body["found"]).toEqual([]);
    const { rows } = await owner.query("select header from ledger_events where event_no = $1", [person!.firstEvent]);
    await owner.query(`update ledger_events set header = replace(header, '"outcome":"ok"', '"outcome":"OK"') where event_no = $1`, [person!.firstEvent]);
    expect((await thread()).body["found"]).toEqual([`header was changed: event ${person!.firstEvent}`]);
    await owner.query("update ledger_events set header = $2 where event_no = $1", [person!.firstEvent, rows[0]!["header"]]);
    const shown = (await send(load.officer, "GET", `/api/incidents/${incidentNo}/scope/runs/${asked.runNo}`)).body;
    expect(shown).toMatchObject({ isVerified: false, excluded: 0, verification: { state: "fails" } });
  });
});

test("what was proved and is gone is told of, and proved anew", async () => {
  const { owner } = house.database;
  await owner.query("delete from ledger_proved_books");
  await house.open.sequencer.sequenceNow();
  // A sequencer waits a minute before it gives up missing numbers.
  await owner.query("update ledger_rounds set settled_event_no = highest_event_no");
  expect(await proveLedger(house.open.storehouse)).toBeGreaterThan(0);
  const { events } = await listEvents(owner, { types: ["ledger.packing-not-proved"], limit: 1 });
  expect(events[0]!.facts).toMatchObject({ found: ["what was proved is not what the ledger says of it"], alarm: true });
  expect(await run({ causes: [allOf(5)] })).toMatchObject({ isVerified: true, verification: { found: [] } });
});

test("nobody is excluded where what was packed is not what the ledger says", async () => {
  const { owner } = house.database;
  await owner.query("create table kept_aside as select * from ledger_exposure_postings where kind = 1 limit 1");
  await owner.query(
    "delete from ledger_exposure_postings p using kept_aside k where (p.kind, p.level, p.span_no, p.range_no) = (k.kind, k.level, k.span_no, k.range_no)",
  );
  const forged = await run({ causes: [allOf(5)] });
  expect(forged).toMatchObject({ isVerified: false, excluded: 0, verification: { state: "fails", basis: "proved" } });
  expect(await verifyScope(house.open.storehouse, forged.runNo, { causes })).toBe("fails");
  const shown = (await send(load.officer, "GET", `/api/incidents/${incidentNo}/scope/runs/${forged.runNo}`)).body as unknown as ScopeSummary;
  expect(shown).toMatchObject({
    isVerified: false,
    excluded: 0,
    possible: forged.possible,
    proofs: [],
    verification: { state: "fails", findings: 1, basis: "whole" },
  });
  expect(
    (await send(load.officer, "POST", `/api/incidents/${incidentNo}/scope/runs/${forged.runNo}/people`, { tier: "possible", limit: 1 })).body,
  ).toMatchObject({
    people: [{ computedTier: "possible", ways: ["unverified"] }],
  });
  await owner.query("insert into ledger_exposure_postings select * from kept_aside");
  await owner.query("drop table kept_aside");
});

describe("people of a run", () => {
  test("are shown with names, fields and the way to the events; whose names were shown is recorded", async () => {
    const { runNo, confirmed } = await run({ causes: [allOf(0)] });
    const base = `/api/incidents/${incidentNo}/scope/runs/${runNo}/people`;
    const page = (await send(load.officer, "POST", base, { tier: "confirmed", limit: 20 })).body as { total: number; people: Record<string, unknown>[] };
    expect(page.total).toBe(confirmed);
    const person = page.people.find(({ name }) => typeof name === "string")!;
    expect(person).toMatchObject({
      tier: "confirmed",
      ways: expect.arrayContaining(["released"]),
      fields: expect.arrayContaining([{ field: "fullName", isFull: true }]),
    });
    const thread = (await send(load.officer, "POST", `${base}/${String(person["customerNo"])}/events`, { limit: 100 })).body as {
      events: Record<string, unknown>[];
    };
    expect(thread.events.length).toBe(person["events"]);
    expect(thread.events.every(({ accountNo }) => accountNo === load.clerks[0]!.accountNo)).toBe(true);
    const { events } = await listEvents(house.database.owner, { types: ["incident.scope-people-listed"], limit: 1 });
    expect(events[0]!.releases.flatMap(({ numbers }) => numbers)).toContain(person["customerNo"]);
  });

  test("are moved by hand with a reason, beside what was computed, and later runs show it", async () => {
    const { runNo, confirmed, excluded, withinReach } = await run({ causes: [allOf(0)] });
    expect(withinReach).toBeGreaterThan(confirmed / 2);
    const base = `/api/incidents/${incidentNo}/scope/runs/${runNo}`;
    const [someone] = ((await send(load.officer, "POST", `${base}/people`, { tier: "excluded", limit: 1 })).body as { people: { customerNo: number }[] })
      .people;
    const moved = await send(load.officer, "POST", `${base}/move`, { customerNos: [someone!.customerNo], tier: "confirmed", reason: "本人から連絡があった" });
    expect(moved.body).toMatchObject({ confirmed: confirmed + 1, excluded: excluded - 1, computed: { confirmed, excluded } });
    const later = await run({ causes: [allOf(0)] });
    const shown = await send(load.officer, "POST", `/api/incidents/${incidentNo}/scope/runs/${later.runNo}/people`, { tier: "confirmed", isMoved: true });
    expect(shown.body).toMatchObject({
      total: 1,
      people: [{ ...someone, tier: "confirmed", computedTier: "excluded", move: { reason: "本人から連絡があった" } }],
    });
    expect((await send(load.officer, "POST", `${base}/move`, { customerNos: [999_999], tier: "confirmed", reason: "いない人" })).body).toMatchObject({
      code: "invalid-input",
    });
    await send(load.officer, "POST", `${base}/move`, { customerNos: [someone!.customerNo], tier: "excluded", reason: "取り違えだった" });
  });

  test("of whom shapes alone were shown are possible, and stay out of what is confirmed", async () => {
    const from = new Date().toISOString();
    const colleague = load.clerks[2]!;
    const shown = (await send(colleague, "POST", "/api/customers/views", { search: "", columns: ["mobile"], first: 100 })).body as {
      rows: { customerNo: number; values: { mobile: unknown } }[];
    };
    const masked = shown.rows.filter(({ values }) => typeof values.mobile === "object" && values.mobile !== null && "masked" in values.mobile);
    expect(masked.length).toBeGreaterThan(0);
    const { runNo } = await run({ causes: [{ ...allOf(2), from }] });
    const tiers = await tiersOf(runNo);
    expect(masked.every(({ customerNo }) => tiers.possible.has(customerNo) && !tiers.confirmed.has(customerNo))).toBe(true);
  });
});

test("the command line gets the same numbers, without an incident and without a name", async () => {
  const question = { causes: [{ kind: "account", values: [load.clerks[0]!.accountNo] }] };
  const asked = await run(question);
  const summary = await runScopeFor(house.open.storehouse, { causes }, null, { ...question, asOfEvent: asked.asOfEvent });
  expect(summary).toMatchObject({ hash: asked.hash, confirmed: asked.computed.confirmed, incidentNo: null, askedBy: null });
  const { events } = await listEvents(house.database.owner, { types: ["incident.scoped"], limit: 1 });
  expect(events[0]).toMatchObject({
    principal: "console",
    facts: { hash: asked.hash, confirmed: summary.confirmed, asOfEvent: asked.asOfEvent },
    releases: [],
  });
});

test("each kind of cause is declared once, and each is asked of the truth above", () => {
  const declared = causes().map(({ kind }) => kind);
  expect(declared.toSorted()).toEqual([...new Set(declared)].toSorted());
  const asked = new Set(incidentCases(load).flatMap((one) => one.causes.map(({ kind }) => kind)));
  expect([...asked].toSorted()).toEqual(declared.toSorted());
});

test("a scope is asked by whoever handles incidents and by nobody else; what is no cause is refused", async () => {
  const refusals = [];
  for (const causesAsked of [
    [{ kind: "horoscope" }],
    [{ kind: "account", values: ["sales"] }],
    [{ kind: "address", values: ["10.0.0.0/40"] }],
    [{ kind: "time", values: [1] }],
  ]) {
    refusals.push((await send(load.officer, "POST", `/api/incidents/${incidentNo}/scope`, { causes: causesAsked })).body["code"]);
  }
  expect(new Set(refusals)).toEqual(new Set(["invalid-input"]));
  expect((await send(load.clerks[5]!, "POST", `/api/incidents/${incidentNo}/scope`, { causes: [allOf(0)] })).body["code"]).toBe("not-permitted");
  expect((await send(load.officer, "POST", "/api/incidents/999999/scope", { causes: [allOf(0)] })).body["code"]).toBe("not-found");
});
