import { setTimeout as wait } from "node:timers/promises";
import { askOverHttp, type Asking, type WireReply } from "../support/ask-over-http.ts";

/**
 * Asks until somebody answers: a house that comes back refuses for a while ("ask again in three seconds"), which is its right
 * and says nothing about what it keeps. Throws when a minute and more brought no answer.
 */
export async function askUntilAnswered(url: () => string, asking: Asking): Promise<WireReply> {
  const began = performance.now();
  for (;;) {
    const reply = await askOverHttp(url(), asking);
    if (reply.isWhole && reply.status !== 503) return reply;
    if (performance.now() - began > 90_000) throw new Error(`no answer from ${asking.path} but ${reply.status} ${String(reply.body["code"] ?? "")}`);
    await wait(50);
  }
}
