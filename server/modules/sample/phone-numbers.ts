import { places, type Place } from "./places.ts";

/**
 * Phone numbers that look right and are given out once. Japan reserves no numbers for fiction, so some of these belong to
 * somebody: nothing that uses this data may call or write to them.
 */

// 6,180,341 shares no divisor with 2, 3, 5, 7, so multiplying by it permutes every space below.
const step = 6_180_341;

/** What local numbers begin with where it is not any of 2–9; 04 is Kashiwa. */
const firstDigits: Readonly<Record<string, readonly string[]>> = {
  "03": ["3", "5", "6"],
  "06": ["4", "6", "7"],
  "04": ["71"],
  "011": ["2", "3", "5", "6", "7", "8"],
  "049": ["2"],
  "084": ["9"],
  "073": ["4"],
  "018": ["8"],
  "046": ["2", "8"],
  "088": ["6", "8"],
};
const anyDigit = ["2", "3", "4", "5", "6", "7", "8", "9"];
const areaCodes = new Set(places.map((place) => place.areaCode));

/** 054 must not go on with 5: that is 0545, and the digits would be the same. */
const firstsOf = new Map([...areaCodes].map((code) => [code, (firstDigits[code] ?? anyDigit).filter((first) => !areaCodes.has(code + first))]));

interface Seat {
  readonly place: Place;
  readonly placeNo: number;
  /** Distinct among all seats of one area code. */
  readonly rankInArea: number;
  readonly seatsInArea: number;
}

const seatsInArea = new Map<string, number>();
for (const place of places) seatsInArea.set(place.areaCode, (seatsInArea.get(place.areaCode) ?? 0) + place.weight);
const taken = new Map<string, number>();
const seats: readonly Seat[] = places.flatMap((place, placeNo) =>
  Array.from({ length: place.weight }, () => {
    const rankInArea = taken.get(place.areaCode) ?? 0;
    taken.set(place.areaCode, rankInArea + 1);
    return { place, placeNo, rankInArea, seatsInArea: seatsInArea.get(place.areaCode)! };
  }),
);
const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
let stride = Math.floor(seats.length * 0.618);
while (gcd(stride, seats.length) !== 1) stride += 1;

/** Where the n-th household or company sits: municipalities in proportion to their weight. `rank` is unique within its area code. */
export function seatOf(ordinal: number, seed: number): { readonly place: Place; readonly placeNo: number; readonly rank: number } {
  const seat = seats[(ordinal * stride + (seed >>> 0)) % seats.length]!;
  return { place: seat.place, placeNo: seat.placeNo, rank: Math.floor(ordinal / seats.length) * seat.seatsInArea + seat.rankInArea };
}

/** A company has 64 extensions: people 0–60, switchboard 62, fax 63. A household has one line. */
export function landline(areaCode: string, seed: number, line: { company: number; extension: number } | { household: number }): string {
  const firsts = firstsOf.get(areaCode)!;
  const tail = 10 - areaCode.length - firsts[0]!.length;
  const perFirst = 10 ** tail;
  const space = firsts.length * perFirst;
  const half = Math.floor(space / 2);
  const number = "company" in line ? (line.company * 64 + line.extension) % half : half + (line.household % half);
  const scattered = (number * step + (seed >>> 0)) % space;
  const local = `${firsts[Math.floor(scattered / perFirst)]!}${String(scattered % perFirst).padStart(tail, "0")}`;
  return `${areaCode}-${local.slice(0, -4)}-${local.slice(-4)}`;
}

/** Unique for every index below 90 million. */
export function mobileNumber(index: number, seed: number, prefix: "070" | "080" | "090"): string {
  const number = String(10_000_000 + ((index * step + (seed >>> 0)) % 90_000_000));
  return `${prefix}-${number.slice(0, 4)}-${number.slice(4)}`;
}
