import { randomUUID } from "node:crypto";
import type { Pool } from "pg";
import { actAs, type Context, type Draft, type Input, type Storehouse } from "#server/core/door/index.ts";
import { addJob } from "#server/platform/jobs/index.ts";
import { matchEvents, peopleSeen } from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { alertRules } from "#shared/incident-signals.ts";
import type * as signals from "#shared/incident-signals.ts";
import { Problem } from "#shared/problems.ts";
import { oddHours } from "./odd-hours.ts";
import { sealApart, textApart } from "./seal-incident-text.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const mostListed = 200;
/** The job that looks anew at once, at everybody of the last day. */
export const watchAnewTask = "incidents.watch-anew";
/** Events commit a little out of their order. */
const overlapMs = 60_000;

type Rule = signals.AlertRule;
interface RuleRow {
  readonly rule: Rule;
  readonly is_on: boolean;
  readonly threshold: number;
  readonly from_hour: number | null;
  readonly to_hour: number | null;
}

/** More than the threshold, in a window of time that a rule looks at. `accountNo` null: people who had not signed in. */
export interface Excess {
  readonly rule: Rule | "desk";
  readonly accountNo: number | null;
  readonly from: Date;
  readonly found: number;
  readonly threshold: number;
}

async function rulesOf(pool: Pick<Pool, "query">): Promise<RuleRow[]> {
  const { rows } = await pool.query<RuleRow>("select rule, is_on, threshold, from_hour, to_hour from incident_alert_rules where rule <> 'desk' order by rule");
  return rows;
}

/** Since when a rule that counts people looks back from `now`; undefined where it does not look now. */
function windowOf({ rule, from_hour, to_hour }: RuleRow, now: Date): Date | undefined {
  switch (rule) {
    case "people-in-hour":
      return new Date(now.getTime() - hourMs);
    case "people-in-day":
      return new Date(now.getTime() - dayMs);
    case "odd-hours":
      return from_hour === null || to_hour === null ? undefined : oddHours(now, from_hour, to_hour);
    default:
      return undefined;
  }
}

/** When each customer of whom something was released to an account since `from` was last shown to it, in ms. */
async function lastShown(pool: Pool, accountNo: number, from: Date): Promise<Float64Array> {
  const events = await matchEvents(pool, { accountNos: [accountNo], from });
  return (await peopleSeen(pool, events, { kind: "customer" })).lastAt;
}

/**
 * Which thresholds are exceeded at `now`, by whoever did something since `since`. Reads the ledger alone: of accounts at work
 * the people they were shown (exposure), of refusals the last hour.
 */
async function findExcesses(pool: Pool, now: Date, since: Date): Promise<Excess[]> {
  const rules = (await rulesOf(pool)).filter((rule) => rule.is_on);
  const found: Excess[] = [];
  const { rows: active } = await pool.query<{ account_no: number }>(
    "select distinct account_no from ledger_events where at >= $1 and entries is not null and account_no is not null",
    [since],
  );
  const windows = rules.flatMap((rule) => {
    const from = windowOf(rule, now);
    return from === undefined ? [] : [{ rule, from }];
  });
  const widest = new Date(Math.min(...windows.map(({ from }) => from.getTime())));
  for (const { account_no: accountNo } of windows.length === 0 ? [] : active) {
    const shownAt = await lastShown(pool, accountNo, widest);
    for (const { rule, from } of windows) {
      // Whoever was last shown within a window was shown within it: one look serves every window.
      const people = shownAt.filter((at) => at >= from.getTime()).length;
      if (people > rule.threshold) found.push({ rule: rule.rule, accountNo, from, found: people, threshold: rule.threshold });
    }
  }
  const refusals = rules.find(({ rule }) => rule === "refusals-in-hour");
  if (refusals !== undefined) {
    const from = new Date(now.getTime() - hourMs);
    const { rows } = await pool.query<{ account_no: number | null; found: number }>(
      `select account_no, count(*)::integer as found from ledger_events
        where at >= $1 and header like '%"outcome":"refused"%' group by account_no having count(*) > $2`,
      [from, refusals.threshold],
    );
    for (const row of rows) found.push({ rule: "refusals-in-hour", accountNo: row.account_no, from, found: row.found, threshold: refusals.threshold });
  }
  return found;
}

/**
 * Raises what is new. An alert that stands and is not looked at yet grows; one that was handled is raised again only when twice
 * as much was found. Gives the number of the alert, or undefined.
 */
export async function raise(context: Context, excess: Excess): Promise<number | undefined> {
  const { db, now } = context;
  await db.query("select from incident_alert_rules where rule = $1 for update", [excess.rule]);
  const [last] = await db.query<{ alert_no: number; state: string; found: number }>(
    `select alert_no, state, found from incident_alerts
      where rule = $1 and account_no is not distinct from $2 and to_at >= $3 order by alert_no desc limit 1`,
    [excess.rule, excess.accountNo, excess.from],
  );
  if (last?.state === "new") {
    await db.query("update incident_alerts set found = greatest(found, $2), to_at = $3 where alert_no = $1", [last.alert_no, excess.found, now]);
    return undefined;
  }
  if (last !== undefined && excess.found < 2 * last.found) return undefined;
  const [row] = await db.query<{ alert_no: number }>(
    `insert into incident_alerts (rule, account_no, from_at, to_at, found, threshold, raised_at) values ($1, $2, $3, $4, $5, $6, $4)
     on conflict do nothing returning alert_no`,
    [excess.rule, excess.accountNo, excess.from, now, excess.found, excess.threshold],
  );
  return row?.alert_no;
}

async function isNews(pool: Pool, excess: Excess): Promise<boolean> {
  const { rows } = await pool.query<{ state: string; found: number }>(
    `select state, found from incident_alerts
      where rule = $1 and account_no is not distinct from $2 and to_at >= $3 order by alert_no desc limit 1`,
    [excess.rule, excess.accountNo, excess.from],
  );
  const last = rows[0];
  return last === undefined || (last.state === "new" ? excess.found > last.found : excess.found >= 2 * last.found);
}

/** Looks once at the thresholds, and raises what is exceeded. */
export async function watchThresholds(storehouse: Storehouse, since: Date): Promise<void> {
  const now = storehouse.clock();
  for (const excess of await findExcesses(storehouse.pool, now, since)) {
    if (!(await isNews(storehouse.pool, excess))) continue;
    await actAs(storehouse, "system", "incident.alert-raised", randomUUID(), async (context) => {
      const alertNo = await raise(context, excess);
      if (alertNo === undefined) context.journal.becomes("incident.alert-grew");
      else context.journal.fact("alertNo", alertNo);
      context.journal.fact("rule", excess.rule);
      context.journal.fact("found", excess.found);
      context.journal.fact("threshold", excess.threshold);
      if (excess.accountNo !== null) {
        context.journal.fact("accountNo", excess.accountNo);
        context.journal.touched("account", excess.accountNo);
      }
    });
  }
}

/** Looks at everybody of the last day: a threshold was changed. */
export async function watchAnew(storehouse: Storehouse): Promise<void> {
  await watchThresholds(storehouse, new Date(storehouse.clock().getTime() - dayMs));
}

/** The watch of one node: each round looks at whoever was active since the last. */
export function createWatch(storehouse: Storehouse): () => Promise<void> {
  let lookedAt: Date | undefined;
  return async () => {
    const begun = storehouse.clock();
    await watchThresholds(storehouse, lookedAt === undefined ? new Date(begun.getTime() - hourMs) : new Date(lookedAt.getTime() - overlapMs));
    lookedAt = begun;
  };
}

interface AlertRow {
  readonly alert_no: number;
  readonly rule: signals.IncidentAlert["rule"];
  readonly account_no: number | null;
  readonly from_at: Date;
  readonly to_at: Date;
  readonly found: number;
  readonly threshold: number;
  readonly raised_at: Date;
  readonly state: signals.IncidentAlert["state"];
  readonly incident_no: number | null;
  readonly handled_by: number | null;
  readonly query_no: string | null;
  readonly sealed_reason: Buffer | null;
}

export async function listAlerts(context: Context): Promise<Draft<ReplyOf<typeof signals.listIncidentAlerts>>> {
  const rows = await context.db.query<AlertRow>(
    `select alert_no, rule, account_no, from_at, to_at, found, threshold, raised_at, state, incident_no, handled_by, query_no, sealed_reason
       from incident_alerts order by state <> 'new', alert_no desc limit ${mostListed}`,
  );
  return {
    alerts: rows.map((row) => ({
      alertNo: row.alert_no,
      rule: row.rule,
      accountNo: row.account_no,
      from: row.from_at.toISOString(),
      to: row.to_at.toISOString(),
      found: row.found,
      threshold: row.threshold,
      raisedAt: row.raised_at.toISOString(),
      state: row.state,
      incidentNo: row.incident_no,
      handledBy: row.handled_by,
      reason: textApart(row.query_no, row.sealed_reason, "reason"),
    })),
  };
}

/** @throws Problem not-found, conflict {reason: "decided", state} */
export async function dismissAlert(context: Context, input: Input<typeof signals.dismissAlert>): Promise<Record<never, never>> {
  const { db, actor, now, journal } = context;
  const { alertNo } = input.params;
  const [row] = await db.query<{ state: string; rule: Rule; account_no: number | null }>(
    "select state, rule, account_no from incident_alerts where alert_no = $1 for update",
    [alertNo],
  );
  if (row === undefined) throw new Problem("not-found");
  if (row.state !== "new") throw new Problem("conflict", { reason: "decided", state: row.state });
  const { queryNo, blob } = sealApart(context, { reason: input.body.reason });
  await db.query("update incident_alerts set state = 'dismissed', handled_by = $2, handled_at = $3, query_no = $4, sealed_reason = $5 where alert_no = $1", [
    alertNo,
    actor.accountNo,
    now,
    queryNo,
    blob,
  ]);
  journal.fact("alertNo", alertNo);
  journal.fact("rule", row.rule);
  if (row.account_no !== null) journal.touched("account", row.account_no);
  return {};
}

export async function listAlertRules(context: Context): Promise<ReplyOf<typeof signals.listAlertRules>> {
  const rows = await context.db.query<RuleRow>("select rule, is_on, threshold, from_hour, to_hour from incident_alert_rules where rule <> 'desk'");
  const placed = rows.toSorted((a, b) => alertRules.indexOf(a.rule) - alertRules.indexOf(b.rule));
  return { rules: placed.map((row) => ({ rule: row.rule, isOn: row.is_on, threshold: row.threshold, fromHour: row.from_hour, toHour: row.to_hour })) };
}

/** @throws Problem invalid-input {field: "fromHour"}: hours belong to `odd-hours`, and to it alone */
export async function setAlertRule(context: Context, input: Input<typeof signals.setAlertRule>): Promise<Record<never, never>> {
  const { db, actor, now, journal } = context;
  const { rule, isOn, threshold, fromHour, toHour } = input.body;
  const hasHours = fromHour !== null && toHour !== null && fromHour !== toHour;
  if (rule === "odd-hours" ? !hasHours : fromHour !== null || toHour !== null) throw new Problem("invalid-input", { field: "fromHour" });
  await db.query("update incident_alert_rules set is_on = $2, threshold = $3, from_hour = $4, to_hour = $5, changed_by = $6, changed_at = $7 where rule = $1", [
    rule,
    isOn,
    threshold,
    fromHour,
    toHour,
    actor.accountNo,
    now,
  ]);
  await addJob(db, watchAnewTask, {}, { key: watchAnewTask });
  journal.fact("rule", rule);
  journal.fact("isOn", isOn);
  journal.fact("threshold", threshold);
  if (hasHours) {
    journal.fact("fromHour", fromHour);
    journal.fact("toHour", toHour);
  }
  return {};
}
