import { hearNotices, type Hearing } from "#server/platform/database/hear-notices.ts";
import type { Storehouse } from "./storehouse.ts";

/** Why a session is not one any more: frozen with its account, cut by a measure, or over in any other way. */
export type EndedBecause = "frozen" | "cut" | "over";

/** Somebody who wants to know at once: a page that stands open, a file that is on its way out. */
export interface Watcher {
  readonly sessionId: string;
  /** What is in force (in-force.ts), at first and whenever it changed. */
  readonly tell: (inForce: number) => void;
  /** The session has ended; nothing is told after it. */
  readonly end: (because: EndedBecause) => void;
}

interface Watch {
  readonly watchers: Map<Watcher, { told: number | undefined }>;
  readonly hearing: Hearing;
  readonly look: () => void;
  stop(): void;
}

const watches = new WeakMap<Storehouse, Watch>();
/** Times pass without anybody's doing: a measure's end, a session's. */
const lookEveryMs = 5_000;
const lookWhenDeafMs = 1_000;

/**
 * Tells of what is in force and of the end of a session, at once, on whatever node it was decided. A node that cannot hear the
 * database asks it each second. Returns the function that ends the watching.
 */
export function watchStanding(storehouse: Storehouse, watcher: Watcher): () => void {
  let watch = watches.get(storehouse);
  if (watch === undefined) {
    watch = startWatch(storehouse);
    watches.set(storehouse, watch);
  }
  const { watchers, look } = watch;
  watchers.set(watcher, { told: undefined });
  look();
  return () => {
    watchers.delete(watcher);
    if (watchers.size === 0 && watches.get(storehouse) === watch) {
      watches.delete(storehouse);
      watch.stop();
    }
  };
}

function startWatch(storehouse: Storehouse): Watch {
  const watchers: Watch["watchers"] = new Map();
  let isLooking = false;
  let isAskedAgain = false;
  let lookedAt = 0;
  let isStopped = false;

  const lookOnce = async (): Promise<void> => {
    lookedAt = performance.now();
    const now = storehouse.clock();
    const watched = [...watchers.keys()];
    const { rows } = await storehouse.pool.query<{ in_force: number; ended: Record<string, EndedBecause> | null }>(
      `select in_force_at(o, $2) as in_force,
              (select jsonb_object_agg(s.session_id, case when a.frozen_until > $2 then 'frozen' when s.cut_by_measure is not null then 'cut' else 'over' end)
                 from sessions s join accounts a using (account_no)
                where s.session_id = any($1::uuid[])
                  and (s.revoked_at is not null or s.expires_at <= $2 or s.last_seen_at + make_interval(secs => s.idle_seconds) <= $2
                       or a.state <> 'active' or a.frozen_until > $2 or a.served_until <= $2)) as ended
         from organisation o`,
      [watched.map((watcher) => watcher.sessionId), now],
    );
    const [row] = rows;
    if (row === undefined) {
      return;
    }
    for (const watcher of watched) {
      const state = watchers.get(watcher);
      const because = row.ended?.[watcher.sessionId];
      if (state !== undefined && because !== undefined) {
        watchers.delete(watcher);
        watcher.end(because);
      } else if (state !== undefined && state.told !== row.in_force) {
        state.told = row.in_force;
        watcher.tell(row.in_force);
      }
    }
  };
  const look = (): void => {
    if (isLooking) {
      isAskedAgain = true;
      return;
    }
    isLooking = true;
    isAskedAgain = false;
    lookOnce()
      .catch(() => undefined)
      .finally(() => {
        isLooking = false;
        if (isAskedAgain && !isStopped) {
          look();
        }
      });
  };
  const hearing = hearNotices({ connection: storehouse.pool.options, channel: "standing", onNotice: look });
  const timer = setInterval(() => {
    if (performance.now() - lookedAt >= (hearing.hears() ? lookEveryMs : lookWhenDeafMs) - lookWhenDeafMs / 2) {
      look();
    }
  }, lookWhenDeafMs);
  timer.unref();
  return {
    watchers,
    hearing,
    look,
    stop() {
      isStopped = true;
      clearInterval(timer);
      hearing.stop();
    },
  };
}
