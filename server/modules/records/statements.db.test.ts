import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { modules } from "#server/app/modules.ts";
import { actAs } from "#server/core/door/index.ts";
import { runErasure } from "#server/modules/requests/index.ts";
import { sentinelValues } from "#server/modules/sample/index.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import {
  compareWithExport,
  readVerifierKey,
  verifyExport,
  verifyStatement,
  type ExportVerification,
  type VerifierKey,
} from "../../../verifier/kuraban-verify.mjs";

let house: SeededHouse;
let sales: Caller, officer: Caller, auditor: Caller, manager: Caller;
let keys: VerifierKey[];
/** Looked at by `sales`; and one of another department, whom nobody looks at. */
let seenNo: number, farNo: number;
const began = new Date(Date.now() - 1_000).toISOString();
const window = (): { from: string; to: string } => ({ from: began, to: new Date().toISOString() });

beforeAll(async () => {
  house = await openSeededHouse([["sales"], ["privacy-officer"], ["auditor"], ["manager"]]);
  [sales, officer, auditor, manager] = house.callers as [Caller, Caller, Caller, Caller];
  seenNo = house.customerNos.find((no) => house.ownerOf.get(no) === sales.accountNo) as number;
  farNo = house.customerNos.at(-1) as number;
  keys = (JSON.parse((await ask(auditor, "GET", "/api/ledger/verifier")).text) as { keys: string[] }).keys.map(readVerifierKey);
  expect((await ask(sales, "GET", `/api/customers/${seenNo}`)).status).toBe(200);
  await ask(sales, "POST", "/api/customers/views", { search: "", columns: ["fullName"], first: 50 });
  await house.open.sequencer.sequenceNow();
}, 60_000);
afterAll(() => house.close());

interface Answer {
  readonly status: number;
  readonly bytes: Buffer;
  readonly text: string;
  readonly code: unknown;
  readonly facts: Readonly<Record<string, unknown>>;
}

async function ask(caller: Caller, method: "GET" | "POST", url: string, body?: object): Promise<Answer> {
  const reply = await house.app.inject({ method, url, headers: { "x-kuraban": "1", cookie: caller.cookie }, ...(body && { payload: body }) });
  const problem = reply.statusCode >= 400 ? (JSON.parse(reply.payload) as { code: string; facts: Record<string, unknown> }) : undefined;
  return { status: reply.statusCode, bytes: reply.rawPayload, text: reply.payload, code: problem?.code, facts: problem?.facts ?? {} };
}

/** An export by way of the screen's route, compared with statements. */
async function exported(statements: readonly string[] = [], body: object = {}): Promise<{ ledger: ExportVerification; compared: string[] }> {
  await house.open.sequencer.sequenceNow();
  const file = await ask(auditor, "POST", "/api/ledger/export", body);
  expect(file.status).toBe(200);
  const watches = statements.map(compareWithExport);
  const ledger = await verifyExport([gunzipSync(file.bytes)], { keys, onEvent: (...event) => watches.forEach((watch) => watch.onEvent(...event)) });
  return { ledger, compared: watches.flatMap((watch) => watch.finish(ledger).findings.map(({ what }) => what)) };
}

describe("an export", () => {
  it("verifies away from the product, whole, from a day on, and without anybody's number, and is itself recorded", async () => {
    expect((await exported()).ledger).toMatchObject({ ok: true, findings: [], isWhole: true, hasEntries: true, from: 0 });
    const { rows } = await house.database.owner.query(
      "select count(*)::int4 as n from ledger_events where type = 'ledger.exported' and header like '%\"purpose\":\"audit\"%'",
    );
    expect(rows[0]).toEqual({ n: 1 });
    expect((await exported([], { withEntries: false })).ledger).toMatchObject({ ok: true, hasEntries: false });
    const late = new Date(Date.now() - 1).toISOString();
    const part = (await exported([], { from: late })).ledger;
    expect(part).toMatchObject({ ok: true, isWhole: false });
    expect(part.from).toBeGreaterThan(0);
  });

  it("is closed to whoever may not read the ledger", async () => {
    expect((await ask(sales, "POST", "/api/ledger/export", {})).code).toBe("not-permitted");
  });

  it("holds no value of a person in clear", async () => {
    const text = gunzipSync((await ask(auditor, "POST", "/api/ledger/export", {})).bytes).toString();
    const name = sentinelValues("customer", house.customerIndex.get(seenNo) as number)["fullName"] as string;
    expect(text.includes(name)).toBe(false);
    expect(text.length).toBeGreaterThan(10_000);
  });
});

describe("who saw a person", () => {
  const path = (no: number, form: "json" | "pdf" = "json"): string => `/api/customers/${no}/seen-statement.${form}`;

  it("is stated with a proof of each event, and names nobody else who stands in it", async () => {
    const statement = (await ask(officer, "POST", path(seenNo), window())).text;
    const { ok, findings } = verifyStatement(statement, { keys });
    expect([ok, findings]).toEqual([true, []]);
    const document = JSON.parse((JSON.parse(statement) as { document: string }).document) as {
      events: { header: string; entries: { no: number; count: number }[] }[];
    };
    const types = document.events.map(({ header }) => (JSON.parse(header) as { type: string }).type);
    expect(types).toEqual(expect.arrayContaining(["customer.viewed", "customers.listed"]));
    const listed = document.events[types.indexOf("customers.listed")]!;
    expect(listed.entries.map(({ no }) => no)).toEqual([seenNo]);
    expect(listed.entries[0]!.count).toBeGreaterThan(1);
    expect((await exported([statement])).compared).toEqual([]);
  });

  it("is found out when an event is left out, changed, or signed by somebody else", async () => {
    const statement = (await ask(officer, "POST", path(seenNo), window())).text;
    const file = JSON.parse(statement) as { document: string };
    const document = JSON.parse(file.document) as { events: { header: string; path: string[] }[]; customers: number[] };
    const forge = (change: (forged: typeof document) => void): string => {
      const forged = structuredClone(document);
      change(forged);
      return JSON.stringify({ ...file, document: JSON.stringify(forged) });
    };
    const whats = (text: string): string[] => verifyStatement(text, { keys }).findings.map(({ what }) => what);
    const shorter = forge(({ events }) => void events.pop());
    expect(whats(shorter)).toEqual(["the statement is signed by no key that was given"]);
    expect((await exported([shorter])).compared).toEqual(["the statement leaves out an event"]);
    expect(whats(forge(({ events }) => void (events[0]!.header = events[0]!.header.replace('"outcome":"ok"', '"outcome":"no"'))))).toContain(
      "the event does not stand in the tree",
    );
    expect(whats(forge((forged) => void (forged.customers = [farNo])))).toContain("the event does not name the person");
  });

  it("is made for the person by whoever answers persons, and as a letter", async () => {
    expect((await ask(sales, "POST", path(seenNo), window())).code).toBe("not-permitted");
    expect((await ask(officer, "POST", path(seenNo, "pdf"), window())).bytes.subarray(0, 5).toString()).toBe("%PDF-");
    expect((await ask(officer, "POST", path(seenNo), { from: window().to, to: began })).code).toBe("invalid-input");
  });
});

describe("not having seen people", () => {
  const path = "/api/ledger/not-seen-statement";

  it("is stated for oneself, holds alone and against the export, and hides who they are from whoever has not their salts", async () => {
    const reply = await ask(sales, "POST", path, { customerNos: [farNo, 999_999], ...window() });
    expect(reply.status).toBe(200);
    expect(verifyStatement(reply.text, { keys })).toMatchObject({ ok: true, people: expect.arrayContaining([farNo, 999_999]) as number[] });
    const file = JSON.parse(reply.text) as { document: string; people: object[] };
    expect(file.document).not.toContain("999999");
    expect((await exported([reply.text])).compared).toEqual([]);
    const { people: _people, ...unnamed } = file;
    expect((await exported([JSON.stringify(unnamed)])).compared).toEqual([
      "not all people of the statement are named beside it: it can be compared for the named ones alone",
    ]);
  });

  it("is refused with the events when one of them was seen, and a lie is found in the export", async () => {
    const refused = await ask(sales, "POST", path, { customerNos: [farNo, seenNo], ...window() });
    expect([refused.status, refused.code]).toEqual([409, "was-seen"]);
    const sequences = refused.facts["events"] as number[];
    expect(sequences.length).toBeGreaterThanOrEqual(2);
    const honest = JSON.parse((await ask(sales, "POST", path, { customerNos: [farNo], ...window() })).text) as {
      document: string;
      people: { no: number; salt: string }[];
    };
    const { hash } = await import("node:crypto");
    const person = { no: seenNo, salt: honest.people[0]!.salt };
    const hashed = hash("sha256", Buffer.concat([Buffer.from(`customer ${seenNo}\n`), Buffer.from(person.salt, "base64url")]), "base64url");
    const document = JSON.stringify({ ...(JSON.parse(honest.document) as object), people: [hashed] });
    const { compared } = await exported([JSON.stringify({ ...honest, document, people: [person] })]);
    expect(compared).toContain("the account did see one of the people");
  });

  it("is not stated over what stands under no checkpoint yet, however much came after it, nor over what the house did on the account's behalf", async () => {
    const from = new Date().toISOString();
    const until = () => ({ from, to: new Date(Date.now() + 1_000).toISOString() });
    await ask(sales, "GET", `/api/customers/${seenNo}`);
    await Promise.all(Array.from({ length: 220 }, () => ask(sales, "GET", `/api/customers/${farNo}`)));
    expect((await ask(sales, "POST", path, { customerNos: [seenNo], ...until() })).code).toBe("was-seen");
    await house.open.sequencer.sequenceNow();
    const nobodys = house.customerNos.at(-2) as number;
    expect((await ask(sales, "POST", path, { customerNos: [nobodys], ...until() })).status).toBe(200);
    await actAs(house.open.storehouse, "system", "list.downloaded", crypto.randomUUID(), async ({ journal }) => {
      journal.fact("accountNo", sales.accountNo);
      journal.touched("customer", nobodys);
    });
    expect((await ask(sales, "POST", path, { customerNos: [nobodys], ...until() })).code).toBe("was-seen");
    await house.open.sequencer.sequenceNow();
    expect((await ask(sales, "POST", path, { customerNos: [nobodys], ...until() })).code).toBe("was-seen");
  });

  it("is made one at a time, since everybody may ask and each reads much", async () => {
    const other = await house.database.owner.connect();
    try {
      await other.query("begin");
      await other.query("select pg_advisory_xact_lock(x'6b726e73'::integer)");
      expect((await ask(sales, "POST", path, { customerNos: [farNo], ...window() })).code).toBe("too-many-requests");
      await other.query("rollback");
      expect((await ask(sales, "POST", path, { customerNos: [farNo], ...window() })).status).toBe(200);
    } finally {
      other.release();
    }
  });

  it("is stated up to now at the most, and as a letter", async () => {
    const ahead = new Date(Date.now() + 86_400_000).toISOString();
    const reply = await ask(sales, "POST", path, { customerNos: [farNo], from: began, to: ahead });
    const { document } = JSON.parse(reply.text) as { document: string };
    expect(Date.parse((JSON.parse(document) as { to: string }).to)).toBeLessThanOrEqual(Date.now());
    expect((await ask(sales, "POST", `${path}.pdf`, { customerNos: [farNo], ...window() })).bytes.subarray(0, 5).toString()).toBe("%PDF-");
  });

  it("is not stated by who reads the ledger of a person of whom another number was seen, though they see no customer themselves", async () => {
    const { owner } = house.database;
    const asked = (who: Caller): Promise<Answer> => ask(who, "POST", path, { accountNo: sales.accountNo, customerNos: [farNo], ...window() });
    expect((await asked(auditor)).status).toBe(200);
    await owner.query(
      `with made as (insert into merges (kind, winner_no, version, fields, merged_at) values ('customer', $2, 2, '{}', now()) returning merge_no)
       insert into merge_losers (merge_no, loser_no, version) select merge_no, $1, 1 from made`,
      [seenNo, farNo],
    );
    try {
      expect((await asked(auditor)).code).toBe("was-seen");
      // Whoever sees neither is told nothing of it.
      expect((await asked(sales)).status).toBe(200);
    } finally {
      await owner.query("delete from merges");
    }
  });

  it("is stated of others by a reader of the ledger alone", async () => {
    const asked = { accountNo: sales.accountNo, customerNos: [farNo], ...window() };
    expect((await ask(manager, "POST", path, asked)).code).toBe("not-permitted");
    expect((await ask(auditor, "POST", path, asked)).status).toBe(200);
  });

  it("is refused where the ledger does not verify", async () => {
    const { rows } = await house.database.owner.query(
      "select event_no, header from ledger_events where type = 'customer.viewed' and header::jsonb->>'outcome' = 'ok' order by event_no desc limit 1",
    );
    const { event_no: eventNo, header } = rows[0] as { event_no: number; header: string };
    await house.database.owner.query("update ledger_events set header = replace(header, '\"ok\"', '\"no\"') where event_no = $1", [eventNo]);
    try {
      expect((await ask(sales, "POST", path, { customerNos: [farNo], ...window() })).code).toBe("ledger-unsound");
      expect((await ask(officer, "POST", `/api/customers/${seenNo}/seen-statement.json`, window())).code).toBe("ledger-unsound");
    } finally {
      await house.database.owner.query("update ledger_events set header = $2 where event_no = $1", [eventNo, header]);
    }
  });
});

it("an erased customer's events still verify, and so does the statement that was made before", async () => {
  const statement = (await ask(officer, "POST", `/api/customers/${seenNo}/seen-statement.json`, window())).text;
  const waiting = JSON.parse((await ask(officer, "POST", `/api/customers/${seenNo}/erase`, { because: "asked-by-person", reason: "ご本人の請求" })).text) as {
    approvalNo: number;
    erasureNo: number;
  };
  expect((await ask(manager, "POST", `/api/approvals/${waiting.approvalNo}/decide`, { decision: "approve" })).status).toBe(200);
  await runErasure(
    house.open.storehouse,
    { payload: { erasureNo: waiting.erasureNo }, attempt: 1, signal: new AbortController().signal, remember: async () => true },
    { erasures: () => modules.flatMap((module) => module.erasures ?? []), refreshKeyFiles: async () => ({ written: [], missed: [] }) },
  );
  expect(house.open.vault.isErased({ kind: "customer", no: seenNo })).toBe(true);
  expect(verifyStatement(statement, { keys }).ok).toBe(true);
  const { ledger, compared } = await exported([statement]);
  expect([ledger.findings, compared]).toEqual([[], []]);
}, 60_000);
