import type { PoolClient } from "pg";
import { Problem } from "#shared/problems.ts";
import type { Storehouse } from "./storehouse.ts";

/** A connection for a transaction; `isOpen`: the read before stands open on it and is to be ended with the beginning of this one. */
export interface Taken {
  readonly client: PoolClient;
  readonly isOpen: boolean;
}

/**
 * The connections of one storehouse's transactions. A read that wrote nothing is not ended by itself: its connection is kept
 * for a moment, out of the pool so that nobody else meets it, and the next transaction ends it in the packet that begins.
 * Where somebody waits, that is whoever waits longest.
 */
interface Connections {
  taken: number;
  readonly open: Map<PoolClient, NodeJS.Timeout>;
  readonly waiting: Waiting[];
}
interface Waiting {
  take(client: PoolClient | undefined): void;
}

const longestOpenMs = 5;
const longestWaitMs = 10_000;
/** Of so many connections transactions take so many; the rest is for single statements of other work. */
const mostTaken = (ofPool: number): number => ofPool - Math.min(2, Math.floor(ofPool / 4));

const ofStorehouse = new WeakMap<Storehouse, Connections>();

function connectionsOf(storehouse: Storehouse): Connections {
  let connections = ofStorehouse.get(storehouse);
  if (connections === undefined) {
    connections = { taken: 0, open: new Map(), waiting: [] };
    ofStorehouse.set(storehouse, connections);
  }
  return connections;
}

/** @throws Problem storehouse-unavailable */
export async function takeConnection(storehouse: Storehouse): Promise<Taken> {
  const connections = connectionsOf(storehouse);
  // The one that was kept last: its server process has what it needs at hand.
  const kept = [...connections.open].at(-1);
  if (kept !== undefined) {
    clearTimeout(kept[1]);
    connections.open.delete(kept[0]);
    return { client: kept[0], isOpen: true };
  }
  if (connections.taken >= mostTaken(storehouse.pool.options.max ?? 10)) {
    const client = await waitFor(connections);
    if (client !== undefined) return { client, isOpen: true };
  } else {
    connections.taken += 1;
  }
  try {
    return { client: await storehouse.pool.connect(), isOpen: false };
  } catch {
    goOn(connections);
    throw new Problem("storehouse-unavailable");
  }
}

/** Resolves with a connection on which a read stands open, or with undefined: the place of one that went back to the pool. */
function waitFor(connections: Connections): Promise<PoolClient | undefined> {
  return new Promise((resolve, reject) => {
    const impatience = setTimeout(() => {
      connections.waiting.splice(connections.waiting.indexOf(waiting), 1);
      reject(new Problem("storehouse-unavailable"));
    }, longestWaitMs);
    const waiting: Waiting = {
      take(client) {
        clearTimeout(impatience);
        resolve(client);
      },
    };
    connections.waiting.push(waiting);
  });
}

/** A place has become free: for whoever waits, or for nobody. */
function goOn(connections: Connections): void {
  const next = connections.waiting.shift();
  if (next === undefined) connections.taken -= 1;
  else next.take(undefined);
}

/** The transaction on it has ended, or the connection is broken. */
export function giveBack(storehouse: Storehouse, client: PoolClient, isBroken = false): void {
  client.release(isBroken);
  goOn(connectionsOf(storehouse));
}

/** A read that wrote nothing is over but not ended. */
export function keepOpen(storehouse: Storehouse, client: PoolClient): void {
  const connections = connectionsOf(storehouse);
  const next = connections.waiting.shift();
  if (next !== undefined) {
    next.take(client);
    return;
  }
  const end = (): void => {
    connections.open.delete(client);
    client.query("commit").then(
      () => giveBack(storehouse, client),
      () => giveBack(storehouse, client, true),
    );
  };
  connections.open.set(client, setTimeout(end, longestOpenMs));
}
