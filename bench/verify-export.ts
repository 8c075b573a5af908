/**
 * How fast the one-file verifier is: `node bench/verify-export.ts [--json] [--events N]`. Writes exports of made-up events to a
 * temporary folder, in several shapes, and lets `verifier/kuraban-verify.mjs` verify each in a process of its own. `perCore` are
 * events for each second of CPU time of that process, its start and reading the file included; `perSecond` is by the wall.
 */
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { closeSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { batchMessage, formatUuid, numberBatches } from "#server/core/ledger/batch.ts";
import { signingKey } from "#server/core/ledger/ed25519.ts";
import { encodeEvent, leafOfHeader } from "#server/core/ledger/encode.ts";
import type { LedgerEvent } from "#server/core/ledger/event.ts";
import { appendHash, emptyFrontier, rootOfFrontier } from "#server/core/ledger/merkle.ts";
import { formatCheckpoint, formatVerifierKey, signNote } from "#server/core/ledger/signed-note.ts";
import { verifierPath } from "#server/modules/records/export-ledger.ts";
import { makeTemporaryFolder } from "#tests/support/throwaway-server.ts";

const { values } = parseArgs({ options: { json: { type: "boolean", default: false }, events: { type: "string", default: "200000" } } });
const events = Number(values.events);

const node = signingKey(Buffer.alloc(32, 1));
const seed = Buffer.alloc(32, 2);
const { publicKey } = signingKey(seed);
const origin = "bench.example/ledger/epoch-1";
const text = (bytes: Buffer | null): string | null => (bytes === null ? null : bytes.toString("base64"));

/** Of a hundred deliveries 60 come from pages of 50, 25 from searches of 10, 15 from details: 1.2, 2.5 and 15 events. */
const mixed = (turn: number): number => (turn % 187 < 12 ? 50 : turn % 187 < 37 ? 10 : 1);
const shapes: readonly { readonly shape: string; readonly batch: number; readonly records: (turn: number) => number }[] = [
  { shape: "details", batch: 64, records: () => 1 },
  { shape: "pages of 50, searches of 10, details as in an office", batch: 64, records: mixed },
  { shape: "pages of 50", batch: 64, records: () => 50 },
  { shape: "details, one event a batch", batch: 1, records: () => 1 },
];

function eventOf(turn: number, records: number): LedgerEvent {
  return {
    type: "customer.viewed",
    at: new Date(1_800_000_000_000 + turn * 10),
    principal: "account",
    accountNo: (turn % 64) + 1,
    sessionId: "018f3b1e-7c2a-7d31-9a55-0c2f4f1e9b10",
    address: "192.0.2.10",
    requestId: `018f3b1e-7c2a-7d31-9a55-${turn.toString(16).padStart(12, "0")}`,
    outcome: "ok",
    policyVersion: 1,
    facts: { view: 17 },
    releases: [
      {
        kind: "customer",
        numbers: Array.from({ length: records }, (_, index) => (turn % 900_000) + index * 37),
        fields: [
          [1, 2],
          [2, 2],
          [3, 2],
          [6, 1],
          [7, 1],
        ],
      },
    ],
    writes: [],
    sealed: [],
  };
}

/** Writes an export as the product does (export-lines.ts). */
function writeExport(path: string, count: number, perBatch: number, records: (turn: number) => number): number {
  const file = openSync(path, "w");
  const hash = createHash("sha256");
  const put = (lines: string): void => {
    hash.update(lines);
    writeSync(file, lines);
  };
  const line = (...parts: readonly unknown[]): string => `${JSON.stringify(parts)}\n`;
  const at = "2027-01-15T08:00:00.000Z";
  const epoch = JSON.stringify({ epoch: 1, origin, publicKey: publicKey.toString("base64url"), reason: "installed", startedAt: at, v: 1 });
  const vouched = JSON.stringify({ at, epoch: 1, nodeId: "bench", publicKey: node.publicKey.toString("base64url"), v: 1 });
  const sign = (words: string): string => signingKey(seed).sign(Buffer.from(words)).toString("base64");
  put(line("kuraban-ledger-export", 1, { at, entries: true, whole: true }));
  put(line("epoch", epoch, sign(`kuraban ledger epoch v1\n${epoch}`)));
  put(line("node-key", vouched, sign(`kuraban ledger node key v1\n${vouched}`), text(node.publicKey)));
  put(line("start", 0, ""));
  const tree = emptyFrontier();
  const nextBatch = numberBatches(new Date(at), randomBytes(4));
  let previous: Buffer | null = null;
  for (let round = 1, ordinal = 0; tree.size < count; round += 1) {
    let lines = line("round", round, tree.size, Math.min(1_024, count - tree.size));
    const until = Math.min(count, tree.size + 1_024);
    while (tree.size < until) {
      const first = tree.size;
      const encoded = Array.from({ length: Math.min(perBatch, until - first) }, (_, index) =>
        encodeEvent(eventOf(first + index, records(first + index)), randomBytes),
      );
      const leaves = encoded.map((event) => leafOfHeader(event.header));
      const leafHashes = Buffer.concat(leaves);
      const batchNo = nextBatch();
      const time = new Date(1_800_000_000_000 + first * 10);
      const signature = node.sign(batchMessage({ batchNo, previous, nodeId: "bench", at: time, leafHashes }));
      lines += line("batch", (ordinal += 1), formatUuid(batchNo), previous && formatUuid(previous), "bench", time.getTime(), text(leafHashes), text(signature));
      previous = batchNo;
      encoded.forEach((event, index) => {
        lines += `["event",${ordinal},${index},${JSON.stringify(text(event.salt))},${JSON.stringify(text(event.entries))},null,null,${event.header}]\n`;
        appendHash(tree, leaves[index]!);
      });
    }
    const root = rootOfFrontier(tree);
    put(lines + line("checkpoint", 1, tree.size, text(root), signNote(formatCheckpoint(origin, tree.size, root), origin, seed)));
  }
  put(line("not-in-tree"));
  writeSync(file, `["end",${tree.size},${tree.size},"${hash.digest("base64")}"]\n`);
  closeSync(file);
  return statSync(path).size;
}

const { folder, remove } = makeTemporaryFolder();
const program = `
  const { readVerifierKey, verifyExport } = await import(${JSON.stringify(verifierPath)});
  const { createReadStream } = await import("node:fs");
  const began = performance.now();
  const result = await verifyExport(createReadStream(process.argv[1], { highWaterMark: 1 << 20 }), { keys: [readVerifierKey(process.argv[2])] });
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ ok: result.ok, events: result.events, wallMs: performance.now() - began, cpuMs: (user + system) / 1000, rssMiB: Math.round(process.resourceUsage().maxRSS / 1024) }));
`;
try {
  for (const { shape, batch, records } of shapes) {
    const path = join(folder, "export.jsonl");
    const count = batch === 1 || records(20) === 50 ? Math.ceil(events / 4) : events;
    const bytes = writeExport(path, count, batch, records);
    const said = execFileSync(process.execPath, ["--input-type=module", "-e", program, path, formatVerifierKey(origin, publicKey)], { encoding: "utf8" });
    const found = JSON.parse(said) as { ok: boolean; events: number; wallMs: number; cpuMs: number; rssMiB: number };
    if (!found.ok || found.events !== count) throw new Error(`the verifier did not verify: ${said}`);
    const figures = {
      case: "verify-export",
      shape,
      eventsPerBatch: batch,
      events: count,
      perCore: Math.round((found.events / found.cpuMs) * 1000),
      perSecond: Math.round((found.events / found.wallMs) * 1000),
      bytesPerEvent: Math.round(bytes / count),
      rssMiB: found.rssMiB,
    };
    rmSync(path);
    process.stdout.write(
      `${values.json ? JSON.stringify(figures) : `${shape}, ${batch} a batch: ${figures.perCore} events a second of CPU, ${figures.perSecond}/s by the wall, ${figures.bytesPerEvent} B an event, ${figures.rssMiB} MiB`}\n`,
    );
  }
} finally {
  remove();
}
