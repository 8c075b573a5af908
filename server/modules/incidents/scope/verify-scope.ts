import { randomUUID } from "node:crypto";
import { actAs, type Storehouse } from "#server/core/door/index.ts";
import { decodeEntries, verifyLedger } from "#server/core/ledger/index.ts";
import type { Job } from "#server/platform/jobs/index.ts";
import { tiersOf } from "./compute-scope.ts";
import { lookPlainly } from "./gather.ts";
import { hashTiers, packTiers } from "./pack-tiers.ts";
import { resolveCauses } from "./resolve-causes.ts";
import { groundOf, type ScopeHouse } from "./run-scope.ts";
import { scopeColumns, type ScopeRow } from "./scope-records.ts";

const progressMs = 1_000;

/**
 * Verifies what a run rests on: the whole ledger, from its first event to its last checkpoint; and, on the same pass, each event up to
 * the run's last one is looked at anew, plainly, without anything that was packed out of it. Only if the ledger holds and the same
 * people come out, to the byte, somebody is excluded by it.
 */
export async function verifyScope(storehouse: Storehouse, runNo: number, house: ScopeHouse, signal?: AbortSignal): Promise<"holds" | "fails" | undefined> {
  const { rows } = await storehouse.pool.query<ScopeRow>(`select ${scopeColumns} from incident_scopes where scope_no = $1`, [runNo]);
  const row = rows[0];
  if (row === undefined || row.basis === "whole") return undefined;
  const ground = await groundOf(storehouse, house);
  const asOf = { eventNo: row.as_of_event, at: row.as_of_at, treeSize: row.tree_size, rootHash: row.root_hash };
  const answers = await resolveCauses(ground.query, { ...ground, causes: row.causes, asOf });
  const look = lookPlainly(answers, asOf.eventNo, ({ entries }) => (entries === null ? [] : decodeEntries(entries)));
  let noted = performance.now();
  const verified = await storehouse.door.snapshot((query) =>
    verifyLedger({
      query,
      publicKeys: storehouse.door.checkpointKeys,
      now: storehouse.clock(),
      onEvent: (event) => look.add(event),
      onProgress: (events, of) => {
        signal?.throwIfAborted();
        if (performance.now() - noted < progressMs) return;
        noted = performance.now();
        storehouse.pool
          .query("update incident_scopes set verified_events = $2, verify_of = $3 where scope_no = $1", [runNo, events, of])
          .catch(() => undefined);
      },
    }),
  );
  const tiers = await tiersOf(ground.query, { causes: row.causes, answers, gathered: look.take(), asOf });
  const hash = hashTiers(packTiers(tiers, asOf.eventNo));
  const isSame = hash.equals(row.hash);
  const findings = verified.findings.length + (isSame ? 0 : 1);
  const state = findings === 0 ? "holds" : "fails";
  const found = [...new Set([...verified.findings.map(({ what }) => what), ...(isSame ? [] : ["a plain look at every event comes to other people"])])];
  await actAs(storehouse, "system", "incident.scope-verified", randomUUID(), async ({ db, journal, now }) => {
    await db.query(
      "update incident_scopes set verification = $2, verified_events = $3, verify_of = $3, verified_at = $4, findings = $5, basis = 'whole', found = $6 where scope_no = $1",
      [runNo, state, verified.events, now, findings, JSON.stringify(found.slice(0, 20))],
    );
    if (row.incident_no !== null) journal.fact("incidentNo", row.incident_no);
    journal.fact("runNo", runNo);
    journal.fact("holds", state === "holds");
    journal.fact("isSame", isSame);
    journal.fact("events", verified.events);
    journal.fact("findings", findings);
    journal.fact("hash", hash.toString("base64url"));
    if (state === "fails") journal.fact("alarm", true);
  });
  return state;
}

/** {@link verifyScope} as background work. */
export const verifyScopeJob =
  (storehouse: Storehouse, house: ScopeHouse) =>
  async (job: Job): Promise<void> => {
    const runNo = Number(job.payload["runNo"]);
    // What is proved already waits for nothing: of an incident the newest run alone is looked through once more.
    const { rows } = await storehouse.pool.query<{ is_over: boolean }>(
      `select basis is not null and exists (select from incident_scopes n where n.incident_no = s.incident_no and n.scope_no > s.scope_no) as is_over
       from incident_scopes s where scope_no = $1`,
      [runNo],
    );
    if (rows[0]?.is_over !== true) await verifyScope(storehouse, runNo, house, job.signal);
  };
