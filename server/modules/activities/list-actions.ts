import { queryOver, Sealed, type Context, type Draft, type Input, type SealedRecord } from "#server/core/door/index.ts";
import { companyFor, keptFor, listCustomers } from "#server/modules/customers/index.ts";
import type { listActions as endpoint } from "#shared/activities.ts";
import { dayAfter, dayInJapan } from "#shared/day-in-japan.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import { attachedField, attachedText, mayAct, mayRead, nameClasses, noteColumns, noteField, type NoteRow, type NoteSubject } from "./note-records.ts";

type Actions = Draft<ReplyOf<typeof endpoint>>;

/** More open actions than this are not counted to the last. */
const mostCounted = 500;

/**
 * One's own open next actions, oldest first. Whom one does not see any more (moved away, erased, in the trash) is left out,
 * and so is what one may not read: the count says nothing of them either. What is about a merged row names whom it went into.
 */
export async function listActions(context: Context, input: Input<typeof endpoint>): Promise<Actions> {
  const today = dayInJapan(context.now);
  const { accountNo } = context.actor;
  const rows =
    accountNo === null
      ? []
      : await context.db.query<NoteRow>(
          `select ${noteColumns} from contact_notes
            where responsible_no = $1 and done_at is null and state = 'active' and due_on <= $2 order by due_on, note_no limit $3`,
          [accountNo, dayAfter(today, input.query.days), mostCounted],
          "actions-due",
        );
  const subjects = await subjectsOf(context, rows);
  const seen = rows.flatMap((row) => {
    const about = subjects.get(keyOf(row));
    return about === undefined || !about.kept.isActive || !mayRead(context, about.subject) ? [] : [{ row, ...about, dueOn: row.due_on as string }];
  });
  const count = (fits: (dueOn: string) => boolean): number => seen.filter(({ dueOn }) => fits(dueOn)).length;
  return {
    today,
    counts: { overdue: count((due) => due < today), today: count((due) => due === today), soon: count((due) => due > today) },
    actions: seen.slice(0, input.query.limit).map(({ row, subject, kept, dueOn }) => ({
      noteNo: row.note_no,
      customerNo: subject.kind === "customer" ? kept.no : null,
      companyNo: subject.kind === "company" ? kept.no : null,
      dueOn,
      name: new Sealed(kept.record, subject.kind === "customer" ? "fullName" : "companyName"),
      text: attachedText(subject, row.sealed_action),
      mayAct: mayAct(context, subject, row),
    })),
  };
}

function keyOf(row: NoteRow): string {
  return row.customer_no === null ? `company ${row.company_no}` : `customer ${row.customer_no}`;
}

interface Found {
  readonly no: number;
  readonly record: SealedRecord;
  readonly isActive: boolean;
}

/** What the notes are about, each with the record that is kept of it after merges. */
async function subjectsOf(context: Context, rows: readonly NoteRow[]): Promise<Map<string, { subject: NoteSubject; kept: Found }>> {
  const found = new Map<string, { subject: NoteSubject; kept: Found }>();
  for (const kind of ["customer", "company"] as const) {
    const numbers = [...new Set(rows.flatMap((row) => (kind === "customer" ? row.customer_no : row.company_no) ?? []))];
    const keptOf = await keptFor(queryOver(context.db), kind, numbers);
    const seen = await (kind === "customer" ? customersOf : companiesOf)(context, [...new Set([...keptOf].flat())]);
    for (const [no, keptNo] of keptOf) {
      const [own, kept] = [seen.get(no), seen.get(keptNo)];
      if (own !== undefined && kept !== undefined) {
        found.set(`${kind} ${no}`, { subject: { kind, ...own, field: attachedField(context, kind, noteField) }, kept });
      }
    }
  }
  return found;
}

async function customersOf(context: Context, numbers: readonly number[]): Promise<Map<number, Found>> {
  const rows = await listCustomers(context, numbers, nameClasses(context));
  return new Map(rows.map(({ customerNo, record, state }) => [customerNo, { no: customerNo, record, isActive: state === "active" }]));
}

async function companiesOf(context: Context, numbers: readonly number[]): Promise<Map<number, Found>> {
  const found = new Map<number, Found>();
  for (const companyNo of numbers) {
    const company = await companyFor(context, companyNo).catch((error: unknown) => {
      if (error instanceof Problem) {
        return undefined;
      }
      throw error;
    });
    if (company !== undefined) {
      found.set(companyNo, { no: companyNo, record: company.record, isActive: company.state === "active" });
    }
  }
  return found;
}
