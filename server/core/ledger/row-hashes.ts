import { openArchivedEvents } from "./archive/index.ts";
import { chunkBySize } from "./chunk-by-size.ts";
import { kindNoOf } from "./entries.ts";
import type { LedgerKind } from "./event.ts";
import type { Query } from "./query.ts";
import { scanWrites } from "./sections.ts";

/** The newest hash that the ledger holds for each row, compactly. */
export interface RowHashes {
  /** SHA-256 as written last, null when the row was removed, undefined when the ledger knows no write of it. */
  get(kind: LedgerKind, no: number): Buffer | null | undefined;
  /** Numbers of a kind that the ledger says exist, in no order. */
  present(kind: LedgerKind): Iterable<number>;
  /** Rows known, removed ones included. */
  readonly size: number;
}

/** Streams every write in the order of events, those in files first; some 100 bytes of memory a row. `query` sees one moment. */
export async function latestRowHashes(query: Query): Promise<RowHashes> {
  const table = createTable();
  for await (const events of (await openArchivedEvents(query)).scan({ writing: true }, "oldest")) {
    for (const { writes } of events) if (writes !== null) scanWrites(writes, (kind, no, rowHash) => table.set(kindNoOf(kind), no, rowHash));
  }
  for await (const eventNos of chunkBySize(query, "writes is not null", "writes")) {
    const { rows } = await query.query("select writes from ledger_events where event_no = any($1::int8[]) order by event_no", [`{${eventNos.join()}}`]);
    for (const row of rows) scanWrites(row["writes"] as Buffer, (kind, no, rowHash) => table.set(kindNoOf(kind), no, rowHash));
  }
  return table;
}

interface Table extends RowHashes {
  set(kindNo: number, no: number, rowHash: Buffer | null): void;
}

/** Open addressing over typed arrays: a Map of Buffers would take three times as much. */
function createTable(): Table {
  let room = 1024;
  let size = 0;
  let keys = new Float64Array(room).fill(-1);
  let hashes = Buffer.alloc(room * 32);
  let isGone = new Uint8Array(room);
  const keyOf = (kindNo: number, no: number): number => kindNo * 2 ** 40 + no;
  const slotOf = (key: number): number => {
    // Fibonacci hashing of both halves of the key.
    let slot = (Math.imul(key % 2 ** 32, 0x9e3779b1) ^ Math.imul(Math.floor(key / 2 ** 32), 0x85ebca6b)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & (room - 1);
    while (keys[slot] !== -1 && keys[slot] !== key) slot = (slot + 1) & (room - 1);
    return slot;
  };
  const widen = (): void => {
    const old = { keys, hashes, isGone };
    room *= 2;
    keys = new Float64Array(room).fill(-1);
    hashes = Buffer.alloc(room * 32);
    isGone = new Uint8Array(room);
    old.keys.forEach((key, from) => {
      if (key === -1) return;
      const slot = slotOf(key);
      keys[slot] = key;
      isGone[slot] = old.isGone[from]!;
      old.hashes.copy(hashes, slot * 32, from * 32, from * 32 + 32);
    });
  };
  return {
    get size() {
      return size;
    },
    set(kindNo, no, rowHash) {
      if (size * 10 > room * 7) widen();
      const key = keyOf(kindNo, no);
      const slot = slotOf(key);
      if (keys[slot] === -1) size += 1;
      keys[slot] = key;
      isGone[slot] = rowHash === null ? 1 : 0;
      if (rowHash !== null) hashes.set(rowHash, slot * 32);
    },
    get(kind, no) {
      const slot = slotOf(keyOf(kindNoOf(kind), no));
      if (keys[slot] === -1) return undefined;
      return isGone[slot] === 1 ? null : Buffer.from(hashes.subarray(slot * 32, slot * 32 + 32));
    },
    *present(kind) {
      const kindNo = kindNoOf(kind);
      for (let slot = 0; slot < room; slot++) {
        const key = keys[slot]!;
        if (key !== -1 && isGone[slot] === 0 && Math.floor(key / 2 ** 40) === kindNo) yield key % 2 ** 40;
      }
    },
  };
}
