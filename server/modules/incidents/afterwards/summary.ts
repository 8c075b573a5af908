import { sealed, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { accountRecords } from "#server/modules/accounts/index.ts";
import { measureColumns, stateAt, type MeasureRow } from "#server/modules/measures/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { printSummary as endpoint } from "#shared/incident-afterwards.ts";
import { paperNames } from "#shared/incident-papers.ts";
import type { MeasureKind } from "#shared/measures.ts";
import { findIncident, noteIncident, textOfIncident, type IncidentRow } from "../case/incident-records.ts";
import { milestonesOf } from "../case/milestones.ts";
import { measureNames, milestoneNames, phaseNames } from "../case/japanese-names.ts";
import { clocksOf } from "../drafts/clocks.ts";
import { firstHanded } from "../drafts/hand-over.ts";
import { draftsOf, openPieces } from "../drafts/draft-records.ts";
import { gatherGround } from "../drafts/gather-ground.ts";
import { countText, momentText, notApplicable, plain, tellChoice, tellFact, type Ground } from "../drafts/ground.ts";
import type { Piece } from "../drafts/paper.ts";
import { estimateIncident } from "../drafts/show-judgement.ts";
import { totalsOf } from "../notices/notice-records.ts";
import { movesOf, scopeColumns, summaryOf, type ScopeRow } from "../scope/scope-records.ts";
import { costsOf } from "./costs.ts";
import { countLessons } from "./lessons.ts";
import { preventionsOf } from "./preventions.ts";

type Summary = Draft<ReplyOf<typeof endpoint>>;

const mostLines = 10;
const mostPreventions = 6;

/** What an incident came to, for one page. Texts stand as handles. @throws Problem not-found */
export async function summariseIncident(context: Context, input: Input<typeof endpoint>, actTypes: readonly string[]): Promise<Summary> {
  const incident = await findIncident(context, input.params.incidentNo);
  const no = incident.incident_no;
  const ground = await gatherGround(context, incident);
  const told = {
    items: [{ label: "漏えい等の項目", pieces: tellChoice(ground, "items.fields").pieces }],
    facts: factLines(ground),
    timeline: await timelineOf(context, incident, ground, actTypes),
  };
  const open = await openPieces(context, [...told.items, ...told.facts, ...told.timeline], "handle-incidents");
  const preventions = (await preventionsOf(context, no)).filter((one) => one.state !== "dropped");
  const owners = await accountRecords(
    context.db,
    preventions.map((one) => one.ownerNo),
  );
  noteIncident(context, incident);
  context.journal.fact("runNo", ground.scope?.runNo ?? null);
  return {
    incidentNo: no,
    isDrill: incident.is_drill,
    organisation: ground.organisation,
    madeAt: context.now.toISOString(),
    knownAt: incident.known_at.toISOString(),
    state: incident.closed_at === null ? `対応中 ${phaseNames[incident.phase]}` : `終了 ${momentText(incident.closed_at)}`,
    what: textOfIncident(no, incident.sealed_texts, "what"),
    clocks: clocksOf(ground),
    ...(await numbersOf(context, incident)),
    items: told.items.map((one) => ({ label: one.label, pieces: open(one.pieces) })),
    timeline: told.timeline.map((one) => ({ at: one.at.toISOString(), pieces: open(one.pieces) })),
    facts: told.facts.map((one) => ({ label: one.label, pieces: open(one.pieces) })),
    measures: await measuresOf(context, no),
    reports: await reportsOf(context, no, ground),
    preventions: preventions.slice(0, mostPreventions).map((one) => {
      const owner = owners.get(one.ownerNo);
      return { what: one.what, owner: owner === undefined ? null : sealed(owner, "staffName"), ownerNo: one.ownerNo, dueOn: one.dueOn, state: one.state };
    }),
    morePreventions: Math.max(0, preventions.length - mostPreventions),
    costs: await costLines(context, input.params),
    lessons: (await countLessons(context, no)).lesson,
  };
}

async function numbersOf(context: Context, { incident_no: no }: IncidentRow): Promise<Pick<Summary, "numbers" | "proof">> {
  const [row] = await context.db.query<ScopeRow>(`select ${scopeColumns} from incident_scopes where incident_no = $1 order by scope_no desc limit 1`, [no]);
  const labels = { confirmed: "確認", possible: "可能性", excluded: "除外", withinReach: "権限の範囲内" } as const;
  if (row === undefined) {
    return { numbers: Object.values(labels).map((label) => ({ label, people: null })), proof: "対象者の範囲は、まだ算出していません。" };
  }
  const moves = await movesOf(context, no);
  const run = await summaryOf(context, row, moves);
  const verified = {
    holds: "記録簿を検証し、改ざんのないことを確かめました。",
    pending: "記録簿を検証中です(数は変わることがあります)。",
    fails: "記録簿を検証できないため、だれも除外していません。",
  }[run.verification.state];
  return {
    numbers: (Object.keys(labels) as (keyof typeof labels)[]).map((key) => ({ label: labels[key], people: run[key] })),
    proof: `${momentText(new Date(run.asOfAt))} 時点(記録番号 ${run.asOfEvent}、算出 第${run.runNo}号)。${verified}${moves.size > 0 ? `担当者が${countText(moves.size)}人の区分を変更しました。` : ""}`,
  };
}

function factLines(ground: Ground): { label: string; pieces: readonly Piece[] }[] {
  const text = (...keys: readonly string[]): readonly Piece[] => {
    const stated = keys.map((key) => tellFact(ground, key)).filter((told) => told.state !== "unknown" && told.state !== "not-applicable");
    return stated.length === 0 ? [plain("不明(調査中)")] : stated.flatMap((told, at) => (at === 0 ? told.pieces : [plain("\n"), ...told.pieces]));
  };
  const chosen = (key: string): readonly Piece[] => {
    const told = tellChoice(ground, key);
    return told.state === "not-applicable" ? [plain(notApplicable)] : told.pieces;
  };
  return [
    { label: "概要", pieces: text("outline.summary") },
    { label: "原因", pieces: [...chosen("cause.kind"), plain("\n"), ...text("cause.detail")] },
    {
      label: "二次被害",
      pieces: [...chosen("secondary.state"), ...(tellFact(ground, "secondary.detail").state === "stated" ? [plain("\n"), ...text("secondary.detail")] : [])],
    },
    { label: "公表", pieces: chosen("publication.state") },
  ];
}

async function timelineOf(
  context: Context,
  incident: IncidentRow,
  ground: Ground,
  actTypes: readonly string[],
): Promise<{ at: Date; pieces: readonly Piece[] }[]> {
  const { milestones } = await milestonesOf(context, incident, actTypes);
  const lines = [
    { at: incident.known_at, pieces: [plain("当社が事態を知った")] as readonly Piece[] },
    ...milestones.filter(({ key }) => key !== "fact").map(({ key, at }) => ({ at: new Date(at), pieces: [plain(milestoneNames[key])] as readonly Piece[] })),
  ];
  const room = Math.max(0, mostLines - lines.length);
  // What people wrote first tells how it came about, what they wrote last how it went out.
  const { notes } = ground;
  const kept = notes.length <= room ? notes : [...notes.slice(0, Math.ceil(room / 2)), ...notes.slice(notes.length - Math.floor(room / 2))];
  return [...lines, ...kept.map((note) => ({ at: note.happenedAt, pieces: [{ kind: "note", no: note.noteNo }] as readonly Piece[] }))].toSorted(
    (a, b) => a.at.getTime() - b.at.getTime(),
  );
}

async function measuresOf({ db, now }: Context, incidentNo: number): Promise<string[]> {
  const rows = await db.query<MeasureRow>(`select ${measureColumns} from measures where incident_no = $1 order by taken_at`, [incidentNo]);
  const kinds = new Map<MeasureKind, MeasureRow[]>();
  for (const row of rows.filter((one) => one.began_at !== null || one.ended_how === "done")) kinds.set(row.kind, [...(kinds.get(row.kind) ?? []), row]);
  return [...kinds].map(([kind, ofKind]) => {
    const standing = ofKind.filter((row) => ["standing", "provisional"].includes(stateAt(row, now).state)).length;
    const [first] = ofKind as [MeasureRow, ...MeasureRow[]];
    return `${measureNames[kind]}${ofKind.length > 1 ? ` ${ofKind.length}件` : ""}(${momentText(first.taken_at)}〜${standing > 0 ? "、実施中" : ""})`;
  });
}

const handedWords = { preliminary: "提出", final: "提出", "person-notice": "送付", "situation-notice": "公表" } as const;

async function reportsOf(context: Context, incidentNo: number, ground: Ground): Promise<string[]> {
  const drafts = await draftsOf(context, incidentNo);
  const handed = await firstHanded(context, incidentNo);
  const papers = (["preliminary", "final", "person-notice", "situation-notice"] as const).map((paper) => {
    const ofPaper = drafts.filter((row) => row.paper === paper);
    const approved = ofPaper.find((row) => row.state === "approved");
    const first = handed.get(paper);
    const state =
      first !== undefined
        ? `${momentText(new Date(first.at))} ${handedWords[paper]}(第${first.version}版)`
        : approved?.approved_at != null
          ? `${momentText(approved.approved_at)} 承認(第${approved.version}版)`
          : ofPaper.length > 0
            ? `草案 第${ofPaper[0]?.version}版`
            : "未作成";
    return `${paperNames[paper].ja}: ${state}`;
  });
  const notices = await totalsOf(context, incidentNo);
  const people = (outcomes: readonly string[]): number => notices.reduce((sum, row) => (outcomes.includes(row.outcome) ? sum + row.people : sum), 0);
  const sent = people(["sent", "printed", "reached", "unsure"]);
  const back = people(["bounced", "returned", "refused"]);
  const substitute = people(["substitute"]);
  const told =
    notices.length > 0
      ? [`本人への連絡: ${countText(sent)}人へ発送、不達・返戻 ${countText(back)}人${substitute > 0 ? `、代替措置 ${countText(substitute)}人` : ""}`]
      : tellFact(ground, "response.state").state === "stated"
        ? [
            `本人への対応: ${tellChoice(ground, "response.state")
              .pieces.map((piece) => (piece.kind === "plain" ? piece.text : ""))
              .join("")}`,
          ]
        : [];
  return [...papers, ...told];
}

async function costLines(context: Context, params: Input<typeof endpoint>["params"]): Promise<Summary["costs"]> {
  const estimate = await estimateIncident(context, {
    params,
    query: { responsibility: "general", handling: "good", callPercent: 3, handleSeconds: 480, waves: 1 },
  } as Parameters<typeof estimateIncident>[1]);
  const actual = await costsOf(context, params.incidentNo);
  const sum = (end: "low" | "high"): number => estimate.costs.reduce((total, line) => total + line[end], 0);
  const yen = (amount: number): string => `${countText(amount)}円`;
  return [
    { label: "対応費用の目安(JNSA)", text: estimate.persons === null ? "人数が不明のため未算出" : `${yen(sum("low"))}〜${yen(sum("high"))}` },
    { label: "損害賠償の目安(JNSA)", text: estimate.damages.total === null ? "人数が不明のため未算出" : `最大 ${yen(estimate.damages.total)}` },
    { label: "実績(支出済み)", text: `${yen(actual.spent)}(予定を含め ${yen(actual.planned)}、${countText(actual.people)}人に対応)` },
  ];
}
