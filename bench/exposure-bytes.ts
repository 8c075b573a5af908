import type pg from "pg";
import { deliveryShapes, type DeliveryShape } from "./exposure-events.ts";
import { round } from "./measure.ts";

/** Deliveries that were recorded, by shape, and in how many events. */
export type Tally = Record<DeliveryShape, { deliveries: number; events: number }>;

const tables = {
  events: "ledger_events",
  batches: "ledger_batches",
  rounds: "ledger_rounds",
  checkpoints: "ledger_checkpoints",
  chunks: "ledger_exposure_chunks",
  postings: "ledger_exposure_postings",
  looks: "ledger_exposure_looks",
  freshLooks: "ledger_exposure_fresh_looks",
} as const;

/**
 * Bytes on disk for one delivery, by shape: an event's own row by the mean size of such rows, postings and looks by deliveries, everything
 * else (indexes, batches, rounds, checkpoints, chunks) by events.
 */
export async function measureBytes(owner: pg.Client, tally: Tally, print: (line: object) => void): Promise<void> {
  // What the packing left behind is taken up by later rows, not by the file system: it counts as soon as it was vacuumed.
  await owner.query("vacuum ledger_exposure_postings");
  const size = async (text: string): Promise<number> => Number((await owner.query<{ bytes: string }>(`select (${text})::text as bytes`)).rows[0]!.bytes);
  const events = (await owner.query<{ count: string }>("select count(*)::text as count from ledger_events")).rows[0]!.count;
  const bytes: Record<string, number> = { indexes: await size(`pg_indexes_size('${tables.events}')`) };
  for (const [name, table] of Object.entries(tables))
    bytes[name] = await size(name === "events" ? `pg_table_size('${table}')` : `pg_total_relation_size('${table}')`);
  // Rows of level 0 and 1 that were joined are gone; the room they leave is counted as it is.
  const live = await size("select sum(octet_length(packed) + 48) from ledger_exposure_postings");
  const deliveries = Object.values(tally).reduce((sum, shape) => sum + shape.deliveries, 0);
  const eachEvent = (bytes["indexes"]! + bytes["batches"]! + bytes["rounds"]! + bytes["checkpoints"]! + bytes["chunks"]!) / Number(events);
  const eachDelivery = (bytes["postings"]! + bytes["looks"]! + bytes["freshLooks"]!) / deliveries;
  const rows = new Map<DeliveryShape, number>();
  for (const [shape, { records, type }] of Object.entries(deliveryShapes)) {
    const { rows: found } = await owner.query<{ mean: number }>(
      `select avg(pg_column_size(e.*) + 4)::float8 as mean from (
         select * from ledger_events e where type = $1 and (header::jsonb->'entries'->>'count')::int between $2 and $3 limit 5000) e`,
      [type, Math.ceil(records * 0.9), records],
    );
    rows.set(shape as DeliveryShape, found[0]?.mean ?? 0);
  }
  // What pages leave unused and TOAST adds is spread in proportion.
  const rowBytes = Object.entries(tally).reduce((sum, [shape, { events: count }]) => sum + count * rows.get(shape as DeliveryShape)!, 0);
  const spread = bytes["events"]! / Math.max(rowBytes, 1);
  let all = 0;
  for (const [shape, { deliveries: ofShape, events: count }] of Object.entries(tally)) {
    if (ofShape === 0) continue;
    const records = ofShape / count;
    const event = rows.get(shape as DeliveryShape)! * spread;
    const whole = (event + eachEvent) / records + eachDelivery;
    all += whole * ofShape;
    print({
      shape: `bytes per delivery, ${shape}`,
      bytes: round(whole, 2),
      rowOfEvent: round(event / records, 2),
      perEvent: round(eachEvent / records, 2),
      postings: round(bytes["postings"]! / deliveries, 2),
      looks: round(bytes["looks"]! / deliveries, 2),
      deliveriesOfShape: ofShape,
    });
  }
  print({
    shape: "bytes per delivery, all",
    bytes: round(all / deliveries, 2),
    events: Number(events),
    postingsLive: round(live / deliveries, 2),
    tables: bytes,
  });
}
