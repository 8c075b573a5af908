/**
 * What the ledger costs beside the bare database: `node bench/ledger.ts [--json] [--seconds N]`. On a server of its own
 * with fsync, appends of an event about one record and of a page of 50 at 1, 16, 64 and 256 callers, with the sequencer at
 * work, and beside it raw INSERTs of the same bytes into a table of the same columns and indexes, grouped in the same way.
 * One line for each shape and number of callers; then one for the verification of everything that was recorded.
 */
import { randomBytes } from "node:crypto";
import pg from "pg";
import { encodeEvent, type EncodedEvent } from "#server/core/ledger/encode.ts";
import type { LedgerEvent } from "#server/core/ledger/event.ts";
import { countUnsequenced, declareEvents, openLedger, registerNode, startEpoch, startSequencer, verifyLedger } from "#server/core/ledger/index.ts";
import { signingKey } from "#server/core/ledger/ed25519.ts";
import { connectOwner, openPools } from "#server/platform/database/connect.ts";
import { withLogin } from "#server/platform/database/database-url.ts";
import { migrate } from "#server/platform/database/migrate.ts";
import { appLogin, ledgerLogin, setUpLogins } from "#server/platform/database/set-up-logins.ts";
import { makeTemporaryFolder, startServerIn } from "#tests/support/throwaway-server.ts";
import { cpuOfTree } from "./process-cpu.ts";

const isJson = process.argv.includes("--json");
const seconds = Number(process.argv[process.argv.indexOf("--seconds") + 1]) || 4;

const { folder, remove } = makeTemporaryFolder();
const server = await startServerIn(folder);
const owner = await connectOwner(server.ownerUrl);
await migrate(owner);
await setUpLogins(owner, server.credentials);
const appUrl = withLogin(server.ownerUrl, appLogin, server.credentials.app);
const ledgerUrl = withLogin(server.ownerUrl, ledgerLogin, server.credentials.ledger);
const pools = openPools({ ownerUrl: server.ownerUrl, credentials: server.credentials });

const checkpointSeed = randomBytes(32);
const nodeSeed = randomBytes(32);
await startEpoch({ query: pools.ledger, reason: "installed", name: "bench.example/ledger", checkpointSeed, now: new Date() });
await registerNode({ query: pools.ledger, nodeId: "bench", nodeSeed, checkpointSeed, now: new Date() });
const sequencer = startSequencer({ connection: { connectionString: ledgerUrl }, checkpointSeed, now: () => new Date() });
const ledger = await openLedger({
  connection: { connectionString: appUrl },
  events: [declareEvents({ "customer.listed": { description: "A page of customers was shown" } })],
  nodeId: "bench",
  nodeSeed,
  now: () => new Date(),
  random: randomBytes,
  onRecorded: () => sequencer.nudge(),
});

let turn = 0;
const shapes = { detail: 1, "page of 50": 50 };
const viewing = (caller: number, records: number): LedgerEvent => ({
  type: "customer.listed",
  at: new Date(),
  principal: "account",
  accountNo: caller + 1,
  sessionId: "018f3b1e-7c2a-7d31-9a55-0c2f4f1e9b10",
  address: "192.0.2.10",
  requestId: `request-${(turn += 1)}`,
  outcome: "ok",
  policyVersion: 1,
  facts: { view: 17 },
  releases: [
    {
      kind: "customer",
      numbers: Array.from({ length: Math.ceil(records * 0.8) }, (_, index) => turn + index * 37),
      fields: [
        [1, 2],
        [2, 2],
        [3, 2],
        [6, 1],
        [7, 1],
      ],
    },
    {
      kind: "customer",
      numbers: Array.from({ length: Math.floor(records * 0.2) }, (_, index) => turn + 10 + index * 37),
      fields: [
        [1, 2],
        [3, 2],
      ],
    },
  ],
  writes: [],
  sealed: [],
});

/** Raw: the same bytes, the same group commit, nothing hashed or signed. */
async function openRaw(records: number): Promise<{ append(caller: number): Promise<void>; close(): Promise<void> }> {
  await owner.query(`create table if not exists raw_events (like ledger_events including defaults including identity including indexes including storage)`);
  await owner.query(`grant select, insert on raw_events to ${appLogin}`);
  const client = new pg.Client({ connectionString: appUrl });
  await client.connect();
  const event: EncodedEvent = encodeEvent(viewing(0, records), randomBytes);
  const batchNo = "018f3b1e-7c2a-8d31-9a55-000000000001";
  const text = (count: number): string =>
    `insert into raw_events (batch_no, batch_index, at, type, account_no, session_id, header, salt, entries, leaf_hash) values ${Array.from({ length: count }, (_, row) => `(${Array.from({ length: 10 }, (_, column) => `$${row * 10 + column + 1}`).join()})`).join()}`;
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
      event.leafHash,
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

interface Measured {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Of the database and of this process, callers included, an event. */
  readonly cpuMicroseconds: number;
}

async function measure(callers: number, act: (caller: number) => Promise<unknown>): Promise<Measured> {
  const times: number[] = [];
  let end = performance.now() + 500;
  let isWarm = false;
  const call = async (caller: number): Promise<void> => {
    while (performance.now() < end) {
      const from = performance.now();
      await act(caller);
      if (isWarm) times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  isWarm = true;
  const cpu = cpuMs();
  const from = performance.now();
  end = from + seconds * 1000;
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  const took = (performance.now() - from) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number): number => Number(times[Math.floor(times.length * share)]!.toFixed(2));
  return {
    perSecond: Math.round(times.length / took),
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    cpuMicroseconds: Math.round(((cpuMs() - cpu) / times.length) * 1000),
  };
}

/** CPU of the database and of this process (its callers included), in ms. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return cpuOfTree(server.pid() ?? 0) + (user + system) / 1000;
}

function say(line: Record<string, unknown>): void {
  console.log(
    isJson
      ? JSON.stringify(line)
      : Object.entries(line)
          .map(([key, value]) => `${key} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
          .join("  "),
  );
}

for (const [shape, records] of Object.entries(shapes)) {
  const raw = await openRaw(records);
  for (const callers of [1, 16, 64, 256]) {
    const rawMeasured = await measure(callers, (caller) => raw.append(caller));
    const ours = await measure(callers, (caller) => ledger.append(viewing(caller, records)));
    say({ case: "ledger-append", shape, callers, ours, raw: rawMeasured, ratio: { perSecond: Number((ours.perSecond / rawMeasured.perSecond).toFixed(2)) } });
  }
  await raw.close();
}
const lagFrom = performance.now();
while ((await countUnsequenced(pools.app)) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
const lagMs = Math.round(performance.now() - lagFrom);
const { rows } = await owner.query<{ events: number; bytes: number; index_bytes: number }>(
  "select count(*)::int as events, pg_table_size('ledger_events')::float8 as bytes, pg_indexes_size('ledger_events')::float8 as index_bytes from ledger_events",
);
const { events, bytes, index_bytes: indexBytes } = rows[0]!;
const verifyFrom = performance.now();
const verifyCpu = process.cpuUsage();
const verification = await verifyLedger({ query: pools.app, publicKeys: [signingKey(checkpointSeed).publicKey], now: new Date() });
const used = process.cpuUsage(verifyCpu);
say({
  case: "ledger-verify",
  events,
  ok: verification.ok,
  perSecond: Math.round((events / (performance.now() - verifyFrom)) * 1000),
  perCpuSecond: Math.round((events / (used.user + used.system)) * 1e6),
  bytesPerEvent: Math.round(bytes / events),
  indexBytesPerEvent: Math.round(indexBytes / events),
  sequencerLagMs: lagMs,
});

await ledger.close();
await sequencer.stop();
await pools.close();
await owner.end();
await server.stop();
remove();
