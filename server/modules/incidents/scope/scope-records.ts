import { Problem } from "#shared/problems.ts";
import type { Context } from "#server/core/door/index.ts";
import type { ScopeCause, ScopeCounts, ScopeSummary, ScopeTier } from "#shared/incident-scope.ts";
import type { Figures } from "./compute-scope.ts";
import { decompress, unpackTiers } from "./pack-tiers.ts";
import { hasExisted, personIn, type Tiers } from "./tiers.ts";

export interface ScopeRow {
  readonly scope_no: number;
  readonly incident_no: number | null;
  readonly asked_by: number | null;
  readonly asked_at: Date;
  readonly causes: readonly ScopeCause[];
  readonly as_of_event: number;
  readonly as_of_at: Date;
  readonly tree_size: number | null;
  readonly root_hash: Buffer | null;
  readonly hash: Buffer;
  readonly confirmed: number;
  readonly possible: number;
  readonly existed: number;
  readonly within_reach: number | null;
  readonly figures: Figures;
  readonly took_ms: number;
  readonly verification: ScopeSummary["verification"]["state"];
  readonly verified_events: number;
  readonly verify_of: number;
  readonly verified_at: Date | null;
  readonly findings: number;
  readonly basis: ScopeSummary["verification"]["basis"];
  readonly found: readonly string[];
  /** When the whole ledger last verified. */
  readonly whole_at: Date | null;
}

/**
 * As a run stands today: what was held against a proof waits for another one as long as the last verification of the whole ledger found
 * something.
 */
const standsToday = `case when verification = 'holds' and exists (
  select from (select at, ok from ledger_verifications order by at desc limit 1) v where not v.ok and (basis = 'proved' or verified_at < v.at)
) then 'pending' else verification end`;

export const scopeColumns = `scope_no, incident_no, asked_by, asked_at, causes, as_of_event::float8 as as_of_event, as_of_at, tree_size::float8 as tree_size, root_hash, hash, confirmed, possible, existed, within_reach, figures, took_ms, ${standsToday} as verification, verified_events::float8 as verified_events, verify_of::float8 as verify_of, verified_at, findings, basis, found, (select max(at) from ledger_verifications where ok) as whole_at`;

type Reading = Pick<Context, "db">;

/** @throws Problem not-found */
export async function scopeFor({ db }: Reading, incidentNo: number, runNo: number): Promise<ScopeRow> {
  const [row] = await db.query<ScopeRow>(`select ${scopeColumns} from incident_scopes where scope_no = $1 and incident_no = $2`, [runNo, incidentNo]);
  if (row === undefined) throw new Problem("not-found");
  return row;
}

export async function tiersOfScope({ db }: Reading, runNo: number): Promise<Tiers> {
  const [row] = await db.query<{ packed: Buffer }>("select packed from incident_scopes where scope_no = $1", [runNo]);
  if (row === undefined) throw new Problem("not-found");
  return unpackTiers(decompress(row.packed));
}

export interface Move {
  readonly tier: ScopeTier;
  readonly by: number | null;
  readonly at: Date;
  readonly sealedReason: Buffer;
}

/** The move that holds of each person who was moved: the newest, by the person's number. */
export async function movesOf({ db }: Reading, incidentNo: number | null): Promise<Map<number, Move>> {
  const moves = new Map<number, Move>();
  if (incidentNo === null) return moves;
  const rows = await db.query<{ persons: number[]; tier: ScopeTier; moved_by: number | null; moved_at: Date; sealed_reason: Buffer }>(
    "select persons, tier, moved_by, moved_at, sealed_reason from incident_scope_moves where incident_no = $1 order by move_no",
    [incidentNo],
  );
  for (const row of rows) {
    for (const no of row.persons) {
      // In the order of their moves, so that of two numbers merged since the newer move holds.
      moves.delete(no);
      moves.set(no, { tier: row.tier, by: row.moved_by, at: row.moved_at, sealedReason: row.sealed_reason });
    }
  }
  return moves;
}

/** As it stands: of a person in the tiers, of one who existed, and of nobody else. */
export interface Standing {
  /** Nobody is excluded by a ledger that does not verify. */
  readonly isUnverified: boolean;
  computedTier(no: number): ScopeTier | undefined;
  tierOf(no: number): ScopeTier | undefined;
  readonly moves: ReadonlyMap<number, Move>;
}

/** Moves of numbers that were merged since hold for the person who is kept. */
export function standingIn(row: Pick<ScopeRow, "verification">, tiers: Tiers, given: ReadonlyMap<number, Move>): Standing {
  const isUnverified = row.verification === "fails";
  const moves = new Map([...given].map(([no, move]) => [tiers.merged.get(no) ?? no, move]));
  const computedTier = (no: number): ScopeTier | undefined => {
    const person = personIn(tiers, no);
    if (person !== undefined) return person.isConfirmed ? "confirmed" : "possible";
    return hasExisted(tiers, no) ? (isUnverified ? "possible" : "excluded") : undefined;
  };
  return {
    isUnverified,
    moves,
    computedTier,
    tierOf: (no) => {
      const computed = computedTier(no);
      return computed === undefined ? undefined : (moves.get(no)?.tier ?? computed);
    },
  };
}

function computedCounts(row: ScopeRow): ScopeCounts {
  const rest = row.existed - row.confirmed - row.possible;
  return row.verification === "fails"
    ? { confirmed: row.confirmed, possible: row.possible + rest, excluded: 0 }
    : { confirmed: row.confirmed, possible: row.possible, excluded: rest };
}

/** `tiers` is needed only where somebody was moved. */
export async function summaryOf(context: Reading, row: ScopeRow, moves: ReadonlyMap<number, Move>): Promise<ScopeSummary> {
  const computed = computedCounts(row);
  const counts = { ...computed };
  if (moves.size > 0) {
    const standing = standingIn(row, await tiersOfScope(context, row.scope_no), moves);
    for (const [no, { tier }] of standing.moves) {
      const was = standing.computedTier(no);
      if (was === undefined) continue;
      counts[was] -= 1;
      counts[tier] += 1;
    }
  }
  return {
    runNo: row.scope_no,
    incidentNo: row.incident_no,
    askedAt: row.asked_at.toISOString(),
    askedBy: row.asked_by,
    causes: [...row.causes],
    asOfEvent: row.as_of_event,
    asOfAt: row.as_of_at.toISOString(),
    treeSize: row.tree_size,
    rootHash: row.root_hash?.toString("base64url") ?? null,
    ...counts,
    computed,
    existed: row.existed,
    withinReach: row.within_reach,
    ...row.figures,
    ways: row.verification === "fails" ? [...row.figures.ways, { way: "unverified", people: row.existed - row.confirmed - row.possible }] : row.figures.ways,
    proofs: row.verification === "fails" ? [] : row.figures.proofs,
    isVerified: row.verification === "holds",
    verification: {
      state: row.verification,
      events: row.verified_events,
      of: row.verify_of,
      at: row.verified_at?.toISOString() ?? null,
      findings: row.findings,
      basis: row.basis,
      found: [...row.found],
      wholeAt: row.whole_at?.toISOString() ?? null,
    },
    hash: row.hash.toString("base64url"),
    tookMs: row.took_ms,
  };
}
