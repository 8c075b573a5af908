import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { testEvent } from "#tests/support/ledger.ts";
import { formatUuid } from "../batch.ts";
import { encodeEvent, leafOfHeader } from "../encode.ts";
import { packChunk, pickFromChunk, unpackChunk } from "./pack-chunk.ts";
import type { StoredBatch, StoredEvent } from "./stored-event.ts";

const event = fc.record({
  gap: fc.integer({ min: 1, max: 500_000 }),
  batch: fc.integer({ min: 0, max: 4 }),
  customers: fc.array(fc.integer({ min: 1, max: 2 ** 40 - 1 }), { maxLength: 5 }),
  writes: fc.integer({ min: 0, max: 2 }),
  sealedBytes: fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }),
  accountNo: fc.option(fc.integer({ min: 0, max: 1e6 }), { nil: null }),
  words: fc.string({ unit: "grapheme" }),
});

/** Events as the table holds them; of each batch one leaf more, of an event that lies elsewhere. */
function store(drawn: readonly (typeof event extends fc.Arbitrary<infer E> ? E : never)[]): { events: StoredEvent[]; batches: Map<string, StoredBatch> } {
  const leaves = new Map<number, Buffer[]>();
  const batchNos = Array.from({ length: 5 }, () => formatUuid(randomBytes(16)));
  let eventNo = 0;
  const events = drawn.map(({ gap, batch, customers, writes, sealedBytes, accountNo, words }): StoredEvent => {
    const encoded = encodeEvent(
      testEvent({
        accountNo,
        facts: { words },
        releases: customers.length === 0 ? [] : [{ kind: "customer", numbers: customers, fields: [[1, 2]] }],
        writes: Array.from({ length: writes }, (_, no) => ({ kind: "customer" as const, no, rowHash: no === 0 ? null : randomBytes(32) })),
        sealed:
          sealedBytes === undefined
            ? []
            : [{ label: "before", subject: { kind: "customer" as const, no: 7 }, fieldClass: "personal" as const, blob: randomBytes(sealedBytes) }],
      }),
      randomBytes,
    );
    const ofBatch = leaves.get(batch) ?? [randomBytes(32)];
    const leaf = leafOfHeader(encoded.header);
    leaves.set(batch, [...ofBatch, leaf]);
    eventNo += gap;
    const { header, salt, entries, writes: packedWrites, sealed, at, type, sessionId } = encoded;
    const placed = { event_no: eventNo, batch_no: batchNos[batch]!, batch_index: ofBatch.length };
    return { ...placed, at, type, account_no: accountNo, session_id: sessionId, header, salt, entries, writes: packedWrites, sealed, leaf_hash: leaf };
  });
  const batches = new Map(
    [...leaves].map(([batch, hashes]): [string, StoredBatch] => [
      batchNos[batch]!,
      {
        batch_no: batchNos[batch]!,
        previous: batch % 2 === 0 ? null : formatUuid(randomBytes(16)),
        node_id: `node-${batch}`,
        at: new Date(1_700_000_000_000 + batch),
        leaf_hashes: Buffer.concat(hashes),
        signature: randomBytes(64),
      },
    ]),
  );
  return { events, batches };
}

test("what goes into a chunk comes out of it, whole or in part, with the batches that signed it", () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 40 }), fc.func(fc.boolean()), (drawn, isPicked) => {
      const { events, batches } = store(drawn);
      const packed = packChunk(events, batches);
      expect(unpackChunk(packed)).toEqual(events.map((one) => ({ ...one, batch: batches.get(one.batch_no) })));
      const some = events.filter((one) => isPicked(one.event_no));
      expect(pickFromChunk(packed, new Set(some.map((one) => one.event_no)))).toEqual(some);
    }),
    { numRuns: 60 },
  );
});

test("an event that is not what its batch signed goes into no chunk", () => {
  const { events, batches } = store([{ gap: 3, batch: 1, customers: [5], writes: 0, sealedBytes: undefined, accountNo: 1, words: "" }]);
  const [batch] = batches.values();
  const other = new Map([[batch!.batch_no, { ...batch!, leaf_hashes: randomBytes(64) }]]);
  expect(() => packChunk(events, other)).toThrow("not what its batch signed");
  expect(() => packChunk(events, new Map())).toThrow("belongs to no batch");
});
