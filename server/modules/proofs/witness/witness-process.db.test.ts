import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { formatVerifierKey, hashLeaf, signingKey } from "#server/core/ledger/index.ts";
import { proveConsistency, rootOfHashes, subtreesOf } from "#server/core/ledger/merkle.ts";
import { formatCheckpoint, signNote } from "#server/core/ledger/signed-note.ts";

const origin = "log.example/epoch-1";
const seed = Buffer.alloc(32, 3);
const logKey = formatVerifierKey(origin, signingKey(seed).publicKey);
const leaves = Array.from({ length: 40 }, (_, at) => hashLeaf(Buffer.from(`${at}`)));
const forked = leaves.map((leaf, at) => (at === 4 ? hashLeaf(Buffer.from("another")) : leaf));

function showing(tree: Buffer[], old: number, size: number): string {
  const proof = proveConsistency(old, size, subtreesOf(Buffer.concat(tree)));
  const note = signNote(formatCheckpoint(origin, size, rootOfHashes(tree.slice(0, size))), origin, seed);
  return `old ${old}\n${proof.map((hash) => `${hash.toString("base64")}\n`).join("")}\n${note}`;
}

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "kuraban-witness-"));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

test("a witness that is killed knows afterwards what it acknowledged, and nobody else takes its folder meanwhile", { timeout: 180_000 }, async () => {
  const first = await startProcess();
  try {
    expect((await post(first.url, showing(leaves, 0, 8))).status).toBe(200);
    expect((await post(first.url, showing(leaves, 8, 20))).status).toBe(200);
    await expect(startProcess()).rejects.toThrow("Another witness is at work");
  } finally {
    first.process.kill("SIGKILL");
  }
  await new Promise((resolve) => first.process.once("exit", resolve));
  const second = await startProcess();
  try {
    expect(second.verifierKey).toBe(first.verifierKey);
    expect(await post(second.url, showing(leaves, 8, 20))).toMatchObject({ status: 409, body: "20\n" });
    expect((await post(second.url, showing(forked, 20, 40))).status).toBe(422);
    expect((await post(second.url, showing(leaves, 20, 40))).status).toBe(200);
  } finally {
    second.process.kill("SIGTERM");
  }
  expect(await new Promise((resolve) => second.process.once("exit", resolve))).toBe(0);
});

async function startProcess(): Promise<{ process: ChildProcess; url: string; verifierKey: string }> {
  const root = new URL("../../../../", import.meta.url);
  const child = spawn(process.execPath, ["server/main.ts", "witness", "--listen", "127.0.0.1:0", "--dir", path, "--log-key", logKey, "--json"], { cwd: root });
  const errors: string[] = [];
  child.stderr.on("data", (part: Buffer) => errors.push(part.toString("utf8")));
  for await (const line of createInterface({ input: child.stdout })) return { process: child, ...(JSON.parse(line) as { url: string; verifierKey: string }) };
  throw new Error(errors.join(""));
}

async function post(url: string, body: string): Promise<{ status: number; body: string }> {
  const response = await fetch(`${url}/add-checkpoint`, { method: "POST", body });
  return { status: response.status, body: await response.text() };
}
