import type { FieldClass } from "#shared/rights.ts";

/** Facts of an event: never a personal value, only codes, keys, numbers and times. */
export type Fact = string | number | boolean | null | readonly Fact[] | { readonly [key: string]: Fact };

/** What events speak of. The sealed kinds have keys in the vault; the others are named by number alone. */
export type SubjectKind =
  | "customer"
  | "company"
  | "account"
  | "import"
  | "query"
  | "ledger"
  | "role"
  | "field"
  | "department"
  | "session"
  | "cell"
  | "file"
  | "note"
  | "purchase"
  | "approval"
  | "person-request"
  | "person-consent"
  | "erasure"
  | "incident";

/** What decides, with somebody's rights, who reads a customer: its owner and its cell. */
export interface Standing {
  readonly ownerNo: number | null;
  readonly cellNo: number;
}

export interface SealedFact {
  readonly label: string;
  readonly subject: { readonly kind: SubjectKind; readonly no: number };
  readonly fieldClass: FieldClass;
  readonly blob: Buffer;
}

/**
 * What the one event of an act will say besides what the reply released. A use case adds to it; the route writes the
 * event (a write: in the same transaction; a read: after the commit, before the reply leaves).
 */
export interface Journal {
  fact(key: string, value: Fact): void;
  purpose(purpose: string): void;
  /**
   * A row that was written: its hash after the write, or null when the row is gone (product.md K9). `standing`: where a
   * customer stands from now on, for a row that is new or that moved.
   */
  wrote(kind: SubjectKind, no: number, rowHash: Buffer | null, standing?: Standing): void;
  /** A record the act touched without showing a value of it. */
  touched(kind: SubjectKind, no: number): void;
  sealed(fact: SealedFact): void;
  /** Whose act it turns out to be, where the caller was nobody yet: a sign-in. */
  actsAs(accountNo: number, sessionId: string | null): void;
  /** Names the event when the act turns out to be another one than the route declares (e.g. `session.refused`). */
  becomes(type: string): void;
}

export interface JournalEntries {
  type: string;
  readonly facts: Record<string, Fact>;
  statedPurpose: string | undefined;
  actsAs: { readonly accountNo: number; readonly sessionId: string | null } | undefined;
  readonly writes: { kind: SubjectKind; no: number; rowHash: Buffer | null; standing?: Standing | undefined }[];
  readonly touches: { kind: SubjectKind; no: number }[];
  readonly sealedFacts: SealedFact[];
}

export function openJournal(type: string): { journal: Journal; entries: JournalEntries } {
  const entries: JournalEntries = { type, facts: {}, statedPurpose: undefined, actsAs: undefined, writes: [], touches: [], sealedFacts: [] };
  return {
    entries,
    journal: {
      fact: (key, value) => void (entries.facts[key] = value),
      purpose: (purpose) => void (entries.statedPurpose = purpose),
      wrote: (kind, no, rowHash, standing) => void entries.writes.push({ kind, no, rowHash, standing }),
      touched: (kind, no) => void entries.touches.push({ kind, no }),
      sealed: (fact) => void entries.sealedFacts.push(fact),
      actsAs: (accountNo, sessionId) => void (entries.actsAs = { accountNo, sessionId }),
      becomes: (type) => void (entries.type = type),
    },
  };
}
