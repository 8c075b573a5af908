import { makeRandom } from "#server/modules/sample/index.ts";
import { encodeEvent, type EncodedEvent } from "#server/core/ledger/encode.ts";
import type { LedgerEvent, ReleaseLevel } from "#server/core/ledger/event.ts";

/** What a delivery was part of: one customer in one release. */
export const deliveryShapes = {
  "page of 50": { share: 0.6, records: 50, type: "customers.listed" },
  "search of 10": { share: 0.25, records: 10, type: "customers.listed" },
  detail: { share: 0.15, records: 1, type: "customer.viewed" },
} as const;
export type DeliveryShape = keyof typeof deliveryShapes;

export const months = 24;
export const accounts = 200;
const departments = 20;
export const purposes = ["quotation", "delivery", "complaint", "campaign", "accounting"];
export const addresses = Array.from({ length: 12 }, (_, office) => `203.0.113.${office * 16 + 1}`);
const dayMs = 86_400_000;
export const monthMs = Math.round((365.25 * dayMs) / 12);
/** Every how manieth event is a list that was taken out, and of how many customers. */
const listEvery = 100_000;
const listSize = 400;

/** The end of the 24 months; what comes over HTTP comes after it. */
export const benchEnd = Date.UTC(2026, 10, 20);
export const benchStart = benchEnd - months * monthMs;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
/** A session for each account and day, and two devices for each account. */
export const sessionOf = (accountNo: number, day: number): string => `018f3b1e-${hex(day, 4)}-7${hex(accountNo, 3)}-9a55-${hex(accountNo * 7919 + day, 12)}`;
export const deviceOf = (accountNo: number, which: number): string => `0190aaaa-0000-7${hex(which, 3)}-8000-${hex(accountNo, 12)}`;

/** Fields of a row of a list: not everybody has a company or a mobile number. */
const row = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const full = (fields: readonly number[]): (readonly [number, ReleaseLevel])[] => fields.map((field) => [field, 2] as const);
const rowSets = [
  full(row),
  full(row.filter((field) => field !== 3)),
  full(row.filter((field) => field !== 8)),
  full(row.filter((field) => field !== 3 && field !== 8)),
];
const detailFields = full(Array.from({ length: 26 }, (_, index) => index + 1));

/** Skew of Zipf: the busiest of 200 accounts acts in a sixth of all events. */
function zipf(count: number): Float64Array {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) sums[rank] = sum += 1 / (rank + 1);
  return sums.map((value) => value / sum);
}

export interface DrawnEvent {
  readonly event: EncodedEvent;
  readonly shape: DeliveryShape | "list";
  readonly accountNo: number;
  readonly at: number;
  readonly numbers: readonly number[];
}

/** How many events make so many deliveries. */
export function eventsFor(deliveries: number): number {
  return Math.round(Object.values(deliveryShapes).reduce((sum, { share, records }) => sum + (deliveries * share) / records, 0));
}

/** Events `from` to below `to` of `count`, the same each time; times are spread evenly over the months. */
export function* drawEvents(given: { customers: number; count: number; from: number; to: number; random: (bytes: number) => Buffer }): Generator<DrawnEvent> {
  const { customers, count, from, to } = given;
  const dice = makeRandom(20261122, from + 1);
  const ranks = zipf(accounts);
  const weights = Object.entries(deliveryShapes).map(([name, { share, records }]) => [name as DeliveryShape, share / records] as const);
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  const fraction = (): number => dice.below(2 ** 30) / 2 ** 30;
  const drawShape = (): DeliveryShape => {
    let left = fraction() * total;
    for (const [name, weight] of weights) if ((left -= weight) < 0) return name;
    return "detail";
  };
  const ofDepartment = Math.floor(customers / departments);
  for (let index = from; index < to; index++) {
    const at = benchStart + Math.floor(((benchEnd - benchStart) * index) / count);
    const day = Math.floor((at - benchStart) / dayMs);
    const rank = fraction();
    let [low, high] = [0, accounts - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ranks[middle]! > rank) high = middle;
      else low = middle + 1;
    }
    const accountNo = low + 1;
    const isList = index % listEvery === listEvery - 1;
    const shape = isList ? "list" : drawShape();
    const size = shape === "list" ? listSize : deliveryShapes[shape].records;
    const numbers: number[] = [];
    for (let left = size; left > 0; left--) numbers.push(dice.below(ofDepartment) * departments + (accountNo % departments) + 1);
    const event: LedgerEvent = {
      type: shape === "list" ? "list.downloaded" : deliveryShapes[shape].type,
      at: new Date(at),
      principal: "account",
      accountNo,
      sessionId: sessionOf(accountNo, day),
      deviceId: deviceOf(accountNo, day % 3 === 0 ? 1 : 0),
      address: addresses[dice.below(20) === 0 ? dice.below(addresses.length) : accountNo % addresses.length]!,
      requestId: `${hex(index, 8)}-5b7c-4d1e-8f00-${hex(dice.below(2 ** 30), 12)}`,
      purpose: isList || dice.below(5) === 0 ? purposes[dice.below(purposes.length)]! : undefined,
      outcome: "ok",
      policyVersion: 3,
      facts:
        shape === "list"
          ? { listNo: Math.floor(index / listEvery), persons: listSize }
          : shape === "detail"
            ? {}
            : { view: index % 1_000_000, offset: 0, shown: size },
      releases: shape === "detail" ? [{ kind: "customer", numbers, fields: detailFields }] : inGroups(numbers),
      writes: [],
      sealed: [],
    };
    yield { event: encodeEvent(event, given.random), shape, accountNo, at, numbers };
  }
}

function inGroups(numbers: readonly number[]): LedgerEvent["releases"] {
  const ends = [0.55, 0.75, 0.9, 1].map((share) => Math.round(numbers.length * share));
  return rowSets.map((fields, index) => ({ kind: "customer" as const, numbers: numbers.slice(ends[index - 1] ?? 0, ends[index]), fields }));
}
