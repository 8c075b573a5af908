import { formatNumber } from "#web/words/format.ts";

/** A number with its English noun: "1 person", "2,012 people". */
export function many(count: number, one: string, more: string): string {
  return `${formatNumber(count)} ${count === 1 ? one : more}`;
}
