import type { ReplyOf } from "#shared/endpoint.ts";
import type { listEvents } from "#shared/ledger.ts";
import type { Words } from "#web/words/words.ts";

export type LedgerEvent = ReplyOf<typeof listEvents>["events"][number];

/** 「顧客 42人・会社 3社」: whom an event touched, in numbers. */
export function describeSubjects(event: Pick<LedgerEvent, "subjects">, w: Words): string {
  return event.subjects
    .map(({ kind, count }) =>
      kind === "customer"
        ? w.ledger.customers(count)
        : kind === "company"
          ? w.ledger.companies(count)
          : kind === "account"
            ? w.ledger.accounts(count)
            : w.ledger.others(kind, count),
    )
    .join("・");
}

export function isKnownOutcome(outcome: string): outcome is "ok" | "refused" | "failed" {
  return ["ok", "refused", "failed"].includes(outcome);
}

/** Sign-in and invitations are acts of someone the product does not know yet. */
export function isBeforeSignIn(event: Pick<LedgerEvent, "accountNo" | "type">): boolean {
  return event.accountNo === null && /^(session|invitation)\./.test(event.type);
}
