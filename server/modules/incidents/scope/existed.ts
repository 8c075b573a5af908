import { everyEvent, findOfRecords, readStored, type Query } from "#server/core/ledger/index.ts";

export const erasingTypes = ["customer.erased"];

/** Anything above every event number: PostgreSQL's int8 ends there, and a JavaScript number before. */
const everything = Number.MAX_SAFE_INTEGER - 1;

/**
 * Numbers of customers who existed at a time, ascending: who stands in the storehouse and was there by then, and whom the ledger says
 * to have been erased later. Numbers are given in order, so that an erased one below the highest of the time was there.
 */
export async function findExisting(query: Query, at: Date): Promise<Uint32Array> {
  const { rows } = await query.query("select customers_created_until($1) as numbers", [at]);
  const packed = rows[0]?.["numbers"] as Buffer;
  const standing = new Uint32Array(packed.length / 4);
  for (let index = 0; index < standing.length; index++) standing[index] = packed.readUInt32BE(index * 4);
  const highest = standing[standing.length - 1] ?? 0;
  const erased = (await everyEvent(query, { types: erasingTypes, upTo: everything }))
    .filter((event) => event.outcome === "ok" && event.at > at)
    .flatMap((event) => event.writes.flatMap(({ kind, no, rowHash }) => (kind === "customer" && rowHash === null ? [no] : [])));
  const later = erased.filter((no) => no > highest);
  const early = later.length === 0 ? new Set<number>() : await spokenOfBy(query, later, at);
  const more = erased.filter((no) => no <= highest || early.has(no));
  return more.length === 0 ? standing : Uint32Array.from(new Set([...standing, ...more])).sort();
}

/** Of erased numbers above all that still stand: those of which the ledger spoke by then. */
async function spokenOfBy(query: Query, numbers: readonly number[], at: Date): Promise<Set<number>> {
  const found = new Set<number>();
  await findOfRecords(query, { kind: "customer", nos: numbers }, async (hits) => {
    const eventNos = [...new Set(hits.map((hit) => hit.eventNo))];
    const early = new Set((await readStored(query, eventNos)).filter((event) => event.at <= at).map((event) => event.event_no));
    for (const hit of hits) if (early.has(hit.eventNo)) found.add(hit.recordNo);
    return found.size < numbers.length;
  });
  return found;
}
