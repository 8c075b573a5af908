import { Sealed, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { companyFor, listCustomers } from "#server/modules/customers/index.ts";
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
 * and so is what one may not read: the count says nothing of them either.
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
    const subject = subjects.get(keyOf(row));
    return subject === undefined || !subject.isActive || !mayRead(context, subject) ? [] : [{ row, subject, dueOn: row.due_on as string }];
  });
  const count = (fits: (dueOn: string) => boolean): number => seen.filter(({ dueOn }) => fits(dueOn)).length;
  return {
    today,
    counts: { overdue: count((due) => due < today), today: count((due) => due === today), soon: count((due) => due > today) },
    actions: seen.slice(0, input.query.limit).map(({ row, subject, dueOn }) => ({
      noteNo: row.note_no,
      customerNo: row.customer_no,
      companyNo: row.company_no,
      dueOn,
      name: new Sealed(subject.record, subject.kind === "customer" ? "fullName" : "companyName"),
      text: attachedText(subject, row.sealed_action),
      mayAct: mayAct(context, subject, row),
    })),
  };
}

function keyOf(row: NoteRow): string {
  return row.customer_no === null ? `company ${row.company_no}` : `customer ${row.customer_no}`;
}

async function subjectsOf(context: Context, rows: readonly NoteRow[]): Promise<Map<string, NoteSubject>> {
  const found = new Map<string, NoteSubject>();
  const customerNos = [...new Set(rows.flatMap((row) => row.customer_no ?? []))];
  for (const { customerNo, record, state } of await listCustomers(context, customerNos, nameClasses(context))) {
    found.set(`customer ${customerNo}`, {
      kind: "customer",
      no: customerNo,
      record,
      field: attachedField(context, "customer", noteField),
      isActive: state === "active",
    });
  }
  for (const companyNo of new Set(rows.flatMap((row) => row.company_no ?? []))) {
    const company = await companyFor(context, companyNo).catch((error: unknown) => {
      if (error instanceof Problem) {
        return undefined;
      }
      throw error;
    });
    if (company !== undefined) {
      found.set(`company ${companyNo}`, {
        kind: "company",
        no: companyNo,
        record: company.record,
        field: attachedField(context, "company", noteField),
        isActive: company.state === "active",
      });
    }
  }
  return found;
}
