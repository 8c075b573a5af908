import type { Context, Input } from "#server/core/door/index.ts";
import { noticeVersion, type acknowledgeNotice as endpoint } from "#shared/monitoring.ts";
import { Problem } from "#shared/problems.ts";
import { actingAccount } from "../account-for.ts";
import { currentNotice } from "./current-notice.ts";

/** Notes that the caller was told. @throws Problem conflict: the text changed while it was being read */
export async function acknowledgeNotice(context: Context, input: Input<typeof endpoint>): Promise<{ kind: "acknowledged" }> {
  const { db, journal, now } = context;
  const { version, noticeNo } = input.body;
  const current = (await currentNotice(db))?.notice_no ?? 0;
  if (version !== noticeVersion || noticeNo !== current) throw new Problem("conflict");
  await db.query("insert into monitoring_acknowledgements (account_no, version, notice_no, acknowledged_at) values ($1, $2, $3, $4) on conflict do nothing", [
    actingAccount(context).accountNo,
    version,
    noticeNo,
    now,
  ]);
  journal.fact("version", version);
  journal.fact("noticeNo", noticeNo);
  return { kind: "acknowledged" };
}
