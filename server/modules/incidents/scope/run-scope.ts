import { loadPolicy } from "#server/core/access/policy.ts";
import { type Cause, type Context, type Draft, type Input, type Received, type Storehouse } from "#server/core/door/index.ts";
import type { Query } from "#server/core/ledger/index.ts";
import { addJob } from "#server/platform/jobs/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { runScope as endpoint } from "#shared/incident-scope.ts";
import { Problem } from "#shared/problems.ts";
import { reachOfThen } from "../rights-of-then/index.ts";
import { computeScope, type ComputedScope, type ScopeGround, type ScopeQuestion } from "./compute-scope.ts";
import { compress } from "./pack-tiers.ts";
import { movesOf, scopeColumns, summaryOf, type ScopeRow } from "./scope-records.ts";

export const verifyTask = "incidents.verify-scope";

/** What the scope needs of the rest of the product. */
export interface ScopeHouse {
  readonly causes: () => readonly Cause[];
}

/** A ground on the house's own connections: ledger, policy and numbers; row-level security hides every row of a customer. */
export async function groundOf(storehouse: Storehouse, house: ScopeHouse): Promise<ScopeGround> {
  const query = queryOfPool(storehouse);
  const policy = storehouse.policy ?? (await loadPolicy({ query: async <Row extends object>(text: string) => (await query.query(text)).rows as Row[] }));
  return { source: storehouse.pool, query, policy, kinds: house.causes(), publicKeys: storehouse.door.checkpointKeys, now: storehouse.clock };
}

function queryOfPool({ pool }: Storehouse): Query {
  return { query: async (text, values) => pool.query<Record<string, unknown>>(text, values ?? []) };
}

/** Works the tiers out before the transaction of the act, in which they are kept. @throws Problem not-found, invalid-input {field} */
export function receiveScope(house: ScopeHouse): (storehouse: Storehouse, input: Input<typeof endpoint>) => Promise<Received<typeof endpoint>> {
  return async (storehouse, input) => {
    const begun = performance.now();
    const ground = await groundOf(storehouse, house);
    const { rows } = await ground.query.query("select 1 from incidents where incident_no = $1", [input.params.incidentNo]);
    if (rows.length === 0) throw new Problem("not-found");
    const computed = await computeScope(ground, input.body);
    const tookMs = Math.round(performance.now() - begun);
    return {
      useCase: (context): Promise<Draft<ReplyOf<typeof endpoint>>> =>
        keepScope(context, { incidentNo: input.params.incidentNo, question: input.body, computed, tookMs }),
      discard: async () => undefined,
    };
  };
}

/** Keeps a run, notes it, and has it verified in the background. @throws Problem not-found */
export async function keepScope(
  context: Context,
  given: { readonly incidentNo: number | null; readonly question: ScopeQuestion; readonly computed: ComputedScope; readonly tookMs: number },
): Promise<ReplyOf<typeof endpoint>> {
  const { db, journal, actor, now } = context;
  const { computed, incidentNo } = given;
  if (incidentNo !== null && (await db.query("select 1 from incidents where incident_no = $1", [incidentNo])).length === 0) {
    throw new Problem("not-found");
  }
  const existed = computed.tiers.existed.length;
  const [row] = await db.query<ScopeRow>(
    `insert into incident_scopes (incident_no, asked_by, asked_at, causes, as_of_event, as_of_at, tree_size, root_hash, hash, confirmed, possible, existed,
       within_reach, figures, packed, took_ms, verification, basis, proved_event, verified_events, verify_of, verified_at, findings, found)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $20, $21, $22, $23) returning ${scopeColumns}`,
    [
      incidentNo,
      actor.accountNo,
      now,
      JSON.stringify(given.question.causes),
      computed.asOf.eventNo,
      computed.asOf.at,
      computed.asOf.treeSize,
      computed.asOf.rootHash,
      computed.hash,
      computed.confirmed,
      computed.possible,
      existed,
      await countWithinReach(context, computed),
      JSON.stringify(computed.figures),
      compress(computed.packed),
      given.tookMs,
      ...provenValues(computed, now),
    ],
  );
  if (row === undefined) throw new Error("a scope was not kept");
  if (incidentNo !== null) journal.fact("incidentNo", incidentNo);
  journal.fact("runNo", row.scope_no);
  journal.fact(
    "causes",
    // A list from outside may hold thousands; its people stand in the hash.
    given.question.causes.map(({ kind, values, keys, from, to }) => ({
      kind,
      values: values.length > 20 ? values.length : values,
      ...(values.length > 20 ? { isCount: true } : {}),
      keys: keys ?? null,
      from: from ?? null,
      to: to ?? null,
    })),
  );
  journal.fact("asOfEvent", computed.asOf.eventNo);
  journal.fact("treeSize", computed.asOf.treeSize);
  journal.fact("confirmed", computed.confirmed);
  journal.fact("possible", computed.possible);
  journal.fact("excluded", existed - computed.tiers.people.length);
  journal.fact("hash", computed.hash.toString("base64url"));
  if (computed.proof !== undefined) {
    journal.fact("holds", computed.proof.found.length === 0);
    journal.fact("provedBy", computed.proof.word?.eventNo ?? null);
    if (computed.proof.found.length > 0) {
      journal.fact("found", computed.proof.found.slice(0, mostNamed));
      journal.fact("alarm", true);
    }
  }
  await addJob({ query: (text, values) => db.query(text, values) }, verifyTask, { runNo: row.scope_no }, { key: `${verifyTask}-${row.scope_no}` });
  return summaryOf(context, row, await movesOf(context, incidentNo));
}

const mostNamed = 20;

/** verification, basis, proved_event, verified_events, verified_at, findings, found. */
function provenValues({ proof }: ComputedScope, now: Date): unknown[] {
  if (proof === undefined) return ["pending", null, null, 0, null, 0, "[]"];
  const { found, word, verified } = proof;
  return [found.length === 0 ? "holds" : "fails", "proved", word?.eventNo ?? null, verified, now, found.length, JSON.stringify(found.slice(0, mostNamed))];
}

/** Persons whom the accounts of the causes could have looked at, by the rights of then; null where no accounts are named. */
async function countWithinReach(context: Context, { inHands, tiers }: ComputedScope): Promise<number | null> {
  if (inHands === null) return null;
  const persons = new Set<number>();
  for (const { accountNos, from, to } of inHands) {
    const { nos } = await reachOfThen(context, accountNos, from ?? new Date(0), to);
    for (const no of nos) persons.add(tiers.merged.get(no) ?? no);
  }
  return persons.size;
}
