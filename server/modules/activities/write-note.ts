import { rightsOf } from "#server/core/access/policy.ts";
import { rowHash, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import type * as contract from "#shared/activities.ts";
import type { NoteKind } from "#shared/activities.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import { mayAct, mayChange, mayWrite, noteFor, hashedNote, noteSubject, seesRecord, type NoteRow, type NoteSubject } from "./note-records.ts";
import { sealAttached } from "./seal-attached.ts";

type NoteReply = Draft<ReplyOf<typeof contract.changeNote>>;

/** Clocks of browsers go wrong; a contact that lies further ahead has not happened. */
const clockSlackMs = 10 * 60_000;

export interface NewAction {
  readonly text: string;
  /** `2026-11-21`. */
  readonly dueOn: string;
  readonly responsibleNo: number | null;
}

export interface NewNote {
  readonly kind: NoteKind;
  readonly happenedAt: Date;
  readonly authorNo: number | null;
  readonly text: string;
  readonly action: NewAction | null;
}

export async function addCustomerNote(context: Context, input: Input<typeof contract.addCustomerNote>): Promise<NoteReply> {
  return addNote(context, await noteSubject(context, "customer", input.params.customerNo, "change"), input.body);
}

export async function addCompanyNote(context: Context, input: Input<typeof contract.addCompanyNote>): Promise<NoteReply> {
  return addNote(context, await noteSubject(context, "company", input.params.companyNo, "change"), input.body);
}

function addNote(context: Context, subject: NoteSubject, body: Input<typeof contract.addCustomerNote>["body"]): Promise<NoteReply> {
  const { accountNo } = context.actor;
  return insertNote(context, subject, {
    kind: body.kind,
    happenedAt: body.happenedAt === undefined ? context.now : new Date(body.happenedAt),
    authorNo: accountNo,
    text: body.text,
    action: actionOf(body.action, accountNo),
  });
}

function actionOf(given: { text: string; dueOn: string; responsibleNo?: number | undefined } | null | undefined, fallback: number | null): NewAction | null {
  return given === null || given === undefined ? null : { text: given.text, dueOn: given.dueOn, responsibleNo: given.responsibleNo ?? fallback };
}

/**
 * Writes down a contact: its row, and its hash in the journal.
 * @throws Problem not-permitted, conflict (in the trash), invalid-input (nothing said, a time to come, nobody who sees it), card-number
 */
export async function insertNote(context: Context, subject: NoteSubject, given: NewNote): Promise<{ noteNo: number; version: number }> {
  demandWrite(context, subject);
  demandPast(context, given.happenedAt);
  demandResponsible(context, subject, given.action?.responsibleNo ?? null);
  const sealedNote = sealAttached(context, subject, 1, given.text);
  const sealedAction = given.action === null ? null : sealAttached(context, subject, 1, given.action.text);
  if (sealedNote === null && sealedAction === null) {
    throw new Problem("invalid-input", { field: "text" });
  }
  const [next] = await context.db.query<{ no: number }>("select nextval(pg_get_serial_sequence('contact_notes', 'note_no'))::integer as no", [], "note-number");
  const row: NoteRow = {
    note_no: (next as { no: number }).no,
    customer_no: subject.kind === "customer" ? subject.no : null,
    company_no: subject.kind === "company" ? subject.no : null,
    kind: given.kind,
    state: "active",
    version: 1,
    author_no: given.authorNo,
    happened_at: given.happenedAt,
    sealed_note: sealedNote,
    sealed_action: sealedAction,
    due_on: sealedAction === null ? null : (given.action?.dueOn ?? null),
    responsible_no: sealedAction === null ? null : (given.action?.responsibleNo ?? null),
    done_at: null,
  };
  await context.db.query(
    `insert into contact_notes (note_no, customer_no, company_no, kind, version, author_no, happened_at, sealed_note, sealed_action, due_on, responsible_no, created_at, updated_at)
     overriding system value values ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10, $11, $11)`,
    [
      row.note_no,
      row.customer_no,
      row.company_no,
      row.kind,
      row.author_no,
      row.happened_at,
      row.sealed_note,
      row.sealed_action,
      row.due_on,
      row.responsible_no,
      context.now,
    ],
    "note-insert",
  );
  record(context, subject, row);
  context.journal.fact("kind", row.kind);
  if (row.due_on !== null) {
    context.journal.fact("dueOn", row.due_on);
    context.journal.fact("responsible", row.responsible_no);
  }
  return { noteNo: row.note_no, version: 1 };
}

export async function changeNote(context: Context, input: Input<typeof contract.changeNote>): Promise<NoteReply> {
  const { body } = input;
  const { row, subject } = await noteFor(context, input.params.noteNo);
  demandChange(context, subject, row);
  if (row.version !== body.version || row.state !== "active") {
    throw new Problem("conflict", { version: row.version });
  }
  const version = row.version + 1;
  const happenedAt = body.happenedAt === undefined ? row.happened_at : new Date(body.happenedAt);
  demandPast(context, happenedAt);
  const action = body.action === undefined ? undefined : actionOf(body.action, row.responsible_no ?? context.actor.accountNo);
  demandResponsible(context, subject, action?.responsibleNo ?? null);
  const sealedAction = action === undefined ? row.sealed_action : action === null ? null : sealAttached(context, subject, version, action.text);
  const next: NoteRow = {
    ...row,
    version,
    kind: body.kind ?? row.kind,
    happened_at: happenedAt,
    sealed_note: body.text === undefined ? row.sealed_note : sealAttached(context, subject, version, body.text),
    sealed_action: sealedAction,
    due_on: sealedAction === null ? null : action === undefined ? row.due_on : (action?.dueOn ?? null),
    responsible_no: sealedAction === null ? null : action === undefined ? row.responsible_no : (action?.responsibleNo ?? null),
    done_at: sealedAction === null ? null : row.done_at,
  };
  if (next.sealed_note === null && next.sealed_action === null) {
    throw new Problem("invalid-input", { field: "text" });
  }
  for (const [label, blob, isReplaced] of [
    ["note-before", row.sealed_note, body.text !== undefined],
    ["action-before", row.sealed_action, action !== undefined],
  ] as const) {
    if (blob !== null && isReplaced) {
      context.journal.sealed({ label, subject: { kind: subject.kind, no: subject.no }, fieldClass: subject.field.class, blob });
    }
  }
  await writeNote(context, subject, next);
  return { noteNo: row.note_no, version };
}

export function trashNote(context: Context, input: Input<typeof contract.trashNote>): Promise<NoteReply> {
  return setState(context, input.params.noteNo, "trashed", input.body.version);
}

export function restoreNote(context: Context, input: Input<typeof contract.restoreNote>): Promise<NoteReply> {
  return setState(context, input.params.noteNo, "active", undefined);
}

async function setState(context: Context, noteNo: number, state: "active" | "trashed", readVersion: number | undefined): Promise<NoteReply> {
  const { row, subject } = await noteFor(context, noteNo);
  demandChange(context, subject, row);
  if (row.state === state || (readVersion !== undefined && row.version !== readVersion)) {
    throw new Problem("conflict", { version: row.version });
  }
  const next = { ...row, state, version: row.version + 1 };
  await writeNote(context, subject, next);
  return { noteNo, version: next.version };
}

/** @throws Problem invalid-input: the note has no next action */
export async function setAction(context: Context, input: Input<typeof contract.setAction>): Promise<Draft<ReplyOf<typeof contract.setAction>>> {
  const { body } = input;
  const { row, subject } = await noteFor(context, input.params.noteNo);
  if (!mayAct(context, subject, row)) {
    throw new Problem("not-permitted", { field: subject.field.key });
  }
  if (row.state !== "active") {
    throw new Problem("conflict", { version: row.version });
  }
  if (row.due_on === null) {
    throw new Problem("invalid-input", { field: "action" });
  }
  demandResponsible(context, subject, body.responsibleNo ?? null);
  const next: NoteRow = {
    ...row,
    version: row.version + 1,
    due_on: body.dueOn ?? row.due_on,
    responsible_no: body.responsibleNo ?? row.responsible_no,
    done_at: body.done === undefined ? row.done_at : body.done ? (row.done_at ?? context.now) : null,
  };
  await writeNote(context, subject, next);
  context.journal.fact("done", next.done_at !== null);
  context.journal.fact("dueOn", next.due_on);
  context.journal.fact("responsible", next.responsible_no);
  return {
    noteNo: row.note_no,
    version: next.version,
    former: { done: row.done_at !== null, dueOn: row.due_on, responsibleNo: row.responsible_no },
  };
}

/** Writes a locked note anew; its hash and what it is about go into the journal. */
export async function writeNote(context: Context, subject: Pick<NoteSubject, "kind" | "no">, next: NoteRow): Promise<void> {
  await context.db.query(
    `update contact_notes set kind = $2, state = $3, version = $4, happened_at = $5, sealed_note = $6, sealed_action = $7, due_on = $8, responsible_no = $9,
            done_at = $10, updated_at = $11
      where note_no = $1`,
    [
      next.note_no,
      next.kind,
      next.state,
      next.version,
      next.happened_at,
      next.sealed_note,
      next.sealed_action,
      next.due_on,
      next.responsible_no,
      next.done_at,
      context.now,
    ],
    "note-update",
  );
  record(context, subject, next);
}

function record({ journal }: Context, { kind, no }: Pick<NoteSubject, "kind" | "no">, row: NoteRow): void {
  journal.touched(kind, no);
  journal.wrote("note", row.note_no, rowHash(hashedNote(row)));
  journal.fact("note", row.note_no);
}

function demandWrite(context: Context, subject: NoteSubject): void {
  if (!mayWrite(context, subject)) {
    throw new Problem("not-permitted", { field: subject.field.key });
  }
  if (!subject.isActive) {
    throw new Problem("conflict");
  }
}

function demandChange(context: Context, subject: NoteSubject, row: NoteRow): void {
  if (!mayChange(context, subject, row)) {
    throw new Problem("not-permitted", { field: subject.field.key });
  }
}

function demandPast(context: Context, happenedAt: Date): void {
  if (happenedAt.getTime() > context.now.getTime() + clockSlackMs) {
    throw new Problem("invalid-input", { field: "happenedAt" });
  }
}

/** Whoever is given something to do by a colleague must see whom it is about. */
function demandResponsible(context: Context, subject: NoteSubject, responsibleNo: number | null): void {
  if (responsibleNo === null || responsibleNo === context.actor.accountNo || context.actor.principal !== "account") {
    return;
  }
  if (!context.policy.rolesOf.has(responsibleNo) || !seesRecord(rightsOf(context.policy, responsibleNo), subject.record)) {
    throw new Problem("invalid-input", { field: "responsibleNo" });
  }
}
