import { randomUUID } from "node:crypto";
import { actAs, type Context, type Storehouse } from "#server/core/door/index.ts";
import { dayMs } from "./brake.ts";

/** What was said of somebody dies with the person; that somebody called, and what was answered, stays without them. */
export async function eraseAtDesk({ db }: Context, customerNo: number): Promise<void> {
  await db.query("update desk_entries set sealed_text = null where case_no in (select case_no from desk_cases where person_no = $1)", [customerNo]);
  await db.query("update desk_checks set person_no = null, tokens = '{}' where person_no = $1", [customerNo]);
  await db.query("update desk_cases set person_no = null where person_no = $1", [customerNo]);
}

/** Hashes of what was stated serve the brake for a day. */
export async function tidyChecks(storehouse: Storehouse): Promise<void> {
  const before = new Date(storehouse.clock().getTime() - dayMs);
  const { rows } = await storehouse.pool.query("select from desk_checks where at <= $1 and tokens <> '{}' limit 1", [before]);
  if (rows.length === 0) return;
  await actAs(storehouse, "system", "desk.tidied", randomUUID(), async ({ db, journal }) => {
    const done = await db.query("update desk_checks set tokens = '{}' where at <= $1 and tokens <> '{}' returning check_no", [before]);
    journal.fact("checks", done.length);
  });
}
