import { SealedText, type Context, type Draft } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { noticeVersion, type showNotice as endpoint } from "#shared/monitoring.ts";
import type { RoleDefinition } from "#shared/rights.ts";
import { actingAccount } from "../account-for.ts";
import { currentNotice } from "./current-notice.ts";

type Role = ReplyOf<typeof endpoint>["ledgerReaders"][number];

/** What staff are told about the recording of their work, with the roles that read the record as the rights stand now. */
export async function showNotice(context: Context): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { db, policy } = context;
  const { accountNo } = actingAccount(context);
  const own = await currentNotice(db);
  const noticeNo = own?.notice_no ?? 0;
  const [told] = await db.query<{ acknowledged_at: Date }>(
    "select acknowledged_at from monitoring_acknowledgements where account_no = $1 and version = $2 and notice_no = $3",
    [accountNo, noticeVersion, noticeNo],
  );
  const roles = [...policy.roles.values()];
  const readsLedger = (role: RoleDefinition): boolean => role.verbs.includes("read-ledger");
  return {
    version: noticeVersion,
    noticeNo,
    text:
      own === undefined || own.sealed_text === null
        ? null
        : new SealedText({ kind: "account", no: own.author_no }, own.sealed_text, "monitoringNotice", { staff: true }),
    writtenAt: own?.written_at.toISOString() ?? null,
    acknowledgedAt: told?.acknowledged_at.toISOString() ?? null,
    ledgerReaders: roles.filter(readsLedger).map(named),
    exposureReaders: roles.filter((role) => role.verbs.includes("read-exposures") && !readsLedger(role)).map(named),
  };
}

const named = ({ key, labelJa, labelEn }: RoleDefinition): Role => ({ key, labelJa, labelEn });
