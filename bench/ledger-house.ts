import { randomBytes } from "node:crypto";
import type pg from "pg";
import { declareEvents, registerNode, startEpoch, type EventDeclarations, type LedgerEvent } from "#server/core/ledger/index.ts";
import { connectOwner, openPools, type Pools } from "#server/platform/database/connect.ts";
import { withLogin } from "#server/platform/database/database-url.ts";
import { migrate } from "#server/platform/database/migrate.ts";
import { appLogin, ledgerLogin, setUpLogins } from "#server/platform/database/set-up-logins.ts";
import { makeTemporaryFolder, startServerIn } from "#tests/support/throwaway-server.ts";

/** A PostgreSQL server of its own, as the product starts it (with fsync), holding a new ledger and nothing else. */
export interface LedgerHouse {
  readonly owner: pg.Client;
  readonly pools: Pools;
  /** Connection strings of the product's logins; secret. */
  readonly appUrl: string;
  readonly ledgerUrl: string;
  readonly checkpointSeed: Buffer;
  readonly postgresPid: () => number;
  /** Vouches for a node; the seed of its key. */
  readonly addNode: (nodeId: string) => Promise<Buffer>;
  readonly stop: () => Promise<void>;
}

export async function startLedgerHouse(): Promise<LedgerHouse> {
  const { folder, remove } = makeTemporaryFolder();
  const server = await startServerIn(folder);
  const owner = await connectOwner(server.ownerUrl);
  await migrate(owner);
  await setUpLogins(owner, server.credentials);
  const pools = openPools({ ownerUrl: server.ownerUrl, credentials: server.credentials });
  const checkpointSeed = randomBytes(32);
  await startEpoch({ query: pools.ledger, reason: "installed", name: "bench.example/ledger", checkpointSeed, now: new Date() });
  return {
    owner,
    pools,
    appUrl: withLogin(server.ownerUrl, appLogin, server.credentials.app),
    ledgerUrl: withLogin(server.ownerUrl, ledgerLogin, server.credentials.ledger),
    checkpointSeed,
    postgresPid: () => server.pid() ?? 0,
    addNode: async (nodeId) => {
      const nodeSeed = randomBytes(32);
      await registerNode({ query: pools.ledger, nodeId, nodeSeed, checkpointSeed, now: new Date() });
      return nodeSeed;
    },
    stop: async () => {
      await pools.close();
      await owner.end();
      await server.stop();
      remove();
    },
  };
}

export const benchEvents: EventDeclarations = declareEvents({ "customer.listed": { description: "A page of customers was shown" } });

let turn = 0;

/** Events of so many customers each, made beforehand and given in turn: what is measured is the recording. */
export function viewingsOf(records: number): (caller: number) => LedgerEvent {
  const events = Array.from({ length: 4096 }, (_, index) => viewingOf(index % 64, records));
  let next = 0;
  return () => events[next++ % events.length]!;
}

/** What the door records when a caller is shown so many customers: four in five with five fields, the others with two. */
export function viewingOf(caller: number, records: number): LedgerEvent {
  turn += 1;
  return {
    type: "customer.listed",
    at: new Date(),
    principal: "account",
    accountNo: caller + 1,
    sessionId: "018f3b1e-7c2a-7d31-9a55-0c2f4f1e9b10",
    address: "192.0.2.10",
    requestId: `request-${turn}`,
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
  };
}
