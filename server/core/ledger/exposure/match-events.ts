import { BlockList, isIP } from "node:net";
import type pg from "pg";
import type { Query } from "../query.ts";
import type { EventFacts } from "./chunk.ts";
import { factsOf } from "./pack-events.ts";
import { askApart, int8Of, type Copier, type Source } from "./copy-rows.ts";
import { bitsOf, matchActors, matchActs, packedText, readTimes, rememberTexts, type ActorTest, type ActTest, type TextTest } from "./chunk.ts";
import { markOf, type Marked } from "./marks.ts";
import { createEventSet, type EventSet } from "./event-set.ts";
import { chunksWorthThreads, connectionForThreads, cutInParts, inThreads, questionThread, threadsAtOnce } from "./in-threads.ts";
import { unpackSets, type PackedSet } from "./packed-set.ts";
import type { MatchTask } from "./question-thread.ts";
import { chunkOf, chunkSize } from "./ranges.ts";
import { findPackedUpTo, readTail } from "./tail.ts";

/** Which events: all that is given must hold, each by any of its values. Nothing given: every event. */
export interface EventFilter {
  readonly accountNos?: readonly number[] | undefined;
  readonly sessionIds?: readonly string[] | undefined;
  readonly deviceIds?: readonly string[] | undefined;
  /** Addresses or CIDR blocks (RFC 4632), IPv4 or IPv6. */
  readonly addresses?: readonly string[] | undefined;
  readonly purposes?: readonly string[] | undefined;
  readonly types?: readonly string[] | undefined;
  /** Numbers of lists that were taken out (the fact `listNo`). */
  readonly listNos?: readonly number[] | undefined;
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
}

/** The events that a filter describes, to the last one committed; `worthThreads`: in-threads.ts. @throws Error for an address that is none */
export async function matchEvents(source: Source, filter: EventFilter, worthThreads = chunksWorthThreads): Promise<EventSet> {
  // An address that is none is refused before anything is read.
  actorTest(filter);
  return askApart(source, async (copier) => {
    const upTo = await findPackedUpTo(copier);
    const chunkNos = await findChunks(copier, filter, chunkOf(upTo + 1));
    const connection = chunkNos.length < worthThreads ? undefined : connectionForThreads(source);
    const found = connection === undefined ? await matchChunks(copier, filter, chunkNos) : await matchInThreads(connection, filter, chunkNos);
    const [isActor, isAct] = [actorTest(filter), actTest(filter)];
    await readTail(copier, { after: upTo, from: filter.from, to: filter.to }, ({ eventNo, header }) => {
      const facts = factsOf(header);
      if (holds(isActor, facts) && holds(isAct, facts) && isWithin(facts.at, filter.from, filter.to)) found.add(eventNo);
    });
    return found;
  });
}

async function matchInThreads(connection: pg.ClientConfig, filter: EventFilter, chunkNos: readonly number[]): Promise<EventSet> {
  const tasks = cutInParts(chunkNos, threadsAtOnce()).map((ofPart): MatchTask => ({ ask: "match", filter, chunkNos: ofPart }));
  return unpackSets(...(await inThreads<MatchTask, PackedSet>(questionThread, connection, tasks)));
}

const textOf = (time: Date): string => `timestamptz '${time.toISOString()}'`;

/** The chunks that may match, by what stands beside them of their times and names, ascending. */
async function findChunks(query: Query, filter: EventFilter, below: number): Promise<number[]> {
  const { from, to } = filter;
  const conditions = [`chunk_no < ${below}`, "event_count > 0"];
  if (from !== undefined) conditions.push(`last_at >= ${textOf(from)}`);
  if (to !== undefined) conditions.push(`first_at < ${textOf(to)}`);
  for (const marks of marksAskedFor(filter)) conditions.push(`(marks is null or marks && '{${marks.join()}}'::int4[])`);
  const { rows } = await query.query(`select chunk_no from ledger_exposure_chunks where ${conditions.join(" and ")} order by chunk_no`);
  return rows.map((row) => Number(row["chunk_no"]));
}

/** The events of some chunks. */
export async function matchChunks(copier: Copier, filter: EventFilter, chunkNos: readonly number[]): Promise<EventSet> {
  const { from, to } = filter;
  const isActor = actorTest(filter);
  const isAct = actTest(filter);
  const found = createEventSet();
  if (chunkNos.length === 0) return found;
  const isEdge = [from && `first_at < ${textOf(from)}`, to && `last_at >= ${textOf(to)}`].filter(Boolean).join(" or ");
  const columns = [
    "chunk_no",
    isActor === undefined && isAct !== undefined ? "null::bytea" : "actors",
    isAct === undefined ? "null::bytea" : "acts",
    isEdge === "" ? "null::bytea" : `case when ${isEdge} then times end`,
  ];
  await copier.copy(
    `select ${columns.join()} from ledger_exposure_chunks where chunk_no = any('{${chunkNos.join()}}'::int8[])`,
    ([chunkNo, actors, acts, times]) => {
      const byActor = actors == null ? undefined : matchActors(actors, isActor ?? {});
      const byAct = acts == null ? undefined : matchActs(acts, isAct ?? {});
      if (byActor?.isNone === true || byAct?.isNone === true) return;
      const words = byActor === undefined ? bitsOf(byAct!, undefined) : bitsOf(byActor, byAct);
      if (times != null) {
        const ats = readTimes(times);
        for (let offset = 0; offset < chunkSize; offset++) if (!isWithin(ats[offset]!, from, to)) words[offset >> 5]! &= ~(1 << (offset & 31));
      }
      found.addWords(int8Of(chunkNo), words);
    },
  );
  return found;
}

/** For each condition by names: the marks of which a chunk has at least one where it holds. Blocks of addresses have none. */
export function marksAskedFor({ accountNos, sessionIds, deviceIds, addresses, listNos }: EventFilter): number[][] {
  const asked: [Marked, readonly (string | number)[] | undefined][] = [
    ["account", accountNos],
    ["session", sessionIds],
    ["device", deviceIds],
    ["address", addresses?.some((address) => address.includes("/") || isIP(address) !== 4) ? undefined : addresses],
    ["list", listNos],
  ];
  return asked.flatMap(([kind, names]) => (names === undefined ? [] : [names.map((name) => markOf(kind, name))]));
}

const isWithin = (at: number, from: Date | undefined, to: Date | undefined): boolean =>
  (from === undefined || at >= from.getTime()) && (to === undefined || at < to.getTime());

/** The same question to one event, by its facts. @throws Error for an address that is none */
export function eventTest(filter: EventFilter): (facts: Omit<EventFacts, "offset" | "shape">) => boolean {
  const among = <T>(values: readonly T[] | undefined): ((value: T | null) => boolean) => {
    const wanted = values && new Set(values);
    return (value) => wanted === undefined || (value !== null && wanted.has(value));
  };
  const [isAccount, isList] = [among(filter.accountNos), among(filter.listNos)];
  const [isSession, isDevice, isPurpose, isType] = [among(filter.sessionIds), among(filter.deviceIds), among(filter.purposes), among(filter.types)];
  const isAddress = filter.addresses && addressTest(filter.addresses);
  return ({ at, accountNo, sessionId, deviceId, address, type, purpose, listNo }) =>
    isWithin(at, filter.from, filter.to) &&
    isAccount(accountNo) &&
    isType(type) &&
    isSession(sessionId) &&
    isDevice(deviceId) &&
    isPurpose(purpose) &&
    isList(listNo) &&
    (isAddress === undefined || (address !== null && isPassing(isAddress, address)));
}

/** The same tests on what is not packed yet. */
function holds(test: ActorTest | ActTest | undefined, facts: Omit<EventFacts, "offset" | "shape">): boolean {
  return Object.entries(test ?? {}).every(([key, isWanted]) => {
    const value = facts[key as keyof typeof facts];
    if (isWanted === undefined) return true;
    if (typeof value === "string") return isPassing(isWanted as TextTest, value);
    return key === "accountNo" || key === "listNo" ? (isWanted as (no: number | null) => boolean)(value as number | null) : false;
  });
}

function isPassing(isWanted: TextTest, text: string): boolean {
  const packed = packedText(text);
  return isWanted(packed, 0, packed.length);
}

const numberTest = (nos: readonly number[] | undefined): ((no: number | null) => boolean) | undefined => {
  const wanted = nos && new Set(nos);
  return wanted && ((no) => no !== null && wanted.has(no));
};

const textTest = (texts: readonly string[] | undefined): TextTest | undefined => {
  const wanted = texts && new Set(texts);
  return wanted && rememberTexts((text) => wanted.has(text));
};

export function actorTest({ accountNos, sessionIds, deviceIds, addresses }: EventFilter): ActorTest | undefined {
  if (accountNos === undefined && sessionIds === undefined && deviceIds === undefined && addresses === undefined) return undefined;
  return {
    accountNo: numberTest(accountNos),
    sessionId: textTest(sessionIds),
    deviceId: textTest(deviceIds),
    address: addresses && addressTest(addresses),
  };
}

export function actTest({ purposes, types, listNos }: EventFilter): ActTest | undefined {
  if (purposes === undefined && types === undefined && listNos === undefined) return undefined;
  return { type: textTest(types), purpose: textTest(purposes), listNo: numberTest(listNos) };
}

function addressTest(addresses: readonly string[]): TextTest {
  const blocks = new BlockList();
  for (const text of addresses) {
    const [address = "", bits, ...more] = text.split("/");
    const version = isIP(address);
    if (version === 0 || more.length > 0) throw new Error("an address is an IP address or a CIDR block");
    const family = version === 4 ? "ipv4" : "ipv6";
    if (bits === undefined) blocks.addAddress(address, family);
    else if (/^[0-9]{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)) blocks.addSubnet(address, Number(bits), family);
    else throw new Error("an address is an IP address or a CIDR block");
  }
  return rememberTexts((address) => {
    const version = isIP(address);
    return version !== 0 && blocks.check(address, version === 4 ? "ipv4" : "ipv6");
  });
}
