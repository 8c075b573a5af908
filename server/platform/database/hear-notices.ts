import pg from "pg";
import { cutConnection } from "./pulse.ts";

/** Hears what a channel of the database says. */
export interface Hearing {
  /** False while nothing would be heard: then ask. */
  hears(): boolean;
  stop(): void;
}

const everyMs = 1_000;
const mostMissed = 2;

/**
 * LISTEN on a connection of its own, found again by itself. It is asked for a sign of life each second, because a cable that was
 * pulled breaks no connection by itself; each time it hears anew, `onNotice` is called once for what may have been missed.
 */
export function hearNotices(given: { readonly connection: pg.ClientConfig; readonly channel: string; readonly onNotice: () => void }): Hearing {
  let client: pg.Client | undefined;
  let hears = false;
  let missed = 0;
  let isAsking = false;
  let isStopped = false;

  const drop = (one: pg.Client): void => {
    if (client === one) {
      client = undefined;
      hears = false;
    }
  };
  const open = async (): Promise<void> => {
    const opened = new pg.Client({ ...given.connection, keepAlive: true });
    client = opened;
    opened.on("error", () => drop(opened));
    opened.on("end", () => drop(opened));
    opened.on("notification", () => given.onNotice());
    try {
      await opened.connect();
      await opened.query(`listen ${pg.escapeIdentifier(given.channel)}`);
      if (isStopped) {
        await opened.end();
        return;
      }
      hears = true;
      given.onNotice();
    } catch {
      drop(opened);
      cutConnection(opened);
    }
  };
  const beat = (): void => {
    const asked = client;
    if (isAsking) {
      missed += 1;
      if (missed >= mostMissed && asked !== undefined) {
        drop(asked);
        cutConnection(asked);
        isAsking = false;
      }
      return;
    }
    missed = 0;
    isAsking = true;
    (asked === undefined ? open() : asked.query("select 1")).then(
      () => (isAsking = false),
      () => (isAsking = false),
    );
  };
  const timer = setInterval(beat, everyMs);
  timer.unref();
  beat();
  return {
    hears: () => hears,
    stop() {
      isStopped = true;
      clearInterval(timer);
      const last = client;
      client = undefined;
      if (last !== undefined) {
        last.end().catch(() => undefined);
      }
    },
  };
}
