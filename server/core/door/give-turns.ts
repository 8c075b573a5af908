import type { Door } from "./door.ts";

/** Nobody waits longer for a turn while a long reply is built. */
const mostMsATurn = 10;

/**
 * While a long reply is built: a turn of the event loop for whoever's event became durable meanwhile, so that a reply that is ready
 * leaves at once, and one now and then for everybody. Undefined where nobody is to have one.
 */
export function giveTurns(door: Pick<Door, "hasHeard">): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (door.hasHeard?.() !== true && performance.now() - since < mostMsATurn) {
      return undefined;
    }
    return new Promise((resolve) => {
      setImmediate(() => {
        since = performance.now();
        resolve();
      });
    });
  };
}
