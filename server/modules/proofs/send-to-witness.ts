import { findNewest, openCosignature, parseWitnessKey, proveConsistencyIn, splitNote, type ServedCheckpoint } from "#server/core/ledger/index.ts";
import { postWithin } from "./fetch-within.ts";
import type { Sending, Sent } from "./sending.ts";

/**
 * Shows the newest checkpoint to a witness with the proof that it continues the last one (C2SP tlog-witness), and keeps its
 * cosignature. A witness that knows a longer tree, or finds no continuation, is the one sign of a ledger that was cut or exchanged.
 */
export async function sendToWitness({ row, settings, checkpoint, query, signal }: Sending<"witness">): Promise<Sent> {
  const key = parseWitnessKey(settings.verifierKey);
  if (key === undefined) return { state: "failing", problem: "bad-answer" };
  let shown = checkpoint;
  let old = row.epoch_no === shown.epochNo ? Math.min(Number(row.tree_size ?? 0), shown.treeSize) : 0;
  // At most twice: what a witness says of itself is taken at its word once.
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const proof = await proveConsistencyIn(query, old, shown.treeSize);
    const answer = await postWithin(`${settings.url.replace(/\/+$/, "")}/add-checkpoint`, {
      body: `old ${old}\n${proof.map((hash) => `${hash.toString("base64")}\n`).join("")}\n${shown.note}`,
      headers: { "content-type": "text/plain; charset=utf-8" },
      signal,
    });
    if (answer === undefined) return { state: "failing", problem: "unreachable" };
    const text = answer.body.toString("utf8");
    if (answer.status === 200) return keepCosignature(shown, text, key, query);
    if (answer.status === 409) {
      const [, size] = /^(0|[1-9]\d{0,15})\n?$/.exec(text) ?? [];
      if (size === undefined) return { state: "failing", problem: "bad-answer" };
      old = Number(size);
      if (old > shown.treeSize) shown = (await findNewest(query)) ?? shown;
      if (old > shown.treeSize) return { state: "refused", problem: "ahead", seen: old };
      continue;
    }
    if (answer.status === 422) return { state: "refused", problem: "inconsistent", seen: old };
    if (answer.status === 403) return { state: "refused", problem: "key-refused", seen: null };
    return { state: "failing", problem: answer.status === 404 ? "origin-unknown" : "bad-answer" };
  }
  return { state: "failing", problem: "bad-answer" };
}

async function keepCosignature(
  checkpoint: ServedCheckpoint,
  lines: string,
  key: { name: string; publicKey: Buffer },
  query: Sending<"witness">["query"],
): Promise<Sent> {
  const text = splitNote(checkpoint.note)?.text ?? "";
  const cosigned = openCosignature(text, lines.split("\n"), key.name, key.publicKey);
  if (cosigned === undefined) return { state: "failing", problem: "not-cosigned" };
  await query.query("insert into ledger_cosignatures (epoch_no, tree_size, name, at, line) values ($1, $2, $3, $4, $5) on conflict do nothing", [
    checkpoint.epochNo,
    checkpoint.treeSize,
    key.name,
    cosigned.at,
    cosigned.line,
  ]);
  return { state: "ok", checkpoint };
}
