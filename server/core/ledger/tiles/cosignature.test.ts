import { createPublicKey, verify } from "node:crypto";
import { expect, test } from "vitest";
import { signingKey } from "../ed25519.ts";
import { openNote, parseVerifierKey, signNote } from "../signed-note.ts";
import { cosign, formatWitnessKey, openCosignature, parseWitnessKey, splitNote } from "./cosignature.ts";

const seed = Buffer.alloc(32, 7);
const { publicKey } = signingKey(seed);
const at = new Date(1_679_315_147_000);

// The example of C2SP tlog-cosignature; its keys are not published.
const body = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
const example = `${body}
— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
`;

test("a cosignature lies as in the published example: key hash, time, signature", () => {
  const note = splitNote(example);
  expect(note?.text).toBe(body);
  const published = Buffer.from(note!.lines[1]!.split(" ")[2]!, "base64");
  const own = Buffer.from(cosign(body, "witness.example.com/w1", seed, at).split(" ")[2]!, "base64");
  expect(own).toHaveLength(published.length);
  expect(own.subarray(4, 12)).toEqual(published.subarray(4, 12));
});

test("a cosignature is an Ed25519 signature over the published message, by node:crypto", () => {
  const message = `cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n`;
  const signature = Buffer.from(cosign(body, "w", seed, at).split(" ")[2]!, "base64").subarray(12);
  const key = createPublicKey({ key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), publicKey]), format: "der", type: "spki" });
  expect(verify(null, Buffer.from(message), key, signature)).toBe(true);
});

test("a note of the specification opens by its verifier key", () => {
  const { name, publicKey: key } = parseVerifierKey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
  const note =
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
  expect(openNote(note, name, key)).toBe("This is an example message.\n");
});

test("a cosignature holds for its text, name, key and time, and for no other", () => {
  const line = cosign(body, "witness.example.com/w1", seed, at);
  expect(openCosignature(body, ["— other AAAA", line], "witness.example.com/w1", publicKey)).toEqual({ line, at });
  expect(openCosignature(body.replace("163", "164"), [line], "witness.example.com/w1", publicKey)).toBeUndefined();
  expect(openCosignature(body, [line], "witness.example.com/w2", publicKey)).toBeUndefined();
  expect(openCosignature(body, [line], "witness.example.com/w1", signingKey(Buffer.alloc(32, 8)).publicKey)).toBeUndefined();
  const bytes = Buffer.from(line.split(" ")[2]!, "base64");
  bytes[11] = bytes[11]! ^ 1;
  expect(openCosignature(body, [`— witness.example.com/w1 ${bytes.toString("base64")}`], "witness.example.com/w1", publicKey)).toBeUndefined();
  // The same key as that of a log is another key: its plain signature is no cosignature.
  const plain = splitNote(signNote(body, "witness.example.com/w1", seed))!.lines;
  expect(openCosignature(body, plain, "witness.example.com/w1", publicKey)).toBeUndefined();
});

test("the key of a witness reads back, and the key of a log is none", () => {
  const text = formatWitnessKey("witness.example.com/w1", publicKey);
  expect(parseWitnessKey(text)).toEqual({ name: "witness.example.com/w1", publicKey });
  expect(parseWitnessKey(text.replace(/\+[0-9a-f]{8}\+/, "+00000000+"))).toBeUndefined();
  expect(parseWitnessKey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")).toBeUndefined();
});
