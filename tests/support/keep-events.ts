import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import { listEvents } from "#server/core/ledger/index.ts";

/** Headers up to this length are preferred as examples. */
const readable = 700;

/**
 * Where KURABAN_KEEP_EVENTS names a folder, keeps there one event of each type that a test left behind, as examples for
 * docs/events.md: what went well before what was refused, and what says much before what says little.
 */
export async function keepEvents(owner: pg.Pool): Promise<void> {
  const folder = process.env["KURABAN_KEEP_EVENTS"];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  const { rows } = await owner.query<{ event_no: number; type: string; header: string }>(
    `select distinct on (type) event_no, type, header from ledger_events
      order by type, header like '%"outcome":"ok"%' desc, length(header) > $1, length(header) desc`,
    [readable],
  );
  for (const { event_no: eventNo, type, header } of rows) {
    const file = join(folder, `${type}.json`);
    const score = [header.includes('"outcome":"ok"') ? 1 : 0, header.length > readable ? 0 : 1, header.length > readable ? -header.length : header.length];
    if (existsSync(file) && !isBetter(score, (JSON.parse(readFileSync(file, "utf8")) as { score: number[] }).score)) continue;
    const { events } = await listEvents(owner, { before: Number(eventNo) + 1, limit: 1 });
    const kinds = [...new Set([...(events[0]?.releases ?? []), ...(events[0]?.writes ?? [])].map(({ kind }) => kind))].toSorted();
    writeFileSync(file, JSON.stringify({ score, kinds, header: JSON.parse(header) as unknown }));
  }
}

function isBetter(score: readonly number[], than: readonly number[]): boolean {
  for (const [at, value] of score.entries()) {
    if (value !== than[at]) return value > (than[at] ?? -Infinity);
  }
  return false;
}
