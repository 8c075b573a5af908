import { PassThrough, type Readable } from "node:stream";
import { exportsHeld, isHandler, readOnly, stopped, watchStanding, type Context, type Draft, type Storehouse } from "#server/core/door/index.ts";
import type { Actor } from "#server/core/context/context.ts";
import type { Standing } from "#shared/measures.ts";

const beatMs = 15_000;

export function standingOf(actor: Pick<Actor, "rights">, inForce: number): Standing {
  return {
    exportsHeld: (inForce & exportsHeld) !== 0,
    readOnly: (inForce & readOnly) !== 0,
    stopped: (inForce & stopped) === 0 ? null : isHandler(actor) ? "for-others" : "for-you",
  };
}

export async function showStanding({ actor, inForce }: Context): Promise<Draft<Standing>> {
  return standingOf(actor, inForce);
}

/** What a page of this session is told while it stands open (shared/measures.ts). Its event has been written. */
export function watchSession(storehouse: Storehouse, actor: Actor): Readable {
  const stream = new PassThrough();
  const send = (event: string, data: object): void => void stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  // Bytes at once, so that whoever stands between passes the head of the reply on.
  stream.write("retry: 1000\n\n");
  if (actor.sessionId === null) {
    stream.end();
    return stream;
  }
  const beat = setInterval(() => send("beat", {}), beatMs);
  beat.unref();
  const unwatch = watchStanding(storehouse, {
    sessionId: actor.sessionId,
    tell: (inForce) => send("standing", standingOf(actor, inForce)),
    end: (because) => {
      send("ended", { because });
      stream.end();
    },
  });
  stream.once("close", () => {
    clearInterval(beat);
    unwatch();
  });
  return stream;
}
