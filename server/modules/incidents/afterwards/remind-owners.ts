import { randomUUID } from "node:crypto";
import { actAs, type Storehouse } from "#server/core/door/index.ts";
import { dayAfter, dayInJapan } from "#shared/day-in-japan.ts";

export const remindTask = "incidents.remind-preventions";

const firstDays = 7;

/**
 * Owners are reminded a week before, the day before, on the day, and every week after it. How many days ago the last of these was;
 * undefined before the first.
 */
function daysSinceReminderDue(daysLeft: number): number | undefined {
  if (daysLeft > firstDays) return undefined;
  if (daysLeft > 1) return firstDays - daysLeft;
  if (daysLeft > 0) return 0;
  return -daysLeft % 7;
}

interface DueRow {
  readonly prevention_no: number;
  readonly incident_no: number;
  readonly owner_no: number;
  readonly days_left: number;
  readonly reminded_on: string | null;
}

/** Reminds the owners of preventions, where it is time and nobody has: it stands on their Home and in the ledger. */
export async function remindOwners(storehouse: Storehouse): Promise<void> {
  const today = dayInJapan(storehouse.clock());
  const { rows } = await storehouse.pool.query<DueRow>(
    `select prevention_no, incident_no, owner_no, due_on - $1::date as days_left, reminded_on from incident_preventions
      where state = 'planned' and due_on <= $2 order by prevention_no`,
    [today, dayAfter(today, firstDays)],
  );
  for (const row of rows.filter((one) => isTime(one, today))) {
    await actAs(storehouse, "system", "incident.prevention-reminded", randomUUID(), async ({ db, journal }) => {
      const reminded = await db.query(
        `update incident_preventions set reminders = reminders + 1, reminded_on = $2
          where prevention_no = $1 and state = 'planned' and reminded_on is distinct from $2::date returning prevention_no`,
        [row.prevention_no, today],
      );
      journal.fact("incidentNo", row.incident_no);
      journal.fact("preventionNo", row.prevention_no);
      journal.fact("ownerNo", row.owner_no);
      journal.fact("daysLeft", row.days_left);
      journal.fact("isReminded", reminded.length > 0);
      journal.touched("account", row.owner_no);
    });
  }
}

function isTime(row: DueRow, today: string): boolean {
  const ago = daysSinceReminderDue(row.days_left);
  return ago !== undefined && (row.reminded_on === null || row.reminded_on < dayAfter(today, -ago));
}
