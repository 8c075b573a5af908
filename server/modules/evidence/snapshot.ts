import { randomUUID } from "node:crypto";
import { actAs, beginTransaction, contextOver, type Context, type Draft, type Input, type Storehouse } from "#server/core/door/index.ts";
import { findIncident, noteIncident } from "#server/modules/incidents/index.ts";
import { addJob, type Job } from "#server/platform/jobs/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { snapshotKinds, type SnapshotKind, type takeSnapshot as endpoint } from "#shared/evidence.ts";
import { itemColumns, snapshotColumns, type ItemRow, type SnapshotRow } from "./evidence-records.ts";
import { bindItem, keepContent } from "./keep-item.ts";
import { groundOf, hashOfItems, itemMakers } from "./snapshot-items.ts";

export const snapshotTask = "evidence.take-snapshot";
/** A part of a snapshot is written by the house itself, and never outgrows what can be kept of one item. */
const mostBytes = 1024 * 1024 * 1024;

/** The newest run of an incident's scope. */
async function newestRun(context: Pick<Context, "db">, incidentNo: number): Promise<number | null> {
  const [row] = await context.db.query<{ no: number | null }>("select max(scope_no) as no from incident_scopes where incident_no = $1", [incidentNo]);
  return row?.no ?? null;
}

/** Asks for a snapshot as things stand; the items are taken in the background, each by an act of its own. @throws Problem not-found */
export async function takeSnapshot(context: Context, { params }: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const incident = await findIncident(context, params.incidentNo);
  noteIncident(context, incident);
  return {
    snapshotNo: await askSnapshot(context, { incidentNo: incident.incident_no, because: "asked", scopeNo: await newestRun(context, incident.incident_no) }),
  };
}

/** In the transaction of the act that gives rise to it. */
async function askSnapshot(
  context: Context,
  given: { readonly incidentNo: number; readonly because: SnapshotRow["because"]; readonly scopeNo: number | null; readonly draftNo?: number },
): Promise<number> {
  const { db, journal, actor, now } = context;
  const [row] = await db.query<{ snapshot_no: number }>(
    "insert into evidence_snapshots (incident_no, scope_no, because, draft_no, asked_by, asked_at) values ($1, $2, $3, $4, $5, $6) returning snapshot_no",
    [given.incidentNo, given.scopeNo, given.because, given.draftNo ?? null, actor.accountNo, now],
  );
  const snapshotNo = (row as { snapshot_no: number }).snapshot_no;
  journal.fact("incidentNo", given.incidentNo);
  journal.fact("snapshotNo", snapshotNo);
  journal.fact("because", given.because);
  journal.fact("runNo", given.scopeNo);
  if (given.draftNo !== undefined) journal.fact("draftNo", given.draftNo);
  await addJob({ query: (text, values) => db.query(text, values) }, snapshotTask, { snapshotNo }, { key: `${snapshotTask} ${snapshotNo}` });
  return snapshotNo;
}

/** {@link fillSnapshot} as background work. */
export const snapshotJob =
  (storehouse: Storehouse) =>
  (job: Job): Promise<void> =>
    fillSnapshot(storehouse, Number(job.payload["snapshotNo"]), job.signal);

/** Takes what a snapshot still lacks, item by item; taken up again after a crash it goes on where it stood. */
export async function fillSnapshot(storehouse: Storehouse, snapshotNo: number, signal?: AbortSignal): Promise<void> {
  const { rows } = await storehouse.pool.query<SnapshotRow>(`select ${snapshotColumns} from evidence_snapshots where snapshot_no = $1`, [snapshotNo]);
  const snapshot = rows[0];
  if (snapshot === undefined || snapshot.taken_at !== null) return;
  const known = new Set((await takenOf(storehouse, snapshotNo)).map(({ kind }) => kind));
  for (const kind of snapshotKinds) {
    signal?.throwIfAborted();
    if (!known.has(kind)) await takeItem(storehouse, snapshot, kind);
  }
  const items = await takenOf(storehouse, snapshotNo);
  const hash = hashOfItems(items);
  await actAs(storehouse, "system", "evidence.snapshot-taken", randomUUID(), async ({ db, journal, now }) => {
    await db.query("update evidence_snapshots set taken_at = $2, hash = $3 where snapshot_no = $1", [snapshotNo, now, hash]);
    journal.fact("incidentNo", snapshot.incident_no);
    journal.fact("snapshotNo", snapshotNo);
    journal.fact("items", items.length);
    journal.fact("hash", hash.toString("base64url"));
    journal.touched("incident", snapshot.incident_no);
  });
}

async function takenOf({ pool }: Storehouse, snapshotNo: number): Promise<ItemRow[]> {
  return (await pool.query<ItemRow>(`select ${itemColumns} from evidence_items where snapshot_no = $1 order by item_no`, [snapshotNo])).rows;
}

async function takeItem(storehouse: Storehouse, snapshot: SnapshotRow, kind: SnapshotKind): Promise<void> {
  const { incident_no: incidentNo, snapshot_no: snapshotNo, asked_by: askedBy } = snapshot;
  const content = await lookAround(storehouse, async (context) => {
    const ground = await groundOf(context, storehouse, snapshot);
    const pieces = await itemMakers[kind](ground, context);
    return pieces === undefined ? undefined : keepContent(storehouse, incidentNo, eachOf(pieces), mostBytes);
  });
  if (content === undefined) return;
  await actAs(storehouse, "system", "evidence.taken", randomUUID(), (context) =>
    bindItem(context, content, { incidentNo, snapshotNo, kind, askedBy, sealedName: null }),
  );
}

async function* eachOf(pieces: AsyncIterable<Buffer | string> | Iterable<Buffer | string>): AsyncGenerator<Buffer | string> {
  yield* pieces;
}

/** Looks at what an item is made of, without an event of its own: what comes of it is the item's. */
async function lookAround<Result>(storehouse: Storehouse, look: (context: Context) => Promise<Result>): Promise<Result> {
  const now = storehouse.clock();
  const transaction = await beginTransaction(storehouse, { as: "system" }, now);
  try {
    const { context } = contextOver(storehouse, transaction, { event: "evidence.taken", now, requestId: "", address: "", device: "" });
    const result = await look(context);
    await transaction.commit();
    return result;
  } finally {
    await transaction.rollback();
  }
}

/**
 * Takes a snapshot by itself, of incidents that are open, of each scope whose verification came to an end and of each approved report to an
 * authority; drills too, because they are to show what happens.
 */
export async function watchForSnapshots(storehouse: Storehouse): Promise<void> {
  const { rows } = await storehouse.pool.query<{ incident_no: number; scope_no: number | null; draft_no: number | null }>(
    `select s.incident_no, scope_no, null::integer as draft_no from incident_scopes s join incidents i on i.incident_no = s.incident_no and i.closed_at is null
      where verification <> 'pending'
        and not exists (select from evidence_snapshots e where e.because = 'scope-verified' and e.scope_no = s.scope_no)
     union all
     select incident_no, scope_no, draft_no from incident_drafts d
      where state = 'approved' and paper in ('preliminary', 'final')
        and not exists (select from evidence_snapshots e where e.because = 'paper-approved' and e.draft_no = d.draft_no)
     order by 1, 2, 3 limit 20`,
  );
  for (const row of rows) {
    await actAs(storehouse, "system", "evidence.snapshot-asked", randomUUID(), async (context) => {
      await askSnapshot(
        context,
        row.draft_no === null
          ? { incidentNo: row.incident_no, because: "scope-verified", scopeNo: row.scope_no }
          : { incidentNo: row.incident_no, because: "paper-approved", scopeNo: row.scope_no, draftNo: row.draft_no },
      );
    });
  }
}
