import { randomBytes } from "node:crypto";
import { exportLedger } from "#server/modules/records/export-ledger.ts";
import { formatVerifierKey, signingKey, verifyLedger, type Query, type Verification } from "#server/core/ledger/index.ts";
import { cloneDatabase, type TestDatabase } from "#tests/support/database.ts";
import { beginLedger, openTestLedger, seeds, startTestSequencer, testEvent, viewing } from "#tests/support/ledger.ts";
import { readVerifierKey, verifyExport, type ExportVerification } from "../../verifier/kuraban-verify.mjs";

const origin = "kuraban.example/ledger/epoch-1";
const { publicKey } = signingKey(seeds.checkpoint);
/** What an auditor was given on paper. */
export const ledgerKey = readVerifierKey(formatVerifierKey(origin, publicKey));

/** A ledger of 20 events in five rounds of four, each under a checkpoint; places are event numbers less one. */
export async function fillLedger(): Promise<TestDatabase> {
  const database = await cloneDatabase();
  await beginLedger(database);
  await appendRounds(database, 5);
  return database;
}

export async function appendRounds(database: TestDatabase, rounds: number, checkpointSeed = seeds.checkpoint): Promise<void> {
  const ledger = await openTestLedger(database);
  const edit = testEvent({
    type: "customer.edited",
    releases: [{ kind: "customer", numbers: [7], fields: [] }],
    writes: [{ kind: "customer", no: 7, rowHash: randomBytes(32) }],
    sealed: [{ label: "before", subject: { kind: "customer", no: 7 }, fieldClass: "personal", blob: randomBytes(200) }],
  });
  for (let round = 0; round < rounds; round++) {
    for (let index = 0; index < 4; index++) await ledger.append(index === 2 ? edit : viewing(index, index + 10, index + 20));
    // Started anew for each round, so that none begins by itself between two appends.
    const sequencer = startTestSequencer(database, checkpointSeed);
    await sequencer.sequenceNow();
    await sequencer.stop();
  }
  await ledger.close();
}

export interface Seen {
  /** The product's own verification. */
  readonly product: Verification;
  /** The one file's, of an export made afterwards. */
  readonly offline: ExportVerification;
}

export interface Looking {
  readonly now?: Date;
  /** Checkpoints that somebody else kept. */
  readonly notes?: readonly string[];
}

/** What the product and the one file say of the ledger as `query` sees it. */
export async function look(query: Query, { now = new Date(), notes = [] }: Looking = {}): Promise<Seen> {
  const product = await verifyLedger({ query, publicKeys: [publicKey], now });
  const offline = await verifyExport(exportLedger({ query, hasEntries: true, now, checkpointEvery: 1 }), { keys: [ledgerKey], notes });
  return { product, offline };
}

export type Tamper = (query: Query) => Promise<unknown>;

/** What both say after a superuser did this; undone afterwards. */
export async function after(database: TestDatabase, tamper: Tamper, looking: Looking = {}): Promise<Seen> {
  const client = await database.owner.connect();
  try {
    await client.query("begin");
    await tamper(client);
    return await look(client, looking);
  } finally {
    await client.query("rollback");
    client.release();
  }
}

export const run =
  (statement: string, values: unknown[] = []): Tamper =>
  (query) =>
    query.query(statement, values);
