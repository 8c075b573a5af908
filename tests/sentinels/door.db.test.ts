import { afterAll, beforeAll, expect, test } from "vitest";
import { hasVerb, levelOf, mayReveal, relationOf, type Rights } from "#server/core/access/compile.ts";
import { fieldOf, rightsOf, type Policy } from "#server/core/access/policy.ts";
import { listEvents, type RecordedEvent } from "#server/core/ledger/index.ts";
import { fold } from "#server/core/vault/index.ts";
import { shippedRoles } from "#server/core/access/shipped-roles.ts";
import type { Kind, Purpose } from "#shared/rights.ts";
import { ownSentinelFields, type Sentinel } from "#server/modules/sample/index.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "../support/seeded-house.ts";
import { request, type Reply } from "../support/request.ts";
import { buildScanner, type Scanner } from "../support/sentinel-scanner.ts";
import { unpackFile } from "./unpack-file.ts";
import { driveAll, drives, type Asked } from "./drive-routes.ts";

/**
 * Every route of the product, driven as every role and every pair of roles: what the bytes of the replies hold is exactly
 * what the ledger says was released, and is allowed by the roles' data.
 */
const ownClosed = ownSentinelFields.filter(({ type }) => ["number", "date", "choice", "multi", "flag"].includes(type)).map(({ key }) => key);
const keys = shippedRoles.map((role) => role.key);
const roleSets = [[], ...keys.map((key) => [key]), ...keys.flatMap((a, i) => keys.slice(i + 1).map((b) => [a, b]))];

let house: SeededHouse;
let scanner: Scanner;
interface Sent {
  readonly caller: Caller;
  readonly name: string;
  readonly asked: Asked;
  readonly reply: Reply;
}
const sent: Sent[] = [];
let events: Map<string, RecordedEvent>;
let policy: Policy;

beforeAll(async () => {
  house = await openSeededHouse(roleSets, { hasActivities: true, hasOwnFields: true });
  scanner = buildScanner(house.sentinels, fold);
  policy = house.open.storehouse.policy as Policy;
  for (const caller of house.callers) {
    await driveAll(house, house.routes, caller, async (method, asked) => {
      const reply = await unpackFile(house, caller.cookie, asked.url, await request(house, { method, ...asked, cookie: caller.cookie }));
      sent.push({ caller, name: `${method} ${asked.url}`, asked, reply });
      return reply;
    });
  }
  events = await readEvents();
}, 1_500_000);
afterAll(() => house.close());

async function readEvents(): Promise<Map<string, RecordedEvent>> {
  const byRequest = new Map<string, RecordedEvent>();
  let before: number | undefined;
  for (;;) {
    const page = await listEvents(house.database.owner, { limit: 100, before });
    for (const event of page.events) {
      byRequest.set(event.requestId, event);
    }
    if (page.nextBefore === null) {
      return byRequest;
    }
    before = page.nextBefore;
  }
}

const indexOf = (kind: string): ReadonlyMap<number, number> =>
  kind === "customer" ? house.customerIndex : kind === "company" ? house.companyIndex : house.accountIndex;

/** `kind no field` of everything that an event says was released in full. */
function recorded(event: RecordedEvent | undefined, level: 1 | 2): Set<string> {
  const found = new Set<string>();
  for (const release of event?.releases ?? []) {
    for (const [fieldNo, how] of release.fields) {
      const field = policy.fields.find((each) => each.no === fieldNo);
      if (how === level && field !== undefined) {
        for (const no of release.numbers) {
          found.add(`${release.kind} ${no} ${field.key}`);
        }
      }
    }
  }
  return found;
}

function numberOf(sentinel: Sentinel): number {
  for (const [no, index] of indexOf(sentinel.kind)) {
    if (index === sentinel.index) {
      return no;
    }
  }
  throw new Error("a sentinel of nobody");
}

const valuesIn = (what: unknown): string[] => valuesInBytes(Buffer.from(JSON.stringify(what ?? "")));
const valuesInBytes = (bytes: Buffer): string[] => scanner.scan(bytes).map(({ sentinel }) => `${sentinel.kind} ${numberOf(sentinel)} ${sentinel.field}`);

/** What was typed into each query, by the number under which the ledger sealed it. */
function typedByQuery(): Map<number, string[]> {
  const typed = new Map<number, string[]>();
  for (const { asked, reply } of sent) {
    for (const part of events.get(reply.requestId)?.sealed ?? []) {
      if (part.label === "query") {
        typed.set(part.subject.no, valuesIn(asked.body));
      }
    }
  }
  return typed;
}

/** Typed words that a reply says back: those of the queries that its event names. */
function saidBack({ reply }: Sent, typed: ReadonlyMap<number, string[]>): Set<string> {
  const queries = (events.get(reply.requestId)?.releases ?? []).filter((release) => release.kind === "query").flatMap((release) => release.numbers);
  return new Set(queries.flatMap((no) => typed.get(no) ?? []));
}

test("every route of the product is driven", () => {
  const missing = house.routes.map((route) => `${route.endpoint.method} ${route.endpoint.path}`).filter((name) => drives[name] === undefined);
  expect(missing).toEqual([]);
  expect(sent.filter(({ reply }) => reply.status === 500).map(({ caller, name }) => `${caller.name}: ${name}`)).toEqual([]);
});

test("a released value is seen by the scanner at all, in many replies", () => {
  const seen = sent.filter(({ reply }) => scanner.scan(reply.bytes).length > 0);
  expect(seen.length).toBeGreaterThan(200);
});

test("what the bytes of a reply hold is what its event says was released, in both directions", () => {
  const differences: string[] = [];
  const queries = typedByQuery();
  for (const one of sent) {
    const event = events.get(one.reply.requestId);
    const found = new Set(scanner.scan(one.reply.bytes).map(({ sentinel }) => `${sentinel.kind} ${numberOf(sentinel)} ${sentinel.field}`));
    const typed = saidBack(one, queries);
    const said = recorded(event, 2);
    // To a map the town leaves, which is where the core of an address stands: the ledger says that a part was released.
    const inPart = one.name.endsWith("/use") ? recorded(event, 1) : new Set<string>();
    for (const value of found) {
      if (!said.has(value) && !typed.has(value) && !inPart.has(value)) {
        differences.push(`${one.caller.name}: ${one.name} shows ${value}, not in the ledger`);
      }
    }
    for (const value of said) {
      const [kind, no, key] = value.split(" ") as [string, string, string];
      const sentinel = house.sentinels.find((each) => each.kind === kind && each.index === indexOf(kind).get(Number(no)) && each.field === key);
      if (sentinel?.core !== null && sentinel !== undefined && !found.has(value) && !wasChanged(kind, Number(no), key)) {
        differences.push(`${one.caller.name}: ${one.name} records ${value}, not in the reply`);
      }
    }
  }
  expect(differences.slice(0, 20)).toEqual([]);
});

/** The drive changes `section` of customers, and creates customers of its own. */
function wasChanged(kind: string, no: number, key: string): boolean {
  return kind === "customer" && (key === "section" || !house.customerIndex.has(no));
}

test("short and closed values, compared cell by cell, stand in the ledger as well", () => {
  const differences: string[] = [];
  let cells = 0;
  for (const one of sent) {
    const full = recorded(events.get(one.reply.requestId), 2);
    const partial = recorded(events.get(one.reply.requestId), 1);
    for (const { no, values } of rowsOf(one)) {
      for (const key of ["birthDate", "gender", "postalCode", ...ownClosed]) {
        const value = values[key];
        const name = `customer ${no} ${key}`;
        if (typeof value === "string") {
          cells += 1;
          if (!full.has(name)) differences.push(`${one.caller.name}: ${one.name} shows ${name}`);
        } else if (typeof value === "object" && value !== null && "masked" in value && !partial.has(name)) {
          differences.push(`${one.caller.name}: ${one.name} shows the mask of ${name}`);
        }
      }
    }
  }
  expect(differences.slice(0, 20)).toEqual([]);
  expect(cells).toBeGreaterThan(50);
});

function rowsOf({ asked, reply }: Sent): { no: number; values: Record<string, unknown> }[] {
  const body = reply.body as { rows?: { customerNo: number; values: Record<string, unknown> }[]; values?: Record<string, unknown>; customerNo?: number };
  const path = /^\/api\/customers\/(\d+)/.exec(asked.url)?.[1];
  const own = body.values !== undefined && path !== undefined ? [{ no: Number(path), values: body.values }] : [];
  // Elsewhere `rows` is how many there are.
  const rows = Array.isArray(body.rows) ? body.rows : [];
  return [...own, ...rows.filter((row) => row.customerNo !== undefined).map((row) => ({ no: row.customerNo, values: row.values }))];
}

test("everything released was allowed by the roles' data, row by row", () => {
  const breaches: string[] = [];
  for (const one of sent) {
    const event = events.get(one.reply.requestId);
    if (event === undefined || event.accountNo === null) {
      continue;
    }
    const rights = rightsOf(policy, event.accountNo);
    for (const value of recorded(event, 2)) {
      const [kind, no, key] = value.split(" ") as [Kind, string, string];
      if (isCalledBack(one, key) && hasVerb(rights, "answer-callers")) continue;
      if (!mayShow(rights, kind, Number(no), key, event.purpose)) {
        breaches.push(`${one.caller.name}: ${one.name} released ${value}`);
      }
    }
  }
  expect(breaches.slice(0, 20)).toEqual([]);
});

/** The desk has a registered number called, whatever whoever answers callers may read. */
function isCalledBack({ name }: Sent, key: string): boolean {
  return name.endsWith("/call-back") && (key === "mobile" || key === "phone");
}

function mayShow(rights: Rights, kind: Kind, no: number, key: string, purpose: string | undefined): boolean {
  const field = fieldOf(policy, kind, key);
  if (field === undefined) {
    return false;
  }
  // One's own name and mail are one's own.
  if (kind === "account" && no === rights.accountNo) {
    return true;
  }
  const near = house.cells.get("near")?.cellNo as number;
  const place =
    kind === "customer"
      ? { ownerNo: house.ownerOf.get(no) ?? null, cellNo: house.cellOf.get(no) ?? near }
      : kind === "account"
        ? { ownerNo: no, cellNo: null }
        : { ownerNo: null, cellNo: null };
  const relation = relationOf(rights, place);
  const right = levelOf(rights, kind, relation, field.class);
  return (
    right.level !== "none" &&
    (!right.masked || field.mask === "none" || (purpose !== undefined && mayReveal(rights, kind, relation, field.class, purpose as Purpose)))
  );
}

test("every reply has its event, with the caller, and a refusal is recorded as one", () => {
  const quiet = house.routes
    .filter((route) => route.isQuiet)
    .map((route) => new RegExp(`^${route.endpoint.method} ${route.endpoint.path.replaceAll(/:[A-Za-z]+/g, "[^/?]+").replaceAll("*", ".+")}([?]|$)`));
  const withoutEvent = sent.filter(
    ({ reply, name }) => !events.has(reply.requestId) && reply.status < 500 && !(reply.status === 200 && quiet.some((pattern) => pattern.test(name))),
  );
  expect(withoutEvent.slice(0, 10).map(({ caller, name, reply }) => `${caller.name}: ${name} ${reply.status}`)).toEqual([]);
  const misnamed = sent.filter(({ reply }) => reply.status >= 400 && events.get(reply.requestId)?.outcome === "ok");
  expect(misnamed.map(({ name }) => name)).toEqual([]);
});

test("whoever has no role sees no value of anybody", () => {
  const nobody = sent.filter(({ caller }) => caller.roles.length === 0 || caller.roles.every((role) => role === "desk-operator" || role === "contractor"));
  expect(nobody.length).toBeGreaterThan(100);
  const queries = typedByQuery();
  const seen = nobody.flatMap((one) =>
    valuesInBytes(one.reply.bytes).filter(
      (value) => !value.startsWith("account") && !saidBack(one, queries).has(value) && !isCalledBack(one, value.split(" ")[2] as string),
    ),
  );
  expect(seen).toEqual([]);
});

test("the system administrator alone sees no value of a customer or company", () => {
  const replies = sent.filter(({ caller }) => caller.name === "system-administrator");
  expect(replies.flatMap((one) => scanner.scan(one.reply.bytes)).filter(({ sentinel }) => sentinel.kind !== "account")).toEqual([]);
});

test("no personal value stands in a URL", () => {
  for (const { asked } of sent) {
    expect(scanner.scan(Buffer.from(asked.url))).toEqual([]);
  }
});
