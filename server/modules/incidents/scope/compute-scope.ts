import type { Policy } from "#server/core/access/policy.ts";
import type { Cause, CauseAnswer } from "#server/core/door/index.ts";
import { endIdleThreads, type matchEvents, type Query } from "#server/core/ledger/index.ts";
import type { ScopeCause, ScopeSummary } from "#shared/incident-scope.ts";
import { findAsOf, type AsOf } from "./as-of.ts";
import { findExisting } from "./existed.ts";
import { gatherPacked, readPacked, type Gathered } from "./gather.ts";
import { gatherProved, type ScopeProof } from "./gather-proved.ts";
import { keptThen } from "./kept-then.ts";
import { hashTiers, packTiers } from "./pack-tiers.ts";
import { resolveCauses } from "./resolve-causes.ts";
import { isFull, makeTiers, waysOf, type Tiers } from "./tiers.ts";

/** What a run needs besides the question. `query` sees the ledger and may call what counts customers; no row of a customer. */
export interface ScopeGround {
  readonly source: Parameters<typeof matchEvents>[0];
  readonly query: Query;
  readonly policy: Policy;
  readonly kinds: readonly Cause[];
  /** Keys of checkpoints; without them a run is not proved at once. */
  readonly publicKeys?: readonly Buffer[];
  readonly now?: () => Date;
}

export type Figures = Pick<ScopeSummary, "fields" | "sensitive" | "ways" | "proofs">;

export interface ComputedScope {
  readonly asOf: AsOf;
  readonly tiers: Tiers;
  readonly packed: Buffer;
  readonly hash: Buffer;
  readonly confirmed: number;
  readonly possible: number;
  /** Whose reach by the rights of then stands beside it; null where the causes name no accounts. */
  readonly inHands: readonly InHands[] | null;
  readonly figures: Figures;
  /** Undefined: the proof is still to come. */
  readonly proof: ScopeProof | undefined;
}

export interface InHands {
  readonly accountNos: readonly number[];
  readonly from: Date | undefined;
  readonly to: Date;
}

export interface ScopeQuestion {
  readonly causes: readonly ScopeCause[];
  readonly asOfEvent?: number | undefined;
}

/** From causes to tiers, from what is packed. @throws Problem invalid-input */
export async function computeScope(ground: ScopeGround, question: ScopeQuestion): Promise<ComputedScope> {
  const asOf = await findAsOf(ground.query, question.asOfEvent);
  const answers = await resolveCauses(ground.query, { ...ground, causes: question.causes, asOf });
  const proved = await gatherProved(ground, answers, asOf.eventNo, ground.now?.() ?? new Date());
  const gathered = proved?.gathered ?? (await gatherPacked(readPacked(ground.source, ground.query), answers, asOf.eventNo));
  // Tiers of a million people take their room where the threads held theirs.
  await endIdleThreads();
  const tiers = await tiersOf(ground.query, { causes: question.causes, answers, gathered, asOf });
  const packed = packTiers(tiers, asOf.eventNo);
  const confirmed = tiers.people.reduce((count, { isConfirmed }) => (isConfirmed ? count + 1 : count), 0);
  return {
    asOf,
    tiers,
    packed,
    hash: hashTiers(packed),
    confirmed,
    possible: tiers.people.length - confirmed,
    inHands: accountsInHands(answers, asOf),
    figures: figuresOf(ground.policy, tiers, answers),
    proof: proved?.proof,
  };
}

/** Tiers out of what was gathered, packed or plainly. */
export async function tiersOf(
  query: Query,
  given: { readonly causes: readonly ScopeCause[]; readonly answers: readonly CauseAnswer[]; readonly gathered: Gathered; readonly asOf: AsOf },
): Promise<Tiers> {
  const everybody = [];
  for (const answer of given.answers) {
    if (answer.everybody !== undefined) everybody.push({ way: answer.everybody.way, existing: await findExisting(query, answer.everybody.at) });
  }
  return makeTiers({
    gathered: given.gathered,
    kept: await keptThen(query, given.asOf.eventNo),
    existing: await findExisting(query, endOf(given.causes, given.asOf)),
    named: given.answers.flatMap((answer) => answer.named ?? []),
    everybody,
  });
}

/** The end of the time asked for: of the latest cause, and no later than the last event. */
function endOf(causes: readonly ScopeCause[], asOf: AsOf): Date {
  const ends = causes.map(({ to }) => (to === undefined ? asOf.at.getTime() : Date.parse(to)));
  return new Date(Math.min(asOf.at.getTime(), Math.max(...ends)));
}

function figuresOf(policy: Policy, tiers: Tiers, answers: readonly CauseAnswer[]): Figures {
  const fieldsByNo = new Map(policy.fields.map((field) => [field.no, field]));
  const sensitive = new Set(policy.fields.filter((field) => field.class === "sensitive").map((field) => field.no));
  const fields = new Map<number, { confirmed: number; possible: number }>();
  const ways = new Map<number, number>();
  // A million people share a few lists of fields.
  const lists = new Map<readonly number[], { people: number; confirmed: number }>();
  for (const { codes, wayBits, isConfirmed } of tiers.people) {
    let list = lists.get(codes);
    if (list === undefined) lists.set(codes, (list = { people: 0, confirmed: 0 }));
    list.people += 1;
    if (isConfirmed) list.confirmed += 1;
    ways.set(wayBits, (ways.get(wayBits) ?? 0) + 1);
  }
  let sensitivePeople = 0;
  for (const [codes, { people, confirmed }] of lists) {
    for (const code of codes) {
      let count = fields.get(code >> 1);
      if (count === undefined) fields.set(code >> 1, (count = { confirmed: 0, possible: 0 }));
      if (isFull(code)) count.confirmed += people;
      else count.possible += people;
    }
    if (codes.some((code) => isFull(code) && sensitive.has(code >> 1))) sensitivePeople += confirmed;
  }
  const byWay = new Map<ScopeSummary["ways"][number]["way"], number>();
  for (const [bits, people] of ways) for (const way of waysOf(bits)) byWay.set(way, (byWay.get(way) ?? 0) + people);
  const excluded = tiers.existed.length - tiers.people.length;
  return {
    fields: [...fields].map(([no, count]) => ({ field: fieldsByNo.get(no)?.key ?? `field ${no}`, ...count })).sort((a, b) => b.confirmed - a.confirmed),
    sensitive: sensitivePeople,
    ways: [...byWay].map(([way, people]) => ({ way, people })),
    proofs: [
      { proof: "no-release", cause: null, people: excluded },
      ...answers.flatMap(({ shut }, cause) => (shut === undefined ? [] : [{ proof: shut, cause, people: excluded }])),
    ],
  };
}

function accountsInHands(answers: readonly CauseAnswer[], asOf: AsOf): InHands[] | null {
  const hands: InHands[] = [];
  for (const { filter } of answers.flatMap((answer) => answer.released)) {
    if (filter.accountNos === undefined) return null;
    hands.push({ accountNos: filter.accountNos, from: filter.from, to: filter.to !== undefined && filter.to < asOf.at ? filter.to : asOf.at });
  }
  return hands.length === 0 ? null : hands;
}
