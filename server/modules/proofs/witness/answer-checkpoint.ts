import { cosign, emptyRoot, holdsConsistency, openNote, parseCheckpoint, splitNote } from "#server/core/ledger/index.ts";
import type { WitnessFolder } from "./witness-folder.ts";

export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly type: "text/plain; charset=utf-8" | "text/x.tlog.size";
  readonly body: string;
}

const mostProofLines = 63;

/**
 * What a witness says to a checkpoint (C2SP tlog-witness, add-checkpoint). Runs without a pause from looking to keeping, so of
 * two requests at once one is answered before the other is looked at.
 */
export function answerCheckpoint(folder: WitnessFolder, body: string, now: Date): WitnessAnswer {
  const asked = parseRequest(body);
  if (asked === undefined) return say(400, "not a request of tlog-witness");
  const { old, proof, note, text } = asked;
  const checkpoint = parseExactly(text);
  if (checkpoint === undefined) return say(400, "not a checkpoint");
  const { origin, treeSize, rootHash } = checkpoint;
  const log = folder.logOf(origin);
  if (log === undefined) return say(404, "this log is not known here");
  if (openNote(note, origin, log.publicKey) !== text) return say(403, "not signed by the key of this log");
  if (old > treeSize) return say(400, "the old size is larger than the checkpoint's");
  const last = folder.lastOf(origin);
  const lastSize = last?.treeSize ?? 0;
  if (old !== lastSize) return { status: 409, type: "text/x.tlog.size", body: `${lastSize}\n` };
  if (!continues({ old, treeSize, rootHash, proof, lastRoot: last?.rootHash })) {
    folder.keepRefused({ ...checkpoint, note });
    return say(422, "the checkpoint does not continue the one that was seen");
  }
  const line = cosign(text, folder.name, folder.seed, now);
  const own = splitNote(note)?.lines.find((signature) => openNote(`${text}\n${signature}\n`, origin, log.publicKey) !== undefined) as string;
  folder.keep({ ...checkpoint, note: `${text}\n${own}\n${line}\n` });
  return say(200, line);
}

function continues(given: { old: number; treeSize: number; rootHash: Buffer; proof: readonly Buffer[]; lastRoot: Buffer | undefined }): boolean {
  const { old, treeSize, rootHash, proof, lastRoot } = given;
  if (treeSize === 0 && !rootHash.equals(emptyRoot)) return false;
  if (old === 0) return proof.length === 0 && (lastRoot === undefined || treeSize > 0 || lastRoot.equals(rootHash));
  return lastRoot !== undefined && holdsConsistency(old, treeSize, lastRoot, rootHash, proof);
}

function parseRequest(body: string): { old: number; proof: Buffer[]; note: string; text: string } | undefined {
  const end = body.indexOf("\n\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = body.slice(0, end).split("\n");
  const [, size] = /^old (0|[1-9]\d{0,15})$/.exec(first) ?? [];
  const note = body.slice(end + 2);
  const text = splitNote(note)?.text;
  const proof = lines.map((line) => Buffer.from(line, "base64"));
  const isWhole = proof.every((hash, at) => hash.length === 32 && hash.toString("base64") === lines[at]);
  if (size === undefined || text === undefined || !isWhole || proof.length > mostProofLines) return undefined;
  return { old: Number(size), proof, note, text };
}

/** A checkpoint in its one form: no leading zeros, no other base64, no empty line. */
function parseExactly(text: string): ReturnType<typeof parseCheckpoint> | undefined {
  try {
    const checkpoint = parseCheckpoint(text);
    const lines = text.split("\n");
    const isExact = lines[2] === checkpoint.rootHash.toString("base64") && lines.slice(0, -1).every((line) => line !== "") && lines.at(-1) === "";
    return isExact ? checkpoint : undefined;
  } catch {
    return undefined;
  }
}

function say(status: WitnessAnswer["status"], line: string): WitnessAnswer {
  return { status, type: "text/plain; charset=utf-8", body: `${line}\n` };
}
