import { scopeWays, type ScopeWay } from "#shared/incident-scope.ts";
import type { Gathered } from "./gather.ts";

/** A person in a tier. `wayBits`: bit n is the nth of `scopeWays`. Event numbers and times (ms) are 0 where `events` is. */
export interface TierPerson {
  readonly no: number;
  readonly isConfirmed: boolean;
  readonly wayBits: number;
  readonly events: number;
  readonly firstEvent: number;
  readonly lastEvent: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** field × 2 + level − 1, ascending. */
  readonly codes: readonly number[];
}

/** Who is confirmed or possible, ascending by number, and who existed (both of these among them), ascending. */
export interface Tiers {
  readonly people: readonly TierPerson[];
  readonly existed: Uint32Array;
  /** Numbers that stood for another person then: number → kept. Of those who existed. */
  readonly merged: ReadonlyMap<number, number>;
}

export interface TierGrounds {
  readonly gathered: Gathered;
  /** Numbers that stood for another one then. */
  readonly kept: ReadonlyMap<number, number>;
  /** Customers' numbers that existed at the end of the time asked for. */
  readonly existing: Uint32Array;
  readonly named: readonly number[];
  /** Everybody who existed at a time, by a way beyond the ledger. */
  readonly everybody: readonly { readonly way: ScopeWay; readonly existing: Uint32Array }[];
}

const bitOf = (way: ScopeWay): number => 1 << scopeWays.indexOf(way);
export const waysOf = (bits: number): ScopeWay[] => scopeWays.filter((_, index) => (bits & (1 << index)) !== 0);
const confirming = bitOf("released") | bitOf("named");

interface Growing {
  readonly no: number;
  isConfirmed: boolean;
  wayBits: number;
  events: number;
  firstEvent: number;
  lastEvent: number;
  firstAt: number;
  lastAt: number;
  codes: readonly number[];
}

/**
 * Persons in tiers: confirmed of whom a value was released in full, or whom a list from outside names; possible of whom shapes alone
 * were shown, and whoever was within a way that the ledger does not prove shut.
 */
export function makeTiers({ gathered, kept, existing, named, everybody }: TierGrounds): Tiers {
  const people: Growing[] = [];
  const places = createPlaces(existing[existing.length - 1] ?? 0);
  const at = (no: number): Growing => {
    const person = kept.get(no) ?? no;
    const place = places.get(person);
    if (place !== undefined) return people[place]!;
    places.set(person, people.length);
    const growing = { no: person, isConfirmed: false, wayBits: 0, events: 0, firstEvent: 0, lastEvent: 0, firstAt: 0, lastAt: 0, codes: none };
    people.push(growing);
    return growing;
  };
  for (const seen of gathered.seen) {
    const person = at(seen.no);
    person.wayBits |= seen.codes.some(isFull) ? bitOf("released") : bitOf("masked");
    if (person.events === 0 || seen.firstEvent < person.firstEvent) {
      person.firstEvent = seen.firstEvent;
      person.firstAt = seen.firstAt;
    }
    if (person.events === 0 || seen.lastEvent > person.lastEvent) {
      person.lastEvent = seen.lastEvent;
      person.lastAt = seen.lastAt;
    }
    person.events += seen.events;
    person.codes = person.codes.length === 0 ? seen.codes : uniteCodes(person.codes, seen.codes);
  }
  for (const { way, nos } of gathered.reached) for (const no of nos) at(no).wayBits |= bitOf(way);
  for (const no of named) at(no).wayBits |= bitOf("named");
  for (const { way, existing: numbers } of everybody) for (const no of numbers) at(no).wayBits |= bitOf(way);
  for (const person of people) person.isConfirmed = (person.wayBits & confirming) !== 0;
  people.sort((a, b) => a.no - b.no);

  const merged = new Map<number, number>();
  if (kept.size > 0) {
    for (const no of existing) {
      const person = kept.get(no);
      if (person !== undefined) merged.set(no, person);
    }
  }
  return { people, existed: personsAmong(existing, merged, people), merged };
}

const none: readonly number[] = [];

interface Places {
  get(no: number): number | undefined;
  set(no: number, place: number): void;
}

/** Numbers are given in order, so that most places stand in a list; a number far beyond them is nobody's, or typed by hand. */
function createPlaces(highest: number): Places {
  const most = Math.min(Math.max(highest, 2 ** 20), 2 ** 26);
  const near = new Int32Array(most + 1).fill(-1);
  const far = new Map<number, number>();
  return {
    get: (no) => {
      if (no > most) return far.get(no);
      const place = near[no]!;
      return place < 0 ? undefined : place;
    },
    set: (no, place) => void (no > most ? far.set(no, place) : (near[no] = place)),
  };
}

/** Persons for whom the numbers stand, and those in the tiers; ascending. */
function personsAmong(existing: Uint32Array, merged: ReadonlyMap<number, number>, people: readonly TierPerson[]): Uint32Array {
  const winners = [...new Set(merged.values())].sort((a, b) => a - b);
  const persons = new Uint32Array(existing.length + winners.length + people.length);
  let [count, atWinner, atPerson] = [0, 0, 0];
  const put = (no: number): void => {
    if (count === 0 || persons[count - 1] !== no) persons[count++] = no;
  };
  for (let index = 0; index <= existing.length; index++) {
    const no = index < existing.length ? existing[index]! : Infinity;
    // Who stands in the tiers or is kept, and is none of those who exist, comes in its place.
    for (;;) {
      const next = Math.min(winners[atWinner] ?? Infinity, people[atPerson]?.no ?? Infinity);
      if (next > no || next === Infinity) break;
      put(next);
      while (winners[atWinner] === next) atWinner += 1;
      while (people[atPerson]?.no === next) atPerson += 1;
    }
    if (no !== Infinity && !merged.has(no)) put(no);
  }
  return persons.slice(0, count);
}

export const isFull = (code: number): boolean => code % 2 === 1;

function uniteCodes(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a === b || a.join() === b.join()) return a;
  const most = new Map<number, number>();
  for (const code of [...a, ...b]) most.set(code >> 1, Math.max(code & 1, most.get(code >> 1) ?? 0));
  return [...most].map(([fieldNo, level]) => fieldNo * 2 + level).sort((left, right) => left - right);
}

/** Where a number stands in an ascending list of `length`, or below 0. */
function placeOf(length: number, numberAt: (index: number) => number, no: number): number {
  let [low, high] = [0, length - 1];
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = numberAt(middle);
    if (found === no) return middle;
    if (found < no) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** A person who is confirmed or possible. */
export function personIn({ people }: Tiers, no: number): TierPerson | undefined {
  return people[placeOf(people.length, (index) => people[index]!.no, no)];
}

export function hasExisted({ existed }: Tiers, no: number): boolean {
  return placeOf(existed.length, (index) => existed[index]!, no) >= 0;
}
