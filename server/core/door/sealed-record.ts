import type { Kind, Verb } from "#shared/rights.ts";
import type { Shown } from "#shared/shown.ts";

/** The values of one field class of a record, by field key. */
export type Values = Readonly<Record<string, string>>;

/**
 * A record as it stands in the database: clear facts and sealed blobs. Holding one gives nobody a value; only the door
 * opens it. `ownerNo` and `cellNo` decide how the reader is related to the record.
 */
export class SealedRecord {
  readonly kind: Kind;
  readonly no: number;
  readonly ownerNo: number | null;
  readonly cellNo: number | null;
  readonly version: number;
  /** The person asked that the data be used no more (利用停止, 個人情報保護法35条): values stay masked, every use is refused. */
  readonly isSuspended: boolean;
  /** By field class, in the order of `fieldClasses`. */
  readonly blobs: readonly (Buffer | null | undefined)[];
  readonly #opened: (Values | undefined)[] = [];

  constructor(given: {
    kind: Kind;
    no: number;
    ownerNo: number | null;
    cellNo: number | null;
    version: number;
    isSuspended?: boolean | undefined;
    blobs: readonly (Buffer | null | undefined)[];
  }) {
    this.kind = given.kind;
    this.no = given.no;
    this.ownerNo = given.ownerNo;
    this.cellNo = given.cellNo;
    this.version = given.version;
    this.isSuspended = given.isSuspended ?? false;
    this.blobs = given.blobs;
  }

  /** The door's own way to the opened values; not exported from the room. */
  static openedBy(record: SealedRecord, fieldClass: number, open: (record: SealedRecord, fieldClass: number) => Values): Values {
    const known = record.#opened[fieldClass];
    if (known !== undefined) {
      return known;
    }
    const values = open(record, fieldClass);
    record.#opened[fieldClass] = values;
    return values;
  }
}

/**
 * By which right a masked value is asked for in full: to be seen (`reveal`), to be acted on unseen (`contact`: call, mail,
 * map), or to stand in a file or on paper. `answer-callers`: the registered telephone number goes to a call, whatever the reader's
 * grants; a use case asks for it only where the desk calls somebody back.
 */
export type FullBy = Extract<Verb, "reveal" | "contact" | "print" | "export" | "answer-person" | "answer-callers">;

/** A part of a value that says less than the value: of an address, where the town is and no house (access/town.ts). */
export type ValuePart = "town";

/** A handle: the place of a value in a reply. The door decides what stands there. */
export class Sealed {
  readonly record: SealedRecord;
  readonly key: string;
  readonly fullBy: FullBy | undefined;
  /** Set where only a part of the value is asked for; it is then recorded as released in part. */
  readonly part: ValuePart | undefined;
  constructor(record: SealedRecord, key: string, fullBy?: FullBy, part?: ValuePart) {
    this.record = record;
    this.key = key;
    this.fullBy = fullBy;
    this.part = part;
  }
}

/** Handles of many fields of one record at once: the `values` of a row. The same `keys` array serves all rows of a list. */
export class SealedValues {
  readonly record: SealedRecord;
  readonly keys: readonly string[];
  readonly fullBy: FullBy | undefined;
  constructor(record: SealedRecord, keys: readonly string[], fullBy?: FullBy) {
    this.record = record;
    this.keys = keys;
    this.fullBy = fullBy;
  }
}

/**
 * A sealed text that belongs to no field: a query, a file's name, a staged cell, a former value. With several blobs (one a
 * field class) it stands in the one that has its label.
 */
export class SealedText {
  readonly subject: { readonly kind: "query" | "import" | "customer" | "company" | "account" | "incident"; readonly no: number };
  readonly blob: Buffer | readonly Buffer[];
  readonly label: string;
  readonly reader: TextReader;
  constructor(subject: SealedText["subject"], blob: SealedText["blob"], label: string, reader: TextReader) {
    this.subject = subject;
    this.blob = blob;
    this.label = label;
    this.reader = reader;
  }
}

/**
 * Who may read a sealed text: its own author, and where `orVerb` says so whoever has that verb (the reason of a request, for
 * those who judge requests); every member of staff (the name of a shared view); whoever may read `field` of
 * `record` (an old value of a customer, a note about one); or, of an event of the account `ledgerOf`, that account and every
 * reader of the ledger who reads personal values of all customers. The door checks it against the session; a use case only
 * states which rule applies.
 */
export type TextReader =
  | { readonly authorNo: number | null; readonly orVerb?: Verb }
  | { readonly staff: true }
  | { readonly record: SealedRecord; readonly field: string }
  | { readonly ledgerOf: number | null };

/** The handle of a value as the reader's rights show it. */
export function sealed(record: SealedRecord, key: string): Sealed {
  return new Sealed(record, key);
}

/** The handle of a value that is asked for in full. The door demands the verb and a stated purpose. */
export function inFull(record: SealedRecord, key: string, by: FullBy): Sealed {
  return new Sealed(record, key, by);
}

/** The handle of the part of a value. What the mask would hide of it is asked for as in {@link inFull}. */
export function inPart(record: SealedRecord, key: string, part: ValuePart, by: FullBy): Sealed {
  return new Sealed(record, key, by, part);
}

/** What stands in the place of a personal value until the door has built the reply. */
export type Handle = Sealed | SealedText | null;

/** The reply a use case returns: its schema's type, with handles where personal values will stand. */
export type Draft<T> = [T] extends [Shown]
  ? [{ hidden: true }] extends [T]
    ? Handle
    : T
  : T extends readonly (infer Item)[]
    ? readonly Draft<Item>[]
    : T extends Record<string, Shown>
      ? string extends keyof T
        ? SealedValues | { readonly [K in keyof T]: Handle }
        : { readonly [K in keyof T]: Draft<T[K]> }
      : T extends object
        ? { readonly [K in keyof T]: Draft<T[K]> }
        : T;
