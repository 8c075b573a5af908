import { randomUUID } from "node:crypto";
import { actAs, type Context, type Storehouse } from "#server/core/door/index.ts";
import { fillTiles, findNewest, type Query, type ServedCheckpoint } from "#server/core/ledger/index.ts";
import type { OutletSettings } from "#shared/proofs.ts";
import { sendToLines } from "./feed/send-to-lines.ts";
import { sendToSyslog } from "./feed/send-to-syslog.ts";
import { feedKinds, openSettings, outletColumns, type OutletRow } from "./outlet-records.ts";
import { sendByMail } from "./send-by-mail.ts";
import { sendToFolder } from "./send-to-folder.ts";
import { sendToWebhook } from "./send-to-webhook.ts";
import { sendToWitness } from "./send-to-witness.ts";
import type { Sending, Sent } from "./sending.ts";
import { stampCheckpoint } from "./stamp-checkpoint.ts";

/** How long a place has rest after something arrived, in seconds. */
const restSeconds: Readonly<Record<OutletRow["kind"], number>> = {
  witness: 10,
  folder: 60,
  webhook: 60,
  mail: 86_400,
  timestamp: 86_400,
  syslog: 0,
  lines: 0,
};
const longestWaitSeconds = 3_600;
/** Of a witness, who is missed most, and of a SIEM, where every event counts. */
const shortWaitSeconds = 300;
/** Our clock and an authority's may differ by so much before it is an alarm. */
const mostClockOffSeconds = 300;

/**
 * Sends the newest checkpoint to every place that is due and does not have it. What fails is tried again, later each time; a
 * place that begins to fail, comes back, or refuses stands in the ledger, each single sending does not: it would be news itself.
 */
export async function sendCheckpoints(storehouse: Storehouse, signal: AbortSignal): Promise<void> {
  const checkpoint = await findNewest(storehouse.pool);
  if (checkpoint === undefined) return;
  await fillTiles(storehouse.pool, checkpoint.treeSize);
  await sendWhatIsDue(storehouse, checkpoint, false, signal);
}

/** Sends the events that are in the tree to every place that is given events; what fails is treated as a checkpoint's failing. */
export async function sendEvents(storehouse: Storehouse, signal: AbortSignal): Promise<void> {
  const checkpoint = await findNewest(storehouse.pool);
  if (checkpoint !== undefined) await sendWhatIsDue(storehouse, checkpoint, true, signal);
}

async function sendWhatIsDue(storehouse: Storehouse, checkpoint: ServedCheckpoint, ofEvents: boolean, signal: AbortSignal): Promise<void> {
  const query: Query = storehouse.pool;
  const { rows } = await storehouse.pool.query<OutletRow>(
    `select ${outletColumns} from checkpoint_outlets
      where ended_at is null and allowed_at is not null and next_at <= $1 and (epoch_no, tree_size, state) is distinct from ($2::int4, $3::int8, 'ok')
        and (kind = any($4)) = $5 order by outlet_no`,
    [storehouse.clock(), checkpoint.epochNo, checkpoint.treeSize, feedKinds, ofEvents],
  );
  await Promise.all(
    rows.map(async (row) => {
      // One place must not keep the others from being told.
      const settings = openSettings(storehouse.door.vault, row);
      const sent: Sent =
        settings === undefined
          ? { state: "failing", problem: "settings-unreadable" }
          : await send(settings, { row, checkpoint, query, signal, now: storehouse.clock }).catch((): Sent => ({ state: "failing", problem: "bad-answer" }));
      if (!signal.aborted) await settle(storehouse, row, checkpoint, sent);
    }),
  );
}

function send(settings: OutletSettings, given: Omit<Sending<"witness">, "settings">): Promise<Sent> {
  switch (settings.kind) {
    case "witness":
      return sendToWitness({ ...given, settings });
    case "folder":
      return sendToFolder({ ...given, settings });
    case "mail":
      return sendByMail({ ...given, settings });
    case "webhook":
      return sendToWebhook({ ...given, settings });
    case "timestamp":
      return stampCheckpoint({ ...given, settings });
    case "syslog":
      return sendToSyslog({ ...given, settings });
    case "lines":
      return sendToLines({ ...given, settings });
  }
}

async function settle(storehouse: Storehouse, row: OutletRow, newest: ServedCheckpoint, sent: Sent): Promise<void> {
  const now = storehouse.clock();
  const event = eventOf(row, sent);
  if (event === undefined) {
    await note(storehouse.pool, row, sent, now);
    return;
  }
  await actAs(storehouse, "system", event, randomUUID(), async (context) => {
    await note({ query: async (text, values) => ({ rows: await context.db.query(text, values) }) }, row, sent, now);
    await record(context, row, newest, sent);
  });
}

/** The event of a change for the better or the worse, if it is one. */
function eventOf(row: OutletRow, sent: Sent): string | undefined {
  switch (sent.state) {
    case "ok":
      if (sent.stamp !== undefined) return "ledger.timestamped";
      return row.state === "failing" || row.state === "refused" ? "ledger.push-resumed" : undefined;
    case "failing":
      return row.state === "ok" || row.state === "waiting" ? "ledger.push-failed" : undefined;
    case "refused":
      return row.state === "refused" && row.problem === sent.problem ? undefined : "ledger.witness-refused";
  }
}

async function record({ db, journal, now }: Context, row: OutletRow, newest: ServedCheckpoint, sent: Sent): Promise<void> {
  journal.fact("outletNo", row.outlet_no);
  journal.fact("treeSize", sent.state === "ok" ? sent.checkpoint.treeSize : newest.treeSize);
  if (sent.state === "refused") {
    journal.fact("name", row.name);
    journal.fact("problem", sent.problem);
    journal.fact("seen", sent.seen);
    journal.fact("alarm", true);
    return;
  }
  if (sent.state === "ok" && sent.stamp !== undefined) {
    const { stamp, checkpoint } = sent;
    const clockOff = Math.round((now.getTime() - stamp.at.getTime()) / 1000);
    journal.fact("at", stamp.at.toISOString());
    journal.fact("clockOff", clockOff);
    if (Math.abs(clockOff) > mostClockOffSeconds) journal.fact("alarm", true);
    await db.query("insert into ledger_timestamps (epoch_no, tree_size, outlet_no, at, policy, serial, token) values ($1, $2, $3, $4, $5, $6, $7)", [
      checkpoint.epochNo,
      checkpoint.treeSize,
      row.outlet_no,
      stamp.at,
      stamp.policy,
      stamp.serial,
      stamp.token,
    ]);
    return;
  }
  journal.fact("kind", row.kind);
  if (sent.state === "failing") journal.fact("problem", sent.problem);
}

/** How the place is from now on. One that was refused stays so until a witness takes a checkpoint again. */
async function note(query: Query, row: OutletRow, sent: Sent, now: Date): Promise<void> {
  const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
  if (sent.state === "ok") {
    await query.query(
      `update checkpoint_outlets set state = 'ok', problem = null, failures = 0, epoch_no = $2, tree_size = $3, last_at = $4, tried_at = $4, next_at = $5
        where outlet_no = $1`,
      [row.outlet_no, sent.checkpoint.epochNo, sent.checkpoint.treeSize, now, later(restSeconds[row.kind])],
    );
    return;
  }
  const staysRefused = row.state === "refused" && sent.state === "failing";
  const isMissed = row.kind === "witness" || feedKinds.includes(row.kind);
  const wait = Math.min(10 * 2 ** Math.min(row.failures, 10), isMissed ? shortWaitSeconds : longestWaitSeconds);
  await query.query(
    "update checkpoint_outlets set state = $2, problem = $3, failures = least(failures + 1, 1000), tried_at = $4, next_at = $5 where outlet_no = $1",
    [row.outlet_no, staysRefused ? row.state : sent.state, staysRefused ? row.problem : sent.problem, now, later(wait)],
  );
}
