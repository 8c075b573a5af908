import type { Actor } from "#server/core/context/context.ts";
import type { JournalEntries } from "#server/core/context/journal.ts";
import type { LedgerEvent, Release } from "#server/core/ledger/index.ts";
import { isMarkedAlike, marksOf, releasedPairs, type ReleasedRecord } from "./field-marks.ts";

/** Records with the same fields at the same levels stand in one group, so that a page of 50 is a handful of groups. */
function groupReleases(released: readonly ReleasedRecord[], touches: JournalEntries["touches"]): Release[] {
  const groups = new Map<string, { kind: Release["kind"]; numbers: number[]; fields: [number, 1 | 2][] }>();
  const seen = new Set<string>();
  let before: ReleasedRecord | undefined;
  let group: { numbers: number[] } | undefined;
  for (const record of released) {
    if (touches.length > 0) {
      seen.add(`${record.kind}.${record.no}`);
    }
    // Rows of a page are mostly alike: what was found for one fits the next.
    if (before === undefined || group === undefined || !isMarkedAlike(before, record)) {
      const key = `${record.kind}:${marksOf(record)}`;
      const made = groups.get(key) ?? { kind: record.kind, numbers: [], fields: releasedPairs(record) };
      groups.set(key, made);
      group = made;
    }
    group.numbers.push(record.no);
    before = record;
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
    facts: entries.facts,
    releases: groupReleases(given.released, given.outcome === "ok" ? entries.touches : []),
    writes: entries.writes,
    sealed: entries.sealedFacts,
  };
}
