import { queryOver, type Context, type Draft } from "#server/core/door/index.ts";
import { findNewest, type Query } from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as contract from "#shared/proofs.ts";
import { feedKinds, openSettings, outletColumns, targetOf, type OutletRow } from "./outlet-records.ts";

/** The places that are in use, oldest first. */
export async function listOutlets(context: Context): Promise<Draft<ReplyOf<typeof contract.listOutlets>>> {
  const rows = await context.db.query<OutletRow>(`select ${outletColumns} from checkpoint_outlets where ended_at is null order by outlet_no`);
  const newest = (await findNewest(queryOver(context.db)))?.treeSize ?? 0;
  return {
    outlets: rows.map((row) => ({
      outletNo: row.outlet_no,
      kind: row.kind,
      name: row.name,
      target: targetOf(openSettings(context.door.vault, row)),
      state: row.state,
      isAllowed: row.allowed_at !== null,
      problem: row.problem,
      lastSize: row.tree_size,
      waiting: feedKinds.includes(row.kind) && row.allowed_at !== null ? Math.max(0, newest - (row.tree_size ?? 0)) : null,
      lastAt: row.last_at?.toISOString() ?? null,
      triedAt: row.tried_at?.toISOString() ?? null,
      addedAt: row.added_at.toISOString(),
    })),
  };
}

/** How the witnesses in use are: what the newest checkpoint is shown together with. */
export interface WitnessState {
  readonly name: string;
  readonly state: OutletRow["state"];
  readonly problem: OutletRow["problem"];
  /** Size of the tree that it cosigned last, and when that was. */
  readonly lastSize: number | null;
  readonly lastAt: Date | null;
}

export async function listWitnesses(query: Query): Promise<WitnessState[]> {
  const { rows } = await query.query(
    "select name, state, problem, tree_size, last_at from checkpoint_outlets where kind = 'witness' and ended_at is null order by outlet_no",
  );
  return rows.map((row) => ({
    name: row["name"] as string,
    state: row["state"] as WitnessState["state"],
    problem: row["problem"] as WitnessState["problem"],
    lastSize: row["tree_size"] === null ? null : Number(row["tree_size"]),
    lastAt: row["last_at"] as Date | null,
  }));
}
