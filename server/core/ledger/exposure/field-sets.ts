import type { ReleaseLevel } from "../event.ts";
import { writtenCode } from "./chunk.ts";

/** What was released of a record, over all events that count. */
export interface FieldSet {
  /** Each field once, by its fullest release; ascending. */
  readonly fields: readonly (readonly [fieldNo: number, level: ReleaseLevel])[];
  readonly isWritten: boolean;
}

/** Gives small numbers to field sets and to unions of them; 0 is the empty one. */
export interface FieldSets {
  numberOf(codes: readonly number[]): number;
  unite(a: number, b: number): number;
  /** Whether at least one field was released in it. */
  isReleasing(number: number): boolean;
  get(number: number): FieldSet;
}

export function createFieldSets(): FieldSets {
  const lists: number[][] = [[]];
  const releasing: boolean[] = [false];
  const numbers = new Map<string, number>([["", 0]]);
  const united = new Map<number, number>();
  const numberOf = (codes: readonly number[]): number => {
    const key = codes.join();
    let number = numbers.get(key);
    if (number === undefined) {
      numbers.set(key, (number = lists.push([...codes]) - 1));
      releasing.push(codes.some((code) => code !== writtenCode));
    }
    return number;
  };
  const join = (a: number, b: number): number => {
    const codes = [...new Set([...lists[a]!, ...lists[b]!])].sort((left, right) => left - right);
    return numberOf(codes.filter((code, at) => code === writtenCode || codes[at + 1] === undefined || codes[at + 1]! >> 1 !== code >> 1));
  };
  return {
    numberOf,
    unite(a, b) {
      if (a === b) return a;
      const key = a * 2 ** 26 + b;
      let known = united.get(key);
      if (known === undefined) united.set(key, (known = join(a, b)));
      return known;
    },
    isReleasing: (number) => releasing[number]!,
    get: (number) => ({
      fields: lists[number]!.filter((code) => code !== writtenCode).map((code) => [code >> 1, ((code & 1) + 1) as ReleaseLevel] as const),
      isWritten: lists[number]!.includes(writtenCode),
    }),
  };
}
