import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { TierCache } from "#server/modules/incidents/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { callBack as callEndpoint, checkCaller as checkEndpoint, confirmCallBack as confirmEndpoint, DeskAnswer, Stated } from "#shared/desk.ts";
import { Problem } from "#shared/problems.ts";
import { demandLook, statedHashes } from "./brake.ts";
import { caseFor, noteDesk, type CaseRow, type DeskRow } from "./desk-records.ts";
import { answerFor, findPerson, itemNames } from "./find-person.ts";

/** What looks share: the tiers they asked last. */
export interface DeskHouse {
  readonly tiers: TierCache;
}

/** Every reply of a check has so many characters, whatever it says. */
const replyLength = 4_000;

type Checked = Omit<ReplyOf<typeof checkEndpoint>, "padding">;

/** @throws Problem not-found, not-ready {reason: "agent-papers" | "case-closed"}, desk-stopped, desk-braked */
export function checkCaller(house: DeskHouse): (context: Context, input: Input<typeof checkEndpoint>) => Promise<ReplyOf<typeof checkEndpoint>> {
  return async (context, { params, body }) => {
    const { row, desk, hashes } = await beginLook(context, params.caseNo, body.stated);
    const found = await findPerson(context, body.stated, "whole");
    const told = found === undefined ? undefined : await answerFor(context, house.tiers, row.incident_no, found.personNo);
    const outcome = told === undefined ? "failed" : "passed";
    await keepCheck(context, row, { way: "values", stated: body.stated, hashes, outcome, personNo: found?.personNo, told });
    noteLook(context, { desk, row, stated: body.stated, outcome });
    noteAnswer(context, found?.personNo, told);
    const reply: Checked =
      told === undefined
        ? { outcome: "unconfirmed", answer: null, items: [] }
        : { outcome: "identified", answer: told.answer, items: itemNames(context, told.items) };
    return { ...reply, padding: " ".repeat(Math.max(0, replyLength - Buffer.byteLength(JSON.stringify(reply)))) };
  };
}

/** @throws Problem as {@link checkCaller} */
export function callBack(house: DeskHouse): (context: Context, input: Input<typeof callEndpoint>) => Promise<Draft<ReplyOf<typeof callEndpoint>>> {
  return async (context, { params, body }) => {
    const { row, desk, hashes } = await beginLook(context, params.caseNo, body.stated);
    const found = await findPerson(context, body.stated, "index");
    const number = found?.called ?? null;
    const outcome = number === null ? "failed" : "calling";
    await keepCheck(context, row, { way: "call-back", stated: body.stated, hashes, outcome, personNo: number === null ? undefined : found?.personNo });
    noteLook(context, { desk, row, stated: body.stated, outcome });
    if (number !== null && found !== undefined) context.journal.touched("customer", found.personNo);
    return { outcome: number === null ? "unconfirmed" : "calling", number };
  };
}

/** The person answered at the registered number, or did not. @throws Problem not-found, not-ready {reason: "nobody-called"} */
export function confirmCallBack(house: DeskHouse): (context: Context, input: Input<typeof confirmEndpoint>) => Promise<ReplyOf<typeof confirmEndpoint>> {
  return async (context, { params, body }) => {
    const { db, journal, actor } = context;
    const { row, desk } = await caseFor(context, params.caseNo);
    demandPapers(row);
    const [last] = await db.query<{ outcome: string; person_no: number | null; operator_no: number; kinds: string[] }>(
      "select outcome, person_no, operator_no, kinds from desk_checks where case_no = $1 order by check_no desc limit 1",
      [row.case_no],
    );
    if (last?.outcome !== "calling" || last.person_no === null || last.operator_no !== actor.accountNo) {
      throw new Problem("not-ready", { reason: "nobody-called" });
    }
    const told = body.isPerson ? await answerFor(context, house.tiers, row.incident_no, last.person_no) : undefined;
    await keepCheck(context, row, {
      way: "call-back",
      stated: [],
      kinds: last.kinds,
      hashes: [],
      outcome: told === undefined ? "failed" : "passed",
      personNo: told === undefined ? undefined : last.person_no,
      told,
    });
    noteDesk(context, desk, row.case_no);
    journal.fact("isPerson", body.isPerson);
    noteAnswer(context, last.person_no, told);
    return { answer: told?.answer ?? null, items: itemNames(context, told?.items ?? []) };
  };
}

async function beginLook(context: Context, caseNo: number, stated: readonly Stated[]): Promise<{ row: CaseRow; desk: DeskRow; hashes: Buffer[] }> {
  const { row, desk } = await caseFor(context, caseNo);
  demandPapers(row);
  const hashes = await statedHashes(context, stated);
  await demandLook(context, { desk, row, hashes });
  return { row, desk, hashes };
}

/** Whoever asks for another proves it first; a closed case is opened again first. */
function demandPapers(row: CaseRow): void {
  if (row.state === "closed") throw new Problem("not-ready", { reason: "case-closed" });
  if (row.caller === "agent" && !row.has_papers) throw new Problem("not-ready", { reason: "agent-papers" });
}

interface Look {
  readonly way: "values" | "call-back";
  readonly stated: readonly Stated[];
  readonly kinds?: readonly string[];
  readonly hashes: readonly Buffer[];
  readonly outcome: "passed" | "failed" | "calling";
  readonly personNo: number | undefined;
  readonly told?: { readonly answer: DeskAnswer; readonly items: readonly string[]; readonly runNo: number | null } | undefined;
}

async function keepCheck({ db, actor, now }: Context, row: CaseRow, look: Look): Promise<void> {
  const { told } = look;
  await db.query(
    `insert into desk_checks (case_no, operator_no, at, way, kinds, tokens, outcome, person_no, answer, items, scope_no)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      row.case_no,
      actor.accountNo,
      now,
      look.way,
      look.kinds ?? look.stated.map(({ kind }) => kind),
      look.hashes,
      look.outcome,
      look.personNo ?? null,
      told?.answer ?? null,
      told?.items ?? [],
      told?.runNo ?? null,
    ],
  );
  // As many statements whatever came of it.
  await db.query("update desk_cases set person_no = coalesce($2, person_no), answer = coalesce($3, answer) where case_no = $1", [
    row.case_no,
    told === undefined ? null : (look.personNo ?? null),
    told?.answer ?? null,
  ]);
}

function noteLook(
  context: Context,
  { desk, row, stated, outcome }: { desk: DeskRow; row: CaseRow; stated: readonly Stated[]; outcome: Look["outcome"] },
): void {
  noteDesk(context, desk, row.case_no);
  context.journal.fact(
    "kinds",
    stated.map(({ kind }) => kind),
  );
  context.journal.fact("outcome", outcome);
}

function noteAnswer({ journal }: Context, personNo: number | undefined, told: Look["told"]): void {
  if (personNo === undefined || told === undefined) return;
  journal.touched("customer", personNo);
  journal.fact("answer", told.answer);
  if (told.runNo !== null) journal.fact("runNo", told.runNo);
  if (told.items.length > 0) journal.fact("items", told.items);
}
