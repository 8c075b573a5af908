import { canRead, hasPurpose, hasVerb, levelOf, relationOf, unrelated, type Relation, type Rights } from "#server/core/access/compile.ts";
import { mask } from "#server/core/access/mask.ts";
import { townOf } from "#server/core/access/town.ts";
import { fieldOf, type Field, type Policy } from "#server/core/access/policy.ts";
import type { Actor } from "#server/core/context/context.ts";
import type { SubjectKind } from "#server/core/context/journal.ts";
import { openBlobText } from "#server/core/vault/opening.ts";
import type { Vault } from "#server/core/vault/index.ts";
import type { Kind, Purpose } from "#shared/rights.ts";
import { Problem } from "#shared/problems.ts";
import type { Confirmation } from "./confirmed.ts";
import { markReleased, releasedNothing, type ReleasedRecord } from "./field-marks.ts";
import {
  Sealed,
  SealedRecord,
  SealedText,
  type FullBy,
  type Handle,
  type SealedValues,
  type TextReader,
  type ValuePart,
  type Values,
} from "./sealed-record.ts";

/** How much of a field a reader is shown. The numbers stand in the ledger's entries. */
export type Shows = 0 | 1 | 2;

interface Decisions {
  readonly policy: Policy;
  /** By kind and relation: how much of each field is shown. */
  readonly byRelation: Map<Kind, (Map<string, Shows> | undefined)[]>;
}
const decisions = new WeakMap<Rights, Decisions>();

function decisionsFor(policy: Policy, rights: Rights, kind: Kind, relation: Relation): Map<string, Shows> {
  let known = decisions.get(rights);
  if (known === undefined || known.policy !== policy) {
    known = { policy, byRelation: new Map() };
    decisions.set(rights, known);
  }
  let ofKind = known.byRelation.get(kind);
  if (ofKind === undefined) {
    ofKind = [];
    known.byRelation.set(kind, ofKind);
  }
  return (ofKind[relation] ??= new Map(
    policy.fields
      .filter((field) => field.kind === kind)
      .map((field) => {
        const { level, masked } = levelOf(rights, kind, relation, field.class);
        return [field.key, level === "none" ? 0 : masked && field.mask !== "none" ? 1 : 2];
      }),
  ));
}

/** What of a record decides how much of it is shown. */
interface Standing {
  readonly kind: Kind;
  readonly ownerNo: number | null;
  readonly cellNo: number | null;
  readonly isSuspended?: boolean;
}

/** What the rights show of a field of a record with this relation. Pure; compiled once a policy version. */
export function showsOf(policy: Policy, rights: Rights, record: Standing, field: Field): Shows {
  return standing(rights, record, field, decisionsFor(policy, rights, record.kind, relationOf(rights, record)).get(field.key) ?? 0);
}

/**
 * Whether the exact form of a value may be confirmed to the account: where it is shown in full, and where it is masked only of
 * fields that a search asks. A masked date of birth is not guessed by typing a few thousand of them.
 */
export function answersExactly(policy: Policy, rights: Rights, record: Standing, field: Field): boolean {
  const shows = showsOf(policy, rights, record, field);
  return shows === 2 || (shows === 1 && field.searchable);
}

/** Of a person whose use is suspended nothing that has a mask is shown in full, except to whoever answers that person. */
function standing(rights: Rights, record: Pick<Standing, "isSuspended">, field: Field, shows: Shows): Shows {
  return record.isSuspended === true && shows === 2 && field.mask !== "none" && !hasVerb(rights, "answer-person") ? 1 : shows;
}

/** Opens one class of a record. Never leaves core/door. */
export function openClass(vault: Vault, record: SealedRecord, fieldClass: number): Values {
  return SealedRecord.openedBy(record, fieldClass, () => {
    const blob = record.blobs[fieldClass];
    return blob === null || blob === undefined ? {} : (JSON.parse(openBlobText(vault, { kind: record.kind, no: record.no }, blob, { fieldClass })) as Values);
  });
}

/** The value of a field, wherever it is stored while it is being resealed. Never leaves core/door. */
export function openField(vault: Vault, record: SealedRecord, field: Field): string | undefined {
  for (const fieldClass of field.storedClasses) {
    const value = openClass(vault, record, fieldClass)[field.key];
    if (value !== undefined && value !== "") {
      return value;
    }
  }
  return undefined;
}

/** What fills the personal places of one reply, and what it filled them with. */
export interface Releasing {
  /** The value of a handle, its mask, or that it is hidden. */
  readonly open: (handle: Handle) => unknown;
  /** The values of many fields of one record at once. */
  readonly openValues: (handle: SealedValues) => Record<string, unknown>;
  /** Notes fields of which something is told without showing them. What one may not know of is not noted: it was not told. */
  readonly confirm: (confirmation: Confirmation) => void;
  readonly released: () => ReleasedRecord[];
}

/** One field of a row of a list, decided once for all rows with the same relation. */
interface PlannedField {
  readonly key: string;
  readonly field: Field;
  readonly shows: Shows;
}

const hidden = { hidden: true } as const;

/** Makes the functions that fill the personal places of one reply. */
export function releasing(given: { vault: Vault; policy: Policy; actor: Actor; purpose: () => string | undefined }): Releasing {
  const { vault, policy, actor } = given;
  const released: ReleasedRecord[] = [];
  const ofKind = new Map<SubjectKind, Map<number, ReleasedRecord>>();
  const ofRecord = new Map<SealedRecord, ReleasedRecord>();
  const entryOf = (kind: SubjectKind, no: number): ReleasedRecord => {
    let ofNo = ofKind.get(kind);
    if (ofNo === undefined) {
      ofNo = new Map();
      ofKind.set(kind, ofNo);
    }
    let entry = ofNo.get(no);
    if (entry === undefined) {
      entry = releasedNothing(kind, no);
      ofNo.set(no, entry);
      released.push(entry);
    }
    return entry;
  };
  const entryOfRecord = (record: SealedRecord): ReleasedRecord => {
    let entry = ofRecord.get(record);
    if (entry === undefined) {
      entry = entryOf(record.kind, record.no);
      ofRecord.set(record, entry);
    }
    return entry;
  };

  const showField = (record: SealedRecord, field: Field, allowed: Shows, fullBy: FullBy | undefined, part?: ValuePart): unknown => {
    if (allowed === 0) {
      return hidden;
    }
    if (record.isSuspended && fullBy !== undefined && fullBy !== "answer-person" && fullBy !== "answer-callers") {
      throw new Problem("use-suspended", { customerNo: record.no });
    }
    const value = openField(vault, record, field);
    if (value === undefined) {
      return null;
    }
    let shows = allowed;
    if (shows === 1 && fullBy !== undefined) {
      demandFull(actor, fullBy, given.purpose());
      shows = 2;
    }
    if (part !== undefined && shows === 2) {
      const shortened = townOf(value);
      if (shortened !== null) {
        markReleased(entryOfRecord(record), field.no, 1);
      }
      return shortened;
    }
    markReleased(entryOfRecord(record), field.no, shows);
    return shows === 2 ? value : { masked: mask(field.mask, value) };
  };

  const openSealed = ({ record, key, fullBy, part }: Sealed): unknown => {
    const field = fieldOf(policy, record.kind, key);
    if (field === undefined) {
      throw new Error(`There is no field ${record.kind}.${key}.`);
    }
    if (fullBy === "answer-callers") {
      // Somebody who does not read the record calls the person back: of all fields a telephone number alone, and it counts as released.
      return showField(record, field, field.type === "phone" && hasVerb(actor.rights, fullBy) ? 2 : 0, fullBy);
    }
    return showField(record, field, actor.principal === "account" ? showsOf(policy, actor.rights, record, field) : 0, fullBy, part);
  };

  const plans = new Map<readonly string[], Map<string, readonly PlannedField[]>>();
  const planFor = (record: SealedRecord, keys: readonly string[]): readonly PlannedField[] => {
    let ofKeys = plans.get(keys);
    if (ofKeys === undefined) {
      ofKeys = new Map();
      plans.set(keys, ofKeys);
    }
    const relation = relationOf(actor.rights, record);
    const name = `${record.kind}${relation}`;
    let plan = ofKeys.get(name);
    if (plan === undefined) {
      const shown = decisionsFor(policy, actor.rights, record.kind, relation);
      plan = keys.map((key) => {
        const field = fieldOf(policy, record.kind, key);
        if (field === undefined) {
          throw new Error(`There is no field ${record.kind}.${key}.`);
        }
        return { key, field, shows: actor.principal === "account" ? (shown.get(key) ?? 0) : 0 };
      });
      ofKeys.set(name, plan);
    }
    return plan;
  };

  const openValues = ({ record, keys, fullBy }: SealedValues): Record<string, unknown> => {
    const values: Record<string, unknown> = {};
    for (const { key, field, shows } of planFor(record, keys)) {
      values[key] = showField(record, field, standing(actor.rights, record, field, shows), fullBy);
    }
    return values;
  };

  const openText = (handle: SealedText): unknown => {
    if ("record" in handle.reader) {
      const { record, field: key } = handle.reader;
      const field = fieldOf(policy, record.kind, key);
      const shows = field === undefined || actor.principal !== "account" ? 0 : showsOf(policy, actor.rights, record, field);
      if (field === undefined || shows === 0) {
        return hidden;
      }
      const text = textOf(vault, handle);
      if (text === null || text === "") {
        return null;
      }
      markReleased(entryOfRecord(record), field.no, shows);
      return shows === 2 ? text : { masked: mask(field.mask, text) };
    }
    if (!mayReadText(actor, handle.reader)) {
      return hidden;
    }
    const text = textOf(vault, handle);
    if (text === null) {
      return null;
    }
    markReleased(entryOf(handle.subject.kind, handle.subject.no), fieldNoOf(policy, handle), 2);
    return text;
  };

  const confirm = ({ record, keys }: Confirmation): void => {
    for (const key of keys) {
      const field = fieldOf(policy, record.kind, key);
      if (field !== undefined && actor.principal === "account" && showsOf(policy, actor.rights, record, field) > 0) {
        markReleased(entryOfRecord(record), field.no, 1);
      }
    }
  };

  return {
    confirm,
    open: (handle) => (handle === null ? null : handle instanceof Sealed ? openSealed(handle) : openText(handle)),
    openValues,
    released: () => released,
  };
}

function mayReadText(actor: Actor, reader: Exclude<TextReader, { record: SealedRecord }>): boolean {
  if (actor.principal !== "account") {
    return false;
  }
  if ("staff" in reader) {
    return true;
  }
  if ("authorNo" in reader) {
    return reader.authorNo === actor.accountNo || (reader.orVerb !== undefined && hasVerb(actor.rights, reader.orVerb));
  }
  const { rights } = actor;
  return reader.ledgerOf === actor.accountNo || (hasVerb(rights, "read-ledger") && canRead(levelOf(rights, "customer", unrelated, "personal")));
}

/** A sealed text may be a field of its subject after all: one's own name. */
function fieldNoOf(policy: Policy, { subject, label }: SealedText): number {
  return subject.kind === "query" || subject.kind === "import" || subject.kind === "incident" ? 0 : (fieldOf(policy, subject.kind, label)?.no ?? 0);
}

function demandFull(actor: Actor, verb: FullBy, purpose: string | undefined): void {
  if (!hasVerb(actor.rights, verb)) {
    throw new Problem("not-permitted", { verb });
  }
  if (purpose === undefined || !hasPurpose(actor.rights, purpose as Purpose)) {
    throw new Problem("purpose-needed");
  }
}

/** A sealed text is stored as a JSON object `{ [label]: text }` like any blob. Of an erased subject nothing is left. */
export function textOf(vault: Vault, handle: SealedText): string | null {
  if (vault.isErased(handle.subject)) {
    return null;
  }
  for (const blob of Buffer.isBuffer(handle.blob) ? [handle.blob] : handle.blob) {
    const opened = JSON.parse(openBlobText(vault, handle.subject, blob)) as Record<string, string | null>;
    const text = opened[handle.label];
    if (text !== undefined && text !== null) {
      return text;
    }
  }
  return null;
}
