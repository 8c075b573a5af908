import type pg from "pg";
import { listEvents, type RecordedEvent } from "#server/core/ledger/index.ts";
import { fold } from "#server/core/vault/index.ts";
import { sentinelsOf, sentinelValues, type Sentinel } from "#server/modules/sample/index.ts";
import { standardFields } from "#shared/fields.ts";
import { buildScanner } from "../support/sentinel-scanner.ts";
import type { Caller } from "../support/seed-storehouse.ts";
import { askUntilAnswered } from "./ask-until-answered.ts";
import type { Heard } from "./mixed-load.ts";

/** What is known of the customers over all rounds: what was acknowledged, and what may have happened without an answer. */
export interface Known {
  /** Customer number → index of the sentinels that it was made with. */
  readonly indexOf: Map<number, number>;
  /** Index of a value that was given to a section → its customer. */
  readonly editedBy: Map<number, number>;
  /** Highest acknowledged version of each customer, with the index of the section it was given. */
  readonly acknowledged: Map<number, { version: number; index: number | undefined }>;
  /** Changes and creations that got no answer: they may stand or not. */
  readonly unanswered: Heard[];
}

export interface RoundCheck {
  /** Everything that should not be, in words. */
  readonly failures: string[];
  /** How many of them are something acknowledged that is not there, or not as it was acknowledged. */
  readonly lost: number;
  /** How many of them are values that were shown without standing in their event. */
  readonly unrecorded: number;
  readonly replies: number;
  readonly values: number;
  readonly cutOff: number;
  readonly refused: number;
  readonly edits: number;
  readonly creates: number;
}

const refusals = new Set(["storehouse-unavailable", "ledger-unavailable"]);

/** Goes through everything that a round heard, against the rows and the ledger as they stand now. */
export async function checkRound(given: {
  owner: pg.Client;
  url: string;
  manager: Caller;
  heard: readonly Heard[];
  known: Known;
  sentinels: readonly Sentinel[];
  sinceEvent: number;
}): Promise<RoundCheck> {
  const { owner, url, manager, heard, known } = given;
  const failures: string[] = [];
  const fail = (what: string): void => void failures.push(what);
  let [lost, unrecorded] = [0, 0];
  const lose = (what: string): void => {
    lost += 1;
    fail(what);
  };
  const events = await eventsSince(owner, given.sinceEvent);

  const touched = new Set<number>();
  let [edits, creates, cutOff, refused] = [0, 0, 0, 0];
  for (const { what, reply, customerNo, index, from, caller } of heard) {
    const isAnswered = reply.status === 200 && reply.isWhole;
    const name = `${caller}: ${what} → ${reply.status} ${String(reply.body["code"] ?? "")}`;
    if (!reply.isWhole) cutOff += 1;
    if (reply.status === 503) {
      refused += 1;
      if (!refusals.has(String(reply.body["code"]))) fail(`${name}, no clear refusal`);
      if (reply.headers["retry-after"] === undefined) fail(`${name}, without retry-after`);
    } else if (reply.isWhole && ![200, 409].includes(reply.status)) {
      fail(name);
    }
    if (reply.tookMs > 20_000) fail(`${name} took ${Math.round(reply.tookMs)} ms`);
    if (what === "create" && index !== undefined) {
      if (!isAnswered) known.unanswered.push({ caller, what, reply, index });
      else {
        creates += 1;
        const no = Number(reply.body["customerNo"]);
        known.indexOf.set(no, index);
        known.acknowledged.set(no, { version: 1, index: undefined });
        touched.add(no);
      }
    }
    if (what === "edit" && customerNo !== undefined && index !== undefined && from !== undefined) {
      touched.add(customerNo);
      known.editedBy.set(index, customerNo);
      if (reply.status === 409) continue;
      if (!isAnswered) {
        known.unanswered.push({ caller, what, reply, customerNo, index, from });
        continue;
      }
      edits += 1;
      const version = Number(reply.body["version"]);
      if (version !== from + 1) fail(`${name}: version ${version} was made from ${from}`);
      const event = events.get(reply.requestId);
      if (event?.outcome !== "ok" || event.facts["version"] !== version || event.writes.length !== 1) lose(`${name}: no event of the change`);
      if (isHigher(version, known, customerNo)) known.acknowledged.set(customerNo, { version, index });
      else if (known.acknowledged.get(customerNo)?.version === version) lose(`${name}: version ${version} of ${customerNo} was acknowledged twice`);
    }
  }

  await checkRows(owner, known, lose);
  for (const no of touched) await checkSection(url, manager, known, no, lose);
  const values = checkReleases(heard, events, known, given.sentinels, (what) => {
    unrecorded += 1;
    fail(what);
  });
  return { failures, lost, unrecorded, replies: heard.length, values, cutOff, refused, edits, creates };
}

const isHigher = (version: number, known: Known, customerNo: number): boolean => version > (known.acknowledged.get(customerNo)?.version ?? 1);

async function checkRows(owner: pg.Client, known: Known, fail: (what: string) => void): Promise<void> {
  const { rows } = await owner.query<{ customer_no: number; version: number }>("select customer_no, version from customers");
  const versions = new Map(rows.map((row) => [row.customer_no, row.version]));
  for (const [no, { version }] of known.acknowledged) {
    const stored = versions.get(no);
    if (stored === undefined) fail(`customer ${no} was acknowledged and is not there`);
    else if (stored < version) fail(`customer ${no} was acknowledged in version ${version} and stands in ${stored}`);
    else if (stored > version + known.unanswered.filter((one) => one.customerNo === no).length)
      fail(`customer ${no} stands in version ${stored}, which nobody asked for`);
  }
}

/** The section is what the last acknowledged change made of it, or what a change without an answer did. */
async function checkSection(url: string, manager: Caller, known: Known, customerNo: number, fail: (what: string) => void): Promise<void> {
  const reply = await askUntilAnswered(() => url, { method: "GET", path: `/api/customers/${customerNo}`, cookie: manager.cookie });
  const acknowledged = known.acknowledged.get(customerNo);
  const version = Number(reply.body["version"]);
  const section = (reply.body["values"] as Record<string, unknown> | undefined)?.["section"];
  const sections = known.unanswered.filter((one) => one.customerNo === customerNo).map((one) => one.index);
  const possible =
    acknowledged !== undefined && version === acknowledged.version
      ? [acknowledged.index ?? known.indexOf.get(customerNo)]
      : [...sections, ...(acknowledged === undefined ? [known.indexOf.get(customerNo)] : [])];
  if (!possible.some((index) => index !== undefined && sentinelValues("customer", index)["section"] === section))
    fail(`customer ${customerNo} in version ${version} does not hold the section it was given (${reply.status})`);
}

/** Every value that arrived, in however short a piece of a reply, stands in that request's event. */
function checkReleases(
  heard: readonly Heard[],
  events: ReadonlyMap<string, RecordedEvent>,
  known: Known,
  seeded: readonly Sentinel[],
  fail: (what: string) => void,
): number {
  const made = [...known.indexOf.values()].filter((index) => !seeded.some((one) => one.kind === "customer" && one.index === index));
  const unanswered = known.unanswered.flatMap((one) => (one.what === "create" && one.index !== undefined ? [one.index] : []));
  const sections = [...known.editedBy.keys()].map((index) => sentinelsOf("customer", index).find((one) => one.field === "section") as Sentinel);
  const scanner = buildScanner([...seeded, ...[...new Set([...made, ...unanswered])].flatMap((index) => sentinelsOf("customer", index)), ...sections], fold);
  const numbers = new Map([...known.indexOf].map(([no, index]) => [index, no]));
  const fieldNo = new Map(standardFields.map((field) => [`${field.kind}.${field.key}`, field.no]));
  let values = 0;
  for (const { reply, what, caller } of heard) {
    const found = scanner.scan(reply.bytes);
    if (found.length === 0) continue;
    const event = events.get(reply.requestId);
    const missing = new Set<string>();
    for (const { sentinel } of found) {
      values += 1;
      const no = sentinel.kind === "customer" ? (known.editedBy.get(sentinel.index) ?? numbers.get(sentinel.index)) : undefined;
      const field = fieldNo.get(`${sentinel.kind}.${sentinel.field}`);
      const isRecorded = event?.releases.some(
        (release) =>
          release.kind === sentinel.kind &&
          (no === undefined || release.numbers.includes(no)) &&
          release.fields.some(([each, how]) => each === field && how === 2),
      );
      if (isRecorded !== true) missing.add(`${sentinel.kind} ${no ?? "?"} ${sentinel.field}`);
    }
    if (missing.size > 0)
      fail(
        `${caller}: ${what} (${reply.status}) showed ${[...missing].slice(0, 3).join(", ")}${missing.size > 3 ? " …" : ""}, ${event === undefined ? "and has no event" : "and its event does not say so"}`,
      );
  }
  return values;
}

async function eventsSince(owner: pg.Client, since: number): Promise<Map<string, RecordedEvent>> {
  const found = new Map<string, RecordedEvent>();
  let before: number | undefined;
  for (;;) {
    const page = await listEvents(owner, { limit: 500, before });
    for (const event of page.events) {
      if (event.eventNo <= since) return found;
      found.set(event.requestId, event);
    }
    if (page.nextBefore === null) return found;
    before = page.nextBefore;
  }
}
