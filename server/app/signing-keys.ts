import { randomBytes } from "node:crypto";
import { signingKey } from "#server/core/ledger/ed25519.ts";
import type { KeysFolder, Vault } from "#server/core/vault/index.ts";

/** Ed25519 seeds (32 bytes each): of this node's appends, and of the checkpoints of the current epoch. */
export interface SigningKeys {
  readonly nodeId: string;
  readonly nodeSeed: Buffer;
  readonly checkpointSeed: Buffer;
  /** First part of every tree's name, one of its own for each installation. */
  readonly origin: string;
  /** Ed25519 public keys (32 bytes) of all epochs, the current one last. */
  readonly checkpointKeys: readonly Buffer[];
}

const fileName = "signing.sealed";

/** Reads the signing keys from the keys folder, where they are sealed under the vault; makes them when asked to. */
export async function openSigningKeys(keysFolder: KeysFolder, vault: Vault, create: boolean): Promise<SigningKeys> {
  const stored = keysFolder.read(fileName);
  if (stored !== undefined) {
    const opened = JSON.parse(vault.openSecret("signing", stored).toString("utf8")) as Record<"nodeId" | "node" | "checkpoint" | "origin", string> & {
      checkpointKeys: string[];
    };
    return {
      nodeId: opened.nodeId,
      nodeSeed: Buffer.from(opened.node, "base64"),
      checkpointSeed: Buffer.from(opened.checkpoint, "base64"),
      origin: opened.origin,
      checkpointKeys: opened.checkpointKeys.map((key) => Buffer.from(key, "base64")),
    };
  }
  if (!create) {
    throw new Error("signing keys are missing from the keys folder");
  }
  return renewSigningKeys(keysFolder, vault, { origin: `kuraban.${randomBytes(6).toString("hex")}`, checkpointKeys: [] });
}

/** Makes new signing keys: a new installation, or a restore that begins an epoch under a key of its own. */
export async function renewSigningKeys(keysFolder: KeysFolder, vault: Vault, former: Pick<SigningKeys, "origin" | "checkpointKeys">): Promise<SigningKeys> {
  const checkpointSeed = randomBytes(32);
  const made: SigningKeys = {
    nodeId: `node-${randomBytes(4).toString("hex")}`,
    nodeSeed: randomBytes(32),
    checkpointSeed,
    origin: former.origin,
    checkpointKeys: [...former.checkpointKeys, signingKey(checkpointSeed).publicKey],
  };
  const text = JSON.stringify({
    nodeId: made.nodeId,
    node: made.nodeSeed.toString("base64"),
    checkpoint: made.checkpointSeed.toString("base64"),
    origin: made.origin,
    checkpointKeys: made.checkpointKeys.map((key) => key.toString("base64")),
  });
  await keysFolder.write(fileName, vault.sealSecret("signing", Buffer.from(text, "utf8")));
  return made;
}
