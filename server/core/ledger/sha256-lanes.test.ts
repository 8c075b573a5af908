import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hashFour, laneMemory, padMessage, reserveLaneMemory } from "./sha256-lanes.ts";

const room = 512;
const place = reserveLaneMemory(5 * room);
const hashed = (messages: readonly Uint8Array[]): string[] => {
  const from = messages.map((_, lane) => place + lane * room);
  const to = messages.map((_, lane) => place + 4 * room + lane * 32 + 1);
  laneMemory.fill(0xa5, place, place + 5 * room);
  const blocks = messages.map((message, lane) => {
    laneMemory.set(message, from[lane]!);
    return padMessage(from[lane]!, message.length);
  });
  hashFour(blocks[0]!, from[0]!, from[1]!, from[2]!, from[3]!, to[0]!, to[1]!, to[2]!, to[3]!);
  return to.map((from) => laneMemory.toString("hex", from, from + 32));
};

test("four messages are hashed as FIPS 180-4 says, whatever their length within the same number of blocks", () => {
  const ofBlocks = (blocks: number) =>
    fc.tuple(...Array.from({ length: 4 }, () => fc.uint8Array({ minLength: Math.max(0, blocks * 64 - 72), maxLength: blocks * 64 - 9 })));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }).chain(ofBlocks), (messages) => {
      expect(hashed(messages)).toEqual(messages.map((message) => createHash("sha256").update(message).digest("hex")));
    }),
    { numRuns: 400 },
  );
});

test("the published examples come out", () => {
  const long = Buffer.from("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "latin1");
  expect(hashed([long, long, long, long])[2]).toBe("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  const short = Buffer.from("abc", "latin1");
  expect(hashed([short, Buffer.alloc(0), short, short]).slice(0, 2)).toEqual([
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  ]);
});
