import type { Socket } from "node:net";
import pg from "pg";

/** Knows whether the database still says anything at all: a cable that was pulled breaks no connection by itself. */
export interface Pulse {
  /** True from the moment that the database was given up until it answers anything again, be it a refusal. */
  isSilent(): boolean;
  stop(): Promise<void>;
}

const mostMissed = 5;

/**
 * Asks the database each second, on a connection of its own, for a sign of life. After five seconds without one `onSilent` is
 * called: whoever waits for an answer would wait for a quarter of an hour, until the system gives the connection up (RFC 9293,
 * 3.8.3). Counted are beats and not time, so that a busy node does not take its own delay for the database's.
 */
export function watchPulse(given: { readonly connection: pg.ClientConfig; readonly onSilent: () => void; readonly everyMs?: number }): Pulse {
  let client: pg.Client | undefined;
  let asked: object | undefined;
  let missed = 0;
  let silent = false;

  const ask = async (): Promise<void> => {
    if (client === undefined) {
      const opened = new pg.Client({ ...given.connection, keepAlive: true });
      client = opened;
      const forget = (): void => {
        if (client === opened) client = undefined;
      };
      opened.on("error", forget);
      opened.on("end", forget);
      try {
        await opened.connect();
      } catch (error) {
        forget();
        throw error;
      }
    }
    await client?.query("select 1");
  };

  const beat = (): void => {
    if (asked !== undefined) {
      missed += 1;
      if (missed < mostMissed) return;
      missed = 0;
      asked = undefined;
      silent = true;
      if (client !== undefined) cutConnection(client);
      client = undefined;
      given.onSilent();
      return;
    }
    const mine = {};
    asked = mine;
    const heard = (): void => {
      if (asked !== mine) return;
      asked = undefined;
      missed = 0;
      silent = false;
    };
    // Refused, or nobody listening: that is an answer, and whoever asks gets it at once as well.
    ask().then(heard, heard);
  };

  const timer = setInterval(beat, given.everyMs ?? 1_000);
  timer.unref();
  return {
    isSilent: () => silent,
    async stop() {
      clearInterval(timer);
      const last = client;
      client = undefined;
      if (last === undefined) return;
      if (silent || asked !== undefined) cutConnection(last);
      else await last.end().catch(() => undefined);
    },
  };
}

/** Breaks a connection at once. Not `end`, which would wait politely for a server that does not answer. */
export function cutConnection(client: pg.ClientBase): void {
  (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
}
