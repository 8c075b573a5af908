import type { Query } from "./query.ts";
import { listEvents, type RecordedEvent } from "./read.ts";

const eventsAtOnce = 1_000;

/** Every event of some types up to a number, ascending: for types of which there are thousands, and not millions. */
export async function everyEvent(query: Query, given: { readonly types: readonly string[]; readonly upTo: number }): Promise<RecordedEvent[]> {
  const found: RecordedEvent[] = [];
  for (let before: number | null = given.upTo + 1; before !== null;) {
    const { events, nextBefore }: Awaited<ReturnType<typeof listEvents>> = await listEvents(query, { types: given.types, before, limit: eventsAtOnce });
    found.push(...events);
    before = nextBefore;
  }
  return found.reverse();
}
