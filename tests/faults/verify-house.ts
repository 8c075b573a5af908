import { setTimeout as wait } from "node:timers/promises";
import type { WireReply } from "../support/ask-over-http.ts";
import type { Caller } from "../support/seed-storehouse.ts";
import { askUntilAnswered } from "./ask-until-answered.ts";

/** Has the ledger verified; the house does that by itself as well, and only one verification runs at a time. */
export async function verifyHouse(url: string, officer: Caller): Promise<WireReply> {
  for (let tries = 0; ; tries += 1) {
    const reply = await askUntilAnswered(() => url, { method: "POST", path: "/api/ledger/verify", cookie: officer.cookie, timeoutMs: 60_000 });
    if (reply.body["code"] !== "too-many-requests" || tries === 600) return reply;
    await wait(100);
  }
}
