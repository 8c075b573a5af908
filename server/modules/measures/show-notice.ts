import { stopped, type Context, type Draft } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { showNotice as endpoint } from "#shared/measures.ts";
import { measureColumns, stateAt, untilOf, type MeasureRow } from "./measure-records.ts";

/** What the newest stop says to everybody who opens the page. */
export async function showNotice({ db, inForce, now }: Context): Promise<Draft<ReplyOf<typeof endpoint>>> {
  if ((inForce & stopped) === 0) {
    return { stopped: null };
  }
  const rows = await db.query<MeasureRow>(
    `select ${measureColumns} from measures where kind = 'stop' and began_at is not null and ended_at is null and not is_drill order by measure_no desc`,
  );
  const row = rows.find((one) => ["standing", "provisional"].includes(stateAt(one, now).state));
  return {
    stopped:
      row === undefined
        ? null
        : {
            messageJa: row.message_ja ?? "",
            messageEn: row.message_en ?? "",
            callBack: row.call_back ?? "",
            since: (row.began_at ?? row.taken_at).toISOString(),
            until: untilOf(row)?.toISOString() ?? null,
          },
  };
}
