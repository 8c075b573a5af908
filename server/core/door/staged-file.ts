import { lstat, mkdir, open, readdir, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { openBlob } from "#server/core/vault/opening.ts";
import { KeyErased } from "#server/core/vault/index.ts";
import type { Journal } from "#server/core/context/journal.ts";
import { Problem } from "#shared/problems.ts";
import { classNumber } from "./class-numbers.ts";
import type { Context } from "./context.ts";
import type { Door } from "./door.ts";

/** Plain bytes of a chunk; the last one may be shorter. */
const chunkBytes = 64 * 1024;
/** What sealing adds to a chunk; the same for each (blob.ts). */
const overhead = 37;
/** Behind the field classes: a chunk can never pass for a text of its import. */
const stagedClass = 16;
/** A zip is read from several places at once. */
const chunksAtHand = 8;

function pathOf(door: Door, importNo: number): string {
  return join(door.filesFolder, `import-${importNo}`);
}

/**
 * Seals a file while it arrives: chunks of 64 KiB under the key of its import, each bound to its place. Nothing in the clear
 * touches the disk. Durable when it resolves, with the number of bytes; of a failure nothing is left.
 * @throws Problem file-too-large beyond `mostBytes`; whatever the source throws
 */
export async function sealStaged(door: Door, importNo: number, source: AsyncIterable<Buffer>, mostBytes: number): Promise<number> {
  await mkdir(door.filesFolder, { recursive: true, mode: 0o700 });
  const path = pathOf(door, importNo);
  const file = await open(path, "wx", 0o600);
  try {
    const chunk = Buffer.alloc(chunkBytes);
    let filled = 0;
    let chunks = 0;
    let bytes = 0;
    const flush = async (): Promise<void> => {
      const blob = door.vault.seal({ kind: "import", no: importNo }, stagedClass, chunks, chunk.subarray(0, filled));
      if (blob.length !== filled + overhead) {
        throw new Error("a sealed chunk has an unforeseen length");
      }
      await file.write(blob, 0, blob.length, chunks * (chunkBytes + overhead));
      chunks += 1;
      filled = 0;
    };
    for await (const piece of source) {
      bytes += piece.length;
      if (bytes > mostBytes) {
        throw new Problem("file-too-large", { mostBytes });
      }
      for (let at = 0; at < piece.length;) {
        const taken = piece.copy(chunk, filled, at);
        at += taken;
        filled += taken;
        if (filled === chunkBytes) {
          await flush();
        }
      }
    }
    if (filled > 0) {
      await flush();
    }
    chunk.fill(0);
    await file.sync();
    await file.close();
    return bytes;
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
}

/** A staged file whose plain bytes can be read from anywhere. Close it. */
export interface StagedFile {
  readonly size: number;
  /** The bytes `[offset, min(offset + length, size))`. @throws BlobRejected when a chunk was changed or moved */
  read(offset: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/**
 * Opens the staged file of an import for the import's own work; the event of `context` says so. Its bytes are personal
 * values: they go to planning and sealing and nowhere else.
 * @throws Problem not-found when it is gone
 */
export async function readStaged(
  context: { readonly door: Door; readonly journal: Pick<Journal, "touched"> },
  importNo: number,
  size: number,
): Promise<StagedFile> {
  const { door } = context;
  const subject = { kind: "import", no: importNo } as const;
  let file: FileHandle;
  try {
    file = await open(pathOf(door, importNo), "r");
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "ENOENT" ? new Problem("not-found") : error;
  }
  context.journal.touched("import", importNo);
  const atHand = new Map<number, Buffer>();
  const chunkAt = async (index: number): Promise<Buffer> => {
    const known = atHand.get(index);
    if (known !== undefined) {
      return known;
    }
    const plain = Math.min(chunkBytes, size - index * chunkBytes);
    const blob = Buffer.allocUnsafe(plain + overhead);
    const { bytesRead } = await file.read(blob, 0, blob.length, index * (chunkBytes + overhead));
    if (door.vault.isErased(subject)) {
      throw new KeyErased();
    }
    const opened = openBlob(door.vault, subject, blob.subarray(0, bytesRead), { fieldClass: stagedClass, version: index });
    for (const [oldest] of atHand) {
      if (atHand.size < chunksAtHand) {
        break;
      }
      atHand.delete(oldest);
    }
    atHand.set(index, opened);
    return opened;
  };
  return {
    size,
    async read(offset, length) {
      const end = Math.min(offset + length, size);
      const parts: Buffer[] = [];
      for (let at = offset; at < end;) {
        const index = Math.floor(at / chunkBytes);
        const chunk = await chunkAt(index);
        const from = at - index * chunkBytes;
        const part = chunk.subarray(from, Math.min(chunk.length, from + end - at));
        parts.push(Buffer.from(part));
        at += part.length;
      }
      return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    },
    async close() {
      for (const buffer of atHand.values()) {
        buffer.fill(0);
      }
      atHand.clear();
      await file.close();
    },
  };
}

/**
 * The texts of a staged row, for trying it again: of an import that belongs to whoever acts.
 * @throws Problem not-found for another's
 */
export function readStagedRow(context: Context, given: { importNo: number; accountNo: number | null; blob: Buffer }): Readonly<Record<string, string>> {
  if (given.accountNo !== context.actor.accountNo) {
    throw new Problem("not-found");
  }
  context.journal.touched("import", given.importNo);
  return JSON.parse(
    openBlob(context.door.vault, { kind: "import", no: given.importNo }, given.blob, { fieldClass: classNumber("personal") }).toString("utf8"),
  ) as Record<string, string>;
}

/** Numbers of the imports whose files wait on this node, with the time of their last change. */
export async function listStaged(door: Door): Promise<{ importNo: number; changedAt: Date }[]> {
  const names = await readdir(door.filesFolder).catch((): string[] => []);
  const found: { importNo: number; changedAt: Date }[] = [];
  for (const name of names) {
    const no = /^import-(\d+)$/.exec(name)?.[1];
    const stat = no === undefined ? undefined : await lstat(join(door.filesFolder, name)).catch(() => undefined);
    if (stat !== undefined) {
      found.push({ importNo: Number(no), changedAt: stat.mtime });
    }
  }
  return found;
}

/** Removes a staged file; nothing happens when it is gone already. */
export async function removeStaged(door: Door, importNo: number): Promise<void> {
  await rm(pathOf(door, importNo), { force: true });
}
