import type { ReplyOf } from "#shared/endpoint.ts";
import type { listEvents } from "#shared/ledger.ts";
import type { Shown } from "#shared/shown.ts";
import type { Words } from "#web/words/words.ts";

export type LedgerEvent = ReplyOf<typeof listEvents>["events"][number];
type Names = ReplyOf<typeof listEvents>["names"];

/** Names by `customer 12`, as they are shown now. */
export type Named = ReadonlyMap<string, Shown>;

export function namesBy(given: readonly Names[]): Named {
  return new Map(
    given.flatMap(({ customers, companies }) => [
      ...customers.map(({ no, name }) => [`customer ${no}`, name] as const),
      ...companies.map(({ no, name }) => [`company ${no}`, name] as const),
    ]),
  );
}

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

export type Verb = keyof Words["records"]["verbs"];

/** How an event showed values, or undefined where it showed none to anybody: then it is told by its own name. */
export function verbOf(event: Pick<LedgerEvent, "type" | "outcome" | "fields" | "subjects">): Verb | undefined {
  const people = subjectsToTell(event).filter(({ kind }) => kind === "customer" || kind === "company");
  if (event.outcome !== "ok" || event.fields.length === 0 || people.length === 0) return undefined;
  if (event.type === "customer.revealed") return "revealed";
  if (event.type === "customer.used") return "used";
  if (event.type === "labels.printed") return "printed";
  if (/downloaded$|^person\.disclosed$/.test(event.type)) return "out";
  if (/\.(created|changed|added|trashed|restored|undone|edit-undone|merged|unmerged|set|erased|started|batch)$/.test(event.type)) return undefined;
  if (/^(customers|companies|trash|stars)\.listed$/.test(event.type)) return "listed";
  return event.type.endsWith(".viewed") ? "viewed" : "seen";
}

/** What a screen fetches for itself: who is signed in, names of colleagues, one's own arrangements. */
const minor =
  /^(session\.shown|staff\.listed|departments\.listed|roles\.listed|fields\.listed|saved-views\.listed|stars\.listed|list\.layout-shown|first-hour\.shown|approvals\.listed|use-purposes\.listed|(list|person)-policy\.(viewed|shown)|trash\.rules-shown|customers\.(counted|grouped)|ledger\.(own-read|own-replayed|own-event-viewed|counted|questions-listed|checkpoint-shown)|monitoring\.notice-shown)$/;

/** A story passes lightly over such events, unless something was refused. */
export function isMinor(event: Pick<LedgerEvent, "type" | "outcome">): boolean {
  return event.outcome === "ok" && minor.test(event.type);
}
