import { canonicalJson } from "./canonical-json.ts";
import { decodeEntries, encodeEntries } from "./entries.ts";
import type { Fact, LedgerEvent, Outcome, Principal } from "./event.ts";
import { hashPlaced, hashRest, mostMessageBytes, placeFor } from "./hash-in-lanes.ts";
import { hashBytes, hashLeaf } from "./merkle.ts";
import { primitives } from "./primitives.ts";
import { decodeSealed, decodeWrites, encodeSealed, encodeWrites } from "./sections.ts";
import { laneMemory, reserveLaneMemory } from "./sha256-lanes.ts";

/**
 * An event as it is stored: a header and up to three packed sections (entries.ts, sections.ts).
 *
 * The header is canonical JSON (RFC 8785) of an object with v = 1: accountNo, address, at (ISO 8601, milliseconds, UTC),
 * deviceId, entries {count, root}, facts, outcome, policy (version), principal, purpose, requestId, sealed (hash),
 * sessionId, type, writes (hash). What is null or empty is absent. Roots and hashes are SHA-256 as unpadded base64url.
 * Later versions only add members. The event's leaf in the tree is SHA-256(0x00 ‖ UTF-8 of the header): the header alone
 * proves the event, and the sections are bound to it by their hashes.
 */
export interface EncodedEvent {
  readonly at: Date;
  readonly type: string;
  readonly accountNo: number | null;
  readonly sessionId: string | null;
  readonly header: string;
  /** Seed of the entries' salts, 16 bytes; null with entries. */
  readonly salt: Buffer | null;
  readonly entries: Buffer | null;
  readonly writes: Buffer | null;
  readonly sealed: Buffer | null;
}

const leavesAtOnce = 512;
const leavesAt = reserveLaneMemory(leavesAtOnce * hashBytes);

const digest = Buffer.allocUnsafeSlow(32);
function digestOf(bytes: Buffer): string {
  primitives.crypto_hash_sha256(digest, bytes);
  return digest.toString("base64url");
}

const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Encodes an event. `random` gives the seed of its salts.
 * @throws Error when a part is out of its bounds (a fault of the caller, never of the user)
 */
export function encodeEvent(event: LedgerEvent, random: (bytes: number) => Buffer): EncodedEvent {
  if (event.accountNo !== null && !(Number.isInteger(event.accountNo) && event.accountNo >= 0 && event.accountNo < 2 ** 31)) {
    throw new Error("an account number is a whole number from 0 below 2^31");
  }
  if (event.sessionId !== null && !uuidForm.test(event.sessionId)) throw new Error("a session id is a UUID in lower case");
  const seed = event.releases.length === 0 ? null : random(16);
  const entries = seed === null ? undefined : encodeEntries(event.releases, seed);
  const writes = encodeWrites(event.writes);
  const sealed = encodeSealed(event.sealed);

  // The members in the order in which RFC 8785 wants them; a test compares this with the general form.
  let header = "{";
  if (event.accountNo !== null) header += `"accountNo":${event.accountNo},`;
  if (event.address !== undefined) header += `"address":${canonicalJson(event.address)},`;
  header += `"at":"${event.at.toISOString()}",`;
  if (event.deviceId !== undefined) header += `"deviceId":${canonicalJson(event.deviceId)},`;
  if (entries !== undefined) header += `"entries":{"count":${entries.count},"root":"${entries.root.toString("base64url")}"},`;
  const facts = canonicalJson(event.facts);
  if (facts !== "{}") header += `"facts":${facts},`;
  header += `"outcome":"${event.outcome}","policy":${canonicalJson(event.policyVersion)},"principal":"${event.principal}",`;
  if (event.purpose !== undefined) header += `"purpose":${canonicalJson(event.purpose)},`;
  header += `"requestId":${canonicalJson(event.requestId)},`;
  if (sealed !== undefined) header += `"sealed":"${digestOf(sealed)}",`;
  if (event.sessionId !== null) header += `"sessionId":"${event.sessionId}",`;
  header += `"type":${canonicalJson(event.type)},"v":1`;
  if (writes !== undefined) header += `,"writes":"${digestOf(writes)}"`;
  header += "}";

  return {
    at: event.at,
    type: event.type,
    accountNo: event.accountNo,
    sessionId: event.sessionId,
    header,
    salt: entries === undefined ? null : seed,
    entries: entries?.packed ?? null,
    writes: writes ?? null,
    sealed: sealed ?? null,
  };
}

/** SHA-256(0x00 ‖ UTF-8 of the header). */
export function leafOfHeader(header: string): Buffer {
  return hashLeaf(Buffer.from(header, "utf8"));
}

/** The leaf hashes of headers (UTF-8), one after the other. */
export function leavesOfHeaders(headers: readonly Buffer[]): Buffer {
  const leaves = Buffer.allocUnsafe(headers.length * hashBytes);
  for (let from = 0; from < headers.length; from += leavesAtOnce) {
    const count = Math.min(leavesAtOnce, headers.length - from);
    for (let index = 0; index < count; index++) {
      const header = headers[from + index]!;
      if (header.length >= mostMessageBytes) {
        laneMemory.set(hashLeaf(header), leavesAt + index * hashBytes);
        continue;
      }
      const place = placeFor(header.length + 1);
      laneMemory[place] = 0;
      laneMemory.set(header, place + 1);
      hashPlaced(header.length + 1, leavesAt + index * hashBytes);
    }
    hashRest();
    leaves.set(laneMemory.subarray(leavesAt, leavesAt + count * hashBytes), from * hashBytes);
  }
  return leaves;
}

/** A header as parsed; only what this version knows. */
export interface Header {
  readonly v: number;
  readonly type: string;
  readonly at: string;
  readonly principal: Principal;
  readonly accountNo?: number;
  readonly sessionId?: string;
  readonly deviceId?: string;
  readonly address?: string;
  readonly requestId: string;
  readonly purpose?: string;
  readonly outcome: Outcome;
  readonly policy: number;
  readonly facts?: { readonly [key: string]: Fact };
  readonly entries?: { readonly count: number; readonly root: string };
  readonly writes?: string;
  readonly sealed?: string;
}

/** @throws Error when it is no header of a known version */
export function parseHeader(text: string): Header {
  const header = JSON.parse(text) as Partial<Header> | null;
  if (typeof header !== "object" || header === null || header.v !== 1 || typeof header.type !== "string" || typeof header.at !== "string") {
    throw new Error("an event header is of an unknown form");
  }
  return header as Header;
}

/** The event of a stored header and sections: what was encoded, with its releases settled (entries.ts). */
export function decodeEvent(stored: Pick<EncodedEvent, "header" | "entries" | "writes" | "sealed">): LedgerEvent {
  const header = parseHeader(stored.header);
  return {
    type: header.type,
    at: new Date(header.at),
    principal: header.principal,
    accountNo: header.accountNo ?? null,
    sessionId: header.sessionId ?? null,
    deviceId: header.deviceId,
    address: header.address,
    requestId: header.requestId,
    purpose: header.purpose,
    outcome: header.outcome,
    policyVersion: header.policy,
    facts: header.facts ?? {},
    releases: stored.entries === null ? [] : decodeEntries(stored.entries),
    writes: stored.writes === null ? [] : decodeWrites(stored.writes),
    sealed: stored.sealed === null ? [] : decodeSealed(stored.sealed),
  };
}
