/**
 * What encoding an event costs a core: `node bench/ledger-encode.ts [--json]`. One line a shape: microseconds an event
 * (median of seven rounds) and stored bytes of its header and sections.
 */
import { randomBytes } from "node:crypto";
import { encodeEvent } from "#server/core/ledger/encode.ts";
import type { LedgerEvent, Release } from "#server/core/ledger/event.ts";

const base: LedgerEvent = {
  type: "customer.listed",
  at: new Date("2026-11-21T03:00:00.000Z"),
  principal: "account",
  accountNo: 12,
  sessionId: "018f3b1e-7c2a-7d31-9a55-0c2f4f1e9b10",
  address: "192.0.2.10",
  requestId: "req-0123456789abcdef",
  outcome: "ok",
  policyVersion: 3,
  facts: { view: 17 },
  releases: [],
  writes: [],
  sealed: [],
};
const page = (rows: number, groups: number): Release[] =>
  Array.from({ length: groups }, (_, group) => ({
    kind: "customer",
    numbers: Array.from({ length: rows / groups }, (_, index) => 100_000 + (index * groups + group) * 37),
    fields: [[1, 2], [2, 2], [3, 2], [4, 2], [6, 1], [7, 1], [8, 1], [11, group % 2 === 0 ? 1 : 2], ...(group > 1 ? ([[9, 2]] as const) : [])],
  }));
const shapes: Record<string, LedgerEvent> = {
  "sign-in": { ...base, type: "session.started" },
  detail: { ...base, releases: page(1, 1) },
  "page of 50, one group": { ...base, releases: page(50, 1) },
  "page of 50, four groups": { ...base, releases: page(48, 4) },
  "list of 1000": { ...base, releases: page(1000, 4) },
  edit: {
    ...base,
    type: "customer.edited",
    releases: page(1, 1),
    writes: [{ kind: "customer", no: 5, rowHash: randomBytes(32) }],
    sealed: ["before", "after"].map((label) => ({ label, subject: { kind: "customer", no: 5 }, fieldClass: "personal", blob: randomBytes(300) })),
  },
};

for (const [shape, event] of Object.entries(shapes)) {
  const runs = shape === "list of 1000" ? 200 : 3000;
  const rounds: number[] = [];
  for (let round = 0; round < 7; round++) {
    const from = performance.now();
    for (let run = 0; run < runs; run++) encodeEvent(event, randomBytes);
    rounds.push(((performance.now() - from) * 1000) / runs);
  }
  const microseconds = Number(rounds.sort((a, b) => a - b)[3]!.toFixed(1));
  const { header, salt, entries, writes, sealed } = encodeEvent(event, randomBytes);
  const bytes = header.length + [salt, entries, writes, sealed].reduce((sum, part) => sum + (part?.length ?? 0), 0);
  console.log(
    process.argv.includes("--json") ? JSON.stringify({ case: "ledger-encode", shape, microseconds, bytes }) : `${shape}: ${microseconds} µs, ${bytes} bytes`,
  );
}
