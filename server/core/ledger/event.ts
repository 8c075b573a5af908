import type { FieldClass } from "#shared/rights.ts";

/**
 * Kinds of records that events speak of, with their stored numbers (1–127). A number is never reused; a new kind takes the
 * next one. `query` is a search, `import` a staged row or a whole import, `ledger` a sealed part of the ledger itself, `incident` a case (事案) with its texts.
 */
export const ledgerKinds = {
  customer: 1,
  company: 2,
  account: 3,
  import: 4,
  query: 5,
  ledger: 6,
  role: 7,
  field: 8,
  department: 9,
  session: 10,
  cell: 11,
  file: 12,
  note: 13,
  purchase: 14,
  approval: 15,
  "person-request": 16,
  "person-consent": 17,
  erasure: 18,
  incident: 19,
} as const;
export type LedgerKind = keyof typeof ledgerKinds;

export const principals = ["account", "system", "console", "anyone"] as const;
export type Principal = (typeof principals)[number];
export const outcomes = ["ok", "refused", "failed"] as const;
export type Outcome = (typeof outcomes)[number];

/** Plain data as it stands in a header: no personal value, no undefined, finite numbers, well-formed strings. */
export type Fact = string | number | boolean | null | readonly Fact[] | { readonly [key: string]: Fact };

/** How a field was released: 1 partial (masked), 2 full. */
export type ReleaseLevel = 1 | 2;

/** A set of records of one kind of which the same fields were released. No fields: touched, no value released. */
export interface Release {
  readonly kind: LedgerKind;
  /** Whole numbers from 0 below 2^40, in any order. */
  readonly numbers: readonly number[];
  /** Pairs of field number (1–8191, see shared/fields.ts) and level. */
  readonly fields: readonly (readonly [fieldNo: number, level: ReleaseLevel])[];
}

/** The new state of a row: SHA-256 over what was sealed (as the owner of the row defines it), or null when it is gone. */
export interface Write {
  readonly kind: LedgerKind;
  readonly no: number;
  readonly rowHash: Buffer | null;
}

/** A sealed part: the ciphertext is what is hashed, so that an outsider verifies without keys. */
export interface SealedPart {
  /** What it is: "query", "before", "after" … */
  readonly label: string;
  readonly subject: { readonly kind: LedgerKind; readonly no: number };
  readonly fieldClass: FieldClass;
  readonly blob: Buffer;
}

/** One act, as it is given to the ledger. Nothing in it but the blobs may hold a personal value. */
export interface LedgerEvent {
  /** A declared type, "customer.viewed". */
  readonly type: string;
  readonly at: Date;
  readonly principal: Principal;
  readonly accountNo: number | null;
  /** A UUID. */
  readonly sessionId: string | null;
  readonly deviceId?: string | undefined;
  readonly address?: string | undefined;
  readonly requestId: string;
  readonly purpose?: string | undefined;
  readonly outcome: Outcome;
  readonly policyVersion: number;
  readonly facts: { readonly [key: string]: Fact };
  readonly releases: readonly Release[];
  readonly writes: readonly Write[];
  readonly sealed: readonly SealedPart[];
}

/** What a module says of one type of event. Versions are additive: facts are added, never changed in meaning. */
export interface EventDeclaration {
  readonly description: string;
}
export type EventDeclarations = Readonly<Record<string, EventDeclaration>>;

const typeForm = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/;

/** Declares a module's event types: `export const events = declareEvents({ "customer.viewed": { description: "…" } })`. */
export function declareEvents<const T extends EventDeclarations>(declarations: T): T {
  for (const type of Object.keys(declarations)) {
    if (!typeForm.test(type) || type.length > 60) throw new Error(`event type ${type}: want lower-case words joined by dots, at most 60 characters`);
  }
  return declarations;
}

/** All declared types; a type declared twice is refused. */
export function joinEvents(declarations: readonly EventDeclarations[]): ReadonlyMap<string, EventDeclaration> {
  const joined = new Map<string, EventDeclaration>();
  for (const group of declarations) {
    for (const [type, declaration] of Object.entries(group)) {
      if (joined.has(type)) throw new Error(`event type ${type} is declared twice`);
      joined.set(type, declaration);
    }
  }
  return joined;
}
