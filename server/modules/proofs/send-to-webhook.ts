import { noteOf } from "#server/core/ledger/index.ts";
import { postWithin } from "./fetch-within.ts";
import type { Sending, Sent } from "./sending.ts";

/** Posts the checkpoint as JSON. It needs no signature of its own: the note carries the ledger's. */
export async function sendToWebhook({ settings, checkpoint, signal }: Sending<"webhook">): Promise<Sent> {
  const { epochNo, origin, treeSize, rootHash, at } = checkpoint;
  const answer = await postWithin(settings.url, {
    body: JSON.stringify({ epoch: epochNo, origin, treeSize, rootHash: rootHash.toString("base64"), at: at.toISOString(), note: noteOf(checkpoint) }),
    headers: {
      "content-type": "application/json; charset=utf-8",
      ...(settings.token === undefined ? {} : { authorization: `Bearer ${settings.token}` }),
    },
    signal,
  });
  if (answer === undefined) return { state: "failing", problem: "unreachable" };
  return answer.status >= 200 && answer.status < 300 ? { state: "ok", checkpoint } : { state: "failing", problem: "bad-answer" };
}
