import { createHash, randomBytes } from "node:crypto";
import { examinePresence, queryOver, type Context, type Input } from "#server/core/door/index.ts";
import { classesOf, keptFor, listCustomers } from "#server/modules/customers/index.ts";
import { mostLetters, type NoticeOutcome, type NoticeWay, type planNotice as endpoint } from "#shared/incident-notices.ts";
import { Problem } from "#shared/problems.ts";
import { findOpenIncident } from "../case/incident-records.ts";
import { draftsOf } from "../drafts/draft-records.ts";
import { numbersIn } from "../scope/list-people.ts";
import { movesOf, scopeColumns, standingIn, tiersOfScope, type ScopeRow } from "../scope/scope-records.ts";
import { mailSettingsHash } from "./mail-settings.ts";
import { noteNotice } from "./notice-records.ts";

/** So many people are looked at in one go. */
const inOneGo = 2_000;
/** Outcomes after which a person has not been told. */
const missed: readonly NoticeOutcome[] = ["refused", "bounced", "returned"];

interface Planned {
  readonly customerNo: number;
  readonly way: NoticeWay;
}

/**
 * Works out who of the newest scope is told by which way; nothing is opened but whether there is a mail address or a postal one, and
 * nothing leaves. A notice that the law asks for goes to people whose use is suspended (利用停止), too, by letter where there is an
 * address: it is not a use for the purposes that they objected to. Whoever neither way reaches is counted for 代替措置.
 * @throws Problem not-found, conflict {reason: "incident-closed"}, not-ready {reason: "no-approved-paper" | "no-scope" | "scope-not-verified" | "nobody"}
 */
export async function planNotice(context: Context, { params, body }: Input<typeof endpoint>): Promise<{ noticeNo: number }> {
  const { db, now, actor, journal } = context;
  const incident = await findOpenIncident(context, params.incidentNo);
  const draft = (await draftsOf(context, incident.incident_no, body.paper)).find((row) => row.state === "approved");
  if (draft === undefined) throw new Problem("not-ready", { reason: "no-approved-paper" });
  const scope = await verifiedScope(context, incident.incident_no);
  const earlier = await earlierNotices(context, incident.incident_no);
  const told = body.isAgain
    ? { nos: missedPeople(earlier, body.hasUnsure), already: 0 }
    : await untold(context, incident.incident_no, scope, body.hasPossible, new Set(earlier.keys()));
  if (told.nos.length === 0) throw new Problem("not-ready", { reason: "nobody" });
  const { planned, suspended, gone } = await decideWays(context, told.nos, earlier);
  const count = (way: NoticeWay): number => planned.filter((one) => one.way === way).length;
  const hash = hashOfPeople(planned);
  const [made] = await db.query<{ notice_no: number }>(
    `insert into incident_notices (incident_no, draft_no, scope_no, is_again, has_possible, mails_per_minute, made_by, made_at, people_hash, mail_hash, already, suspended, gone)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning notice_no`,
    [
      incident.incident_no,
      draft.draft_no,
      scope.scope_no,
      body.isAgain,
      body.hasPossible,
      body.mailsPerMinute,
      actor.accountNo,
      now,
      hash,
      count("mail") === 0 ? null : await mailSettingsHash(context),
      told.already,
      suspended,
      gone,
    ],
  );
  const noticeNo = made?.notice_no as number;
  await insertPeople(context, noticeNo, planned);
  noteNotice(context, { ...incident, notice_no: noticeNo });
  journal.fact("draftNo", draft.draft_no);
  journal.fact("runNo", scope.scope_no);
  for (const way of ["mail", "letter", "none"] as const) journal.fact(way, count(way));
  journal.fact("already", told.already);
  journal.fact("gone", gone);
  journal.fact("isAgain", body.isAgain);
  journal.fact("hash", hash.toString("hex"));
  return { noticeNo };
}

/** Whose numbers and ways somebody approves. */
function hashOfPeople(planned: readonly Planned[]): Buffer {
  const hash = createHash("sha256");
  for (const { customerNo, way } of planned.toSorted((a, b) => a.customerNo - b.customerNo)) hash.update(`${customerNo}:${way}\n`);
  return hash.digest();
}

async function verifiedScope(context: Context, incidentNo: number): Promise<ScopeRow> {
  const [row] = await context.db.query<ScopeRow>(`select ${scopeColumns} from incident_scopes where incident_no = $1 order by scope_no desc limit 1`, [
    incidentNo,
  ]);
  if (row === undefined) throw new Problem("not-ready", { reason: "no-scope" });
  // A ledger that does not verify excludes nobody; its confirmed people are told all the same.
  if (row.verification === "pending") throw new Problem("not-ready", { reason: "scope-not-verified" });
  return row;
}

interface Earlier {
  readonly outcome: NoticeOutcome;
  /** Every way that was tried. */
  readonly ways: readonly NoticeWay[];
}

/** What became of the earlier notices of the incident, by the person's number as it is now. */
async function earlierNotices(context: Context, incidentNo: number): Promise<Map<number, Earlier>> {
  const rows = await context.db.query<{ customer_no: number; outcome: NoticeOutcome; way: NoticeWay }>(
    `select p.customer_no, p.outcome, p.way from incident_notice_people p join incident_notices n using (notice_no)
      where n.incident_no = $1 and n.state not in ('refused', 'withdrawn') order by p.notice_no`,
    [incidentNo],
  );
  const kept = await keptFor(
    queryOver(context.db),
    "customer",
    rows.map((row) => row.customer_no),
  );
  const earlier = new Map<number, Earlier>();
  for (const { customer_no, outcome, way } of rows) {
    const person = kept.get(customer_no) ?? customer_no;
    earlier.set(person, { outcome, ways: [...(earlier.get(person)?.ways ?? []), way] });
  }
  return earlier;
}

function missedPeople(earlier: ReadonlyMap<number, Earlier>, hasUnsure: boolean): number[] {
  return [...earlier].filter(([, { outcome }]) => missed.includes(outcome) || (hasUnsure && outcome === "unsure")).map(([no]) => no);
}

async function untold(
  context: Context,
  incidentNo: number,
  scope: ScopeRow,
  hasPossible: boolean,
  toldAlready: ReadonlySet<number>,
): Promise<{ nos: number[]; already: number }> {
  const tiers = await tiersOfScope(context, scope.scope_no);
  const standing = standingIn(scope, tiers, await movesOf(context, incidentNo));
  const found = [...numbersIn(tiers, standing, "confirmed"), ...(hasPossible ? numbersIn(tiers, standing, "possible") : [])];
  const kept = await keptFor(queryOver(context.db), "customer", found);
  const people = [...new Set(found.map((no) => kept.get(no) ?? no))];
  const nos = people.filter((no) => !toldAlready.has(no));
  return { nos, already: people.length - nos.length };
}

/**
 * By mail where there is an address and use is not suspended, by letter where there is a postal address, else by whichever is there.
 * A way that failed once is not taken again.
 */
async function decideWays(
  context: Context,
  nos: readonly number[],
  earlier: ReadonlyMap<number, Earlier>,
): Promise<{ planned: Planned[]; suspended: number; gone: number }> {
  const classes = classesOf(context, ["mail", "address"]);
  const planned: Planned[] = [];
  let [suspended, gone] = [0, 0];
  for (let at = 0; at < nos.length; at += inOneGo) {
    const asked = nos.slice(at, at + inOneGo);
    const rows = await listCustomers(context, asked, classes);
    const records = rows.map((row) => row.record);
    const withMail = examinePresence(context, records, "mail");
    const withAddress = examinePresence(context, records, "address");
    gone += asked.length - rows.length;
    for (const { customerNo, isSuspended } of rows) {
      const tried = earlier.get(customerNo)?.ways ?? [];
      const open = [...(withMail.has(customerNo) ? (["mail"] as const) : []), ...(withAddress.has(customerNo) ? (["letter"] as const) : [])].filter(
        (way) => !tried.includes(way),
      );
      const way = (isSuspended ? open.at(-1) : open[0]) ?? "none";
      if (isSuspended && way === "letter" && open.length > 1) suspended += 1;
      planned.push({ customerNo, way });
    }
  }
  return { planned, suspended, gone };
}

async function insertPeople(context: Context, noticeNo: number, planned: readonly Planned[]): Promise<void> {
  let letters = 0;
  for (let at = 0; at < planned.length; at += inOneGo) {
    const some = planned.slice(at, at + inOneGo);
    await context.db.query(
      `insert into incident_notice_people (notice_no, customer_no, way, outcome, part_no, token, at)
       select $1, p.no, p.way, case p.way when 'none' then 'substitute' else 'planned' end, p.part, p.token, $6
         from unnest($2::integer[], $3::text[], $4::smallint[], $5::text[]) as p (no, way, part, token)`,
      [
        noticeNo,
        some.map((one) => one.customerNo),
        some.map((one) => one.way),
        some.map((one) => (one.way === "letter" ? Math.ceil(++letters / mostLetters) : null)),
        some.map((one) => (one.way === "mail" ? makeToken() : null)),
        context.now,
      ],
    );
  }
}

/** 80 random bits in small letters and digits, as they may stand in a mail address whose case is lost. */
function makeToken(): string {
  return BigInt(`0x${randomBytes(10).toString("hex")}`)
    .toString(32)
    .padStart(16, "0");
}
