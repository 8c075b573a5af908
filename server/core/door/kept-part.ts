import { openBlob } from "#server/core/vault/opening.ts";
import type { Vault } from "#server/core/vault/index.ts";

/** Plain bytes of a part; the last one of an item may be shorter. */
export const keptPartBytes = 256 * 1024;

/** Behind the field classes and staged files: a part can never pass for a text of its incident. */
const keptClass = 17;
const mostParts = 4_096;
const mostItems = 2 ** 20;

/** Where a part belongs: it opens nowhere else. */
export interface KeptPlace {
  readonly incidentNo: number;
  readonly itemNo: number;
  /** 0 to 4,095. */
  readonly part: number;
}

/** Item and part within the 32 bits that the additional data of a blob has for a version. */
function versionOf({ itemNo, part }: KeptPlace): number {
  if (itemNo < 1 || itemNo >= mostItems || part < 0 || part >= mostParts) throw new Error("evidence lies outside what can be kept");
  return itemNo * mostParts + part;
}

/** Seals a part of a piece of evidence under the key of its incident, bound to its place. */
export function sealKeptPart(vault: Vault, place: KeptPlace, bytes: Buffer): Buffer {
  return vault.seal({ kind: "incident", no: place.incidentNo }, keptClass, versionOf(place), bytes);
}

/**
 * Opens a part, for verifying it or for a file that leaves; the act's event names the item.
 * @throws BlobRejected for one that was changed or moved
 */
export function readKeptPart(vault: Vault, place: KeptPlace, blob: Buffer): Buffer {
  return openBlob(vault, { kind: "incident", no: place.incidentNo }, blob, { fieldClass: keptClass, version: versionOf(place) });
}
