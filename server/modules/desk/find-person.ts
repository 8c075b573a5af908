import { examineStated, inFull, queryOver, statedTokens, type Context, type SealedRecord, type Sealed } from "#server/core/door/index.ts";
import { beyondScope, findStated, numbersMergedInto, personsOf } from "#server/modules/customers/index.ts";
import { answerPerson, type PersonAnswer, type TierCache } from "#server/modules/incidents/index.ts";
import type { Stated } from "#shared/desk.ts";

/** Whom a statement means: one person, after merges. */
export interface Found {
  readonly personNo: number;
  /** The registered number, for a call; null where there is none. */
  readonly called: Sealed | null;
}

/**
 * The one person who has registered all that was stated (`whole`), or whom that part of it means which the index can be asked; two
 * people are nobody, and so is one of whom a single thing is written otherwise.
 */
export async function findPerson(context: Context, stated: readonly Stated[], how: "whole" | "index"): Promise<Found | undefined> {
  const records = await findStated(context, statedTokens(context, stated));
  const matches = examineStated(context, stated, records).filter((match) => how === "index" || match.isWhole);
  const persons = await beyondScope(context, () =>
    personsOf(
      queryOver(context.db),
      matches.map(({ no }) => no),
    ),
  );
  const [personNo, ...others] = new Set(matches.map(({ no }) => persons.get(no) ?? no));
  if (personNo === undefined || others.length > 0) return undefined;
  const best = matches.find(({ no, called }) => no === personNo && called !== null) ?? matches.find(({ called }) => called !== null);
  const record = records.find(({ no }) => no === best?.no) as SealedRecord | undefined;
  return { personNo, called: record === undefined || !best?.called ? null : inFull(record, best.called, "answer-callers") };
}

/** What the person is told, by every number that stands for them. */
export async function answerFor(context: Context, kept: TierCache, incidentNo: number, personNo: number): Promise<PersonAnswer & { items: string[] }> {
  const numbers = await beyondScope(context, () => numbersMergedInto(queryOver(context.db), "customer", [personNo]));
  const told = await answerPerson(context, kept, incidentNo, [personNo, ...numbers.keys()]);
  const items = told.fieldNos.flatMap((no) => context.policy.fields.find((field) => field.no === no)?.key ?? []);
  return { ...told, items };
}

/** Items by the names of their fields, as they are read out: never a value. */
export function itemNames({ policy }: Pick<Context, "policy">, keys: readonly string[]): { ja: string; en: string }[] {
  return keys.flatMap((key) => policy.fields.filter((field) => field.kind === "customer" && field.key === key).map(({ ja, en }) => ({ ja, en })));
}
