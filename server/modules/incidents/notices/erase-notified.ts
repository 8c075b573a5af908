import type { Context } from "#server/core/door/index.ts";

/** Of somebody who is erased no mark leads back to a mail, and none is sent; that one was told, and how, stays by number. */
export async function eraseNotified({ db, now }: Context, customerNo: number): Promise<void> {
  await db.query(
    "update incident_notice_people set token = null, outcome = case when outcome = 'planned' then 'gone' else outcome end, at = $2 where customer_no = $1",
    [customerNo, now],
  );
}
