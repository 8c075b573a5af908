#!/usr/bin/env node
// 蔵番 Kuraban: the offline verifier of a ledger export, in one file.
//
//   node kuraban-verify.mjs EXPORT --key VKEY [--key VKEY …]
//        [--witness VKEY …] [--witness-note FILE …] [--statement FILE …] [--json] [--plain]
//   node kuraban-verify.mjs --statement FILE --key VKEY
//   node kuraban-verify.mjs BUNDLE.zip --key VKEY [--witness VKEY …] [--password-file FILE] [--open FOLDER] [--json]
//
// It needs Node.js 20.12 or later and nothing else: no network, no database, no other file of the product. It was written
// apart from the product and shares no code with it, but for the bytes of one function that hashes four messages at once: they
// are held against Node's own SHA-256 before they are used, and with --plain they are not used at all. What it believes are the keys on its command line alone; get them, and
// this file's SHA-256, by another way than the export.
//
// Exit code: 0 everything holds · 1 something is wrong, named with its place · 2 it could not be asked (no key, no file).
//
// What is checked, top to bottom:
//   leaf          SHA-256(0x00 ‖ header) of every event is what its batch signed          (RFC 6962, 2.1)
//   sections      entries (salted, one by one), writes and sealed parts are what the header states
//   batch         Ed25519 signature of the node; the node's key is vouched for by its epoch; no batch before it is missing
//   tree          every event at its place; the root at every checkpoint                   (RFC 6962, 2.1)
//   checkpoint    signed note of the epoch's key (C2SP tlog-checkpoint); the epoch's key is one that you gave
//   witness       a checkpoint that somebody else kept lies on this tree: not cut off, not rolled back, not forked
//   bundle        evidence of an incident (zip): signed manifest; each item by its hash, by the event that took it, and in itself
// The forms are described in docs/ledger-export.md.

import { createDecipheriv, createHash, createPublicKey, hash, scryptSync, verify as verifySignature } from "node:crypto";
import { closeSync, createReadStream, fstatSync, openSync, readFileSync, readSync, realpathSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { createGunzip, createInflateRaw, inflateRawSync } from "node:zlib";

// ── SHA-256 and the tree of RFC 6962 ────────────────────────────────────────────────────────────────────────────────────

const sha256 = (bytes) => Buffer.from(hash("sha256", bytes, "latin1"), "latin1");
const leafInput = (bytes) => Buffer.concat([Buffer.of(0), bytes]);
const hashLeaf = (bytes) => sha256(leafInput(bytes));
const hashNode = (left, right) => sha256(Buffer.concat([Buffer.of(1), left, right]));
const emptyRoot = sha256(Buffer.alloc(0));

/** A growing tree, kept as the roots of its perfect subtrees, largest first, one after the other in `roots`. */
function createTree(size = 0, packedRoots = Buffer.alloc(0)) {
  const roots = Buffer.alloc(64 * 32);
  packedRoots.copy(roots);
  let depth = packedRoots.length / 32;
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  if (depth !== ones) throw new Error("the roots of the tree do not fit its size");
  const pair = Buffer.alloc(65, 1);
  const hashPair = (at) => {
    roots.copy(pair, 1, at, at + 64);
    roots.latin1Write(hash("sha256", pair, "latin1"), at);
  };
  return {
    get size() {
      return size;
    },
    append(leafHash) {
      leafHash.copy(roots, depth * 32);
      // As many perfect subtrees end here as the size has trailing one bits.
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) hashPair(--depth * 32);
      depth += 1;
      size += 1;
    },
    root() {
      if (depth === 0) return emptyRoot;
      let root = Buffer.from(roots.subarray((depth - 1) * 32, depth * 32));
      for (let at = depth - 2; at >= 0; at--) root = hashNode(roots.subarray(at * 32, at * 32 + 32), root);
      return root;
    },
  };
}

// Hashes of one tree's level lie in pairs as [0x01 left right], so that a level is hashed in place.
const arenaLeaves = 1024;
const arena = Buffer.alloc((arenaLeaves / 2) * 65, 1);
const pairs = Array.from({ length: arenaLeaves / 2 }, (_, at) => arena.subarray(at * 65, at * 65 + 65));
const slotOf = (index) => (index >> 1) * 65 + 1 + (index & 1) * 32;

/** Root over leaves of which `leafHash(index)` gives the hash as a latin1 string. */
function rootOf(count, leafHash) {
  if (count === 0) return emptyRoot;
  if (count > arenaLeaves) {
    // The level of 1,024-leaf subtrees is a tree of the same shape.
    const subtrees = [];
    for (let from = 0; from < count; from += arenaLeaves) {
      subtrees.push(rootOf(Math.min(arenaLeaves, count - from), (index) => leafHash(from + index)).latin1Slice());
    }
    return rootOf(subtrees.length, (index) => subtrees[index]);
  }
  for (let index = 0; index < count; index++) arena.latin1Write(leafHash(index), slotOf(index));
  for (let width = count; width > 1;) {
    const whole = width >> 1;
    for (let pair = 0; pair < whole; pair++) arena.latin1Write(hash("sha256", pairs[pair], "latin1"), slotOf(pair));
    if (width & 1) arena.copyWithin(slotOf(whole), slotOf(width - 1), slotOf(width - 1) + 32);
    width = whole + (width & 1);
  }
  return Buffer.from(arena.subarray(1, 33));
}

/** Whether the path (lowest hash first) leads from a leaf hash at `index` to the root of `size` leaves (RFC 9162, 2.1.3.2). */
function holdsInclusion(leafHash, index, size, path, root) {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false;
  let [result, place, last] = [leafHash, index, size - 1];
  for (const sibling of path) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      result = hashNode(sibling, result);
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else {
      result = hashNode(result, sibling);
    }
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 && result.equals(root);
}

// ── Four hashes at once ─────────────────────────────────────────────────────────────────────────────────────────────────

// SHA-256 of four messages in the lanes of 128-bit vectors: WebAssembly, as server/core/ledger/sha256-lanes.ts of the product
// assembles it, packed (RFC 1951). A page of 50 records takes a hundred hashes of one or two blocks, where the call costs more than the hash.
const laneModule = [
  "7Zx7jBtHHcd37cs9/Ljzetdrr9de/8b2effay5FKRU0lBF1U0aqPI4aCqFJQq1IIIdGlyVFSCmpoE4ggUtOoSCkpqI9UCQmNgkrEo1VeVEmoItFKFEU0QCUqSAEBaStBIUvRzM+/jHWek/LvVnv/zO",
  "7P4/XHH83szH6ls3bHhrW6pml6Xr997H7609IpXVsypOvp9EgpNbz2rrVz6+9NaaOr7tiw6iNzX1qvaZkXtuv60e263rkv/PPpPS8NRwYbC7f87vuv3hcZLBO++afn/piODJYNf/6XI/u+EhksF767",
  "+2dbl0QGy4fbXv7OmXsjg42H+5996IIeGWwifPS7D/6Bv1pIXwN6pGkaMyAl2iKkRWvCkGgtMKAY5TU9lS4YRXNoyfCIVbLLbApMsBT1y7D/6FgmW3Gqbi4/PlGrew12OfYfqE/DFFyG1+HX4NcS1z",
  "Gwzvvzvvw9on8RLodpRX8T6wP9Ob8R5bnjkeElQ9nM2OjEeD7HDChyzoF6EUwwFXUTLM4/ULeEvwIrCX8FZgt/BVYW/gqsAiWwlf7KUFH6E/0V/kT/S/ZXWsSfvYi/8iL+OH9J8b1LYHPOgboNZSgr",
  "6mWocP6BekX4A+YIf8Cqwh8wV/gDVgMHqkp/LtSU/kR/hT/R/5L9OYv4qy7iz13EH+d3FN/bgSrnHKhXwQVXUXehxvkH6jXhbxmrC3/LmCf8LWMN4W8ZA6iDp/TXAFD6E/0V/kT/S/ZXX8Sft4i/xi",
  "L+OH9d8b3r4HHOgboHDWgo6g0Azj9QBxhjDDKsCVnWghxrQ55NwjjrwATzocACaEIr6rKlEIARHdBDLRrTtOiADh3woy5MRrO85YXJcDh6hjfVaL8erYDJMIvnJXHOO4cOVkZ6leiAzqagDVP8oA0M",
  "mlGXzcAMLI1m+TGwMMXfwUIPr8nCPJ6bdE0W2ljJyGvi9QLwoUjIQ4IQOlEX2tEsb3mhjchtQm4jclsitxG5vQC5hR/RggCYsLMUZqJZfgwBIgeEHCByIJEDRA4GkX3ogEnIo4IQJqMutKJZ3vJCC5",
  "FbhNxC5JZEbiFyawFyEz+iCT4EfZaDqAs+IvuE7COyL5F9RPYHkTswCRYh5wQhtKMuNKNZ3vJCE5GbhNxE5KZEbiJycwEyw49gONYuWubjroPIHULuIHJHIncQuTOIPAltKBFyQRDyMQ4smuUtLzBE",
  "ZoTMEJlJZIbIbAFyQGNPjLWLljti9Kdw9Hs0P/J4bsr5YWNlALkNLbAJ2RKEYn4EOE94IUDkgJADRA4kcoDIwQJkn8aeGGsXLU+K0Z/C0e/R/MjjuSnnh42VAeQWNKFMyBVBKOaHj/OEF3xE9gnZR2",
  "RfIvuI7C9A7tDYE2PtouW2GP0pHP0ezY88nptyfthYGUBuAoMKIdcEoZgfHZwn4q6HyB1C7iByRyJ3ELmzAHmSxh7dT9FyS4z+FI5+j+ZHHs9NOT9srAwgMwjAIWSIzX25Ssjt2NyXXUIOYnNfrhHy",
  "dGzuy3VCXhab+7JHyFfG5r7cIOTlsbkvAyF/ICb35UZo8Nca4QS+uxGaeJ6ndzfCTPSMHnXF3RCK4Qh/vRg62L8YFvF8nPoXwzT25xtx/iFG/6b8mpjc/AG9AHkB9ALSC5AXfssFE72Y5MVEL6b0Yp",
  "KXYs9LsX/nf21MVhgDvRjkxUAvhvRikBexNbHQi0VeLPRiSS8WeTF7Xsz+x4vrY7KMFdFLkbwU0UtReimSF754QAm9lMhLCb2UpJcSebF6Xqz+Z5ibYrJWmujFJC8mejGlF5O88BUKbPRikxcbvdjS",
  "i01eSj0vpf4HpRUxWZAt9GKRFwu9WNKLRV74Mghl9FImL2X0UpZeyuTF7nmx+5/GbonJql9CLyXyUkIvJemlRF7Ec0QFvVTISwW9VKSXCnkp97yU+x/5PhWTrYWNXmzyYqMXW3qxyQtfa8FBLw55cd",
  "CLI7045KXS81Lpf668LSb7lzJ6KZOXMnopSy9l8sLXWqiilyp5qaKXqvRSJS9Oz4vT//B6e0z2LxX0UiEvFfRSkV4q5IWvteCiF5e8uOjFlV5c8lLtean2PyF/Nib7Fwe9OOTFQS+O9OKQFxFg1dBL",
  "jbzU0EtNeqmRF7fnxe1/DF8Vk/1LFb1UyUsVvVSllyp54Wst1NFLnbzU0UtdeqmTl1rPS63/WX9NTPYvLnpxyYuLXlzpxSUvfK0FD7145MVDL5704pGXes9LvT9QWBeT/UsNvdTISw291KSXGnnhay",
  "000EuDvDTQS0N6aZAXr+fF608t5mOyf6mjlzp5qaOXuvRSJy8ibQb0AuQF0AtIL0BeGj0vjf5oZGNM9i8eevHIi4dePOnFIy98rQUDvRjkxUAvhvRikBfoeYH+/OWrSf6izF826UkAowxgNutJAqNM",
  "YLbqSQSjjGC26UkGo8xgtutJCKMMYR7RkxRGmcLs1JMYRhnDPKYnOYwyh3lcT4IYZRCzW0+SGGUSs1dPohhlFPNDPclilFnMQT0JY5RhzI/1JI1RpjE/1ZM4RhnHPK8neYwyjzma5DHqPOaFJI9R5z",
  "GnkjxGncecTvIYdR7zUpLHqPOYXyd5jDqPOZPkMeo85mySx6jzmNeSPEadx7ye5DHqPOZckseo85i/JXmMOo/5Z5LHqPOYt5M8Rp3H/DvJY9R5zIW47GPGgPGDMchAkx9kIAstfpCFHPB/y2Q5yMMk",
  "P8jDOHT4wThMgM8PJqAA/P8gWQH08Ki2mumQEm0K0qJNw5Boh0AL9S82tbyWhTHIKH+JIQs55S8xiP6KX2IQ/d+Dv6SyBIwoq2kwDEXRjoAp2lGwRJuHcaW/CSgo/Yn+Cn+i/3vWX6Hnr9DzV+j5K2",
  "Sz30zpWqhlN6V2vu9bH3742qvu/tV/jx56+tVDb6w8/smrzxvnb939wId2vPKZ2v6d+0bO6CsfLB7eckX7F1/LfWL+04fX/+9Hv9+0Z/jsrvnzu44d+8Ku179x3eF/nPjesYnTT+Tac9NvLN23ef6G",
  "sz84eNtvt75zz8e6H9y59sQVe0/56YMn77/1yFvZ105c9/CeV7p3vjj8+akpa0vmJ/5y5s5cWDt9s5lf/vFbNmTuei6z+p6ZXx7/+pbp9TueOHfkyRs/V9277ts3Hn+qu+akc27Hy+3hR3+z5f3jb6",
  "97fHXBPrbbGV1zlXfTl6/3Dz1/8Mpnc7Wrb9h3ZvajLz628q25mVV/f+Ch+bk7n95obTy1eTR1ctt/3j28/a9rVuz+11PvHH5z490n/g8=",
].join("");
// Memory from 256 on is ours: four messages of two blocks, a place for what nobody reads, then pairs of a tree's level, padded.
const messageAt = 256;
const mostInLane = 119;
const unreadAt = messageAt + 4 * 128;
const pairsAt = 1024;
// As many as 1,024 leaves have, and three for lanes that nobody reads.
const pairsInLanes = 515;
const pairBytes = 128;

/** Undefined where Node cannot run it, or it does not hash as Node's own SHA-256 does. */
function startLanes() {
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(inflateRawSync(Buffer.from(laneModule, "base64"))));
    const memory = Buffer.from(exports.memory.buffer);
    for (let pair = pairsAt; pair < pairsAt + pairsInLanes * pairBytes; pair += pairBytes) {
      memory[pair] = 1;
      memory[pair + 65] = 0x80;
      memory.writeUInt16BE(65 * 8, pair + 126);
    }
    const started = { memory, hashFour: exports.hashFour };
    for (let length = 0; length <= mostInLane; length++) {
      const messages = [0, 1, 2, 3].map((lane) => Buffer.alloc(length, length * 7 + lane * 31 + 1));
      const blocks = messages.map((message, lane) => padInLane(started, lane, message.copy(memory, messageAt + lane * 128)));
      const to = [0, 1, 2, 3].map((lane) => pairsAt + 1 + lane * pairBytes);
      started.hashFour(blocks[0], ...[0, 1, 2, 3].map((lane) => messageAt + lane * 128), ...to);
      if (!messages.every((message, lane) => hash("sha256", message, "latin1") === memory.latin1Slice(to[lane], to[lane] + 32))) return undefined;
    }
    return started;
  } catch {
    return undefined;
  }
}

/** Pads the message of a lane (FIPS 180-4, 5.1.1); its number of blocks. */
function padInLane({ memory }, lane, length) {
  const at = messageAt + lane * 128;
  const end = at + (length < 56 ? 64 : 128);
  memory[at + length] = 0x80;
  for (let place = at + length + 1; place < end - 2; place++) memory[place] = 0;
  memory[end - 2] = length >> 5;
  memory[end - 1] = (length & 31) << 3;
  return length < 56 ? 1 : 2;
}

let lanes = startLanes();
/** The bytes of the function, as the product's own file must make them. */
export const laneBytes = () => inflateRawSync(Buffer.from(laneModule, "base64"));
const slotInLanes = (index) => pairsAt + (index >> 1) * pairBytes + 1 + (index & 1) * 32;

/** Root over at most 1,024 leaves of which `write(index, bytes, at)` writes the message and gives where it ends. */
function rootInLanes(count, write) {
  const { memory, hashFour } = lanes;
  let blocks = 0;
  let held = 0;
  let first = 0;
  const to = (lane) => (lane < held ? slotInLanes(first + lane) : unreadAt);
  const flush = () => {
    // A lane that is not needed hashes what lies there, for nobody.
    if (held > 0) hashFour(blocks, messageAt, messageAt + 128, messageAt + 256, messageAt + 384, to(0), to(1), to(2), to(3));
    held = 0;
  };
  for (let index = 0; index < count; index++) {
    const at = messageAt + held * 128;
    const length = write(index, memory, at) - at;
    const own = padInLane(lanes, held, length);
    if (held > 0 && own !== blocks) {
      // Of another length: it begins the next four.
      const message = Buffer.from(memory.subarray(at, at + own * 64));
      flush();
      message.copy(memory, messageAt);
    }
    if (held === 0) [first, blocks] = [index, own];
    if (++held === 4) flush();
  }
  flush();
  for (let width = count; width > 1;) {
    const whole = width >> 1;
    for (let pair = 0; pair < whole; pair += 4) {
      const from = pairsAt + pair * pairBytes;
      const rest = whole - pair;
      const next = (lane) => (lane < rest ? slotInLanes(pair + lane) : unreadAt);
      hashFour(2, from, from + pairBytes, from + pairBytes * 2, from + pairBytes * 3, slotInLanes(pair), next(1), next(2), next(3));
    }
    if (width & 1) memory.copyWithin(slotInLanes(whole), slotInLanes(width - 1), slotInLanes(width - 1) + 32);
    width = whole + (width & 1);
  }
  return Buffer.from(memory.subarray(pairsAt + 1, pairsAt + 33));
}

// ── Entries: whose data an event shows ──────────────────────────────────────────────────────────────────────────────────

// One packed part is read at a time: these bytes, from here on.
let packed = Buffer.alloc(0);
let place = 0;
function open(bytes) {
  packed = bytes;
  place = 0;
  if (readByte() !== 1) throw new Error("a packed part is of an unknown form");
}
function readByte() {
  if (place >= packed.length) throw new Error("a packed part ends too early");
  return packed[place++];
}
/** An unsigned LEB128 number below 2^53. */
function readNumber() {
  let value = 0;
  for (let scale = 1; scale <= 2 ** 49; scale *= 0x80) {
    const next = readByte();
    value += (next & 0x7f) * scale;
    if (next < 0x80 && value <= Number.MAX_SAFE_INTEGER) return value;
  }
  throw new Error("a packed part holds a number out of range");
}

const kindNames = { 1: "customer", 2: "company", 3: "account" };
const mostNo = 2 ** 40;

/** Groups of records with the same fields: [{ kind, fields (bytes as they are hashed), numbers }]. */
function readEntries(bytes) {
  open(bytes);
  const groups = [];
  while (place < packed.length) {
    const kind = readByte();
    const fieldCount = readNumber();
    const from = place;
    for (let rest = fieldCount; rest > 0; rest--) readNumber();
    const fields = packed.subarray(from, place);
    const numbers = [];
    let last = 0;
    for (let rest = readNumber(); rest > 0; rest--) numbers.push((last += readNumber()));
    groups.push({ kind, fields, numbers });
  }
  return groups;
}

// The ChaCha20 keystream (RFC 8439, 2.3): nonce 0, a counter of blocks from 0, the key is the seed and then "kuraban salts v1".
const [c0, c1, c2, c3] = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];
const saltLabel = Buffer.from("kuraban salts v1", "latin1");
const [k4, k5, k6, k7] = [0, 4, 8, 12].map((at) => saltLabel.readInt32LE(at));
/** The four salts of a block, four words each, little-endian. */
const saltWords = new Int32Array(16);

/** The salts of one block into `saltWords`. Ten double rounds, written out: a page of 50 records takes 13 blocks. */
function makeSalts(seed, block) {
  const [k0, k1, k2, k3] = [seed.readInt32LE(0), seed.readInt32LE(4), seed.readInt32LE(8), seed.readInt32LE(12)];
  let [x0, x1, x2, x3, x4, x5, x6, x7] = [c0, c1, c2, c3, k0, k1, k2, k3];
  let [x8, x9, x10, x11, x12, x13, x14, x15] = [k4, k5, k6, k7, block, 0, 0, 0];
  for (let round = 0; round < 10; round++) {
    ((x0 = (x0 + x4) | 0), (x12 ^= x0), (x12 = (x12 << 16) | (x12 >>> 16)), (x8 = (x8 + x12) | 0), (x4 ^= x8), (x4 = (x4 << 12) | (x4 >>> 20)));
    ((x0 = (x0 + x4) | 0), (x12 ^= x0), (x12 = (x12 << 8) | (x12 >>> 24)), (x8 = (x8 + x12) | 0), (x4 ^= x8), (x4 = (x4 << 7) | (x4 >>> 25)));
    ((x1 = (x1 + x5) | 0), (x13 ^= x1), (x13 = (x13 << 16) | (x13 >>> 16)), (x9 = (x9 + x13) | 0), (x5 ^= x9), (x5 = (x5 << 12) | (x5 >>> 20)));
    ((x1 = (x1 + x5) | 0), (x13 ^= x1), (x13 = (x13 << 8) | (x13 >>> 24)), (x9 = (x9 + x13) | 0), (x5 ^= x9), (x5 = (x5 << 7) | (x5 >>> 25)));
    ((x2 = (x2 + x6) | 0), (x14 ^= x2), (x14 = (x14 << 16) | (x14 >>> 16)), (x10 = (x10 + x14) | 0), (x6 ^= x10), (x6 = (x6 << 12) | (x6 >>> 20)));
    ((x2 = (x2 + x6) | 0), (x14 ^= x2), (x14 = (x14 << 8) | (x14 >>> 24)), (x10 = (x10 + x14) | 0), (x6 ^= x10), (x6 = (x6 << 7) | (x6 >>> 25)));
    ((x3 = (x3 + x7) | 0), (x15 ^= x3), (x15 = (x15 << 16) | (x15 >>> 16)), (x11 = (x11 + x15) | 0), (x7 ^= x11), (x7 = (x7 << 12) | (x7 >>> 20)));
    ((x3 = (x3 + x7) | 0), (x15 ^= x3), (x15 = (x15 << 8) | (x15 >>> 24)), (x11 = (x11 + x15) | 0), (x7 ^= x11), (x7 = (x7 << 7) | (x7 >>> 25)));
    ((x0 = (x0 + x5) | 0), (x15 ^= x0), (x15 = (x15 << 16) | (x15 >>> 16)), (x10 = (x10 + x15) | 0), (x5 ^= x10), (x5 = (x5 << 12) | (x5 >>> 20)));
    ((x0 = (x0 + x5) | 0), (x15 ^= x0), (x15 = (x15 << 8) | (x15 >>> 24)), (x10 = (x10 + x15) | 0), (x5 ^= x10), (x5 = (x5 << 7) | (x5 >>> 25)));
    ((x1 = (x1 + x6) | 0), (x12 ^= x1), (x12 = (x12 << 16) | (x12 >>> 16)), (x11 = (x11 + x12) | 0), (x6 ^= x11), (x6 = (x6 << 12) | (x6 >>> 20)));
    ((x1 = (x1 + x6) | 0), (x12 ^= x1), (x12 = (x12 << 8) | (x12 >>> 24)), (x11 = (x11 + x12) | 0), (x6 ^= x11), (x6 = (x6 << 7) | (x6 >>> 25)));
    ((x2 = (x2 + x7) | 0), (x13 ^= x2), (x13 = (x13 << 16) | (x13 >>> 16)), (x8 = (x8 + x13) | 0), (x7 ^= x8), (x7 = (x7 << 12) | (x7 >>> 20)));
    ((x2 = (x2 + x7) | 0), (x13 ^= x2), (x13 = (x13 << 8) | (x13 >>> 24)), (x8 = (x8 + x13) | 0), (x7 ^= x8), (x7 = (x7 << 7) | (x7 >>> 25)));
    ((x3 = (x3 + x4) | 0), (x14 ^= x3), (x14 = (x14 << 16) | (x14 >>> 16)), (x9 = (x9 + x14) | 0), (x4 ^= x9), (x4 = (x4 << 12) | (x4 >>> 20)));
    ((x3 = (x3 + x4) | 0), (x14 ^= x3), (x14 = (x14 << 8) | (x14 >>> 24)), (x9 = (x9 + x14) | 0), (x4 ^= x9), (x4 = (x4 << 7) | (x4 >>> 25)));
  }
  const words = saltWords;
  ((words[0] = x0 + c0), (words[1] = x1 + c1), (words[2] = x2 + c2), (words[3] = x3 + c3));
  ((words[4] = x4 + k0), (words[5] = x5 + k1), (words[6] = x6 + k2), (words[7] = x7 + k3));
  ((words[8] = x8 + k4), (words[9] = x9 + k5), (words[10] = x10 + k6), (words[11] = x11 + k7));
  ((words[12] = x12 + block), (words[13] = x13), (words[14] = x14), (words[15] = x15));
}

/** One salt of the block, 16 bytes, behind `bytes[at]`. */
function writeSalt(index, bytes, at) {
  for (let word = index * 4, to = at + 1; word < index * 4 + 4; word++, to += 4) {
    const value = saltWords[word];
    ((bytes[to] = value), (bytes[to + 1] = value >>> 8), (bytes[to + 2] = value >>> 16), (bytes[to + 3] = value >>> 24));
  }
}

const entryBytes = Buffer.alloc(1 + 16 + 1 + 8 + 2 * 8192);
const entryViews = Array.from({ length: 256 }, (_, length) => entryBytes.subarray(0, length));

/** Writes kind ‖ number ‖ fields; where they end. */
function writeEntry(bytes, at, kind, no, fields) {
  let end = at;
  bytes[end++] = kind;
  for (; no >= 0x80; no = Math.floor(no / 0x80)) bytes[end++] = (no % 0x80) | 0x80;
  bytes[end++] = no;
  for (let field = 0; field < fields.length; field++) bytes[end++] = fields[field];
  return end;
}

/** SHA-256(0x00 ‖ salt ‖ kind ‖ number ‖ fields) as a latin1 string; the salt stands in entryBytes already. */
function hashEntry(kind, no, fields) {
  const end = writeEntry(entryBytes, 17, kind, no, fields);
  return hash("sha256", end < 256 ? entryViews[end] : entryBytes.subarray(0, end), "latin1");
}

// Of the event at hand: kind and number of each record, and its group. Most events are small, and there are many.
let keyRoom = new Float64Array(1024);
let groupRoom = new Uint32Array(1024);

/** Number of records and root over their salted entries, ordered by kind and number. `isPlain`: by Node's own SHA-256 alone. */
export function rootOfEntries(bytes, seed, isPlain = false) {
  if (seed.length !== 16) throw new Error("a salt has 16 bytes");
  const groups = readEntries(bytes);
  const count = groups.reduce((sum, { numbers }) => sum + numbers.length, 0);
  if (count > keyRoom.length) [keyRoom, groupRoom] = [new Float64Array(count * 2), new Uint32Array(count * 2)];
  const [keys, groupOf] = [keyRoom, groupRoom];
  let isOrdered = true;
  let known = 0;
  for (let group = 0; group < groups.length; group++) {
    const { kind, numbers } = groups[group];
    for (let at = 0; at < numbers.length; at++) {
      const key = kind * mostNo + numbers[at];
      if (known > 0 && key <= keys[known - 1]) isOrdered = false;
      keys[known] = key;
      groupOf[known++] = group;
    }
  }
  const order = isOrdered ? undefined : Array.from({ length: count }, (_, index) => index).sort((a, b) => keys[a] - keys[b]);
  /** The entry at a place of the order, its salt written behind `bytes[to]`. Places are asked for in their order. */
  const take = (at, bytes, to) => {
    const index = order === undefined ? at : order[at];
    if (order !== undefined && at > 0 && keys[index] === keys[order[at - 1]]) throw new Error("entries name a record twice");
    if (at % 4 === 0) makeSalts(seed, at / 4);
    writeSalt(at % 4, bytes, to);
    return index;
  };
  const kindOf = (index) => groups[groupOf[index]].kind;
  const fieldsOf = (index) => groups[groupOf[index]].fields;
  const numberOf = (index) => keys[index] - kindOf(index) * mostNo;
  // 17 bytes before them, and at most 7 of a kind and a number.
  if (!isPlain && lanes !== undefined && count > 2 && groups.every(({ fields }) => fields.length + 24 <= mostInLane)) {
    const write = (at, bytes, to) => {
      const index = take(at, bytes, to);
      bytes[to] = 0;
      return writeEntry(bytes, to + 17, kindOf(index), numberOf(index), fieldsOf(index));
    };
    if (count <= arenaLeaves) return { count: count, root: rootInLanes(count, write) };
    const subtrees = [];
    for (let from = 0; from < count; from += arenaLeaves) {
      const part = rootInLanes(Math.min(arenaLeaves, count - from), (at, bytes, to) => write(from + at, bytes, to));
      subtrees.push(part.latin1Slice());
    }
    return { count: count, root: rootOf(subtrees.length, (index) => subtrees[index]) };
  }
  const root = rootOf(count, (at) => {
    const index = take(at, entryBytes, 0);
    return hashEntry(kindOf(index), numberOf(index), fieldsOf(index));
  });
  return { count: count, root };
}

/** Numbers of the rows of a kind that an event wrote. */
function writtenNumbers(bytes, kind) {
  open(bytes);
  const found = [];
  while (place < packed.length) {
    const groupKind = readByte();
    let last = 0;
    for (let rest = readNumber(); rest > 0; rest--) {
      const step = readNumber();
      last += Math.floor(step / 2);
      if (step % 2 === 0) place += 32;
      if (groupKind === kind) found.push(last);
    }
  }
  return found;
}

// ── Signatures and signed notes ─────────────────────────────────────────────────────────────────────────────────────────

const rawKey = (bytes) => createPublicKey({ key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), bytes]), format: "der", type: "spki" });
const isSigned = (key, message, signature) => signature.length === 64 && verifySignature(null, message, key, signature);
const noteKeyId = (name, typed) => sha256(Buffer.concat([Buffer.from(`${name}\n`), typed])).subarray(0, 4);

/** name+hash+base64(type ‖ key): type 1 signs checkpoints, type 4 cosigns them (C2SP signed-note, tlog-cosignature). */
export function readVerifierKey(text) {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim()) ?? [];
  const typed = Buffer.from(encoded ?? "", "base64");
  if (typed.length !== 33 || (typed[0] !== 1 && typed[0] !== 4)) throw new Error(`not an Ed25519 verifier key: ${text}`);
  if (noteKeyId(name, typed).toString("hex") !== id) throw new Error(`the verifier key does not fit its hash: ${text}`);
  return { name, type: typed[0], raw: typed.subarray(1), key: rawKey(typed.subarray(1)) };
}

/** A signed note: its text, and its signature lines. */
function readNote(note) {
  const split = note.lastIndexOf("\n\n");
  if (split < 0 || !note.endsWith("\n")) throw new Error("not a signed note");
  const signatures = note
    .slice(split + 2, -1)
    .split("\n")
    .map((line) => /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line))
    .filter((line) => line !== null)
    .map(([, name, encoded]) => ({ name, bytes: Buffer.from(encoded, "base64") }));
  const text = note.slice(0, split + 1);
  const [origin, size, root] = text.split("\n");
  return { text, signatures, origin, size: Number(size), root: Buffer.from(root ?? "", "base64") };
}

/** Whether a key of this name signed the note; of a witness, when: seconds since 1970. */
function noteSignedBy(note, { name, type, raw, key }) {
  const id = noteKeyId(name, Buffer.concat([Buffer.of(type), raw]));
  for (const { name: signer, bytes } of note.signatures) {
    if (signer !== name || !bytes.subarray(0, 4).equals(id)) continue;
    if (type === 1 && isSigned(key, Buffer.from(note.text), bytes.subarray(4))) return true;
    if (type === 4 && bytes.length === 76) {
      const seconds = Number(bytes.readBigUInt64BE(4));
      if (isSigned(key, Buffer.from(`cosignature/v1\ntime ${seconds}\n${note.text}`), bytes.subarray(12))) return seconds;
    }
  }
  return false;
}

const uuidBytes = (text) => (text === null ? Buffer.alloc(16) : Buffer.from(text.replaceAll("-", ""), "hex"));

function batchMessage({ batchNo, previous, nodeId, at, leafHashes }) {
  const node = Buffer.from(nodeId);
  const numbers = Buffer.alloc(10);
  numbers.writeBigUInt64BE(BigInt(at));
  numbers.writeUInt16BE(node.length, 8);
  return Buffer.concat([Buffer.from("kuraban ledger batch v1\n"), uuidBytes(batchNo), uuidBytes(previous), numbers, node, leafHashes]);
}

// ── The export ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const clockStepMs = 10_000;
const waitingMs = 60_000;
const mostFindings = 1_000;

/**
 * Verifies an export.
 * `keys`: verifier keys of the ledger. `witnesses`: verifier keys of witnesses. `notes`: texts of checkpoints that others kept.
 * `onEvent(header, entries, writes, sequence)` is told of every event that holds.
 * Gives { ok, findings: [{ sequence, what }], remarks, events, from, to, treeSize, root, origin, notes: [{ size, holds }] }.
 */
export async function verifyExport(chunks, { keys, witnesses = [], notes = [], onEvent = () => undefined }) {
  const findings = [];
  const remarks = [];
  /** `since`: where the fault may begin, when all that is known is that it lies before `sequence`. */
  const find = (what, sequence = null, since = undefined) =>
    void (findings.length < mostFindings && findings.push({ sequence, ...(since === undefined ? {} : { since }), what }));
  const remark = (what, sequence = null) => void (remarks.length < mostFindings && remarks.push({ sequence, what }));

  let form;
  let tree;
  let from = 0;
  const epochs = new Map();
  const nodeKeys = new Map();
  /** Batches of which events are still to come, by their number within this file. */
  const openBatches = new Map();
  /** Of each run of batches: which of its batches were met, and which are named as the one before. The first ones by themselves. */
  const runs = new Map();
  const firsts = new Set();
  const awaited = new Map();
  const lastTimes = new Map();
  /** Roots that somebody signed, by size. */
  const expected = notes.map((note) => readKept(note, keys, witnesses, find)).filter((note) => note !== undefined);
  let lastSigned = -1;
  const cosigned = new Map();
  const stamps = [];
  let lastNote;
  let checkpointRoot;
  let checkpointOrigin;
  let roundNo;
  let roundEnd;
  let events = 0;
  let statedLeaf;
  let hasEnded = false;
  let isOver = false;
  /** Behind the last checkpoint, among the events that the tree does not hold (yet). */
  let isTail = false;
  let firstAt;
  let lastAt;

  /** Compares the tree at its present size with whatever was signed of that size. */
  const compareRoots = () => {
    while (expected.length > 0 && expected[0].size <= tree.size) {
      const { size, root, what, onFit } = expected.shift();
      if (size < from) remark("a kept checkpoint lies before this export", size);
      else if (size < tree.size || !root.equals(tree.root())) find(what, Math.max(0, size - 1));
      else onFit?.();
    }
  };
  const grow = (leafHash) => {
    tree.append(leafHash);
    if (expected.length > 0 && expected[0].size <= tree.size) compareRoots();
  };

  const takeBatch = ([, ordinal, batchNo, previous, nodeId, at, leafText, signatureText]) => {
    const place = isTail ? null : tree.size;
    const leafHashes = Buffer.from(leafText, "base64");
    const message = batchMessage({ batchNo, previous, nodeId, at, leafHashes });
    const signature = Buffer.from(signatureText, "base64");
    if (!(nodeKeys.get(nodeId) ?? []).some((key) => isSigned(key, message, signature))) find("batch is not signed by a key of its node", place);
    openBatches.set(ordinal, { batchNo, leafHashes, met: 0, seen: new Uint8Array(leafHashes.length / 32), place });
    const { run, count } = placeInRun(batchNo);
    if (count === 1) {
      if (firsts.has(run)) find("batch stands twice", place);
      firsts.add(run);
    } else {
      const met = runs.get(run) ?? { counts: new Set(), lowest: count };
      if (met.counts.has(count)) find("batch stands twice", place);
      met.counts.add(count);
      met.lowest = Math.min(met.lowest, count);
      // A batch names one of the few before it: what lies far behind is not asked for again.
      if (met.counts.size > 100_000) for (const old of met.counts) if (old < count - 50_000) met.counts.delete(old);
      runs.set(run, met);
    }
    awaited.delete(batchNo);
    if (previous === null) return;
    const before = placeInRun(previous);
    const isMet = before.count === 1 ? firsts.has(before.run) : runs.get(before.run)?.counts.has(before.count) === true;
    if (!isMet) awaited.set(previous, place);
    if (at < (lastTimes.get(nodeId) ?? at) - clockStepMs) remark("clock of the node went back", place);
    lastTimes.set(nodeId, at);
  };

  /** What is wrong with an event in itself and with its batch; the leaf hash that its batch signed, or its own. */
  const checkEvent = (line, headerBytes, place) => {
    const ordinal = line[1];
    const index = line[2];
    const salt = line[3];
    const entries = line[4];
    const writes = line[5];
    const sealed = line[6];
    const header = line[7];
    let leaf = hashLeafFast(headerBytes);
    const batch = openBatches.get(ordinal);
    const before = findings.length;
    if (batch === undefined) {
      find("event belongs to no batch", place);
    } else {
      const signed = batch.leafHashes.subarray(index * 32, index * 32 + 32);
      if (!signed.equals(leaf)) {
        find("header was changed", place);
        if (signed.length === 32) leaf = Buffer.from(signed);
      }
      if (batch.seen[index] === 1) find("event stands twice", place);
      else if (index < batch.seen.length) {
        batch.seen[index] = 1;
        if (++batch.met === batch.seen.length) openBatches.delete(ordinal);
      }
    }
    if (header.v !== 1 || typeof header.at !== "string") find("header cannot be read", place);
    const entryBytes = entries === null ? null : Buffer.from(entries, "base64");
    const writeBytes = writes === null ? null : Buffer.from(writes, "base64");
    if (form.entries || entries !== null) if (!holdsEntries(header.entries, entryBytes, salt)) find("entries were changed", place);
    if (!holdsHash(header.writes, writeBytes)) find("writes were changed", place);
    if (!holdsHash(header.sealed, sealed === null ? null : Buffer.from(sealed, "base64"))) find("sealed parts were changed", place);
    if (findings.length === before) {
      if (firstAt === undefined || header.at < firstAt) firstAt = header.at;
      if (lastAt === undefined || header.at > lastAt) lastAt = header.at;
      onEvent(header, entryBytes, writeBytes, place);
    }
    return leaf;
  };

  const take = {
    epoch([, document, signature]) {
      const stated = JSON.parse(document);
      const raw = Buffer.from(stated.publicKey, "base64url");
      if (stated.v !== 1 || raw.length !== 32 || !isSigned(rawKey(raw), Buffer.from(`kuraban ledger epoch v1\n${document}`), Buffer.from(signature, "base64")))
        return find(`epoch ${Number(stated.epoch)} is not as it was signed`);
      if (!keys.some((key) => key.type === 1 && key.raw.equals(raw))) return find(`the key of epoch ${stated.epoch} is not trusted`);
      epochs.set(stated.epoch, { ...stated, vkey: { name: stated.origin, type: 1, raw, key: rawKey(raw) } });
      const { previous } = stated;
      if (previous === undefined) return;
      expected.push({ size: previous.treeSize, root: Buffer.from(previous.rootHash, "base64url"), what: "an epoch begins on another tree" });
    },
    "node-key"([, document, signature, stored]) {
      const stated = JSON.parse(document);
      const epoch = epochs.get(stated.epoch);
      if (epoch === undefined) return;
      const raw = Buffer.from(stated.publicKey, "base64url");
      const isVouchedFor = isSigned(epoch.vkey.key, Buffer.from(`kuraban ledger node key v1\n${document}`), Buffer.from(signature, "base64"));
      if (!isVouchedFor || raw.toString("base64") !== stored) return find("the key of a node is not vouched for");
      nodeKeys.set(stated.nodeId, [...(nodeKeys.get(stated.nodeId) ?? []), rawKey(raw)]);
    },
    start([, sequence, roots]) {
      from = sequence;
      tree = createTree(sequence, Buffer.from(roots, "base64"));
      leaveBehind(expected, epochs, find);
      expected.sort((a, b) => a.size - b.size);
      compareRoots();
    },
    round([, no, first, count]) {
      endRound();
      if (roundNo !== undefined ? no !== roundNo + 1 : from === 0 && no !== 1) find("a round is missing", tree.size);
      if (first !== tree.size) find("a round does not continue the one before", tree.size);
      roundNo = no;
      roundEnd = tree.size + count;
    },
    batch: takeBatch,
    "other-leaf"([, leaf]) {
      find("event is not what the tree holds here", tree.size);
      statedLeaf = Buffer.from(leaf, "base64");
    },
    missing([, leaf]) {
      find("event is missing", tree.size);
      grow(Buffer.from(leaf, "base64"));
    },
    event(line, headerBytes) {
      const leaf = checkEvent(line, headerBytes, tree.size);
      events += 1;
      grow(statedLeaf ?? leaf);
      statedLeaf = undefined;
    },
    "not-in-tree"() {
      endRound();
      isTail = true;
    },
    waiting(line, headerBytes) {
      checkEvent(line, headerBytes, null);
      events += 1;
      if (Date.parse(form.at) - Date.parse(line[7].at) > waitingMs) find("event never came into the tree");
    },
    checkpoint([, epochNo, size, root, text]) {
      endRound();
      const epoch = epochs.get(epochNo);
      const rootHash = Buffer.from(root, "base64");
      if (epoch !== undefined) {
        const note = safely(() => readNote(text));
        lastNote = note;
        const isAsSigned = note?.text === `${epoch.origin}\n${size}\n${root}\n` && noteSignedBy(note, epoch.vkey) === true;
        if (!isAsSigned) find("checkpoint is not signed by the key of its epoch", Math.max(0, size - 1));
        else if (size <= tree.size)
          for (const witness of witnesses) if (witness.type === 4 && noteSignedBy(note, witness) !== false) cosigned.set(witness.name, size);
        checkpointOrigin = epoch.origin;
      }
      if (size < tree.size) find("checkpoint lies inside a round", Math.max(0, size - 1));
      else if (size > tree.size) find("events below a checkpoint are missing", tree.size);
      else if (!rootHash.equals(tree.root())) find("checkpoint signs another tree", Math.max(0, size - 1), Math.max(from, lastSigned));
      if (size === tree.size && epoch !== undefined) [lastSigned, checkpointRoot] = [size, rootHash];
    },
    /** RFC 3161: that it is about this checkpoint; who signed it is for `openssl ts -verify` to say. */
    "time-stamp"([, , size, text]) {
      const token = Buffer.from(text, "base64");
      const own = lastNote?.signatures.find(({ name }) => name === lastNote.origin);
      const stamped = own === undefined ? undefined : `${lastNote.text}\n— ${own.name} ${own.bytes.toString("base64")}\n`;
      if (stamped === undefined || lastNote.size !== size || !token.includes(sha256(Buffer.from(stamped))))
        return find("a time stamp is not about its checkpoint", Math.max(0, size - 1));
      stamps.push({ size, at: /[^0-9](20\d{12})(?:\.\d+)?Z/.exec(token.latin1Slice())?.[1] ?? null });
    },
    end([, size, count]) {
      endRound();
      hasEnded = true;
      if (size !== tree.size || count !== events) find("the export lacks events that it says it holds", tree.size);
    },
  };
  const endRound = () => {
    if (roundEnd !== undefined && roundEnd !== tree.size) find("a round holds another number of events than it says", tree.size);
    roundEnd = undefined;
  };

  // Lines are JSON arrays; the header of an event stands last and is hashed as it stands.
  let lineNo = 0;
  const fileHash = createHash("sha256");
  const takeLine = (bytes, start, end) => {
    lineNo += 1;
    const line = JSON.parse(bytes.utf8Slice(start, end));
    const tag = line[0];
    if (form === undefined) {
      if (tag !== "kuraban-ledger-export" || line[1] !== 1) throw new Error("not an export of a ledger");
      form = line[2];
      return;
    }
    if (hasEnded) return find("something stands behind the end of the export");
    if (tag === "event" || tag === "waiting") {
      // Before the header stand numbers and base64 alone.
      const headerStart = bytes.indexOf(0x7b, start);
      take[tag](line, bytes.subarray(headerStart, end - 1));
    } else if (tag === "end") {
      const stated = line[3];
      take.end(line);
      if (fileHash.digest("base64") !== stated) find("the file is not as it was written");
    } else if (Object.hasOwn(take, tag)) {
      take[tag](line);
    }
    if (tag !== "end" && tree === undefined && tag !== "epoch" && tag !== "node-key") throw new Error("a line stands before its time");
  };

  /** Takes whole lines; gives where the last of them ends. */
  const takeLines = (bytes, from) => {
    let start = from;
    let hashedTo = from;
    for (let end; (end = bytes.indexOf(0x0a, start)) >= 0; start = end + 1) {
      // The end line states the hash of all bytes before it.
      if (bytes[start + 2] === 0x65 && bytes[start + 3] === 0x6e) {
        fileHash.update(bytes.subarray(hashedTo, start));
        hashedTo = end + 1;
      }
      takeLine(bytes, start, end);
    }
    if (start > hashedTo && !hasEnded) fileHash.update(bytes.subarray(hashedTo, start));
    return start;
  };

  let rest = Buffer.alloc(0);
  try {
    for await (const chunk of chunks) {
      const first = rest.length === 0 ? -1 : chunk.indexOf(0x0a);
      if (rest.length > 0 && first < 0) {
        rest = Buffer.concat([rest, chunk]);
        continue;
      }
      // The line that lies across two chunks, then the lines of this one.
      if (rest.length > 0) takeLines(Buffer.concat([rest, chunk.subarray(0, first + 1)]), 0);
      const end = takeLines(chunk, first + 1);
      rest = Buffer.from(chunk.subarray(end));
    }
    if (rest.length > 0) find("the export ends in the middle of a line", tree?.size ?? null);
  } catch (error) {
    if (form === undefined) throw error;
    find(`line ${lineNo} cannot be read`, tree?.size ?? null);
    isOver = true;
  }
  if (form === undefined) throw new Error("not an export of a ledger");
  if (!isOver) {
    if (!hasEnded) find("the export ends too early", tree?.size ?? null);
    if (epochs.size === 0) find("there is no epoch");
    const size = tree?.size ?? 0;
    if (lastSigned !== size) find("the last events are under no checkpoint", Math.max(0, size - 1), Math.max(from, lastSigned));
    for (const { size: kept, what, tooShort } of expected) find(tooShort ?? what, Math.max(0, Math.min(kept, size)));
    for (const { place, batchNo } of openBatches.values()) if (form.whole) (find(`batch lacks events that it signed`, place), awaited.delete(batchNo));
    for (const [batchNo, place] of awaited) {
      const { run, count } = placeInRun(batchNo);
      if (form.whole || count > (runs.get(run)?.lowest ?? Infinity)) find("the batch before this event's is missing", place);
    }
    for (const witness of witnesses) if (witness.type === 4 && !cosigned.has(witness.name) && notes.length === 0) remark(`no cosignature of ${witness.name}`);
  }
  findings.sort((a, b) => (a.sequence ?? Infinity) - (b.sequence ?? Infinity));
  return {
    ok: findings.length === 0,
    findings,
    remarks,
    events,
    from,
    to: tree?.size ?? 0,
    treeSize: tree?.size ?? 0,
    root: checkpointRoot?.toString("base64") ?? null,
    origin: checkpointOrigin ?? null,
    exportedAt: form.at ?? null,
    firstAt: firstAt ?? null,
    lastAt: lastAt ?? null,
    isWhole: form.whole === true,
    hasEntries: form.entries === true,
    cosigned: Object.fromEntries(cosigned),
    stamps,
    keptCheckpoints: notes.length,
  };
}

/** A checkpoint that somebody kept: believed when a key of the ledger or of a witness signed it. */
function readKept(text, keys, witnesses, find) {
  const note = safely(() => readNote(text));
  const isBelieved = note !== undefined && [...keys, ...witnesses].some((key) => noteSignedBy(note, key) !== false);
  if (!isBelieved) return void find("a kept checkpoint is signed by no key that was given");
  return {
    size: note.size,
    origin: note.origin,
    root: note.root,
    what: "a kept checkpoint lies on another tree: the ledger was forked or rewritten",
    tooShort: "a kept checkpoint saw more events than there are: the tail was cut off or the ledger rolled back",
  };
}

/** A restore begins an epoch on the tree of its backup: what witnesses saw beyond it was left behind. */
function leaveBehind(expected, epochs, find) {
  for (const { previous } of epochs.values()) {
    if (previous === undefined) continue;
    for (const kept of expected.filter(
      (each) => each.origin !== undefined && each.origin === epochs.get(previous.epoch)?.origin && each.size > previous.treeSize,
    )) {
      find("a kept checkpoint saw events that a restore left behind", previous.treeSize);
      expected.splice(expected.indexOf(kept), 1);
    }
  }
}

/** A batch number is a UUID of version 8: 10 bytes name the run, 6 bytes count within it. */
function placeInRun(batchNo) {
  return { run: batchNo.slice(0, 23), count: Number.parseInt(batchNo.slice(24), 16) };
}

const headerInput = Buffer.alloc(256 * 1024);
const leafBuffer = Buffer.alloc(32);

/** SHA-256(0x00 ‖ header); valid until the next call. */
function hashLeafFast(header) {
  if (header.length >= headerInput.length) return hashLeaf(header);
  header.copy(headerInput, 1);
  leafBuffer.latin1Write(hash("sha256", headerInput.subarray(0, header.length + 1), "latin1"), 0);
  return leafBuffer;
}

function holdsEntries(stated, bytes, salt) {
  if (bytes === null || salt === null) return bytes === salt && stated === undefined;
  if (stated === undefined) return false;
  try {
    const { count, root } = rootOfEntries(bytes, Buffer.from(salt, "base64"));
    return count === stated.count && root.base64urlSlice() === stated.root;
  } catch {
    return false;
  }
}

function holdsHash(stated, bytes) {
  return bytes === null ? stated === undefined : hash("sha256", bytes, "base64url") === stated;
}

function safely(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}

// ── Statements: who saw somebody; that somebody was not seen ────────────────────────────────────────────────────────────

/** A statement as it was signed. Throws when it is none. */
function readStatement(text) {
  const file = JSON.parse(text);
  const document = JSON.parse(file.document);
  if (file["kuraban-statement"] !== 1 || document.v !== 1 || !["seen", "not-seen"].includes(document.kind)) throw new Error("not a statement");
  const people = new Map((file.people ?? []).map(({ no, salt }) => [hashPerson(no, salt), no]));
  return { file, document, people };
}

/** SHA-256("customer" ‖ number, decimal ‖ "\n" ‖ salt) as base64url. */
const hashPerson = (no, salt) => hash("sha256", Buffer.concat([Buffer.from(`customer ${no}\n`), Buffer.from(salt, "base64url")]), "base64url");

const isWithin = (at, { from, to }) => Date.parse(at) >= Date.parse(from) && Date.parse(at) < Date.parse(to);

/** Who an event speaks for: an account, or the house on its behalf. */
const isActOf = (header, accountNo) => header.accountNo === accountNo || (header.principal === "system" && header.facts?.accountNo === accountNo);

/** Customers whom an event names, with or without values. */
export function customersOf(entries, writes) {
  const found = entries === null ? [] : readEntries(entries).flatMap((group) => (kindNames[group.kind] === "customer" ? group.numbers : []));
  return writes === null ? found : [...found, ...writtenNumbers(writes, 1)];
}

/** What a statement proves by itself: its signature, its checkpoint, and each event that it shows. */
export function verifyStatement(text, { keys }) {
  const findings = [];
  const find = (what, sequence = null) => void findings.push({ sequence, what });
  const { file, document, people } = readStatement(text);
  const signature = Buffer.from(file.signature, "base64");
  const message = Buffer.from(`kuraban ledger statement v1\n${file.document}`);
  const signer = keys.find((key) => key.type === 1 && isSigned(key.key, message, signature));
  if (signer === undefined) find("the statement is signed by no key that was given");
  const note = readNote(document.checkpoint);
  if (!keys.some((key) => noteSignedBy(note, key) === true)) find("the checkpoint of the statement is signed by no key that was given");
  for (const event of document.events ?? []) {
    const header = JSON.parse(event.header);
    const path = event.path.map((each) => Buffer.from(each, "base64"));
    if (!holdsInclusion(hashLeaf(Buffer.from(event.header)), event.sequence, note.size, path, note.root))
      find("the event does not stand in the tree", event.sequence);
    if (!isWithin(header.at, document)) find("the event lies outside the time that the statement speaks of", event.sequence);
    if (!event.entries.every((entry) => holdsEntry(entry, header.entries, document.customers))) find("the event does not name the person", event.sequence);
  }
  for (const hashed of people.keys()) if (!(document.people ?? []).includes(hashed)) find("a person is named of whom the statement does not speak");
  return { ok: findings.length === 0, findings, document, people: [...people.values()], treeSize: note.size };
}

function holdsEntry({ kind, no, fields, salt, index, count, path }, stated, customers) {
  if (stated?.count !== count || kind !== "customer" || !customers.includes(no)) return false;
  const codes = [];
  for (const [fieldNo, level] of fields)
    for (let rest = fieldNo * 2 + level - 1, isMore = true; isMore; rest = rest >> 7) codes.push((isMore = rest >= 0x80) ? (rest & 0x7f) | 0x80 : rest);
  Buffer.from(salt, "base64").copy(entryBytes, 1);
  const leaf = Buffer.from(hashEntry(1, no, codes), "latin1");
  return holdsInclusion(
    leaf,
    index,
    count,
    path.map((each) => Buffer.from(each, "base64")),
    Buffer.from(stated.root, "base64url"),
  );
}

/** Watches an export for what a statement says of it: `onEvent` for {@link verifyExport}, then `finish` gives the findings. */
export function compareWithExport(text) {
  const { document, people } = readStatement(text);
  const findings = [];
  const shown = new Set((document.events ?? []).map((event) => event.sequence));
  const sought = new Set(document.kind === "seen" ? document.customers : people.values());
  const { size } = readNote(document.checkpoint);
  let accountEvents = 0;
  return {
    onEvent(header, entries, writes, sequence) {
      if (sequence === null || sequence >= size || !isWithin(header.at, document)) return;
      const isAct = document.kind === "seen" || isActOf(header, document.accountNo);
      if (!isAct) return;
      accountEvents += 1;
      if (shown.delete(sequence)) return;
      if (customersOf(entries, writes).some((no) => sought.has(no)))
        findings.push({ sequence, what: document.kind === "seen" ? "the statement leaves out an event" : "the account did see one of the people" });
    },
    finish(result) {
      if (result.to < size) findings.push({ sequence: null, what: "the export ends before the statement's tree" });
      if (result.from > 0 && !(result.firstAt !== null && Date.parse(result.firstAt) < Date.parse(document.from)))
        findings.push({ sequence: null, what: "the export begins after the time that the statement speaks of" });
      if (!result.hasEntries) findings.push({ sequence: null, what: "the export has no entries: the statement cannot be compared" });
      if (document.kind === "not-seen" && people.size < document.people.length)
        findings.push({ sequence: null, what: "not all people of the statement are named beside it: it can be compared for the named ones alone" });
      if (document.kind === "not-seen" && accountEvents !== document.eventsOfAccount)
        findings.push({ sequence: null, what: "the statement counts other events of the account than the export holds" });
      return { ok: findings.length === 0, findings };
    },
  };
}

// ── Bundles: the evidence of an incident ────────────────────────────────────────────────────────────────────────────────

const zipStart = Buffer.from("PK\u0003\u0004", "latin1");
const lockHeading = Buffer.from("KURABAN LOCK 1\n", "latin1");
const mostNoteBytes = 64 * 1024 * 1024;

/** Entries of a zip (APPNOTE 6.3) by its central directory: [{ path, method, size, packedSize, offset }]. */
function readZip(path) {
  const file = openSync(path, "r");
  try {
    const take = (at, length) => {
      const bytes = Buffer.alloc(length);
      if (readSync(file, bytes, 0, length, at) !== length) throw new Error("the zip ends too early");
      return bytes;
    };
    const { size } = fstatSync(file);
    const tailStart = Math.max(0, size - 65_557);
    const tail = take(tailStart, size - tailStart);
    const end = tail.lastIndexOf(Buffer.from("PK\u0005\u0006", "latin1"));
    if (end < 0) throw new Error("the zip has no directory");
    let [count, length, start] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
    if (count === 0xffff || length === 0xffffffff || start === 0xffffffff) {
      const wide = take(Number(take(tailStart + end - 20, 20).readBigUInt64LE(8)), 56);
      [count, length, start] = [wide.readBigUInt64LE(32), wide.readBigUInt64LE(40), wide.readBigUInt64LE(48)].map(Number);
    }
    const directory = take(start, length);
    const entries = [];
    for (let at = 0, rest = count; rest > 0; rest--) {
      if (directory.readUInt32LE(at) !== 0x02014b50) throw new Error("the directory of the zip cannot be read");
      const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) => directory.readUInt16LE(at + place));
      const entry = {
        path: directory.utf8Slice(at + 46, at + 46 + nameLength),
        method: directory.readUInt16LE(at + 10),
        packedSize: directory.readUInt32LE(at + 20),
        size: directory.readUInt32LE(at + 24),
        offset: directory.readUInt32LE(at + 42),
      };
      // ZIP64: the long numbers stand in an extra field, in this order, those alone that did not fit.
      for (let extra = at + 46 + nameLength, last = extra + extraLength; extra + 4 <= last; extra += 4 + directory.readUInt16LE(extra + 2)) {
        if (directory.readUInt16LE(extra) !== 1) continue;
        let place = extra + 4;
        for (const key of ["size", "packedSize", "offset"]) {
          if (entry[key] !== 0xffffffff) continue;
          entry[key] = Number(directory.readBigUInt64LE(place));
          place += 8;
        }
      }
      const local = take(entry.offset, 30);
      if (local.readUInt32LE(0) !== 0x04034b50) throw new Error(`${entry.path} cannot be read`);
      entries.push({ ...entry, start: entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28) });
      at += 46 + nameLength + extraLength + commentLength;
    }
    return entries;
  } finally {
    closeSync(file);
  }
}

/** The bytes of an entry, unpacked; never more than it says. */
async function* readEntry(path, { method, start, packedSize, size }) {
  if (method !== 0 && method !== 8) throw new Error("packed in a way that is not known");
  let bytes = 0;
  if (packedSize > 0) {
    const packed = createReadStream(path, { start, end: start + packedSize - 1, highWaterMark: 1 << 20 });
    const inflate = method === 8 ? packed.pipe(createInflateRaw({ chunkSize: 1 << 18 })) : packed;
    packed.on("error", (error) => inflate.destroy(error));
    for await (const chunk of inflate) {
      bytes += chunk.length;
      if (bytes > size) throw new Error("longer than it says");
      yield chunk;
    }
  }
  if (bytes !== size) throw new Error("shorter than it says");
}

async function readWhole(chunks, most = mostNoteBytes) {
  const parts = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    if ((bytes += chunk.length) > most) throw new Error("longer than expected");
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

async function hashWhole(chunks) {
  const whole = createHash("sha256");
  let bytes = 0;
  for await (const chunk of chunks) {
    whole.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: whole.digest("hex"), bytes };
}

/**
 * Verifies a bundle: the manifest is signed by a key that you gave; each item is what the manifest says, and what the ledger said when it was
 * taken; nothing else stands in the file; and what an item is made of holds in itself. With `password`, what is locked as well; `onOpened`
 * is given what it opens to.
 * Gives { ok, findings: [{ item, what, sequence? }], remarks, items, incidentNo, at, treeSize, origin }.
 */
export async function verifyBundle(path, { keys, witnesses = [], password, onOpened }) {
  const findings = [];
  const remarks = [];
  const find = (item, what, more = {}) => void (findings.length < mostFindings && findings.push({ item, what, ...more }));
  const entries = new Map();
  for (const entry of readZip(path)) {
    if (entries.has(entry.path)) find(entry.path, "stands twice in the bundle");
    entries.set(entry.path, entry);
  }
  const textOf = async (name) => (entries.has(name) ? (await readWhole(readEntry(path, entries.get(name)))).toString("utf8") : undefined);
  const done = (manifest) => ({
    ok: findings.length === 0,
    findings,
    remarks,
    items: manifest?.items?.length ?? 0,
    incidentNo: manifest?.incidentNo ?? null,
    at: manifest?.at ?? null,
    treeSize: manifest?.treeSize ?? null,
    origin: manifest?.origin ?? null,
  });

  const manifestText = await textOf("manifest.json").catch(() => undefined);
  const manifest = safely(() => JSON.parse(manifestText));
  if (manifest?.v !== 1 || manifest.kind !== "kuraban-evidence" || !Array.isArray(manifest.items)) {
    find("manifest.json", "the manifest cannot be read");
    return done();
  }
  const signatureText = await textOf("signature.json").catch(() => undefined);
  const signed = safely(() => Buffer.from(JSON.parse(signatureText).signature, "base64"));
  const message = Buffer.from(`kuraban evidence bundle v1\n${manifestText}`);
  if (signed === undefined || !keys.some(({ type, key }) => type === 1 && isSigned(key, message, signed)))
    find("manifest.json", "the manifest is signed by no key that was given");
  const note = safely(() => readNote(manifest.checkpoint));
  if (note === undefined || !keys.some((key) => noteSignedBy(note, key) === true))
    find("manifest.json", "the checkpoint of the manifest is signed by no key that was given");
  for (const witness of witnesses)
    if (witness.type === 4 && (note === undefined || noteSignedBy(note, witness) === false))
      remarks.push({ item: "manifest.json", what: `no cosignature of ${witness.name}` });

  const lockedFiles = new Map((manifest.locked ?? []).map((each) => [each.path, each]));
  const expected = new Set(["manifest.json", "signature.json", "README.txt", ...manifest.items.map((item) => item.path), ...lockedFiles.keys()]);
  for (const name of entries.keys()) if (!expected.has(name)) find(name, "the manifest does not name it");
  const scopes = new Map();
  for (const item of manifest.items) {
    const entry = entries.get(item.path);
    if (!isBound(item, manifest, note)) find(item.path, "the item is not what the ledger says was taken");
    if (entry === undefined) {
      find(item.path, "the item is missing");
      continue;
    }
    if (item.isLocked) {
      // Its file is looked at below; what it opens to is this item.
      if (lockedFiles.get(item.path)?.plainSha256 !== item.sha256) find(item.path, "the item is not what was taken");
      continue;
    }
    const found = await hashWhole(readEntry(path, entry)).catch(() => undefined);
    if (found === undefined || found.sha256 !== item.sha256 || found.bytes !== item.bytes) {
      find(item.path, "the item is not what was taken");
      continue;
    }
    try {
      await checkContent(item, () => readEntry(path, entry), {
        keys,
        witnesses,
        find: (what, more) => find(item.path, what, more),
        remark: (what) => remarks.push({ item: item.path, what }),
        scopes,
      });
    } catch {
      find(item.path, "the item cannot be read");
    }
  }
  for (const [name, stated] of lockedFiles) {
    const entry = entries.get(name);
    if (entry === undefined) {
      if (!manifest.items.some((item) => item.path === name)) find(name, "the item is missing");
      continue;
    }
    const found = await hashWhole(readEntry(path, entry)).catch(() => undefined);
    if (found?.sha256 !== stated.sha256) {
      find(name, "the item is not what was taken");
      continue;
    }
    if (password === undefined) remarks.push({ item: name, what: "locked: its content shows with the password" });
    else {
      const opened = await unlock(readEntry(path, entry), password).catch(() => undefined);
      if (opened === undefined || sha256(opened).toString("hex") !== stated.plainSha256) find(name, "it does not open by this password");
      else onOpened?.(name, opened);
    }
  }
  return done(manifest);
}

/** Whether the event that took the item says its hash, and stands in the tree under the manifest's checkpoint. */
function isBound(item, manifest, note) {
  const header = safely(() => JSON.parse(item.event.header));
  const facts = header?.facts;
  if (note === undefined || (header?.type !== "evidence.taken" && header?.type !== "evidence.brought-in")) return false;
  if (facts?.itemNo !== item.itemNo || facts.incidentNo !== manifest.incidentNo || facts.kind !== item.kind || facts.bytes !== item.bytes) return false;
  if (facts.sha256 !== Buffer.from(item.sha256, "hex").toString("base64url")) return false;
  const path = item.event.path.map((each) => Buffer.from(each, "base64"));
  return holdsInclusion(hashLeaf(Buffer.from(item.event.header)), item.event.sequence, note.size, path, note.root);
}

/** What an item is made of: signatures, proofs and hashes within it. */
async function checkContent(item, open, { keys, witnesses, find, remark, scopes }) {
  const parse = async () => JSON.parse((await readWhole(open(), 1 << 30)).toString("utf8"));
  const isTrusted = (each) => keys.some((key) => noteSignedBy(each, key) === true);
  switch (item.kind) {
    case "scope": {
      const { summary, packed } = await parse();
      const hash = sha256(Buffer.from(packed, "base64")).toString("base64url");
      if (hash !== summary.hash) find("the people of the scope are not those of its hash");
      scopes.set(item.snapshotNo, hash);
      return;
    }
    case "people": {
      const lines = (await readWhole(open(), 1 << 30)).toString("utf8").split("\n");
      const hash = scopes.get(item.snapshotNo);
      if (hash !== undefined && JSON.parse(lines[0]).hash !== hash) find("the list of people is of another scope");
      return;
    }
    case "events": {
      const lines = (await readWhole(open(), 1 << 30))
        .toString("utf8")
        .split("\n")
        .filter((line) => line !== "");
      const head = JSON.parse(lines[0]);
      const note = readNote(head.checkpoint);
      if (!isTrusted(note)) return find("its checkpoint is signed by no key that was given");
      for (const line of lines.slice(1)) {
        const { sequence, header, path } = JSON.parse(line);
        const proof = path.map((each) => Buffer.from(each, "base64"));
        if (!holdsInclusion(hashLeaf(Buffer.from(header)), sequence, note.size, proof, note.root)) find("the event does not stand in the tree", { sequence });
      }
      if (head.written < head.events) remark(`it holds ${head.written} of ${head.events} events; the ledger's export holds all`);
      return;
    }
    case "checkpoint": {
      const stated = await parse();
      const note = readNote(stated.checkpoint);
      if (!isTrusted(note)) find("its checkpoint is signed by no key that was given");
      for (const other of stated.others) {
        const before = readNote(other.checkpoint);
        if (!isTrusted(before)) find("its checkpoint is signed by no key that was given");
        const path = other.path.map((each) => Buffer.from(each, "base64"));
        if (!holdsConsistency(before.size, note.size, before.root, note.root, path)) find("an earlier checkpoint lies on another tree");
      }
      for (const { checkpoint, token } of stated.stamps) {
        const bytes = Buffer.from(token, "base64");
        const stamped = readNote(checkpoint);
        if (!isTrusted(stamped) || !bytes.includes(sha256(Buffer.from(checkpoint)))) find("a time stamp is not about its checkpoint");
      }
      for (const witness of witnesses) {
        const isCosigned = [stated.checkpoint, ...stated.others.map(({ checkpoint }) => checkpoint)].some(
          (each) => noteSignedBy(readNote(each), witness) !== false,
        );
        if (witness.type === 4 && !isCosigned) remark(`no cosignature of ${witness.name}`);
      }
      return;
    }
    case "ledger": {
      const chunks = open();
      const first = await chunks.next();
      if (first.done || first.value[0] !== 0x1f) return remark("the ledger of this time was left out; its own export holds it");
      const whole = (async function* () {
        yield first.value;
        yield* chunks;
      })();
      const exported = await verifyExport(Readable.from(whole).pipe(createGunzip({ chunkSize: 1 << 18 })), { keys, witnesses });
      for (const finding of exported.findings.slice(0, 100)) find(finding.what, { sequence: finding.sequence });
      return;
    }
    default:
      // Numbers and codes of the house: their hash in the ledger is their proof.
      await parse();
  }
}

/** RFC 9162, 2.1.4.2. */
function holdsConsistency(first, second, firstRoot, secondRoot, given) {
  if (first === second) return given.length === 0 && firstRoot.equals(secondRoot);
  if (first < 1 || first > second) return false;
  const path = Number.isInteger(Math.log2(first)) ? [firstRoot, ...given] : [...given];
  if (path.length === 0) return false;
  let [place, last] = [first - 1, second - 1];
  while (place % 2 === 1) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  let [one, other] = [path[0], path[0]];
  for (const sibling of path.slice(1)) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      [one, other] = [hashNode(sibling, one), hashNode(sibling, other)];
      while (place % 2 === 0 && place !== 0) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
    } else {
      other = hashNode(other, sibling);
    }
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 && one.equals(firstRoot) && other.equals(secondRoot);
}

/** heading (15 bytes), salt (16), nonce (12), ciphertext, tag (16): ChaCha20-Poly1305 under scrypt (N = 2^17, r = 8, p = 1) of the password. */
async function unlock(chunks, password) {
  const bytes = await readWhole(chunks, 2 ** 31 - 1);
  if (!bytes.subarray(0, 15).equals(lockHeading)) throw new Error("not a locked file");
  const key = scryptSync(Buffer.from(password.normalize("NFC"), "utf8"), bytes.subarray(15, 31), 32, { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 });
  const decipher = createDecipheriv("chacha20-poly1305", key, bytes.subarray(31, 43), { authTagLength: 16 });
  decipher.setAAD(lockHeading);
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(43, -16)), decipher.final()]);
}

// ── The command line ────────────────────────────────────────────────────────────────────────────────────────────────────

const japanese = {
  "header was changed": "記録の見出しが書き換えられています",
  "header cannot be read": "記録の見出しが読めません",
  "entries were changed": "だれのどの項目かの記録が書き換えられています",
  "writes were changed": "変更の記録が書き換えられています",
  "sealed parts were changed": "封じた部分が書き換えられています",
  "event is missing": "記録が消されています",
  "event stands twice": "同じ記録が2度あります",
  "event belongs to no batch": "署名のない記録が差し込まれています",
  "event is not what the tree holds here": "記録の順序が変えられています",
  "event never came into the tree": "木に入らないままの記録があります",
  "batch is not signed by a key of its node": "束の署名が合いません",
  "batch stands twice": "同じ束が2度あります",
  "batch lacks events that it signed": "署名された束から記録が消されています",
  "the batch before this event's is missing": "この記録の前の束が消されています",
  "a round is missing": "順番付けの回が抜けています",
  "a round does not continue the one before": "順番付けの回がつながりません",
  "a round holds another number of events than it says": "順番付けの回の件数が合いません",
  "checkpoint is not signed by the key of its epoch": "検印の署名が合いません",
  "checkpoint signs another tree": "検印と木が合いません(この範囲のどこかが変えられています)",
  "checkpoint lies inside a round": "検印の位置が合いません",
  "events below a checkpoint are missing": "検印より前の記録が足りません",
  "the last events are under no checkpoint": "末尾の記録に検印がありません",
  "the key of a node is not vouched for": "ノードの鍵に保証がありません",
  "an epoch begins on another tree": "代の始まりが前の木と合いません",
  "there is no epoch": "代がありません",
  "a time stamp is not about its checkpoint": "時刻の証明が検印と合いません",
  "a kept checkpoint is signed by no key that was given": "手元の検印の署名が、渡された鍵と合いません",
  "a kept checkpoint lies on another tree: the ledger was forked or rewritten": "手元の検印と木が合いません: 枝分かれしたか、書き換えられています",
  "a kept checkpoint saw more events than there are: the tail was cut off or the ledger rolled back":
    "手元の検印より記録が少ない: 末尾が切られたか、巻き戻されています",
  "a kept checkpoint saw events that a restore left behind": "手元の検印にある記録が、復元のときに失われています",
  "the export lacks events that it says it holds": "書き出しの件数が合いません",
  "the export ends too early": "書き出しが途中で終わっています",
  "the export ends in the middle of a line": "書き出しが行の途中で終わっています",
  "something stands behind the end of the export": "書き出しの終わりの後に何かあります",
  "the file is not as it was written": "ファイルが書き出したときのままではありません",
  "clock of the node went back": "ノードの時計が戻っています",
  "a kept checkpoint lies before this export": "手元の検印はこの書き出しの範囲より前です",
  "the statement is signed by no key that was given": "証明書の署名が、渡された鍵と合いません",
  "the checkpoint of the statement is signed by no key that was given": "証明書の検印の署名が、渡された鍵と合いません",
  "the event does not stand in the tree": "証明書の記録が木にありません",
  "the event lies outside the time that the statement speaks of": "証明書の記録が期間の外です",
  "the event does not name the person": "証明書の記録に本人がありません",
  "a person is named of whom the statement does not speak": "証明書にない人が挙げられています",
  "the statement leaves out an event": "証明書に載っていない記録があります",
  "the account did see one of the people": "この利用者は挙げられた人を見ています",
  "the export ends before the statement's tree": "書き出しが証明書の木より短い",
  "the export begins after the time that the statement speaks of": "書き出しが証明書の期間より後から始まっています",
  "stands twice in the bundle": "同じ名前のファイルが2つあります",
  "the manifest cannot be read": "目録が読めません",
  "the manifest is signed by no key that was given": "目録の署名が、渡された鍵と合いません",
  "the checkpoint of the manifest is signed by no key that was given": "目録の検印の署名が、渡された鍵と合いません",
  "the manifest does not name it": "目録にないファイルです",
  "the item is missing": "証拠のファイルがありません",
  "the item is not what was taken": "保全した時の内容ではありません",
  "the item is not what the ledger says was taken": "記録簿にある、保全した時のハッシュと合いません",
  "the item cannot be read": "証拠の内容が読めません",
  "the people of the scope are not those of its hash": "影響範囲の人が、算出時のハッシュと合いません",
  "the list of people is of another scope": "対象者の一覧が別の算出のものです",
  "its checkpoint is signed by no key that was given": "証拠の中の検印の署名が、渡された鍵と合いません",
  "an earlier checkpoint lies on another tree": "前の検印が別の木のものです",
  "locked: its content shows with the password": "封がしてあります(内容はパスワードで開けます)",
  "it does not open by this password": "このパスワードでは開けません",
  "the export has no entries: the statement cannot be compared": "書き出しに「だれの」がないため、証明書と比べられません",
};

const usage = `使い方 / Usage:
  node kuraban-verify.mjs EXPORT --key VKEY [--key VKEY] [--witness VKEY] [--witness-note FILE] [--statement FILE] [--json] [--plain]
  node kuraban-verify.mjs --statement FILE --key VKEY [--json]
  node kuraban-verify.mjs BUNDLE.zip --key VKEY [--witness VKEY] [--password-file FILE] [--open FOLDER] [--json]
鍵は書き出したファイルとは別の道で受け取ってください。 / Get the keys by another way than the export.
`;

/** Chunks of a file, unpacked when it is gzip; of "-", of the standard input. */
async function* readChunks(path) {
  const start = Buffer.alloc(2);
  if (path !== "-") {
    const file = openSync(path, "r");
    readSync(file, start, 0, 2, 0);
    closeSync(file);
  }
  const source = path === "-" ? process.stdin : createReadStream(path, { highWaterMark: 1 << 20 });
  const isGzip = start[0] === 0x1f && start[1] === 0x8b;
  yield* isGzip ? source.pipe(createGunzip({ chunkSize: 1 << 18 })) : source;
}

const count = (no) => no.toLocaleString("en-US");

function tell(finding) {
  const where = finding.sequence === null ? "" : finding.since === undefined ? `${finding.sequence}: ` : `${finding.since}–${finding.sequence}: `;
  const ja = japanese[finding.what];
  return `  ${where}${ja === undefined ? "" : `${ja} / `}${finding.what}\n`;
}

async function main(given) {
  const asked = { file: undefined, key: [], witness: [], "witness-note": [], statement: [], "password-file": [], open: [], isJson: false };
  for (let at = 0; at < given.length; at++) {
    const word = given[at];
    if (word === "--json") asked.isJson = true;
    else if (word === "--plain") lanes = undefined;
    else if (word.startsWith("--") && Array.isArray(asked[word.slice(2)]) && at + 1 < given.length) asked[word.slice(2)].push(given[++at]);
    else if (!word.startsWith("--") && asked.file === undefined) asked.file = word;
    else return refuse(usage);
  }
  if (asked.key.length === 0 || (asked.file === undefined && asked.statement.length === 0)) return refuse(usage);
  const out = (text) => void process.stdout.write(text);
  // Whoever reads the output may stop reading (`| head`).
  process.stdout.on("error", () => undefined);
  try {
    const keys = asked.key.map(readVerifierKey);
    const witnesses = asked.witness.map(readVerifierKey);
    if (asked.file !== undefined && isZip(asked.file)) return await tellBundle(asked, { keys, witnesses }, out);
    const notes = asked["witness-note"].map((path) => readFileSync(path, "utf8"));
    const statements = asked.statement.map((path) => readFileSync(path, "utf8"));
    const results = statements.map((text) => ({
      statement: verifyStatement(text, { keys }),
      watch: asked.file === undefined ? undefined : compareWithExport(text),
    }));
    const ledger =
      asked.file === undefined
        ? undefined
        : await verifyExport(readChunks(asked.file), {
            keys,
            witnesses,
            notes,
            onEvent: (...event) => results.forEach(({ watch }) => watch.onEvent(...event)),
          });
    const told = results.map(({ statement, watch }) => {
      const compared = watch?.finish(ledger);
      return {
        kind: statement.document.kind,
        says: whatIsSaid(statement),
        ok: statement.ok && compared?.ok !== false,
        findings: [...statement.findings, ...(compared?.findings ?? [])],
        isCompared: compared !== undefined,
      };
    });
    const isOk = ledger?.ok !== false && told.every(({ ok }) => ok);
    if (asked.isJson) out(`${JSON.stringify({ ok: isOk, ...(ledger && { ledger }), ...(told.length > 0 && { statements: told }) })}\n`);
    else {
      if (ledger !== undefined) tellLedger(ledger, out);
      for (const each of told) {
        const [ja, en] = each.kind === "seen" ? ["「見た人」の証明書", "Statement of who saw"] : ["「見ていない」証明書", "Statement of not having seen"];
        const [jaHow, enHow] = each.isCompared
          ? ["書き出しと比べました", "compared with the export"]
          : [
              "署名と各記録だけを確かめました(漏れがないことは書き出しと比べて分かります)",
              "signature and shown events alone; completeness shows when compared with the export",
            ];
        out(each.ok ? `${ja}は正しい。${jaHow}。\n${en}: it holds; ${enHow}.\n` : `${ja}に問題があります。/ ${en}: findings:\n`);
        out(`  ${each.says}\n`);
        for (const finding of each.findings) out(tell(finding));
      }
    }
    return isOk ? 0 : 1;
  } catch (error) {
    return refuse(`確かめられませんでした。/ It could not be verified: ${error.message}\n`);
  }
}

function isZip(path) {
  if (path === "-") return false;
  const file = openSync(path, "r");
  const start = Buffer.alloc(4);
  readSync(file, start, 0, 4, 0);
  closeSync(file);
  return start.equals(zipStart);
}

async function tellBundle(asked, trusted, out) {
  const [passwordFile] = asked["password-file"];
  const [folder] = asked.open;
  const result = await verifyBundle(asked.file, {
    ...trusted,
    password: passwordFile === undefined ? undefined : readFileSync(passwordFile, "utf8").replace(/\r?\n$/, ""),
    onOpened: (name, bytes) =>
      void (folder !== undefined && writeFileSync(join(folder, basename(name).replace(/\.locked$/, "")), bytes, { flag: "wx", mode: 0o600 })),
  });
  if (asked.isJson) out(`${JSON.stringify({ ok: result.ok, bundle: result })}\n`);
  else {
    if (result.ok) {
      out(`証拠は正しい: 事案 ${result.incidentNo} の ${count(result.items)} 件を、署名・記録簿・内容について確かめました(${result.at})。\n`);
      out(`The evidence holds: ${count(result.items)} items of incident ${result.incidentNo} were checked by signature, ledger and content (${result.at}).\n`);
    } else {
      out(
        `問題が ${result.findings.length} 件あります。最初は ${result.findings[0].item} です。\n${result.findings.length} findings; the first is ${result.findings[0].item}.\n`,
      );
      for (const { item, ...finding } of result.findings.slice(0, 100)) out(`  ${item}\n  ${tell({ sequence: null, ...finding })}`);
    }
    if (result.remarks.length > 0) out("気づいたこと / Remarks:\n");
    for (const { item, what } of result.remarks.slice(0, 50)) out(`  ${item}\n  ${tell({ sequence: null, what })}`);
    out(`検印 / checkpoint: ${result.origin} ${result.treeSize}\n`);
  }
  return result.ok ? 0 : 1;
}

/** What a statement is about, in one line: account or customer numbers, from when to when. */
function whatIsSaid({ document, people }) {
  const time = `${document.from} – ${document.to}`;
  return document.kind === "seen"
    ? `顧客番号 / customer ${document.customers.join(", ")}: ${document.events.length} 件 / events, ${time}`
    : `職員番号 / account ${document.accountNo}, 顧客番号 / customers ${people.toSorted((a, b) => a - b).join(", ") || "-"}, ${time}`;
}

function tellLedger(ledger, out) {
  const range = `${count(ledger.from)}–${count(Math.max(ledger.from, ledger.to - 1))}`;
  if (ledger.ok) {
    out(`記録簿は正しい: ${count(ledger.events)} 件の記録(番号 ${range})を最初から最後の検印まで確かめました。\n`);
    out(`The ledger holds: ${count(ledger.events)} events (sequence ${range}) were checked up to the last checkpoint.\n`);
  } else {
    const [first] = ledger.findings;
    out(
      `問題が ${ledger.findings.length} 件あります。最初は番号 ${first.sequence ?? "-"} です。\n${ledger.findings.length} findings; the first bad sequence number is ${first.sequence ?? "-"}.\n`,
    );
    for (const finding of ledger.findings.slice(0, 100)) out(tell(finding));
  }
  if (ledger.remarks.length > 0) out(`気づいたこと / Remarks:\n`);
  for (const remark of ledger.remarks.slice(0, 20)) out(tell(remark));
  out(`検印 / checkpoint: ${ledger.origin} ${ledger.treeSize} ${ledger.root}\n`);
  if (ledger.keptCheckpoints === 0 && Object.keys(ledger.cosigned).length === 0) {
    out(
      "外の証人の検印がないため、末尾の切り捨てと全体の巻き戻しは分かりません。\nWithout a witness's checkpoint, a tail cut off and the whole rolled back cannot be seen.\n",
    );
  }
}

function refuse(text) {
  process.stderr.write(text);
  return 2;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  process.exitCode = await main(process.argv.slice(2));
}
