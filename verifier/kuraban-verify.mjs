#!/usr/bin/env node
// 蔵番 Kuraban: the offline verifier of a ledger export, in one file.
//
//   node kuraban-verify.mjs EXPORT --key VKEY [--key VKEY …]
//        [--witness VKEY …] [--witness-note FILE …] [--statement FILE …] [--json]
//   node kuraban-verify.mjs --statement FILE --key VKEY
//
// It needs Node.js 20.12 or later and nothing else: no network, no database, no other file of the product. It was written
// apart from the product and shares no code with it. What it believes are the keys on its command line alone; get them, and
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
// The form of the export is described in docs/ledger-export.md.

import { createHash, createPublicKey, hash, verify as verifySignature } from "node:crypto";
import { createReadStream, openSync, readFileSync, readSync, closeSync, realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { createGunzip } from "node:zlib";

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
const chachaState = new Int32Array(16);
chachaState.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]);
const saltLabel = Buffer.from("kuraban salts v1", "latin1");
for (let word = 0; word < 4; word++) chachaState[8 + word] = saltLabel.readInt32LE(word * 4);
const chachaWords = new Int32Array(16);

function quarterRound(x, ia, ib, ic, id) {
  let a = x[ia];
  let b = x[ib];
  let c = x[ic];
  let d = x[id];
  ((a = (a + b) | 0), (d ^= a), (d = (d << 16) | (d >>> 16)));
  ((c = (c + d) | 0), (b ^= c), (b = (b << 12) | (b >>> 20)));
  ((a = (a + b) | 0), (d ^= a), (d = (d << 8) | (d >>> 24)));
  ((c = (c + d) | 0), (b ^= c), (b = (b << 7) | (b >>> 25)));
  ((x[ia] = a), (x[ib] = b), (x[ic] = c), (x[id] = d));
}

/** The salts of one block, four of 16 bytes, into `out`. */
function writeSalts(seed, block, out) {
  for (let word = 0; word < 4; word++) {
    const at = word * 4;
    chachaState[4 + word] = seed[at] | (seed[at + 1] << 8) | (seed[at + 2] << 16) | (seed[at + 3] << 24);
  }
  chachaState[12] = block;
  const x = chachaWords;
  for (let word = 0; word < 16; word++) x[word] = chachaState[word];
  for (let round = 0; round < 10; round++) {
    (quarterRound(x, 0, 4, 8, 12), quarterRound(x, 1, 5, 9, 13), quarterRound(x, 2, 6, 10, 14), quarterRound(x, 3, 7, 11, 15));
    (quarterRound(x, 0, 5, 10, 15), quarterRound(x, 1, 6, 11, 12), quarterRound(x, 2, 7, 8, 13), quarterRound(x, 3, 4, 9, 14));
  }
  for (let word = 0; word < 16; word++) {
    const value = (x[word] + chachaState[word]) | 0;
    const at = word * 4;
    ((out[at] = value), (out[at + 1] = value >>> 8), (out[at + 2] = value >>> 16), (out[at + 3] = value >>> 24));
  }
}

const entryBytes = Buffer.alloc(1 + 16 + 1 + 8 + 2 * 8192);
const entryViews = Array.from({ length: 256 }, (_, length) => entryBytes.subarray(0, length));
const saltBlock = Buffer.alloc(64);

/** SHA-256(0x00 ‖ salt ‖ kind ‖ number ‖ fields) as a latin1 string; the salt stands in entryBytes already. */
function hashEntry(kind, no, fields) {
  let end = 17;
  entryBytes[end++] = kind;
  for (; no >= 0x80; no = Math.floor(no / 0x80)) entryBytes[end++] = (no % 0x80) | 0x80;
  entryBytes[end++] = no;
  for (let at = 0; at < fields.length; at++) entryBytes[end++] = fields[at];
  return hash("sha256", end < 256 ? entryViews[end] : entryBytes.subarray(0, end), "latin1");
}

/** Number of records and root over their salted entries, ordered by kind and number. */
function rootOfEntries(bytes, seed) {
  if (seed.length !== 16) throw new Error("a salt has 16 bytes");
  const groups = readEntries(bytes);
  const keys = [];
  const groupOf = [];
  let isOrdered = true;
  for (let group = 0; group < groups.length; group++) {
    for (const no of groups[group].numbers) {
      const key = groups[group].kind * mostNo + no;
      if (keys.length > 0 && key <= keys[keys.length - 1]) isOrdered = false;
      keys.push(key);
      groupOf.push(group);
    }
  }
  const order = isOrdered ? undefined : keys.map((_, index) => index).sort((a, b) => keys[a] - keys[b]);
  const root = rootOf(keys.length, (at) => {
    const index = order === undefined ? at : order[at];
    if (order !== undefined && at > 0 && keys[index] === keys[order[at - 1]]) throw new Error("entries name a record twice");
    if (at % 4 === 0) writeSalts(seed, at / 4, saltBlock);
    const from = (at % 4) * 16;
    for (let byte = 0; byte < 16; byte++) entryBytes[1 + byte] = saltBlock[from + byte];
    const { kind, fields } = groups[groupOf[index]];
    return hashEntry(kind, keys[index] - kind * mostNo, fields);
  });
  return { count: keys.length, root };
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
  "the export has no entries: the statement cannot be compared": "書き出しに「だれの」がないため、証明書と比べられません",
};

const usage = `使い方 / Usage:
  node kuraban-verify.mjs EXPORT --key VKEY [--key VKEY] [--witness VKEY] [--witness-note FILE] [--statement FILE] [--json]
  node kuraban-verify.mjs --statement FILE --key VKEY [--json]
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
  const asked = { file: undefined, key: [], witness: [], "witness-note": [], statement: [], isJson: false };
  for (let at = 0; at < given.length; at++) {
    const word = given[at];
    if (word === "--json") asked.isJson = true;
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
        for (const finding of each.findings) out(tell(finding));
      }
    }
    return isOk ? 0 : 1;
  } catch (error) {
    return refuse(`確かめられませんでした。/ It could not be verified: ${error.message}\n`);
  }
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
