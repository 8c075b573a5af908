import type { BodyOf } from "#shared/endpoint.ts";
import { dayAfter } from "#shared/day-in-japan.ts";
import { actGroupNames } from "#shared/ledger-filter.ts";
import type { ledgerDensity } from "#shared/ledger.ts";
import { purposes } from "#shared/rights.ts";

/** What the ledger is asked, as it stands in the URL: codes, numbers and times in Japan. */
export interface LedgerSearch {
  readonly group?: string;
  readonly type?: string;
  readonly account?: number;
  readonly customer?: number;
  readonly outcome?: string;
  readonly purpose?: string;
  readonly off?: number;
  readonly large?: number;
  readonly names?: number;
  /** `2026-11-21` or `2026-11-21T09:05`; a day as the end means the whole of it. */
  readonly from?: string;
  readonly to?: string;
}

export type LedgerFilter = Omit<BodyOf<typeof ledgerDensity>, "bars">;

const outcomes = ["ok", "refused", "failed"] as const;

export function filterOf(search: LedgerSearch): LedgerFilter {
  const group = actGroupNames.find((one) => one === search.group);
  const outcome = outcomes.find((one) => one === search.outcome);
  const purpose = purposes.find((one) => one === search.purpose);
  return {
    ...(group === undefined ? {} : { group }),
    ...(search.type === undefined ? {} : { types: [search.type] }),
    ...(search.account === undefined ? {} : { accountNo: search.account }),
    ...(search.customer === undefined ? {} : { customerNo: search.customer }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(search.off === 1 ? { isOffHours: true } : {}),
    ...(search.large === 1 ? { isLarge: true } : {}),
    ...(search.from === undefined ? {} : { from: beginOf(search.from) }),
    ...(search.to === undefined ? {} : { to: endOf(search.to) }),
  };
}

/** The other way round, for a question that was kept. Of several types the URL holds the first. */
export function searchOf(filter: LedgerFilter): LedgerSearch {
  const type = filter.types?.[0];
  return {
    ...(filter.group === undefined ? {} : { group: filter.group }),
    ...(type === undefined ? {} : { type }),
    ...(filter.accountNo === undefined ? {} : { account: filter.accountNo }),
    ...(filter.customerNo === undefined ? {} : { customer: filter.customerNo }),
    ...(filter.outcome === undefined ? {} : { outcome: filter.outcome }),
    ...(filter.purpose === undefined ? {} : { purpose: filter.purpose }),
    ...(filter.isOffHours === true ? { off: 1 } : {}),
    ...(filter.isLarge === true ? { large: 1 } : {}),
  };
}

/** Two searches that ask the same, whatever their times and whether names are shown. */
export function isSameQuestion(a: LedgerSearch, b: LedgerSearch): boolean {
  const keys = ["group", "type", "account", "customer", "outcome", "purpose", "off", "large"] as const;
  return keys.every((key) => a[key] === b[key]);
}

/** Japan is nine hours ahead the whole year. */
const japanMs = 9 * 3_600_000;

function beginOf(moment: string): string {
  return moment.length === 10 ? `${moment}T00:00:00+09:00` : `${moment}:00+09:00`;
}
function endOf(moment: string): string {
  return moment.length === 10 ? `${dayAfter(moment, 1)}T00:00:00+09:00` : `${moment}:00+09:00`;
}

/** A moment as it stands in the URL, to the minute. */
export function momentOf(at: Date): string {
  return new Date(at.getTime() + japanMs).toISOString().slice(0, 16);
}
