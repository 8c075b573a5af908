import { canRead, canWrite, hasVerb, isVisible, levelOf, relationOf } from "#server/core/access/compile.ts";
import { fieldOf, type Field } from "#server/core/access/policy.ts";
import { queryOver, SealedText, type Context, type Draft, type HashedRow, type SealedRecord } from "#server/core/door/index.ts";
import { classesOf, companyFor, customerFor, numbersMergedInto, readForMerge } from "#server/modules/customers/index.ts";
import type { noteOut, NoteKind } from "#shared/activities.ts";
import { Problem } from "#shared/problems.ts";
import type { output } from "zod";

/** A row of `contact_notes`. Days as text, because a day has no zone. */
export interface NoteRow {
  readonly note_no: number;
  readonly customer_no: number | null;
  readonly company_no: number | null;
  readonly kind: NoteKind;
  readonly state: "active" | "trashed";
  readonly version: number;
  readonly author_no: number | null;
  readonly happened_at: Date;
  readonly sealed_note: Buffer | null;
  readonly sealed_action: Buffer | null;
  readonly due_on: string | null;
  readonly responsible_no: number | null;
  readonly done_at: Date | null;
}

export const noteColumns =
  "note_no, customer_no, company_no, kind, state, version, author_no, happened_at, sealed_note, sealed_action, due_on::text as due_on, responsible_no, done_at";

/** The customer or company that a note is about, with the field that decides who reads and writes notes about it. */
export interface NoteSubject {
  readonly kind: "customer" | "company";
  readonly no: number;
  readonly record: SealedRecord;
  readonly field: Field;
  readonly isActive: boolean;
}

export const noteField = "contactNote";

/** @throws Problem not-found: no such customer or company, or outside what the caller sees */
export async function noteSubject(context: Context, kind: "customer" | "company", no: number, lock: "read" | "change" = "read"): Promise<NoteSubject> {
  const field = attachedField(context, kind, noteField);
  if (kind === "customer") {
    const { record, state } = await customerFor(context, no, lock);
    return { kind, no, record, field, isActive: state === "active" };
  }
  const { record, state } = await companyFor(context, no, lock);
  return { kind, no, record, field, isActive: state === "active" };
}

/** What a person or company is: its own row, and those merged into it as far as the caller sees them. Each keeps its own notes. */
export async function withMerged(context: Context, subject: NoteSubject): Promise<NoteSubject[]> {
  const { kind, no, field } = subject;
  const merged = [...(await numbersMergedInto(queryOver(context.db), kind, [no])).keys()].filter((one) => one !== no);
  const rows = merged.length === 0 ? [] : await readForMerge(context, kind, merged);
  return [subject, ...rows.map((row) => ({ kind, no: row.no, record: row.record, field, isActive: false }))];
}

export function attachedField(context: Context, kind: "customer" | "company", key: string): Field {
  const field = fieldOf(context.policy, kind, key);
  if (field === undefined) {
    throw new Error(`there is no field ${kind}.${key}`);
  }
  return field;
}

/** The level on an attached field of this very record. The house itself may write and never reads. */
function rightOn(context: Context, { record, field }: Pick<NoteSubject, "record" | "field">): { read: boolean; write: boolean } {
  if (context.actor.principal !== "account") {
    return { read: false, write: context.actor.principal !== "anyone" };
  }
  const right = levelOf(context.actor.rights, field.kind, relationOf(context.actor.rights, record), field.class);
  return { read: canRead(right), write: canWrite(right) };
}

export function mayRead(context: Context, subject: Pick<NoteSubject, "record" | "field">): boolean {
  return rightOn(context, subject).read;
}

export function mayWrite(context: Context, subject: Pick<NoteSubject, "record" | "field">): boolean {
  return rightOn(context, subject).write;
}

/** One's own notes are one's own; those of others are for whoever may delete. */
export function mayChange(context: Context, subject: NoteSubject, row: Pick<NoteRow, "author_no">): boolean {
  const { actor } = context;
  return mayWrite(context, subject) && (actor.principal !== "account" || row.author_no === actor.accountNo || hasVerb(actor.rights, "delete"));
}

/** A next action is ticked by whoever sees to it, and by whoever may write about the customer. */
export function mayAct(context: Context, subject: NoteSubject, row: Pick<NoteRow, "responsible_no">): boolean {
  return mayWrite(context, subject) || (mayRead(context, subject) && row.responsible_no === context.actor.accountNo);
}

/** A note for a change, locked, with what it is about. What one may not read is not found. */
export async function noteFor(context: Context, noteNo: number): Promise<{ row: NoteRow; subject: NoteSubject }> {
  const [row] = await context.db.query<NoteRow>(`select ${noteColumns} from contact_notes where note_no = $1 for update`, [noteNo], "note-change");
  if (row === undefined) {
    throw new Problem("not-found");
  }
  const subject = await (row.customer_no === null
    ? noteSubject(context, "company", row.company_no as number)
    : noteSubject(context, "customer", row.customer_no));
  if (!mayRead(context, subject) && context.actor.principal === "account") {
    throw new Problem("not-found");
  }
  return { row, subject };
}

/** A sealed text about a record: read by whoever reads the attached field of that record. */
export function attachedText({ kind, no, record, field }: Omit<NoteSubject, "isActive">, blob: Buffer | null): SealedText | null {
  return blob === null ? null : new SealedText({ kind, no }, blob, field.key, { record, field: field.key });
}

export function draftOfNote(context: Context, subject: NoteSubject, row: NoteRow): Draft<output<typeof noteOut>> {
  return {
    noteNo: row.note_no,
    version: row.version,
    kind: row.kind,
    authorNo: row.author_no,
    happenedAt: row.happened_at.toISOString(),
    text: attachedText(subject, row.sealed_note),
    action:
      row.due_on === null
        ? null
        : {
            text: attachedText(subject, row.sealed_action),
            dueOn: row.due_on,
            responsibleNo: row.responsible_no,
            doneAt: row.done_at?.toISOString() ?? null,
          },
    may: { change: mayChange(context, subject, row), act: mayAct(context, subject, row) },
  };
}

/** All that a note is, as it is hashed into its event (product.md K9). Clear facts that the common form has no place for stand in `state`. */
export function hashedNote(row: NoteRow): HashedRow {
  return {
    kind: "note",
    no: row.note_no,
    version: row.version,
    state: JSON.stringify([row.state, row.kind, row.customer_no, row.author_no, row.happened_at.getTime(), row.due_on, row.done_at?.getTime() ?? null]),
    ownerNo: row.responsible_no,
    cellNo: null,
    companyNo: row.company_no,
    blobs: [row.sealed_note, row.sealed_action],
  };
}

/** The classes that must be fetched of a customer to show its name. */
export function nameClasses(context: Context): Set<number> {
  return classesOf(context, ["fullName"]);
}

/** Whether an account sees a record at all: what is given to somebody who cannot open it would be lost. */
export function seesRecord(rights: Context["actor"]["rights"], record: SealedRecord): boolean {
  return isVisible(rights, record.kind, relationOf(rights, record));
}
