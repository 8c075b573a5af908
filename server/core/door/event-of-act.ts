import type { Actor } from "#server/core/context/context.ts";
import type { JournalEntries, Standing } from "#server/core/context/journal.ts";
import type { Fact, LedgerEvent, Release } from "#server/core/ledger/index.ts";
import { isMarkedAlike, marksOf, releasedPairs, type ReleasedRecord } from "./field-marks.ts";

interface Group {
  readonly kind: Release["kind"];
  readonly numbers: number[];
  readonly fields: [number, 1 | 2][];
}

/** Groups that a record is held against one by one before its marks are written out as text: a page has a handful. */
const mostCompared = 16;

/** Records with the same fields at the same levels stand in one group, so that a page of 50 is a handful of groups. */
function groupReleases(released: readonly ReleasedRecord[], touches: JournalEntries["touches"]): Release[] {
  const groups = new Map<string, Group>();
  const seen = new Set<string>();
  const compared: { readonly first: ReleasedRecord; readonly group: Group }[] = [];
  for (const record of released) {
    if (touches.length > 0) {
      seen.add(`${record.kind}.${record.no}`);
    }
    let group = compared.find(({ first }) => isMarkedAlike(first, record))?.group;
    if (group === undefined) {
      const key = `${record.kind}:${marksOf(record)}`;
      group = groups.get(key);
      if (group === undefined) {
        group = { kind: record.kind, numbers: [], fields: releasedPairs(record) };
        groups.set(key, group);
        if (record.own === null && compared.length < mostCompared) {
          compared.push({ first: record, group });
        }
      }
    }
    group.numbers.push(record.no);
  }
  for (const { kind, no } of touches) {
    if (seen.has(`${kind}.${no}`)) {
      continue;
    }
    seen.add(`${kind}.${no}`);
    const key = `${kind}:0.0.0.0`;
    const touched = groups.get(key) ?? { kind, numbers: [], fields: [] };
    groups.set(key, touched);
    touched.numbers.push(no);
  }
  return [...groups.values()];
}

/** A row that is gone stands in no cell. */
const gone: Standing = { ownerNo: null, cellNo: 0 };

/**
 * The fact `standings`: where the customers of the event's writes stand from now on, in the order of the stored writes
 * (ascending numbers), as runs `[how many, owner or null, cell]`; cell 0: gone; `[how many]` alone: where they stood.
 * Undefined when nobody is new, moved or gone.
 */
function standingsOf(writes: JournalEntries["writes"]): Fact | undefined {
  const standings = new Map<number, Standing | undefined>();
  for (const { kind, no, rowHash, standing } of writes) {
    // Of several writes of one row the last counts; where it does not say where the row stands, the one before does.
    if (kind === "customer") standings.set(no, rowHash === null ? gone : (standing ?? standings.get(no)));
  }
  const runs: [count: number, ...standing: (number | null)[]][] = [];
  for (const [, standing] of [...standings].sort(([a], [b]) => a - b)) {
    const last = runs[runs.length - 1];
    const isSame = standing === undefined ? last?.length === 1 : last?.length === 3 && last[1] === standing.ownerNo && last[2] === standing.cellNo;
    if (last !== undefined && isSame) last[0] += 1;
    else runs.push(standing === undefined ? [1] : [1, standing.ownerNo, standing.cellNo]);
  }
  return runs.some((run) => run.length === 3) ? runs : undefined;
}

/** The one event of an act: what the journal says and what the reply holds. */
export function eventOfAct(given: {
  entries: JournalEntries;
  released: readonly ReleasedRecord[];
  actor: Actor;
  now: Date;
  requestId: string;
  address: string;
  deviceId?: string | undefined;
  policyVersion: number;
  outcome: "ok" | "refused" | "failed";
}): LedgerEvent {
  const { entries } = given;
  const standings = standingsOf(entries.writes);
  const actor = entries.actsAs === undefined || given.actor.principal === "account" ? given.actor : ({ principal: "account", ...entries.actsAs } as const);
  return {
    type: entries.type,
    at: given.now,
    principal: actor.principal,
    accountNo: actor.accountNo,
    sessionId: actor.sessionId,
    ...(given.address === "" ? {} : { address: given.address }),
    ...(given.deviceId === undefined ? {} : { deviceId: given.deviceId }),
    requestId: given.requestId,
    ...(entries.statedPurpose === undefined ? {} : { purpose: entries.statedPurpose }),
    outcome: given.outcome,
    policyVersion: given.policyVersion,
    facts: standings === undefined ? entries.facts : { ...entries.facts, standings },
    releases: groupReleases(given.released, given.outcome === "ok" ? entries.touches : []),
    writes: entries.writes.map(({ kind, no, rowHash }) => ({ kind, no, rowHash })),
    sealed: entries.sealedFacts,
  };
}
