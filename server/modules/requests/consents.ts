import { queryOver, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { customerFor, numbersMergedInto } from "#server/modules/customers/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type {
  addUsePurpose as addEndpoint,
  changeUsePurpose as changeEndpoint,
  consentHows,
  listUsePurposes,
  recordConsent as endpoint,
  UsePurpose,
} from "#shared/person-requests.ts";
import { Problem } from "#shared/problems.ts";
import { noteRequestWritten } from "./hashed-requests.ts";
import { mayWriteRow } from "./suspend-use.ts";

export interface ConsentRow {
  readonly consent_no: number;
  readonly purpose_no: number;
  readonly stance: "given" | "objected";
  readonly how: (typeof consentHows)[number];
  readonly recorded_by: number | null;
  readonly recorded_at: Date;
  readonly withdrawn_at: Date | null;
}

/** What a person agreed or objected to under any of these numbers, newest first, with what was taken back. */
export async function consentsOf(context: Context, customerNos: readonly number[]): Promise<ConsentRow[]> {
  return context.db.query<ConsentRow>(
    "select consent_no, purpose_no, stance, how, recorded_by, recorded_at, withdrawn_at from customer_consents where customer_no = any($1) order by consent_no desc",
    [customerNos],
  );
}

/**
 * Records a stance; the former one to the same purpose, also of a row merged into this one, ends with it and stays on record.
 * @throws Problem not-found, not-permitted; invalid-input for a purpose that does not stand any more
 */
export async function recordConsent(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { purposeNo, stance, how } = input.body;
  const row = await customerFor(context, input.params.customerNo, "change");
  if (!mayWriteRow(context, row)) {
    throw new Problem("not-permitted");
  }
  const [purpose] = await context.db.query("select 1 from use_purposes where purpose_no = $1 and not is_archived", [purposeNo]);
  if (purpose === undefined) {
    throw new Problem("invalid-input", { field: "purposeNo" });
  }
  const written = await context.db.query<{ no: number }>(
    `update customer_consents set withdrawn_at = $3, withdrawn_by = $4 where customer_no = any($1) and purpose_no = $2 and withdrawn_at is null
     returning consent_no as no`,
    [[...(await numbersMergedInto(queryOver(context.db), "customer", [row.customerNo])).keys()], purposeNo, context.now, context.actor.accountNo],
  );
  if (stance !== "withdrawn") {
    const [made] = await context.db.query<{ no: number }>(
      `insert into customer_consents (customer_no, purpose_no, stance, how, recorded_by, recorded_at) values ($1, $2, $3, $4, $5, $6)
       returning consent_no as no`,
      [row.customerNo, purposeNo, stance, how, context.actor.accountNo, context.now],
    );
    written.push(...(made === undefined ? [] : [made]));
  }
  for (const { no } of written) {
    await noteRequestWritten(context, "person-consent", no);
  }
  context.journal.touched("customer", row.customerNo);
  context.journal.fact("purposeNo", purposeNo);
  context.journal.fact("stance", stance);
  context.journal.fact("how", how);
  return { kind: "recorded" };
}

export async function usePurposes(context: Context): Promise<UsePurpose[]> {
  const rows = await context.db.query<{ purpose_no: number; ja: string; en: string; opt: "in" | "out"; is_archived: boolean }>(
    "select purpose_no, ja, en, opt, is_archived from use_purposes order by purpose_no",
  );
  return rows.map((row) => ({ purposeNo: row.purpose_no, ja: row.ja, en: row.en, opt: row.opt, isArchived: row.is_archived }));
}

export async function listPurposes(context: Context): Promise<Draft<ReplyOf<typeof listUsePurposes>>> {
  return { purposes: await usePurposes(context) };
}

export async function addPurpose(context: Context, input: Input<typeof addEndpoint>): Promise<Draft<ReplyOf<typeof addEndpoint>>> {
  const { ja, en, opt, isArchived } = input.body;
  const [row] = await context.db.query<{ purpose_no: number }>(
    "insert into use_purposes (ja, en, opt, is_archived) values ($1, $2, $3, $4) returning purpose_no",
    [ja, en, opt, isArchived],
  );
  const purposeNo = row?.purpose_no ?? 0;
  context.journal.fact("purpose", { purposeNo, ja, en, opt, isArchived });
  return { purposeNo };
}

/** @throws Problem not-found */
export async function changePurpose(context: Context, input: Input<typeof changeEndpoint>): Promise<Draft<ReplyOf<typeof changeEndpoint>>> {
  const { purposeNo } = input.params;
  const { ja, en, opt, isArchived } = input.body;
  const rows = await context.db.query("update use_purposes set ja = $2, en = $3, opt = $4, is_archived = $5 where purpose_no = $1 returning 1", [
    purposeNo,
    ja,
    en,
    opt,
    isArchived,
  ]);
  if (rows.length === 0) {
    throw new Problem("not-found");
  }
  context.journal.fact("purpose", { purposeNo, ja, en, opt, isArchived });
  return { purposeNo };
}
