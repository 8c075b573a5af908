import { openNote, parseCheckpoint, parseVerifierKey } from "#server/core/ledger/index.ts";
import { answerCheckpoint } from "./answer-checkpoint.ts";
import type { WitnessFolder } from "./witness-folder.ts";

export interface FollowOptions {
  readonly folder: WitnessFolder;
  /** Where the storehouse stands: `https://kuraban.example`. */
  readonly url: string;
  /** A log token of it (settings, where the ledger goes). */
  readonly token: string;
  readonly now: () => Date;
  readonly fetch: typeof fetch;
}

/** What a look came to: the size that is kept now, or why nothing was. */
export type Followed =
  | { readonly state: "kept"; readonly treeSize: number }
  | { readonly state: "unreachable" | "token-refused" | "bad-answer" | "origin-unknown" }
  | { readonly state: "refused"; readonly status: number; readonly treeSize: number };

const longestMs = 20_000;

/**
 * A witness that fetches: it asks for the newest checkpoint and the proof that it continues the one that is kept, and judges both as if they had
 * been brought (answerCheckpoint). For a house that cannot reach its witness. What does not continue is kept as refused, as evidence.
 */
export async function followLog(options: FollowOptions): Promise<Followed> {
  const { folder, now } = options;
  const note = await ask(options, "checkpoint");
  if (typeof note !== "string") return note;
  const origin = note.split("\n")[0] ?? "";
  const log = folder.logs.map(parseVerifierKey).find(({ name }) => name === origin);
  if (log === undefined) return { state: "origin-unknown" };
  const text = openNote(note, log.name, log.publicKey);
  if (text === undefined) return { state: "refused", status: 403, treeSize: 0 };
  const { treeSize } = parseCheckpoint(text);
  const old = folder.lastOf(origin)?.treeSize ?? 0;
  if (treeSize < old) return { state: "refused", status: 409, treeSize };
  const proof = old === 0 ? { hashes: [] } : await proofOf(options, old, treeSize);
  if ("state" in proof) return proof;
  const { status } = answerCheckpoint(folder, `old ${old}\n${proof.hashes.map((hash) => `${hash}\n`).join("")}\n${note}`, now());
  return status === 200 ? { state: "kept", treeSize } : { state: "refused", status, treeSize };
}

async function proofOf(
  options: FollowOptions,
  from: number,
  to: number,
): Promise<{ readonly hashes: readonly string[] } | Exclude<Followed, { state: "kept" }>> {
  const text = await ask(options, `consistency?from=${from}&to=${to}`);
  if (typeof text !== "string") return text;
  try {
    const { hashes } = JSON.parse(text) as { hashes?: unknown };
    if (Array.isArray(hashes) && hashes.every((hash) => typeof hash === "string")) return { hashes };
  } catch {
    // Not JSON: an answer of something else.
  }
  return { state: "bad-answer" };
}

async function ask({ url, token, fetch }: FollowOptions, what: string): Promise<string | { readonly state: "unreachable" | "token-refused" | "bad-answer" }> {
  try {
    const reply = await fetch(`${url.replace(/\/+$/, "")}/api/ledger-monitor/${what}`, {
      headers: { authorization: `Bearer ${token}` },
      redirect: "error",
      signal: AbortSignal.timeout(longestMs),
    });
    if (reply.status === 401 || reply.status === 403) return { state: "token-refused" };
    return reply.status === 200 ? await reply.text() : { state: reply.status >= 500 || reply.status === 429 ? "unreachable" : "bad-answer" };
  } catch {
    return { state: "unreachable" };
  }
}
