import { sealText, type Context, type Input } from "#server/core/door/index.ts";
import type { writeNotice as endpoint } from "#shared/monitoring.ts";
import { Problem } from "#shared/problems.ts";
import { actingAccount } from "../account-for.ts";
import { currentNotice } from "./current-notice.ts";

/**
 * Puts the organisation's own words beside the product's. Sealed under the author's key: whom to ask stands in them.
 * @throws Problem conflict: somebody else changed them meanwhile
 */
export async function writeNotice(context: Context, input: Input<typeof endpoint>): Promise<{ noticeNo: number }> {
  const { db, door, journal, now } = context;
  const { accountNo } = actingAccount(context);
  await db.query("select one from organisation for update");
  const former = (await currentNotice(db))?.notice_no ?? 0;
  if (input.body.noticeNo !== former) throw new Problem("conflict");
  const text = input.body.text.trim();
  const sealed = text === "" ? null : sealText(door.vault, { kind: "account", no: accountNo }, "internal", 1, { monitoringNotice: text });
  const [row] = await db.query<{ notice_no: number }>(
    "insert into monitoring_notices (sealed_text, author_no, written_at) values ($1, $2, $3) returning notice_no",
    [sealed, accountNo, now],
  );
  const noticeNo = (row as { notice_no: number }).notice_no;
  journal.fact("noticeNo", noticeNo);
  journal.fact("characters", text.length);
  return { noticeNo };
}
