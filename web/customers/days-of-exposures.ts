import { dayInJapan } from "#shared/day-in-japan.ts";
import type { customerExposures } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";

export type Look = ReplyOf<typeof customerExposures>["exposures"][number];

/** Whoever looked at a person on a day. */
export interface Looker {
  readonly accountNo: number | null;
  /** Newest first. */
  readonly looks: readonly Look[];
  /** Every field, with the most that was seen of it. */
  readonly fields: Look["fields"];
}

/** Looks at a person, newest first, put together by day in Japan and by who looked. */
export function daysOfExposures(looks: readonly Look[]): { day: string; lookers: Looker[] }[] {
  const days = new Map<string, Map<number | null, Look[]>>();
  for (const look of looks) {
    const day = dayInJapan(new Date(look.at));
    const lookers = days.get(day) ?? new Map<number | null, Look[]>();
    days.set(day, lookers);
    lookers.set(look.accountNo, [...(lookers.get(look.accountNo) ?? []), look]);
  }
  return [...days].map(([day, lookers]) => ({
    day,
    lookers: [...lookers].map(([accountNo, ofOne]) => ({ accountNo, looks: ofOne, fields: mostOf(ofOne) })),
  }));
}

function mostOf(looks: readonly Look[]): Look["fields"] {
  const most = new Map<string, "partial" | "full">();
  for (const { field, how } of looks.flatMap((look) => look.fields)) {
    if (how === "full" || !most.has(field)) most.set(field, how);
  }
  return [...most].map(([field, how]) => ({ field, how }));
}
