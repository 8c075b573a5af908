import { useEffect, useRef } from "react";
import { showStanding, standing as standingShape, watchSession, type Standing } from "#shared/measures.ts";
import { call, Refusal } from "#web/call.ts";

export type EndedBecause = "cut" | "frozen" | "over";

type Word = { readonly kind: "standing"; readonly standing: Standing } | { readonly kind: "ended"; readonly because: EndedBecause } | { readonly kind: "ask" };

const lookMilliseconds = 1000;
/** The server beats each 15 seconds. */
const deafMilliseconds = 40_000;
const longestWaitMilliseconds = 10_000;

/**
 * Hears what is in force and the end of the session, at once. Of all windows of a browser one keeps the stream open, because
 * HTTP/1.1 has six connections for all of them; the others hear it from that one. Where no stream comes through, it asks each second.
 */
export function useWatch(isOn: boolean, on: { standing: (standing: Standing) => void; ended: (because: EndedBecause) => void }): void {
  const hear = useRef(on);
  useEffect(() => {
    hear.current = on;
  });
  useEffect(() => {
    if (!isOn) return;
    const leaving = new AbortController();
    const windows = new BroadcastChannel("kuraban-standing");
    let last: Standing | undefined;
    const take = (word: Word) => {
      if (leaving.signal.aborted) return;
      if (word.kind === "standing") {
        last = word.standing;
        hear.current.standing(word.standing);
      } else if (word.kind === "ended") hear.current.ended(word.because);
    };
    let leads = false;
    windows.addEventListener("message", ({ data }: MessageEvent<Word>) => {
      if (data.kind !== "ask") take(data);
      else if (leads && last !== undefined) windows.postMessage({ kind: "standing", standing: last } satisfies Word);
    });
    const say = (word: Word) => {
      windows.postMessage(word);
      take(word);
    };
    const lead = async () => {
      leads = true;
      await keepStream(leaving.signal, say);
    };
    // Locks are there on loopback and over TLS, which is wherever the product is.
    if ("locks" in navigator) {
      windows.postMessage({ kind: "ask" } satisfies Word);
      navigator.locks.request("kuraban-standing", { signal: leaving.signal }, lead).catch(() => undefined);
    } else void lead();
    return () => {
      leaving.abort();
      windows.close();
    };
  }, [isOn]);
}

/** Keeps a stream open until `signal`; while none is open, asks. */
async function keepStream(signal: AbortSignal, say: (word: Word) => void): Promise<void> {
  let wait = lookMilliseconds;
  while (!signal.aborted) {
    const heard = await listenOnce(signal, say);
    if (signal.aborted || heard === "ended") return;
    wait = heard === "something" ? lookMilliseconds : Math.min(wait * 2, longestWaitMilliseconds);
    const until = Date.now() + wait * (0.75 + Math.random() / 2);
    while (!signal.aborted && Date.now() < until) {
      try {
        say({ kind: "standing", standing: await call(showStanding, { signal }) });
      } catch (error) {
        if (error instanceof Refusal && error.code === "not-signed-in") {
          say({ kind: "ended", because: "over" });
          return;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
    }
  }
}

function listenOnce(signal: AbortSignal, say: (word: Word) => void): Promise<"ended" | "something" | "nothing"> {
  return new Promise((resolve) => {
    const source = new EventSource(watchSession.path);
    let heard: "something" | "nothing" = "nothing";
    let deaf: ReturnType<typeof setTimeout> | undefined;
    const leave = (what: "ended" | "something" | "nothing") => {
      clearTimeout(deaf);
      source.close();
      signal.removeEventListener("abort", abort);
      resolve(what);
    };
    const abort = () => leave(heard);
    const listen = () => {
      clearTimeout(deaf);
      deaf = setTimeout(() => leave(heard), deafMilliseconds);
    };
    listen();
    signal.addEventListener("abort", abort);
    source.addEventListener("beat", listen);
    source.addEventListener("standing", ({ data }: MessageEvent<string>) => {
      listen();
      const told = standingShape.safeParse(JSON.parse(data));
      if (!told.success) return;
      heard = "something";
      say({ kind: "standing", standing: told.data });
    });
    source.addEventListener("ended", ({ data }: MessageEvent<string>) => {
      const { because } = JSON.parse(data) as { because?: unknown };
      say({ kind: "ended", because: because === "cut" || because === "frozen" ? because : "over" });
      leave("ended");
    });
    source.addEventListener("error", () => leave(heard));
  });
}
