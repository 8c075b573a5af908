import { randomBytes } from "node:crypto";
import pg from "pg";
import { encodeEvent, leafOfHeader } from "#server/core/ledger/encode.ts";
import { appLogin } from "#server/platform/database/set-up-logins.ts";
import { viewingOf, type LedgerHouse } from "./ledger-house.ts";

/**
 * The bare database: the same bytes into a table of the same columns and indexes, grouped in the same way; nothing is
 * encoded, hashed, signed or ordered.
 */
export async function openRaw(house: LedgerHouse, records: number): Promise<{ append(caller: number): Promise<void>; close(): Promise<void> }> {
  await house.owner.query(
    "create table if not exists raw_events (like ledger_events including defaults including identity including indexes including storage)",
  );
  await house.owner.query(`grant select, insert on raw_events to ${appLogin}`);
  const client = new pg.Client({ connectionString: house.appUrl });
  await client.connect();
  const event = encodeEvent(viewingOf(0, records), randomBytes);
  const leafHash = leafOfHeader(event.header);
  const batchNo = "018f3b1e-7c2a-8d31-9a55-000000000001";
  const row = (place: number): string => `(${Array.from({ length: 10 }, (_, column) => `$${place * 10 + column + 1}`).join()})`;
  const text = (count: number): string =>
    `insert into raw_events (batch_no, batch_index, at, type, account_no, session_id, header, salt, entries, leaf_hash) values ${Array.from({ length: count }, (_, place) => row(place)).join()}`;
  let queue: { caller: number; done: () => void }[] = [];
  let isBusy = false;
  const pump = async (): Promise<void> => {
    if (isBusy || queue.length === 0) return;
    isBusy = true;
    const batch = queue.splice(0, 512);
    const values = batch.flatMap(({ caller }, index) => [
      batchNo,
      index,
      new Date(),
      event.type,
      caller,
      event.sessionId,
      event.header,
      event.salt,
      event.entries,
      leafHash,
    ]);
    await client.query({ name: `raw-${batch.length}`, text: text(batch.length), values });
    isBusy = false;
    for (const { done } of batch) done();
    setImmediate(() => void pump());
  };
  return {
    append: (caller) =>
      new Promise((done) => {
        queue.push({ caller, done });
        setImmediate(() => void pump());
      }),
    close: () => client.end(),
  };
}
