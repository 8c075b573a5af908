import { PassThrough, type Readable } from "node:stream";
import { exportsHeld, isHandler, readOnly, stopped, watchStanding, type Context, type Draft, type Storehouse } from "#server/core/door/index.ts";
import type { Actor } from "#server/core/context/context.ts";
import type { Standing } from "#shared/measures.ts";
import { Problem } from "#shared/problems.ts";

const beatMs = 15_000;
/** Windows of a browser share one stream; whoever opens more than this keeps connections for their own sake. */
const mostStreams = 16;

/** Streams that stand open on this node, by session. */
const openStreams = new WeakMap<Storehouse["door"], Map<string, number>>();

function standingOf(actor: Pick<Actor, "rights">, inForce: number): Standing {
  return {
    exportsHeld: (inForce & exportsHeld) !== 0,
    readOnly: (inForce & readOnly) !== 0,
    stopped: (inForce & stopped) === 0 ? null : isHandler(actor) ? "for-others" : "for-you",
  };
}

export async function showStanding({ actor, inForce }: Context): Promise<Draft<Standing>> {
  return standingOf(actor, inForce);
}

const hasMost = (door: Storehouse["door"], sessionId: string): boolean => (openStreams.get(door)?.get(sessionId) ?? 0) >= mostStreams;

/** @throws Problem too-many-requests: the session has as many streams open as it may */
export async function demandFewStreams({ door, actor }: Context): Promise<Record<never, never>> {
  if (actor.sessionId !== null && hasMost(door, actor.sessionId)) throw new Problem("too-many-requests", { retryAfterSeconds: 60 });
  return {};
}

function countStream({ door }: Storehouse, sessionId: string, by: 1 | -1): void {
  const counts = openStreams.get(door) ?? new Map<string, number>();
  openStreams.set(door, counts);
  const count = (counts.get(sessionId) ?? 0) + by;
  if (count === 0) counts.delete(sessionId);
  else counts.set(sessionId, count);
}

/** What a page of this session is told while it stands open (shared/measures.ts). Its event has been written. */
export function watchSession(storehouse: Storehouse, actor: Actor): Readable {
  const stream = new PassThrough();
  const send = (event: string, data: object): void => void stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  // Bytes at once, so that whoever stands between passes the head of the reply on.
  stream.write("retry: 1000\n\n");
  const { sessionId } = actor;
  // Asked again: several may have come at once.
  if (sessionId === null || hasMost(storehouse.door, sessionId)) {
    stream.end();
    return stream;
  }
  countStream(storehouse, sessionId, 1);
  const beat = setInterval(() => send("beat", {}), beatMs);
  beat.unref();
  const unwatch = watchStanding(storehouse, {
    sessionId,
    tell: (inForce) => send("standing", standingOf(actor, inForce)),
    end: (because) => {
      send("ended", { because });
      stream.end();
    },
  });
  stream.once("close", () => {
    clearInterval(beat);
    unwatch();
    countStream(storehouse, sessionId, -1);
  });
  return stream;
}
