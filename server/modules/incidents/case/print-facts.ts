import { sealed, type Context, type Draft, type Handle, type Input } from "#server/core/door/index.ts";
import type { RecordedEvent } from "#server/core/ledger/index.ts";
import { accountRecords } from "#server/modules/accounts/index.ts";
import { dayInJapan } from "#shared/day-in-japan.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { factCatalogue, factSections, isFactAsked, type FactDefinition, type FactSection, type StatedFact } from "#shared/incident-facts.ts";
import { paperNames } from "#shared/incident-papers.ts";
import { dueOfTask, shippedTask } from "#shared/incident-playbooks.ts";
import { phases, type Phase, type printFacts as endpoint } from "#shared/incidents.ts";
import { clocksOf } from "../drafts/clocks.ts";
import { gatherGround } from "../drafts/gather-ground.ts";
import { countText, dayText, momentText, presumed, tellChoice, tellFact, type Ground } from "../drafts/ground.ts";
import { factSources, factTexts, statedFacts } from "./facts.ts";
import { findIncident, noteIncident, type IncidentRow } from "./incident-records.ts";
import { actNames, measureNames, phaseNames, roleNames } from "./japanese-names.ts";
import { actsOf } from "./milestones.ts";
import { textOfIncident } from "./seal-incident-text.ts";
import { taskColumns, type TaskRow } from "./show-incident.ts";

type Printed = Draft<ReplyOf<typeof endpoint>>;
type Piece = Printed["timeline"][number]["pieces"][number];
type NameOf = (no: number | null) => Handle;

/** Longer ones are cut at their beginning: a meeting is about what happened last. */
const mostHappenings = 200;

const plain = (text: string): Piece => ({ kind: "plain", text });

/** What is on the table of a meeting: facts with how sure they are, what happened, what is to be done. @throws Problem not-found */
export async function printFacts(context: Context, input: Input<typeof endpoint>, actTypes: readonly string[]): Promise<Printed> {
  const incident = await findIncident(context, input.params.incidentNo);
  const no = incident.incident_no;
  const { db, now, journal } = context;
  const ground = await gatherGround(context, incident);
  const facts = await statedFacts(context, no);
  const notes = await db.query<{ happened_at: Date; written_by: number | null; sealed_text: Buffer }>(
    `select happened_at, written_by, sealed_text from incident_notes where incident_no = $1 order by happened_at desc, note_no desc limit ${mostHappenings}`,
    [no],
  );
  const acts = (await actsOf(context, incident, actTypes)).filter(({ type, outcome }) => outcome === "ok" && actNames[type] !== undefined);
  const tasks = await db.query<TaskRow>(`select ${taskColumns} from incident_tasks where incident_no = $1 order by phase, task_no`, [no]);
  const nameOf = await namesOf(context, [
    ...facts.map(({ by }) => by),
    ...notes.map((note) => note.written_by),
    ...acts.map((act) => act.accountNo),
    ...tasks.map((task) => task.assigned_to),
  ]);
  const timeline: Printed["timeline"] = [
    { at: incident.known_at.toISOString(), isNote: false, pieces: [plain("当社が事態を知った")], by: null, byName: null },
    ...notes.map((note) => ({
      at: note.happened_at.toISOString(),
      isNote: true,
      pieces: [{ kind: "typed" as const, text: textOfIncident(no, note.sealed_text, "text") }],
      by: note.written_by,
      byName: nameOf(note.written_by),
    })),
    ...merged(acts).map(({ act, times }) => ({
      at: act.at.toISOString(),
      isNote: false,
      pieces: [plain(`${actText(act)}${times > 1 ? `(${times}件)` : ""}`)],
      by: act.accountNo,
      byName: nameOf(act.accountNo),
    })),
  ].toSorted((a, b) => a.at.localeCompare(b.at));
  noteIncident(context, incident);
  journal.fact("facts", facts.length);
  journal.fact("happenings", Math.min(timeline.length, mostHappenings));
  journal.fact("tasks", tasks.length);
  return {
    incidentNo: no,
    isDrill: incident.is_drill,
    organisation: ground.organisation,
    madeAt: now.toISOString(),
    knownAt: incident.known_at.toISOString(),
    state: incident.closed_at === null ? `対応中 ${phaseNames[incident.phase]}` : `終了 ${momentText(incident.closed_at)}`,
    what: textOfIncident(no, incident.sealed_texts, "what"),
    clocks: clocksOf(ground),
    ...(await factsOf(context, { incident, ground, facts, nameOf })),
    timeline: timeline.slice(-mostHappenings),
    phases: phases.flatMap((phase) => {
      const ofPhase = tasks.filter((task) => task.phase === phase);
      return ofPhase.length === 0 ? [] : [{ title: phaseNames[phase], tasks: ofPhase.map((task) => taskOf(task, ground, nameOf)) }];
    }),
  };
}

async function namesOf({ db }: Context, accountNos: readonly (number | null)[]): Promise<NameOf> {
  const records = await accountRecords(
    db,
    accountNos.filter((no) => no !== null),
  );
  return (no) => {
    const record = no === null ? undefined : records.get(no);
    return record === undefined ? null : sealed(record, "staffName");
  };
}

async function factsOf(
  context: Context,
  given: { incident: IncidentRow; ground: Ground; facts: readonly StatedFact[]; nameOf: NameOf },
): Promise<Pick<Printed, "missing" | "sections">> {
  const { ground, nameOf } = given;
  const no = given.incident.incident_no;
  const stated = new Map(given.facts.map((fact) => [fact.key, fact]));
  const numbers = given.facts.map((fact) => fact.factNo);
  const texts = await factTexts(context, no, numbers);
  const sources = await factSources(context, no, numbers);
  const asked = factCatalogue.filter((one) => isFactAsked(one, (key) => (stated.has(key) ? stated.get(key)?.value : presumed(ground, key))));
  const isMissing = (one: FactDefinition): boolean => ground.judgement.missing.includes(one.key) && !stated.has(one.key);
  return {
    missing: given.incident.closed_at === null ? asked.filter(isMissing).map((one) => one.ja) : [],
    sections: sectionsOfMeeting.flatMap((section) => {
      const ofSection = asked.filter((one) => one.section === section);
      const facts = ofSection.flatMap((one) => {
        const fact = stated.get(one.key);
        if (fact === undefined) return derivedFact(ground, one);
        const text = texts.get(fact.factNo) ?? null;
        const pieces = fact.value !== null ? [plain(codeText(one, fact.value))] : text !== null ? [{ kind: "typed" as const, text }] : [];
        return [
          {
            label: one.ja,
            certainty: fact.certainty,
            pieces,
            source: sources.get(fact.factNo) ?? null,
            at: fact.at,
            by: fact.by,
            byName: nameOf(fact.by),
          },
        ];
      });
      const notStated = ofSection
        .filter((one) => !stated.has(one.key) && !isLeftOut(ground, one) && derivedFact(ground, one).length === 0)
        .map((one) => one.ja);
      return ofSection.length === 0 ? [] : [{ title: factSections[section].ja, facts, notStated }];
    }),
  };
}

/** What was done comes first, who reports last. */
const sectionsOfMeeting = (Object.keys(factSections) as FactSection[]).toSorted((a, b) => Number(isOfForm(a)) - Number(isOfForm(b)));

function isOfForm(section: FactSection): boolean {
  return section === "routing" || section === "report" || section === "reporter";
}

/** The stage of a report is the paper's, the course of events is the second chapter, and what the case itself rules out needs no word. */
function isLeftOut(ground: Ground, definition: FactDefinition): boolean {
  return definition.derivedFrom === "paper" || definition.key === "outline.course" || presumed(ground, definition.key) === "no";
}

function derivedFact(ground: Ground, definition: FactDefinition): Printed["sections"][number]["facts"] {
  const told = definition.choices === undefined ? tellFact(ground, definition.key) : tellChoice(ground, definition.key);
  const text = told.pieces.map((piece) => (piece.kind === "plain" ? piece.text : "")).join("");
  return told.state !== "derived" || isLeftOut(ground, definition)
    ? []
    : [{ label: definition.ja, certainty: null, pieces: [plain(text)], source: null, at: null, by: null, byName: null }];
}

function codeText(definition: FactDefinition, value: string): string {
  switch (definition.type) {
    case "choice":
      return value
        .split(",")
        .map((key) => definition.choices?.find((one) => one.key === key)?.ja ?? key)
        .join("、");
    case "date":
      return dayText(value);
    case "number":
      return `${countText(Number(value))}${definition.section === "inquiries" ? "件" : "人"}`;
    case "text":
      return value;
  }
}

/** The name of an act, and the little that its facts add. */
function actText({ type, facts }: RecordedEvent): string {
  const { phase, paper, kind, confirmed, possible } = facts;
  const more = [
    ...(typeof phase === "number" ? [phaseNames[phase as Phase]] : []),
    ...(typeof paper === "string" && paper in paperNames ? [paperNames[paper as keyof typeof paperNames].ja] : []),
    ...(type.startsWith("measure.") && typeof kind === "string" && kind in measureNames ? [measureNames[kind as keyof typeof measureNames]] : []),
    ...(type === "incident.scoped" ? [`確認 ${countText(Number(confirmed))}人、可能性 ${countText(Number(possible))}人`] : []),
  ];
  return `${actNames[type] ?? type}${more.length === 0 ? "" : `: ${more.join("、")}`}`;
}

/** The same act of the same person, several times in a row on one day, stands once. Newest first, as given; each at its first time. */
function merged(acts: readonly RecordedEvent[]): { act: RecordedEvent; times: number }[] {
  const lines: { act: RecordedEvent; times: number }[] = [];
  for (const act of acts) {
    const last = lines.at(-1);
    const isSame =
      last !== undefined && last.act.accountNo === act.accountNo && actText(last.act) === actText(act) && dayInJapan(last.act.at) === dayInJapan(act.at);
    if (isSame) lines[lines.length - 1] = { act, times: last.times + 1 };
    else lines.push({ act, times: 1 });
  }
  return lines;
}

function taskOf(row: TaskRow, ground: Ground, nameOf: NameOf): Printed["phases"][number]["tasks"][number] {
  const own = textOfIncident(row.title_subject ?? 0, row.sealed_title, "title");
  const shipped = row.task_key === null || own !== null ? undefined : shippedTask(row.task_key);
  return {
    state: row.state,
    title: shipped === undefined ? { kind: "typed", text: own } : plain(shipped.ja),
    note: textOfIncident(row.incident_no, row.sealed_note, "note"),
    role: roleNames[row.owner_role],
    assignedTo: row.assigned_to,
    assignedName: nameOf(row.assigned_to),
    dueAt: dueOfTask({ key: row.task_key, dueAt: row.due_at?.toISOString() ?? null }, ground.knownAt.toISOString(), ground.terms.final.due),
    endedAt: row.state === "open" ? null : (row.changed_at?.toISOString() ?? null),
  };
}
