import { everyEvent, type Fact, type Query } from "#server/core/ledger/index.ts";
import { events as declared } from "./events.ts";

/** Where an account stood from a time on. */
export interface Standing {
  readonly departmentNo: number | null;
  readonly roles: readonly string[];
}

/** What held from one moment to the next: every account's standing, and the tree of departments (department → parent). */
export interface Era {
  readonly from: Date;
  /** Exclusive; undefined: still. */
  readonly to: Date | undefined;
  readonly accounts: ReadonlyMap<number, Standing>;
  readonly parents: ReadonlyMap<number, number | null>;
}

const silent = /^sessions?\.|\.(listed|shown|previewed|viewed)$|^monitoring\./;
const telling = Object.keys(declared).filter((type) => !silent.test(type));

/**
 * Roles and departments of accounts as the ledger tells them, from one change to the next, up to an event. Every change carries the
 * full new state of the accounts it speaks of, and of the tree (events.ts).
 */
export async function readEras(query: Query, asOfEvent: number): Promise<Era[]> {
  const eras: { from: Date; accounts: Map<number, Standing>; parents: Map<number, number | null> }[] = [];
  let accounts = new Map<number, Standing>();
  let parents = new Map<number, number | null>();
  for (const { at, facts, outcome } of await everyEvent(query, { types: telling, upTo: asOfEvent })) {
    if (outcome !== "ok") continue;
    const told = [facts["account"], ...listOf(facts["accounts"])].filter(isAccount);
    const tree = listOf(facts["departments"]).filter(isDepartment);
    if (told.length === 0 && tree.length === 0) continue;
    accounts = new Map(accounts);
    for (const { accountNo, departmentNo, roles } of told) accounts.set(accountNo, { departmentNo, roles });
    if (tree.length > 0) parents = new Map(tree.map(({ departmentNo, parentNo }) => [departmentNo, parentNo]));
    eras.push({ from: at, accounts, parents });
  }
  return eras.map((era, index) => ({ ...era, to: eras[index + 1]?.from }));
}

const listOf = (fact: Fact | undefined): readonly Fact[] => (Array.isArray(fact) ? (fact as readonly Fact[]) : []);

function isAccount(fact: Fact | undefined): fact is { accountNo: number; departmentNo: number | null; roles: string[] } {
  return typeof fact === "object" && fact !== null && "accountNo" in fact && "roles" in fact && Array.isArray(fact["roles"]);
}

function isDepartment(fact: Fact): fact is { departmentNo: number; parentNo: number | null } {
  return typeof fact === "object" && fact !== null && "departmentNo" in fact && "parentNo" in fact;
}

/** Spans of time in which accounts held what `holds` asks, within a window; neighbouring ones of the same accounts joined. */
export function spansOf(
  eras: readonly Era[],
  holds: (standing: Standing, era: Era) => boolean,
  window: { readonly from: Date | undefined; readonly to: Date | undefined },
): { readonly accountNos: readonly number[]; readonly from: Date | undefined; readonly to: Date | undefined }[] {
  const spans: { accountNos: readonly number[]; from: Date; to: Date | undefined }[] = [];
  for (const era of eras) {
    const accountNos = [...era.accounts].filter(([, standing]) => holds(standing, era)).map(([accountNo]) => accountNo);
    const last = spans[spans.length - 1];
    if (last?.to?.getTime() === era.from.getTime() && last.accountNos.join() === accountNos.join()) last.to = era.to;
    else spans.push({ accountNos, from: era.from, to: era.to });
  }
  const [least, most] = [window.from?.getTime() ?? -Infinity, window.to?.getTime() ?? Infinity];
  return spans.flatMap(({ accountNos, from, to }) => {
    const begin = Math.max(least, from.getTime());
    const end = Math.min(most, to?.getTime() ?? Infinity);
    return accountNos.length === 0 || begin >= end ? [] : [{ accountNos, from: new Date(begin), to: end === Infinity ? undefined : new Date(end) }];
  });
}

/** Whether a department is another one or stands below it in the tree of the time. */
export function isWithin(parents: ReadonlyMap<number, number | null>, departmentNo: number | null, above: ReadonlySet<number>): boolean {
  const seen = new Set<number>();
  for (let at = departmentNo; at !== null && !seen.has(at); at = parents.get(at) ?? null) {
    if (above.has(at)) return true;
    seen.add(at);
  }
  return false;
}
