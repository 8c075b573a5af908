import type { Context } from "#server/core/door/index.ts";

/** When a measure ends unless somebody acts. */
const until = "coalesce(least(ends_at, case when confirmed_at is null then confirm_by end), 'infinity')";
const standing = "began_at is not null and ended_at is null and not is_drill";

/**
 * What is in force follows from the measures that stand; it is written beside what each request asks, in the transaction of the
 * act. Call it with the organisation's row held (`holdMeasures`).
 */
export async function putInForce({ db }: Pick<Context, "db">): Promise<void> {
  const latest = (kind: string): string => `coalesce((select max(${until}) from measures where kind = '${kind}' and ${standing}), '-infinity')`;
  await db.query(
    `update organisation set
       exports_held_until = ${latest("hold-exports")},
       read_only_until = ${latest("read-only")},
       stopped_until = ${latest("stop")},
       lists_withdrawn_at = coalesce((select max(began_at) from measures where kind = 'withdraw-lists' and ${standing}), '-infinity')`,
  );
  await db.query("delete from freezes");
  await db.query(
    `insert into freezes (measure_no, account_no, role_key, department_no, until)
     select measure_no, account_no, role_key, department_no, ${until} from measures where kind = 'freeze' and ${standing}`,
  );
  await db.query("select refresh_freezes()");
}
