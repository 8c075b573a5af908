import type { CauseAnswer } from "#server/core/door/index.ts";
import { askApart, checkTypes, matchProvedEvents, openProvedThreads, provedPeopleSeen, readProved } from "#server/core/ledger/index.ts";
import { showingRows, takingIn } from "#server/modules/imports/index.ts";
import type { ScopeGround } from "./compute-scope.ts";
import { mergingTypes } from "./kept-then.ts";
import { erasingTypes } from "./existed.ts";
import { gatherPacked, type Gathered, type PackedReader } from "./gather.ts";

/** What stood behind the proof of a run. */
export interface ScopeProof {
  /** Events that were verified for it: all that came after what was proved. */
  readonly verified: number;
  /** The event by which the rest was proved; null where everything was verified just now. */
  readonly word: { readonly eventNo: number; readonly at: Date } | null;
  /** Names of what does not hold. */
  readonly found: readonly string[];
}

/** So many events are verified while somebody waits: a few seconds. Behind more than that a run waits for its proof. */
const mostTail = 150_000;

/**
 * {@link gatherPacked}, in which whatever is read is held against what was proved, and what came after that is verified first. Undefined where
 * too much came after it.
 */
export async function gatherProved(
  ground: Pick<ScopeGround, "source" | "publicKeys">,
  answers: readonly CauseAnswer[],
  asOfEvent: number,
  now: Date,
): Promise<{ readonly gathered: Gathered; readonly proof: ScopeProof } | undefined> {
  const { publicKeys } = ground;
  if (publicKeys === undefined) return undefined;
  return askApart(ground.source, async (copier) => {
    await copier.query("begin isolation level repeatable read read only");
    const proved = await readProved(copier, { publicKeys, now, mostTail });
    if (proved === undefined) return undefined;
    await checkTypes(copier, proved, [...new Set(typesUnder(answers))]);
    const threads = await openProvedThreads(copier, ground.source);
    const reader: PackedReader = {
      query: copier,
      match: matchProvedEvents(copier, proved, threads),
      people: (events, options) => provedPeopleSeen(copier, proved, events, options, threads),
      // What threads do not read comes over one connection.
      atOnce: 1,
    };
    const gathered = await gatherPacked(reader, answers, asOfEvent);
    const found = [...new Set(proved.findings.map(({ what, eventNo }) => (eventNo === null ? what : `${what}: event ${eventNo}`)))];
    return { gathered, proof: { verified: proved.verified, word: proved.word, found } };
  });
}

/** Types of events that are read as they stand: merges, erasures, and what the causes were made of. */
function typesUnder(answers: readonly CauseAnswer[]): string[] {
  const questions = answers.flatMap((answer) => [...answer.released, ...(answer.reached ?? []).map(({ question }) => question)]);
  return [
    ...mergingTypes,
    ...erasingTypes,
    ...answers.flatMap((answer) => answer.restsOn ?? []),
    ...questions.flatMap(({ filter, fact }) => (fact === undefined ? [] : (filter.types ?? []))),
    ...(answers.some((answer) => answer.throughImports !== undefined) ? [...showingRows, ...takingIn] : []),
  ];
}
