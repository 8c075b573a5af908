import { randomBytes } from "node:crypto";
import { sealText, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { requestApproval } from "#server/modules/approvals/index.ts";
import type { BodyOf, ReplyOf } from "#shared/endpoint.ts";
import { provisionalMinutes, type takeMeasure as endpoint } from "#shared/measures.ts";
import { Problem } from "#shared/problems.ts";
import { cutSessions } from "./cut-sessions.ts";
import { accountsMeant, demandTarget, needsSecond, refusalOf } from "./meant.ts";
import { holdMeasures, measureFor, noteMeasure, stateAt } from "./measure-records.ts";
import { putInForce } from "./put-in-force.ts";

const minuteMs = 60_000;

/** @throws Problem invalid-input, not-found; not-permitted {reason}: {@link refusalOf} */
export async function takeMeasure(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  return takeMeasureAs(context, input.body);
}

/**
 * Takes a measure. What needs a second person is in force at once, and falls back by itself after 30 minutes unless that person
 * confirms it; or, where it `waits`, comes into force with their yes. The terminal acts alone.
 * @throws Problem as {@link takeMeasure}
 */
export async function takeMeasureAs(context: Context, given: BodyOf<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { db, journal, door, actor, now } = context;
  await demandTarget(context, given);
  await holdMeasures(context);
  const meant = await accountsMeant(context, given);
  const isTwoPersons = actor.principal === "account" && !given.isDrill && (await needsSecond(context, given, meant));
  const refusal = await refusalOf(context, given, meant, isTwoPersons);
  if (refusal !== null && !(given.isDrill && refusal === "not-held")) {
    throw new Problem("not-permitted", { reason: refusal });
  }
  const waits = isTwoPersons && given.waits;
  const isCut = given.kind === "cut-sessions";
  const confirmBy = isTwoPersons && !waits && !isCut ? new Date(now.getTime() + provisionalMinutes * minuteMs) : null;
  const endsAt = given.hours === null || isCut ? null : new Date(now.getTime() + given.hours * 60 * minuteMs);
  const queryNo = randomBytes(5).readUIntBE(0, 5);
  const reason = sealText(door.vault, { kind: "query", no: queryNo }, "personal", 1, { reason: given.reason });
  const message = given.kind === "stop" ? given.message : null;
  const [made] = await db.query<{ measure_no: number }>(
    `insert into measures (kind, target, account_no, role_key, department_no, incident_no, is_drill, taken_by, taken_at, began_at, ends_at,
       confirm_by, accounts_meant, sessions_cut, query_no, sealed_reason, message_ja, message_en, call_back, ended_at, ended_how)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, $14, $15, $16, $17, $18, $19, $20) returning measure_no`,
    [
      given.kind,
      given.target,
      given.accountNo,
      given.roleKey,
      given.departmentNo,
      given.incidentNo,
      given.isDrill,
      actor.accountNo,
      now,
      waits ? null : now,
      endsAt,
      confirmBy,
      meant.length,
      queryNo,
      reason,
      orNull(message?.messageJa),
      orNull(message?.messageEn),
      orNull(message?.callBack),
      isCut && !waits ? now : null,
      isCut && !waits ? "done" : null,
    ],
  );
  const measureNo = made?.measure_no as number;
  const request = isTwoPersons
    ? await requestApproval(context, {
        kind: "measure",
        reason: given.reason,
        facts: {
          persons: 0,
          measureNo,
          measure: given.kind,
          target: given.target,
          accounts: meant.length,
          isInForce: !waits,
          ...(given.roleKey === null ? {} : { roleKey: given.roleKey }),
          ...(given.departmentNo === null ? {} : { departmentNo: given.departmentNo }),
        },
      })
    : undefined;
  if (request !== undefined) {
    await db.query("update measures set request_no = $2 where measure_no = $1", [measureNo, request.requestNo]);
  }
  journal.becomes(waits ? "measure.asked" : "measure.taken");
  const sessionsCut = waits || given.isDrill ? 0 : await beginMeasure(context, measureNo, meant);
  const row = await measureFor(context, measureNo);
  noteMeasure(context, row);
  journal.fact("sessionsCut", sessionsCut);
  if (confirmBy !== null) {
    journal.fact("confirmBy", confirmBy.toISOString());
  }
  if (actor.principal === "console") {
    journal.fact("alarm", true);
  }
  for (const accountNo of meant) {
    journal.touched("account", accountNo);
  }
  journal.sealed({ label: "reason", subject: { kind: "query", no: queryNo }, fieldClass: "personal", blob: reason });
  return {
    measureNo,
    state: stateAt(row, now).state,
    requestNo: request?.requestNo ?? null,
    confirmBy: confirmBy?.toISOString() ?? null,
    accounts: meant.length,
    sessionsCut,
  };
}

/** Puts a measure in force whose row says so; whom it means is cut off at once. Returns the number of sessions that it cut. */
export async function beginMeasure(context: Context, measureNo: number, meant: readonly number[]): Promise<number> {
  const sessionsCut = meant.length === 0 ? 0 : await cutSessions(context, meant, measureNo);
  await context.db.query("update measures set sessions_cut = $2 where measure_no = $1", [measureNo, sessionsCut]);
  await putInForce(context);
  return sessionsCut;
}

const orNull = (text: string | undefined): string | null => (text === undefined || text === "" ? null : text);
