import { hasPurpose, hasVerb, mayCall } from "#server/core/access/compile.ts";
import { queryOver, type Context, type Door, type Draft } from "#server/core/door/index.ts";
import { createReleaseCounter, type CountReleased } from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { noticeVersion } from "#shared/monitoring.ts";
import { kinds, purposes, verbs, type Kind } from "#shared/rights.ts";
import type * as session from "#shared/session.ts";
import { accountColumns, ownValue, type AccountRow } from "./account-records.ts";
import { actingAccount } from "./account-for.ts";

/** The counter remembers what it read of one ledger, so each storehouse has its own. */
const counters = new WeakMap<Door, CountReleased>();

function counterOf(door: Door): CountReleased {
  const known = counters.get(door);
  if (known !== undefined) return known;
  const counter = createReleaseCounter();
  counters.set(door, counter);
  return counter;
}

const hourMs = 3_600_000;
/** Japan has one time zone and no summer time. */
function midnightInTokyo(now: Date): Date {
  const local = now.getTime() + 9 * hourMs;
  return new Date(local - (local % (24 * hourMs)) - 9 * hourMs);
}

const viewedTodayBy = (context: Context, accountNo: number): Promise<number> =>
  counterOf(context.door)(queryOver(context.db), accountNo, midnightInTokyo(context.now));

export async function countViewed(context: Context): Promise<Draft<ReplyOf<typeof session.countViewed>>> {
  return { viewedToday: await viewedTodayBy(context, actingAccount(context).accountNo) };
}

export async function me(context: Context): Promise<Draft<ReplyOf<typeof session.me>>> {
  const { db, policy, actor } = context;
  const { accountNo } = actingAccount(context);
  const [row] = await db.query<AccountRow>(`select ${accountColumns} from accounts where account_no = $1`, [accountNo]);
  if (row === undefined) throw new Error("a session without its account");
  const [organisation] = await db.query<{ name: string; combined_office: boolean; idle_lock_seconds: number; is_told: boolean }>(
    `select name, combined_office, idle_lock_seconds,
            exists (select from monitoring_acknowledgements a where a.account_no = $1 and a.version = $2
                       and a.notice_no = coalesce((select max(n.notice_no) from monitoring_notices n), 0)) as is_told
       from organisation`,
    [accountNo, noticeVersion],
  );
  const departments = await db.query<{ department_no: number; name: string }>("select department_no, name from departments where department_no = $1", [
    row.department_no,
  ]);
  const may = (level: "read" | "write"): Record<Kind, boolean> =>
    Object.fromEntries(kinds.map((kind) => [kind, mayCall(actor.rights, `${kind}.${level}`)])) as Record<Kind, boolean>;
  return {
    accountNo,
    staffName: ownValue(row, "staffName"),
    staffMail: ownValue(row, "staffMail"),
    departments: departments.map((department) => ({ departmentNo: department.department_no, name: department.name })),
    roles: (policy.rolesOf.get(accountNo) ?? []).flatMap((key) => {
      const role = policy.roles.get(key);
      return role === undefined ? [] : [{ key, labelJa: role.labelJa, labelEn: role.labelEn }];
    }),
    verbs: verbs.filter((verb) => hasVerb(actor.rights, verb)),
    purposes: purposes.filter((purpose) => hasPurpose(actor.rights, purpose)),
    mayRead: may("read"),
    mayWrite: may("write"),
    viewedToday: await viewedTodayBy(context, accountNo),
    idleLockSeconds: organisation?.idle_lock_seconds ?? 0,
    organisation: organisation?.name ?? "",
    combinedOffice: organisation?.combined_office ?? false,
    noticeDue: organisation?.is_told !== true,
  };
}
