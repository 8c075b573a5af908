import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { expect, test } from "vitest";
import { signingKey } from "./ed25519.ts";
import { formatCheckpoint, formatVerifierKey, noteKeyHash, openNote, parseCheckpoint, parseVerifierKey, signNote } from "./signed-note.ts";

// From the documentation of golang.org/x/mod/sumdb/note.
const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const verifierKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const published = `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;
const seed = Buffer.from("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz", "base64").subarray(1);

test("a note is signed and verified as Go's checksum database does", () => {
  const { name, publicKey } = parseVerifierKey(verifierKey);
  expect(noteKeyHash(name, publicKey).toString("hex")).toBe("c74f20a3");
  expect(openNote(published, name, publicKey)).toBe(text);
  expect(signNote(text, name, seed)).toBe(published);
  expect(formatVerifierKey(name, signingKey(seed).publicKey)).toBe(verifierKey);
});

test("a note is not taken with another text, name, key or signature", () => {
  const { name, publicKey } = parseVerifierKey(verifierKey);
  expect(openNote(published.replace("answer", "Answer"), name, publicKey)).toBeUndefined();
  expect(openNote(published, "PeterN", publicKey)).toBeUndefined();
  expect(openNote(published, name, signingKey(Buffer.alloc(32, 1)).publicKey)).toBeUndefined();
  expect(openNote(published.replace("x08go/ZJ", "x08go/ZK"), name, publicKey)).toBeUndefined();
  expect(openNote(text, name, publicKey)).toBeUndefined();
  expect(() => signNote("no newline", name, seed)).toThrow();
  expect(() => parseVerifierKey(verifierKey.replace("c74f20a3", "c74f20a4"))).toThrow();
});

test("signatures are those of node:crypto for the same seed", () => {
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const raw = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
  expect(signingKey(seed).publicKey).toEqual(Buffer.from(raw));
  expect(signingKey(seed).sign(Buffer.from(text))).toEqual(sign(null, Buffer.from(text), key));
});

test("a checkpoint reads back as it was written", () => {
  const root = Buffer.alloc(32, 7);
  expect(formatCheckpoint("example.com/ledger/epoch-1", 42, root)).toBe(`example.com/ledger/epoch-1\n42\n${root.toString("base64")}\n`);
  expect(parseCheckpoint(formatCheckpoint("example.com/ledger/epoch-1", 42, root))).toEqual({
    origin: "example.com/ledger/epoch-1",
    treeSize: 42,
    rootHash: root,
  });
  expect(() => parseCheckpoint("example.com\n042\nAAAA\n")).toThrow();
});
