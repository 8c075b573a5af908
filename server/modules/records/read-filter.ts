import type { Context } from "#server/core/door/index.ts";
import { actGroups, type LedgerFilter } from "#shared/ledger-filter.ts";

/** A filter as the ledger understands it: groups of acts are types, times are moments. Absent parts do not narrow. */
export interface EventFilter {
  readonly types?: readonly string[] | undefined;
  readonly accountNo?: number | undefined;
  readonly customerNo?: number | undefined;
  readonly outcome?: string | undefined;
  readonly purpose?: string | undefined;
  readonly address?: string | undefined;
  readonly isOffHours?: boolean | undefined;
  readonly isLarge?: boolean | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

type Typed = { readonly [K in keyof LedgerFilter]?: LedgerFilter[K] | undefined };

/** Resolves what was asked, and says it in the event of the reading. Types that the ledger never held are not repeated there. */
export async function readFilter(context: Context, typed: Typed): Promise<EventFilter> {
  const { journal } = context;
  const asked = typed.types === undefined ? undefined : await knownTypes(context, (type) => typed.types?.includes(type) === true);
  if (asked !== undefined) {
    journal.fact("types", asked);
  }
  const facts = { accountNo: typed.accountNo, customerNo: typed.customerNo, group: typed.group, outcome: typed.outcome, statedPurpose: typed.purpose };
  for (const [key, value] of Object.entries({ ...facts, fromAddress: typed.address, offHours: typed.isOffHours, large: typed.isLarge })) {
    if (value !== undefined && value !== false) {
      journal.fact(key, value);
    }
  }
  for (const [key, value] of Object.entries({ from: typed.from, to: typed.to })) {
    if (value !== undefined) {
      journal.fact(key, new Date(value).toISOString());
    }
  }
  if (typed.customerNo !== undefined) {
    journal.touched("customer", typed.customerNo);
  }
  return {
    types: await typesOf(context, typed.group, asked),
    accountNo: typed.accountNo,
    customerNo: typed.customerNo,
    outcome: typed.outcome,
    purpose: typed.purpose,
    address: typed.address,
    isOffHours: typed.isOffHours,
    isLarge: typed.isLarge,
    from: typed.from === undefined ? undefined : new Date(typed.from),
    to: typed.to === undefined ? undefined : new Date(typed.to),
  };
}

async function typesOf(context: Context, group: LedgerFilter["group"], asked: readonly string[] | undefined): Promise<readonly string[] | undefined> {
  if (group === undefined) {
    return asked;
  }
  const form = new RegExp(actGroups[group]);
  return asked === undefined ? knownTypes(context, (type) => form.test(type)) : asked.filter((type) => form.test(type));
}

/** The types that the ledger holds: one step of the index for each, however many events there are. */
async function knownTypes(context: Context, fits: (type: string) => boolean): Promise<string[]> {
  const rows = await context.db.query<{ type: string }>(
    `select known.type from (
       with recursive types (type) as (
         select min(type) from ledger_events
         union all select (select min(e.type) from ledger_events e where e.type > types.type) from types where types.type is not null)
       select type from types) known where known.type is not null
     union select unnest(types) from ledger_archives where cleared_at is not null order by 1`,
  );
  return rows.map((row) => row.type).filter(fits);
}
