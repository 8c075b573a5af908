import type { Context } from "#server/core/door/index.ts";
import { answerOfTier, type DeskAnswer } from "#shared/desk.ts";
import { movesOf, scopeColumns, standingIn, tiersOfScope, type ScopeRow } from "./scope-records.ts";
import { isFull, personIn, type Tiers } from "./tiers.ts";

/** What a person is told who asks whether they are concerned. */
export interface PersonAnswer {
  readonly answer: DeskAnswer;
  /** Numbers of the fields of which a value got out, where the person is concerned. */
  readonly fieldNos: readonly number[];
  /** The run that answers; null where none was made. */
  readonly runNo: number | null;
  readonly isVerified: boolean;
}

/** The tiers of the runs that were asked last: they never change, and are large. */
export type TierCache = Map<number, Tiers>;
const mostKept = 2;

/**
 * Whether a person is concerned by the newest run of an incident, with what the officer moved: by every number that stands for the
 * person now. As long as the run is not verified nobody is told that they are not.
 */
export async function answerPerson(context: Context, kept: TierCache, incidentNo: number, numbers: readonly number[]): Promise<PersonAnswer> {
  const [row] = await context.db.query<ScopeRow>(`select ${scopeColumns} from incident_scopes where incident_no = $1 order by scope_no desc limit 1`, [
    incidentNo,
  ]);
  if (row === undefined) return { answer: "checking", fieldNos: [], runNo: null, isVerified: false };
  const tiers = kept.get(row.scope_no) ?? (await tiersOfScope(context, row.scope_no));
  kept.delete(row.scope_no);
  kept.set(row.scope_no, tiers);
  if (kept.size > mostKept) kept.delete(kept.keys().next().value as number);
  const standing = standingIn(row, tiers, await movesOf(context, incidentNo));
  const persons = [...new Set(numbers.map((no) => tiers.merged.get(no) ?? no))];
  const found = persons.map((no) => standing.tierOf(no));
  const told = found.includes("confirmed") ? "confirmed" : found.includes("possible") ? "possible" : "excluded";
  const isVerified = row.verification === "holds";
  const codes = told === "confirmed" ? persons.flatMap((no) => personIn(tiers, no)?.codes ?? []) : [];
  return {
    answer: told === "excluded" && !isVerified ? "checking" : answerOfTier[told],
    fieldNos: [...new Set(codes.filter(isFull).map((code) => code >> 1))].toSorted((a, b) => a - b),
    runNo: row.scope_no,
    isVerified,
  };
}
