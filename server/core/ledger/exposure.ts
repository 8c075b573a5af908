import { scanEntries } from "./entries.ts";
import type { Query } from "./query.ts";

/**
 * Counts the distinct customers of whom at least one value was released to an account since a time (such as the start of
 * the day). Remembers what it read, so that asking again reads new events only.
 */
export type CountReleased = (query: Query, accountNo: number, since: Date) => Promise<number>;

interface Seen {
  readonly since: number;
  readonly customers: Set<number>;
  highestNo: number;
}

const eventsAtOnce = 2_000;
/** Numbers are handed out before transactions commit, so a little of what was read before is read again. */
const overlap = 200;
const mostAccounts = 10_000;

/** One counter for a process; it remembers the newest `since` of each account, of the accounts asked for last. */
export function createReleaseCounter(): CountReleased {
  const accounts = new Map<number, Seen>();
  return async (query, accountNo, since) => {
    const known = accounts.get(accountNo);
    const seen = known?.since === since.getTime() ? known : { since: since.getTime(), customers: new Set<number>(), highestNo: await firstNo(query, since) };
    accounts.delete(accountNo);
    accounts.set(accountNo, seen);
    if (accounts.size > mostAccounts) accounts.delete(accounts.keys().next().value as number);
    let after = Math.max(0, seen.highestNo - overlap);
    for (;;) {
      const { rows } = await query.query(
        `select event_no, entries, at >= $3 as is_since from ledger_events where account_no = $1 and event_no > $2 order by event_no limit ${eventsAtOnce}`,
        [accountNo, after, since],
      );
      for (const row of rows) {
        after = Number(row["event_no"]);
        if (row["entries"] === null || row["is_since"] !== true) continue;
        scanEntries(row["entries"] as Buffer, "customer", (numbers, hasFields) => {
          if (hasFields) for (const no of numbers) seen.customers.add(no);
        });
      }
      if (rows.length < eventsAtOnce) break;
    }
    seen.highestNo = Math.max(seen.highestNo, after);
    return seen.customers.size;
  };
}

/** Number of the first event since then; a little less will do, for events of several nodes stand nearly in order. */
async function firstNo(query: Query, since: Date): Promise<number> {
  const { rows } = await query.query("select min(event_no) as first_no from (select event_no from ledger_events where at >= $1 order by at limit 1000) first", [
    since,
  ]);
  const first = rows[0]?.["first_no"];
  if (first !== null && first !== undefined) return Math.max(0, Number(first) - 1);
  const { rows: newest } = await query.query("select max(event_no) as newest from ledger_events");
  return Number(newest[0]?.["newest"] ?? 0);
}
