import { openArchivedEvents } from "../archive/index.ts";
import type { Query } from "../query.ts";

/** An event at its place in the tree. */
export interface PlacedHeader {
  readonly sequence: number;
  readonly eventNo: number;
  /** The epoch in which it took its place. */
  readonly epochNo: number;
  /** What the signed tree says of it: SHA-256(0x00 ‖ header), as long as nobody changed the header since. */
  readonly leaf: Buffer;
  /** Null when somebody removed the event. */
  readonly header: string | null;
}

/** The events at the places `from` up to, without, `to`, in the order of the tree; fewer when the tree ends before. */
export async function readHeaders(query: Query, from: number, to: number): Promise<PlacedHeader[]> {
  const { rows } = await query.query(
    `select part.start + wanted.at - 1 as sequence, wanted.event_no, part.epoch_no,
            substring(part.leaf_hashes from ((part.start - part.first_sequence + wanted.at - 1) * 32 + 1)::int4 for 32) as leaf, e.header
       from (
         select r.epoch_no, r.first_sequence, r.leaf_hashes, greatest($1::int8, r.first_sequence) as start,
                r.event_nos[(greatest($1::int8 - r.first_sequence, 0) + 1)::int4 : least($2::int8 - r.first_sequence, r.event_count)::int4] as event_nos
           from ledger_rounds r
          where r.first_sequence >= (select max(first_sequence) from ledger_rounds where first_sequence <= $1) and r.first_sequence < $2
            and r.first_sequence + r.event_count > $1
       ) part cross join lateral unnest(part.event_nos) with ordinality wanted (event_no, at)
       left join ledger_events e on e.event_no = wanted.event_no
      order by 1`,
    [from, to],
  );
  const lying = new Map<number, string>();
  const missing = rows.filter((row) => row["header"] === null).map((row) => Number(row["event_no"]));
  if (missing.length > 0) {
    for await (const events of (await openArchivedEvents(query)).pick(missing)) for (const event of events) lying.set(event.event_no, event.header);
  }
  return rows.map((row) => ({
    sequence: Number(row["sequence"]),
    eventNo: Number(row["event_no"]),
    epochNo: row["epoch_no"] as number,
    leaf: row["leaf"] as Buffer,
    header: (row["header"] as string | null) ?? lying.get(Number(row["event_no"])) ?? null,
  }));
}
