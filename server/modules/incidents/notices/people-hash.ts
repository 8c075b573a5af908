import { createHash } from "node:crypto";
import type { Context } from "#server/core/door/index.ts";
import type { NoticeWay } from "#shared/incident-notices.ts";
import { Problem } from "#shared/problems.ts";
import type { NoticeRow } from "./notice-records.ts";

export interface TellablePerson {
  readonly customer_no: number;
  readonly way: NoticeWay;
}

/** Who is told by which way, in the order of numbers. */
export function peopleOf({ db }: Pick<Context, "db">, noticeNo: number): Promise<TellablePerson[]> {
  return db.query<TellablePerson>("select customer_no, way from incident_notice_people where notice_no = $1 order by customer_no", [noticeNo]);
}

/** SHA-256 over `number:way` by lines: what a second person approves. */
export function hashOfPeople(people: readonly TellablePerson[]): Buffer {
  const hash = createHash("sha256");
  for (const { customer_no: no, way } of people) hash.update(`${no}:${way}\n`);
  return hash.digest();
}

/** Whom nobody approved, by a row that came or changed around the product, is not told. @throws Problem conflict {reason: "changed"} */
export async function demandSamePeople(context: Pick<Context, "db">, notice: Pick<NoticeRow, "notice_no" | "people_hash">): Promise<void> {
  const hash = hashOfPeople(await peopleOf(context, notice.notice_no));
  if (notice.people_hash?.equals(hash) !== true) throw new Problem("conflict", { reason: "changed" });
}
