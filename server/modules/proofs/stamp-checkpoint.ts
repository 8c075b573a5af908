import { randomBytes } from "node:crypto";
import { postWithin } from "./fetch-within.ts";
import type { Sending, Sent } from "./sending.ts";
import { encodeTimeStampRequest, readAnchors, StampRefused, verifyTimeStamp } from "./time-stamp.ts";

/** Asks a time-stamping authority (RFC 3161) for a stamp over the note as the ledger signed it. */
export async function stampCheckpoint({ settings, checkpoint, signal }: Sending<"timestamp">): Promise<Sent> {
  const data = Buffer.from(checkpoint.note, "utf8");
  const nonce = randomBytes(8);
  const answer = await postWithin(settings.url, {
    body: encodeTimeStampRequest(data, nonce, settings.policy),
    headers: { "content-type": "application/timestamp-query", accept: "application/timestamp-reply" },
    signal,
  });
  if (answer === undefined) return { state: "failing", problem: "unreachable" };
  if (answer.status !== 200) return { state: "failing", problem: "bad-answer" };
  try {
    const stamp = await verifyTimeStamp(answer.body, { data, nonce, policy: settings.policy, anchors: readAnchors(settings.anchors) ?? [] });
    return { state: "ok", checkpoint, stamp };
  } catch (error) {
    if (error instanceof StampRefused) return { state: "failing", problem: error.code };
    throw error;
  }
}
