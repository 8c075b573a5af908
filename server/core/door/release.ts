import { canRead, hasPurpose, hasVerb, levelOf, relationOf, unrelated, type Rights } from "#server/core/access/compile.ts";
import { mask } from "#server/core/access/mask.ts";
import { fieldOf, type Field, type Policy } from "#server/core/access/policy.ts";
import type { Actor } from "#server/core/context/context.ts";
import type { SubjectKind } from "#server/core/context/journal.ts";
import { openBlobText } from "#server/core/vault/opening.ts";
import type { Vault } from "#server/core/vault/index.ts";
import type { Kind, Purpose } from "#shared/rights.ts";
import { Problem } from "#shared/problems.ts";
import { Sealed, SealedRecord, SealedText, type Handle, type TextReader, type Values } from "./sealed-record.ts";

/** How much of a field a reader is shown. The numbers stand in the ledger's entries. */
export type Shows = 0 | 1 | 2;

/** What a reply released, by record: field number → 1 partial, 2 full. */
export interface ReleasedRecord {
  readonly kind: SubjectKind;
  readonly no: number;
  readonly fields: Map<number, 1 | 2>;
}

const tables = new WeakMap<Rights, { policy: Policy; byRelation: Map<string, Map<string, Shows>> }>();

/** What the rights show of a field of a record with this relation. Pure; compiled once a policy version. */
export function showsOf(policy: Policy, rights: Rights, record: { kind: Kind; ownerNo: number | null; cellNo: number | null }, field: Field): Shows {
  let table = tables.get(rights);
  if (table === undefined || table.policy !== policy) {
    table = { policy, byRelation: new Map() };
    tables.set(rights, table);
  }
  const relation = relationOf(rights, record);
  const key = `${record.kind}.${relation}`;
  let fields = table.byRelation.get(key);
  if (fields === undefined) {
    fields = new Map(
      policy.fields
        .filter((each) => each.kind === record.kind)
        .map((each) => {
          const { level, masked } = levelOf(rights, record.kind, relation, each.class);
          return [each.key, level === "none" ? 0 : masked && each.mask !== "none" ? 1 : 2];
        }),
    );
    table.byRelation.set(key, fields);
  }
  return fields.get(field.key) ?? 0;
}

/** Opens one class of a record. Never leaves core/door. */
export function openClass(vault: Vault, record: SealedRecord, fieldClass: number): Values {
  return SealedRecord.openedBy(record, fieldClass, () => {
    const blob = record.blobs[fieldClass];
    return blob === null || blob === undefined
      ? {}
      : (JSON.parse(openBlobText(vault, { kind: record.kind, no: record.no }, blob, { fieldClass })) as Values);
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

/** Makes the function that fills the personal places of one reply, and notes what it filled them with. */
export function releasing(given: { vault: Vault; policy: Policy; actor: Actor; purpose: () => string | undefined }): {
  open: (handle: Handle) => unknown;
  released: () => ReleasedRecord[];
} {
  const { vault, policy, actor } = given;
  const released = new Map<string, ReleasedRecord>();
  const note = (kind: SubjectKind, no: number, fieldNo: number, how: 1 | 2): void => {
    const key = `${kind}.${no}`;
    let entry = released.get(key);
    if (entry === undefined) {
      entry = { kind, no, fields: new Map() };
      released.set(key, entry);
    }
    if (fieldNo > 0 && (entry.fields.get(fieldNo) ?? 0) < how) {
      entry.fields.set(fieldNo, how);
    }
  };

  const openSealed = (handle: Sealed): unknown => {
    const field = fieldOf(policy, handle.record.kind, handle.key);
    if (field === undefined) {
      throw new Error(`There is no field ${handle.record.kind}.${handle.key}.`);
    }
    let shows = actor.principal === "account" ? showsOf(policy, actor.rights, handle.record, field) : 0;
    if (shows === 0) {
      return { hidden: true };
    }
    const value = openField(vault, handle.record, field);
    if (value === undefined) {
      return null;
    }
    if (shows === 1 && handle.isReveal) {
      demandReveal(actor, given.purpose());
      shows = 2;
    }
    note(handle.record.kind, handle.record.no, field.no, shows);
    return shows === 2 ? value : { masked: mask(field.mask, value) };
  };

  const openText = (handle: SealedText): unknown => {
    if ("record" in handle.reader) {
      const { record, field: key } = handle.reader;
      const field = fieldOf(policy, record.kind, key);
      const shows = field === undefined || actor.principal !== "account" ? 0 : showsOf(policy, actor.rights, record, field);
      if (field === undefined || shows === 0) {
        return { hidden: true };
      }
      const text = textOf(vault, handle);
      if (text === null || text === "") {
        return null;
      }
      note(record.kind, record.no, field.no, shows);
      return shows === 2 ? text : { masked: mask(field.mask, text) };
    }
    if (!mayReadText(actor, handle.reader)) {
      return { hidden: true };
    }
    const text = textOf(vault, handle);
    if (text === null) {
      return null;
    }
    note(handle.subject.kind, handle.subject.no, fieldNoOf(policy, handle), 2);
    return text;
  };

  return {
    open: (handle) => (handle === null ? null : handle instanceof Sealed ? openSealed(handle) : openText(handle)),
    released: () => [...released.values()],
  };
}

function mayReadText(actor: Actor, reader: Exclude<TextReader, { record: SealedRecord }>): boolean {
  if (actor.principal !== "account") {
    return false;
  }
  if ("authorNo" in reader) {
    return reader.authorNo === actor.accountNo;
  }
  const { rights } = actor;
  return reader.ledgerOf === actor.accountNo || (hasVerb(rights, "read-ledger") && canRead(levelOf(rights, "customer", unrelated, "personal")));
}

/** A sealed text may be a field of its subject after all: one's own name. */
function fieldNoOf(policy: Policy, { subject, label }: SealedText): number {
  return subject.kind === "query" || subject.kind === "import" ? 0 : (fieldOf(policy, subject.kind, label)?.no ?? 0);
}

function demandReveal(actor: Actor, purpose: string | undefined): void {
  if (!hasVerb(actor.rights, "reveal")) {
    throw new Problem("not-permitted", { verb: "reveal" });
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
