import { queryOver, type Context } from "#server/core/door/index.ts";
import type { IncidentCause } from "#shared/incidents.ts";
import { Problem } from "#shared/problems.ts";
import { openAsIncident } from "./open-incident.ts";

const lookBackMs = 30 * 86_400_000;

/** The account that was shown something most often lately, and its day: what somebody could have taken who was that account. */
async function likelyCause(context: Context): Promise<IncidentCause | undefined> {
  const { rows } = await queryOver(context.db).query(
    `select account_no, (at at time zone 'Asia/Tokyo')::date::text as day, count(*) as events from ledger_events
      where at >= $1 and entries is not null and account_no is not null and account_no <> $2
      group by 1, 2 order by 3 desc, 2 desc, 1 limit 1`,
    [new Date(context.now.getTime() - lookBackMs), context.actor.accountNo],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const from = new Date(`${String(row["day"])}T00:00:00+09:00`);
  const to = new Date(Math.min(from.getTime() + 86_400_000, context.now.getTime()));
  return { kind: "account", no: Number(row["account_no"]), from: from.toISOString(), to: to.toISOString() };
}

/** Opens a drill: the same machinery on the ledger as it is, marked everywhere. @throws Problem conflict {reason: "nothing-seen"} */
export async function openDrill(context: Context): Promise<{ incidentNo: number }> {
  const cause = await likelyCause(context);
  if (cause === undefined) throw new Problem("conflict", { reason: "nothing-seen" });
  context.journal.touched("account", cause.no);
  return openAsIncident(context, {
    playbook: "unauthorised-access",
    isDrill: true,
    knownAt: context.now,
    what: "【訓練】職員のアカウントが盗まれ、顧客を次々に閲覧された疑いがある(実際の事故ではありません)",
    cause,
  });
}
