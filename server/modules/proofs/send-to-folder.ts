import { statSync } from "node:fs";
import { join } from "node:path";
import { noteOf } from "#server/core/ledger/index.ts";
import { keepFile } from "./keep-file.ts";
import type { Sending, Sent } from "./sending.ts";

/**
 * Puts the note into a folder, a file share: one file a day (UTC), and the newest. Each is there whole or not at all, and a day
 * that is over is not touched again.
 */
export async function sendToFolder({ settings, checkpoint }: Sending<"folder">): Promise<Sent> {
  const name = checkpoint.origin.replaceAll(/[^\w.-]/g, "-");
  const day = checkpoint.at.toISOString().slice(0, 10);
  try {
    if (!statSync(settings.folder).isDirectory()) return { state: "failing", problem: "folder-missing" };
  } catch {
    return { state: "failing", problem: "folder-missing" };
  }
  try {
    for (const file of [day, "latest"]) keepFile(join(settings.folder, `${name}.${file}.checkpoint`), noteOf(checkpoint));
  } catch {
    return { state: "failing", problem: "folder-refused" };
  }
  return { state: "ok", checkpoint };
}
