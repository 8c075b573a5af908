import type { Context } from "#server/core/door/index.ts";
import type { RecordedEvent } from "#server/core/ledger/index.ts";
import { nameRecords, type NamedRecords } from "#server/modules/customers/index.ts";

/** An event that speaks of more is told by their number. */
const mostNamed = 3;

/** Handles of the names of whom the events speak, where an event speaks of few. Who is not seen by the caller is left out. */
export function namesOf(context: Context, events: readonly RecordedEvent[]): Promise<NamedRecords> {
  const few = { customer: new Set<number>(), company: new Set<number>() };
  for (const event of events) {
    for (const kind of ["customer", "company"] as const) {
      const numbers = new Set([
        ...event.releases.filter((release) => release.kind === kind).flatMap((release) => (release.numbers.length > mostNamed ? many : release.numbers)),
        ...event.writes.filter((write) => write.kind === kind).map((write) => write.no),
      ]);
      if (numbers.size <= mostNamed) {
        for (const no of numbers) {
          few[kind].add(no);
        }
      }
    }
  }
  return nameRecords(context, { customers: [...few.customer], companies: [...few.company] });
}

/** Stands for too many. */
const many: readonly number[] = Array.from({ length: mostNamed + 1 }, (_, index) => -index - 1);
