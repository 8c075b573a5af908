import type { ReplyOf } from "#shared/endpoint.ts";
import type { listEvents } from "#shared/ledger.ts";
import type { Words } from "#web/words/words.ts";

export type LedgerEvent = ReplyOf<typeof listEvents>["events"][number];

/** 「顧客 42人・会社 3社」: whom an event touched, in numbers. */
export function describeSubjects(event: Pick<LedgerEvent, "subjects">, w: Words): string {
  return subjectsToTell(event)
    .map((subject) => describeSubject(subject, w))
    .join("・");
}

export function describeSubject({ kind, count }: LedgerEvent["subjects"][number], w: Words): string {
  if (kind === "customer") return w.ledger.customers(count);
  if (kind === "company") return w.ledger.companies(count);
  if (kind === "account") return w.ledger.accounts(count);
  return kind === "import" ? w.ledger.imports(count) : w.ledger.others(kind, count);
}

/** Typed words are a subject of their own, but say nothing by their number: they stand as the event's query. */
export function subjectsToTell(event: Pick<LedgerEvent, "subjects">): LedgerEvent["subjects"] {
  return event.subjects.filter(({ kind }) => kind !== "query");
}

export function isKnownOutcome(outcome: string): outcome is "ok" | "refused" | "failed" {
  return ["ok", "refused", "failed"].includes(outcome);
}

/** Sign-in and invitations are acts of someone the product does not know yet. */
export function isBeforeSignIn(event: Pick<LedgerEvent, "accountNo" | "type">): boolean {
  return event.accountNo === null && /^(session|invitation)\./.test(event.type);
}
