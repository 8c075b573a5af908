import { BlobRejected, KeyErased } from "./blob.ts";
import type { KeyTree } from "./key-tree.ts";
import { subjectPath, type Subject } from "./subject.ts";

/** The passage between the two halves of the vault: only vault.ts and opening.ts use it. */
export const inside: unique symbol = Symbol("inside the vault");

export interface VaultState {
  readonly generations: Map<number, KeyTree>;
  generation: number;
  isOpen: boolean;
}

/**
 * The key of a subject in a generation. One buffer for all calls: valid until the next. Throws KeyErased, or
 * BlobRejected when there is no such generation.
 */
export function keyOf(state: VaultState, generation: number, subject: Subject): Buffer {
  if (!state.isOpen) throw new Error("the vault is closed");
  const tree = state.generations.get(generation);
  if (tree === undefined) throw new BlobRejected();
  const key = tree.deriveKey(subjectPath(subject));
  if (key === undefined) throw new KeyErased();
  return key;
}
