import { sealText, SealedText, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { keepQuestion as keepEndpoint, ledgerQuestion, listQuestions as listEndpoint, removeQuestion as removeEndpoint } from "#shared/ledger.ts";
import { Problem } from "#shared/problems.ts";
import type { z } from "zod";
import { ownNumber } from "./own-number.ts";

interface Row {
  question_no: number;
  account_no: number;
  is_shared: boolean;
  filter: z.output<typeof ledgerQuestion>;
  sealed_name: Buffer;
}

const mostQuestions = 100;

/** The caller's own questions and the shared ones, oldest first. Row-level security decides which. */
export async function listQuestions(context: Context): Promise<Draft<ReplyOf<typeof listEndpoint>>> {
  const rows = await context.db.query<Row>(
    `select question_no, account_no, is_shared, filter, sealed_name from record_questions order by question_no limit ${mostQuestions}`,
  );
  return {
    questions: rows.map((row) => ({
      questionNo: row.question_no,
      accountNo: row.account_no,
      isShared: row.is_shared,
      name: new SealedText(
        { kind: "account", no: row.account_no },
        row.sealed_name,
        "questionName",
        row.is_shared ? { staff: true } : { authorNo: row.account_no },
      ),
      filter: row.filter,
    })),
  };
}

/** Keeps a question; its name is sealed under its author's key. @throws Problem invalid-input: too many of them */
export async function keepQuestion(context: Context, input: Input<typeof keepEndpoint>): Promise<Draft<ReplyOf<typeof keepEndpoint>>> {
  const accountNo = ownNumber(context);
  const { name, isShared, filter } = input.body;
  const [count] = await context.db.query<{ questions: number }>("select count(*)::integer as questions from record_questions where account_no = $1", [
    accountNo,
  ]);
  if ((count?.questions ?? 0) >= mostQuestions) {
    throw new Problem("invalid-input", { reason: "too-many-views" });
  }
  const sealedName = sealText(context.door.vault, { kind: "account", no: accountNo }, "internal", 1, { questionName: name });
  const [row] = await context.db.query<{ no: number }>(
    `insert into record_questions (account_no, is_shared, filter, sealed_name, created_at) values ($1, $2, $3, $4, $5) returning question_no as no`,
    [accountNo, isShared, JSON.stringify(filter), sealedName, context.now],
  );
  const { no } = row as { no: number };
  context.journal.fact("question", no);
  context.journal.fact("isShared", isShared);
  return { questionNo: no };
}

/** Removes one's own question. @throws Problem not-found: there is none, or it is somebody else's */
export async function removeQuestion(context: Context, input: Input<typeof removeEndpoint>): Promise<Draft<ReplyOf<typeof removeEndpoint>>> {
  const { questionNo } = input.params;
  const rows = await context.db.query("delete from record_questions where question_no = $1 and account_no = $2 returning question_no", [
    questionNo,
    ownNumber(context),
  ]);
  if (rows.length === 0) {
    throw new Problem("not-found");
  }
  context.journal.fact("question", questionNo);
  return { kind: "removed" };
}
