import { randomBytes } from "node:crypto";
import type { ClientConfig } from "pg";
import {
  declareEvents,
  openLedger,
  registerNode,
  startEpoch,
  startSequencer,
  type Ledger,
  type LedgerEvent,
  type LedgerOptions,
  type Sequencer,
} from "#server/core/ledger/index.ts";
import { withLogin } from "#server/platform/database/database-url.ts";
import { appLogin, ledgerLogin } from "#server/platform/database/set-up-logins.ts";
import type { TestDatabase } from "./database.ts";

export const testEvents = declareEvents({
  "customer.viewed": { description: "Values of customers were shown" },
  "customer.edited": { description: "A customer was changed" },
  "session.started": { description: "Somebody signed in" },
});

export const seeds = { node: Buffer.alloc(32, 1), checkpoint: Buffer.alloc(32, 2) };

/** An event with the given parts; it names nobody unless told. */
export function testEvent(change: Partial<LedgerEvent> = {}): LedgerEvent {
  return {
    type: "customer.viewed",
    at: new Date(),
    principal: "account",
    accountNo: 1,
    sessionId: null,
    requestId: "request",
    outcome: "ok",
    policyVersion: 1,
    facts: {},
    releases: [],
    writes: [],
    sealed: [],
    ...change,
  };
}

/** Values of these customers, shown in full. */
export function viewing(...customers: number[]): LedgerEvent {
  return testEvent({
    releases: [
      {
        kind: "customer",
        numbers: customers,
        fields: [
          [1, 2],
          [6, 1],
        ],
      },
    ],
  });
}

export function appConnection(database: TestDatabase): ClientConfig {
  return { connectionString: withLogin(database.ownerUrl, appLogin, database.credentials.app) };
}

export function ledgerConnection(database: TestDatabase): ClientConfig {
  return { connectionString: withLogin(database.ownerUrl, ledgerLogin, database.credentials.ledger) };
}

/** Begins the first epoch and vouches for the node of {@link openTestLedger}. */
export async function beginLedger(database: TestDatabase, checkpointSeed = seeds.checkpoint): Promise<void> {
  const now = new Date();
  await startEpoch({ query: database.ledger, reason: "installed", name: "kuraban.example/ledger", checkpointSeed, now });
  await registerNode({ query: database.ledger, nodeId: "node-1", nodeSeed: seeds.node, checkpointSeed, now });
}

export function openTestLedger(database: TestDatabase, options: Partial<LedgerOptions> = {}): Promise<Ledger> {
  return openLedger({
    connection: appConnection(database),
    events: [testEvents],
    nodeId: "node-1",
    nodeSeed: seeds.node,
    now: () => new Date(),
    random: randomBytes,
    ...options,
  });
}

export function startTestSequencer(database: TestDatabase, checkpointSeed = seeds.checkpoint): Sequencer {
  return startSequencer({ connection: ledgerConnection(database), checkpointSeed, now: () => new Date() });
}

/** Waits until something holds; asks every 20 ms, gives up after `seconds`. */
export async function eventually(holds: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
