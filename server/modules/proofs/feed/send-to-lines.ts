import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "#server/platform/files/sync-folder.ts";
import type { Sending, Sent } from "../sending.ts";
import type { FeedEvent } from "./feed-event.ts";
import { followTree } from "./follow-tree.ts";

const readAtEnd = 1024 * 1024;

/**
 * Writes every event as a line of JSON, for an agent that reads files: `<house>.<day>.jsonl`, by the day (UTC) of the event.
 * Files are only appended to, the newest alone: an event of yesterday that took its place after midnight stands in today's.
 * What a crash left of a line is cut off and written anew with the same bytes; no line stands there twice.
 */
export async function sendToLines(sending: Sending<"lines">): Promise<Sent> {
  const { folder } = sending.settings;
  const house = (sending.checkpoint.origin.split("/")[0] as string).replaceAll(/[^\w.-]/g, "-");
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) return { state: "failing", problem: "folder-missing" };
  return followTree(sending, async (events) => {
    try {
      await appendEvents(folder, house, events);
      return undefined;
    } catch {
      return "folder-refused";
    }
  });
}

async function appendEvents(folder: string, house: string, events: readonly FeedEvent[]): Promise<void> {
  const days = (await readdir(folder)).flatMap((file) =>
    file.startsWith(`${house}.`) ? (/^\d{4}-\d\d-\d\d(?=\.jsonl$)/.exec(file.slice(house.length + 1)) ?? []) : [],
  );
  let day = days.toSorted().at(-1);
  const lines = events.map(eventLine);
  const last = day === undefined ? undefined : await wholeLastLine(join(folder, `${house}.${day}.jsonl`));
  const files = new Map<string, string[]>();
  for (let at = lines.lastIndexOf(last ?? "") + 1; at < lines.length; at += 1) {
    const own = events[at]?.said?.at.slice(0, 10) ?? "";
    if (/^\d{4}-\d\d-\d\d$/.test(own) && (day === undefined || own > day)) day = own;
    day ??= "0000-00-00";
    const file = files.get(day) ?? [];
    file.push(lines[at] as string);
    files.set(day, file);
  }
  for (const [of, own] of files) await append(folder, `${house}.${of}.jsonl`, own.join(""));
}

/** The header stands last and as it is: its bytes are what `leaf` is the hash of. */
export function eventLine({ sequence, eventNo, epochNo, leaf, header, state }: FeedEvent): string {
  const told = state === "signed" ? "" : `"state":"${state}",`;
  // A header that somebody changed may be no JSON any more.
  const shown = header === null ? "null" : isJson(header) ? header : JSON.stringify(header);
  return `{"sequence":${sequence},"event":${eventNo},"epoch":${epochNo},"leaf":"${leaf.toString("base64")}",${told}"header":${shown}}\n`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return !/[\r\n]/.test(text);
  } catch {
    return false;
  }
}

/** The last line of a file, after what a crash left behind it was cut off; undefined when there is none. */
async function wholeLastLine(path: string): Promise<string | undefined> {
  const file = await open(path, "r+");
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - readAtEnd);
    const bytes = Buffer.alloc(size - from);
    await file.read(bytes, 0, bytes.length, from);
    const end = bytes.lastIndexOf(10) + 1;
    if (end === 0 && from > 0) throw new Error("a line of more than a mebibyte");
    if (from + end < size) await file.truncate(from + end);
    if (end === 0) return undefined;
    return bytes.subarray(end === 1 ? 0 : bytes.lastIndexOf(10, end - 2) + 1, end).toString("utf8");
  } finally {
    await file.close();
  }
}

async function append(folder: string, name: string, text: string): Promise<void> {
  const file = await open(join(folder, name), "a");
  try {
    // The product's own files are for nobody else; these are for the agent, by the group that the folder gives them.
    if ((await file.stat()).size === 0) await file.chmod(0o640);
    await file.writeFile(text, "utf8");
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(folder);
}
