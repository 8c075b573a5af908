import type { Fact } from "#server/core/context/journal.ts";
import type { Policy } from "#server/core/access/policy.ts";
import { releasedFields, SealedText, type Draft } from "#server/core/door/index.ts";
import type { RecordedEvent } from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { listEvents } from "#shared/ledger.ts";

type EventDraft = Draft<ReplyOf<typeof listEvents>>["events"][number];

/** How many numbers of each kind are named. */
const mostNamed = 10;

/** An event as a reader of the ledger sees it. What was searched for stays a handle: the door decides who reads it. */
export function showEvent(policy: Policy, event: RecordedEvent): EventDraft {
  return {
    eventNo: event.eventNo,
    sequence: event.sequence,
    at: event.at.toISOString(),
    type: event.type,
    accountNo: event.accountNo,
    sessionId: event.sessionId,
    address: event.address ?? null,
    purpose: event.purpose ?? null,
    outcome: event.outcome,
    subjects: subjectsOf(event),
    fields: releasedFields(policy, event.releases),
    facts: Object.fromEntries(Object.entries(event.facts).map(([key, value]) => [key, plainFact(value)])),
    query: queryOf(event),
  };
}

function subjectsOf(event: RecordedEvent): { kind: string; count: number; first: number[] }[] {
  const byKind = new Map<string, Set<number>>();
  const add = (kind: string, no: number): void => {
    const numbers = byKind.get(kind) ?? new Set();
    byKind.set(kind, numbers.add(no));
  };
  for (const release of event.releases) {
    for (const no of release.numbers) {
      add(release.kind, no);
    }
  }
  for (const write of event.writes) {
    add(write.kind, write.no);
  }
  return [...byKind].map(([kind, numbers]) => ({ kind, count: numbers.size, first: [...numbers].toSorted((a, b) => a - b).slice(0, mostNamed) }));
}

/** Facts with parts (a role, the fields) are shown as the text that they are in the ledger. */
function plainFact(value: Fact): string | number | boolean | null {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}

function queryOf(event: RecordedEvent): SealedText | null {
  const part = event.sealed.find(({ label, subject }) => label === "query" && subject.kind === "query");
  return part === undefined ? null : new SealedText({ kind: "query", no: part.subject.no }, part.blob, part.label, { ledgerOf: event.accountNo });
}
