import { everyEvent, type Query } from "#server/core/ledger/index.ts";

export const mergingTypes = ["customer.merged", "customer.unmerged"];

/**
 * For whom numbers stood after the merges that the ledger tells up to an event: number → number that was kept then. A number that
 * is absent stood for itself.
 */
export async function keptThen(query: Query, asOfEvent: number): Promise<Map<number, number>> {
  const into = new Map<number, number>();
  for (const { type, outcome, facts } of await everyEvent(query, { types: mergingTypes, upTo: asOfEvent })) {
    const { winner, losers } = facts;
    if (outcome !== "ok" || typeof winner !== "number" || !Array.isArray(losers)) continue;
    for (const loser of losers as readonly number[]) {
      if (type === "customer.merged") into.set(loser, winner);
      else into.delete(loser);
    }
  }
  const kept = new Map<number, number>();
  for (const no of into.keys()) {
    let last = no;
    for (const seen = new Set<number>(); into.has(last) && !seen.has(last); last = into.get(last)!) seen.add(last);
    kept.set(no, last);
  }
  return kept;
}
