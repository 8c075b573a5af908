import { atOneMoment, matchEvents, openArchivedEvents, peopleSeen, type Query } from "#server/core/ledger/index.ts";
import type { Route } from "#server/core/door/index.ts";
import { verbs, type Verb } from "#shared/rights.ts";

/** What the accounts did since a time: by account the last time of each type of event that went through. */
export type UsesByAccount = ReadonlyMap<number, ReadonlyMap<string, Date>>;

/** One pass over the ledger of that time, wherever it lies. Canonical JSON writes a member in one way alone. */
export async function usesByAccount(query: Query, from: Date): Promise<UsesByAccount> {
  return atOneMoment(query, async (upTo) => {
    const uses = new Map<number, Map<string, Date>>();
    const note = (accountNo: number, type: string, at: Date): void => {
      const ofAccount = uses.get(accountNo) ?? new Map<string, Date>();
      const known = ofAccount.get(type);
      uses.set(accountNo, known === undefined || known < at ? ofAccount.set(type, at) : ofAccount);
    };
    if (upTo > 0) {
      for await (const events of (await openArchivedEvents(query)).scan({ from, high: upTo }, "oldest")) {
        for (const { account_no: accountNo, type, at, header } of events) {
          if (accountNo !== null && header.includes('"outcome":"ok"')) note(accountNo, type, at);
        }
      }
    }
    const { rows } = await query.query(
      `select account_no, type, max(at) as last_at from ledger_events
        where at >= $1 and event_no > $2 and account_no is not null and header like '%"outcome":"ok"%' group by 1, 2`,
      [from, upTo],
    );
    for (const row of rows) note(row["account_no"] as number, row["type"] as string, row["last_at"] as Date);
    return uses;
  });
}

/** Distinct customers of whom something was shown to an account since a time, from the packed postings and what is not packed yet. */
export async function countSeen(source: Parameters<typeof matchEvents>[0], accountNo: number, from: Date): Promise<number> {
  const events = await matchEvents(source, { accountNos: [accountNo], from });
  return events.size === 0 ? 0 : (await peopleSeen(source, events, { kind: "customer" })).nos.length;
}

/** Types of events by what they tell the use of: a verb, or reading companies. What other routes record too tells nothing. */
export interface TellingTypes {
  readonly ofVerb: ReadonlyMap<Verb, readonly string[]>;
  readonly ofCompanies: readonly string[];
}

/** Worked out from the routes themselves: each asks for one access and records one type. */
export function tellingTypes(routes: readonly Pick<Route, "endpoint" | "event" | "isQuiet">[]): TellingTypes {
  const accessOf = new Map<string, Set<string>>();
  for (const { endpoint, event, isQuiet } of routes) {
    if (!isQuiet) {
      accessOf.set(event, (accessOf.get(event) ?? new Set()).add(endpoint.access));
    }
  }
  const typesOf = (access: string): string[] => [...accessOf].flatMap(([type, of]) => (of.size === 1 && of.has(access) ? [type] : []));
  return { ofVerb: new Map(verbs.map((verb) => [verb, typesOf(verb)])), ofCompanies: [...typesOf("company.read"), ...typesOf("company.write")] };
}
