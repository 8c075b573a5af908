import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { emptyRoot, formatVerifierKey, hashLeaf, openCosignature, parseWitnessKey, signingKey, splitNote } from "#server/core/ledger/index.ts";
import { proveConsistency, rootOfHashes, subtreesOf } from "#server/core/ledger/merkle.ts";
import { formatCheckpoint, signNote } from "#server/core/ledger/signed-note.ts";
import { answerCheckpoint } from "./answer-checkpoint.ts";
import { openWitnessFolder, type WitnessFolder } from "./witness-folder.ts";

const origin = "log.example/epoch-1";
const seed = Buffer.alloc(32, 3);
const logKey = formatVerifierKey(origin, signingKey(seed).publicKey);
const now = new Date("2026-11-22T00:00:00Z");
const leaves = Array.from({ length: 40 }, (_, at) => hashLeaf(Buffer.from(`${at}`)));
const forked = leaves.map((leaf, at) => (at === 4 ? hashLeaf(Buffer.from("another")) : leaf));

const noteOf = (tree: Buffer[], size: number): string => signNote(formatCheckpoint(origin, size, rootOfHashes(tree.slice(0, size))), origin, seed);
const proofOf = (tree: Buffer[], old: number, size: number): Buffer[] => proveConsistency(old, size, subtreesOf(Buffer.concat(tree)));
const requestOf = (old: number, proof: Buffer[], note: string): string =>
  `old ${old}\n${proof.map((hash) => `${hash.toString("base64")}\n`).join("")}\n${note}`;
const showing = (tree: Buffer[], old: number, size: number): string => requestOf(old, proofOf(tree, old, size), noteOf(tree, size));

let path: string;
let folder: WitnessFolder;
const open = (key: string | undefined = logKey): WitnessFolder =>
  openWitnessFolder({ folder: path, name: "witness.example/w", logKey: key, random: randomBytes });
const say = (body: string): number => answerCheckpoint(folder, body, now).status;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "kuraban-witness-"));
  folder = open();
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

test("a witness cosigns each checkpoint that continues the last", () => {
  const { name, publicKey } = parseWitnessKey(folder.verifierKey)!;
  let old = 0;
  for (const size of [1, 7, 8, 8, 33, 40]) {
    const answer = answerCheckpoint(folder, showing(leaves, old, size), now);
    expect(answer.status).toBe(200);
    const text = splitNote(noteOf(leaves, size))!.text;
    expect(openCosignature(text, answer.body.split("\n"), name, publicKey)?.at).toEqual(now);
    expect(folder.lastOf(origin)?.treeSize).toBe(size);
    old = size;
  }
});

test("it says which tree it knows to whoever begins elsewhere, in the form of tlog-witness", () => {
  expect(say(showing(leaves, 0, 8))).toBe(200);
  for (const old of [0, 5, 9]) {
    expect(answerCheckpoint(folder, showing(leaves, old, 20), now)).toEqual({ status: 409, type: "text/x.tlog.size", body: "8\n" });
  }
  expect(answerCheckpoint(folder, showing(leaves, 3, 5), now)).toEqual({ status: 409, type: "text/x.tlog.size", body: "8\n" });
});

test("it refuses a fork at the same size and at a larger one, and keeps what the log signed as evidence", () => {
  expect(say(showing(leaves, 0, 8))).toBe(200);
  expect(say(showing(forked, 8, 20))).toBe(422);
  expect(say(requestOf(8, [], noteOf(forked, 8)))).toBe(422);
  expect(say(requestOf(8, proofOf(leaves, 8, 20), noteOf(forked, 20)))).toBe(422);
  expect(
    readdirSync(path)
      .filter((file) => file.includes("refused"))
      .map((file) => readFileSync(join(path, file), "utf8"))
      .toSorted(),
  ).toEqual([noteOf(forked, 20), noteOf(forked, 8)].toSorted());
  expect(say(showing(leaves, 8, 20))).toBe(200);
});

test.each([
  ["an unknown origin", 404, (note: string) => note.replaceAll("log.example", "other.example")],
  ["a signature of another key", 403, () => signNote(formatCheckpoint(origin, 8, rootOfHashes(leaves.slice(0, 8))), origin, Buffer.alloc(32, 9))],
  ["another text than was signed", 403, (note: string) => note.replace("\n8\n", "\n9\n")],
  ["no signature", 400, (note: string) => `${note.split("\n\n")[0]}\n\n`],
  ["no note", 400, () => "hello\n"],
  ["a size with a leading zero", 400, (note: string) => note.replace("\n8\n", "\n08\n")],
])("it refuses %s with %i and keeps nothing", (_, status, change) => {
  expect(say(requestOf(0, [], change(noteOf(leaves, 8))))).toBe(status);
  expect(folder.lastOf(origin)).toBeUndefined();
});

test.each([
  ["an old size beyond the checkpoint", 400, () => showing(leaves, 8, 8).replace("old 8", "old 9")],
  ["an old size with a leading zero", 400, () => showing(leaves, 8, 8).replace("old 8", "old 08")],
  ["a proof that is no base64", 400, () => showing(leaves, 8, 20).replace("\n\n", "\n!!\n\n")],
  [
    "more than 63 lines of proof",
    400,
    () =>
      requestOf(
        8,
        Array.from({ length: 64 }, () => leaves[0]!),
        noteOf(leaves, 20),
      ),
  ],
  ["a hash too many", 422, () => requestOf(8, [...proofOf(leaves, 8, 20), leaves[0]!], noteOf(leaves, 20))],
  ["no proof", 422, () => requestOf(8, [], noteOf(leaves, 20))],
])("it refuses %s with %i and stays where it was", (_, status, request) => {
  expect(say(showing(leaves, 0, 8))).toBe(200);
  expect(say(request())).toBe(status);
  expect(folder.lastOf(origin)?.treeSize).toBe(8);
});

test("the empty tree has the root of the empty tree, and proves nothing", () => {
  expect(say(requestOf(0, [], signNote(formatCheckpoint(origin, 0, leaves[0]!), origin, seed)))).toBe(422);
  expect(say(requestOf(0, [leaves[0]!], noteOf(leaves, 8)))).toBe(422);
  expect(say(requestOf(0, [], signNote(formatCheckpoint(origin, 0, emptyRoot), origin, seed)))).toBe(200);
});

test("it does not begin with a state that somebody changed, nor with another key for a log that it knows", () => {
  expect(say(showing(leaves, 0, 8))).toBe(200);
  expect(open(undefined).lastOf(origin)?.treeSize).toBe(8);
  expect(() => open(formatVerifierKey(origin, signingKey(Buffer.alloc(32, 9)).publicKey))).toThrow("another key");
  const file = join(
    path,
    readdirSync(path).find((name) => name.endsWith(".checkpoint"))!,
  );
  writeFileSync(file, noteOf(leaves, 5));
  expect(() => open()).toThrow("not as this witness wrote it");
});
