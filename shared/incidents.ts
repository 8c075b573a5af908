import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { certainties, factKey, mostFactText } from "./incident-facts.ts";
import { sheetHead } from "./incident-sheet.ts";
import { shown } from "./shown.ts";

/** Causes of an incident for which there is a playbook (手順書). Codes stand in the database and in events. */
export const playbookKeys = ["malware", "unauthorised-access", "misdirected", "web-exposure", "loss-theft", "insider", "contractor", "ransomware"] as const;
export const playbookKey = z.enum(playbookKeys);
export type PlaybookKey = (typeof playbookKeys)[number];

/** ①発見・報告 ②初動対応 ③調査 ④通知・報告・公表等 ⑤抑制措置と復旧 ⑥事後対応 (IPA 情報漏えい発生時の対応ポイント集). */
export const phases = [1, 2, 3, 4, 5, 6] as const;
export type Phase = (typeof phases)[number];
const phase = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5), z.literal(6)]);

/** 責任者、現場、情シス、法務、広報、窓口. */
export const teamRoles = ["lead", "field", "systems", "legal", "press", "desk"] as const;
export type TeamRole = (typeof teamRoles)[number];

export const taskKinds = ["collect", "measure", "secondary", "afterwards", "step"] as const;
export type TaskKind = (typeof taskKinds)[number];

/** Acts of the product that a task leads to. */
export const taskLinks = ["facts", "scope", "drafts", "measures", "team"] as const;
export type TaskLink = (typeof taskLinks)[number];

export const taskStates = ["open", "done", "skipped"] as const;
export type TaskState = (typeof taskStates)[number];

const number = z.number().int().positive().max(2_147_483_647);
export const incidentNo = z.coerce.number().int().positive().max(2_147_483_647);
const incidentParams = z.object({ incidentNo });
const text = (most: number) => z.string().trim().min(1).max(most);

/** What an incident is about as far as a number says it: whose account, which customer …, and when. */
export const incidentCause = z.object({
  kind: z.string().regex(/^[a-z-]{1,20}$/),
  no: number,
  from: z.iso.datetime().nullable(),
  to: z.iso.datetime().nullable(),
});
export type IncidentCause = z.output<typeof incidentCause>;

/** Of an open incident what everybody who handles incidents must have in sight wherever they are. No text of it. */
export const openIncidents = endpoint({
  method: "GET",
  path: "/api/incidents/open",
  access: "handle-incidents",
  summary: "Open incidents and drills by number, without their texts",
  reply: z.object({
    incidents: z.array(z.object({ incidentNo: z.number(), isDrill: z.boolean(), playbook: playbookKey, phase: phase, knownAt: z.string() })),
    /** Reports and alerts that nobody has looked at. */
    waiting: z.number(),
  }),
});

const incidentHead = z.object({
  incidentNo: z.number(),
  isDrill: z.boolean(),
  playbook: playbookKey,
  phase: phase,
  knownAt: z.string(),
  openedAt: z.string(),
  openedBy: z.number().nullable(),
  closedAt: z.string().nullable(),
  version: z.number(),
  what: shown,
});
export type IncidentHead = z.output<typeof incidentHead>;

export const listIncidents = endpoint({
  method: "GET",
  path: "/api/incidents",
  access: "handle-incidents",
  summary: "Incidents and drills, open ones first",
  reply: z.object({ incidents: z.array(incidentHead) }),
});

export const openIncident = endpoint({
  method: "POST",
  path: "/api/incidents",
  access: "handle-incidents",
  summary: "Open an incident (事案): its tasks come from the playbook, its terms run from the moment of knowing",
  body: z.object({
    playbook: playbookKey,
    isDrill: z.boolean().default(false),
    knownAt: z.iso.datetime(),
    what: text(400),
    cause: incidentCause.optional(),
    /** Opened from this report of a colleague, or this alert. */
    reportNo: number.optional(),
    alertNo: number.optional(),
  }),
  reply: z.object({ incidentNo: z.number() }),
});

/** A drill on the data that are there: the account that saw most people is taken for stolen. */
export const openDrill = endpoint({
  method: "POST",
  path: "/api/incidents/drill",
  access: "handle-incidents",
  summary: "Open a drill (訓練): a made-up case on the ledger as it is",
  reply: z.object({ incidentNo: z.number() }),
});

export const incidentTask = z.object({
  taskNo: z.number(),
  /** Of a shipped task: its words stand in the product. */
  key: z.string().nullable(),
  title: shown,
  phase: phase,
  kind: z.enum(taskKinds),
  role: z.enum(teamRoles),
  dueAt: z.string().nullable(),
  link: z.enum(taskLinks).nullable(),
  assignedTo: z.number().nullable(),
  state: z.enum(taskStates),
  changedBy: z.number().nullable(),
  changedAt: z.string().nullable(),
  version: z.number(),
  note: shown,
});
export type IncidentTask = z.output<typeof incidentTask>;

/** Terms of the law (個人情報保護法26条, 規則8条), as days in Japan. Which of both final ones holds is judged in the drafts. */
const terms = z.object({
  knownOn: z.string(),
  early: z.string(),
  late: z.string(),
  final30: z.string(),
  final60: z.string(),
  isToBeChecked: z.boolean(),
  /** When the reports were handed over, as noted. */
  preliminaryHanded: z.string().nullable(),
  finalHanded: z.string().nullable(),
});

/** First time of each, in the ledger: how long it took from opening. */
export const milestoneKeys = ["measure", "scope", "fact", "draft", "closed"] as const;

export const showIncident = endpoint({
  method: "GET",
  path: "/api/incidents/:incidentNo",
  access: "handle-incidents",
  summary: "One incident: head, terms, tasks, team, how far it came",
  params: incidentParams,
  reply: z.object({
    incident: incidentHead,
    cause: incidentCause.nullable(),
    reportNos: z.array(z.number()),
    alertNos: z.array(z.number()),
    terms,
    tasks: z.array(incidentTask),
    team: z.array(z.object({ role: z.enum(teamRoles), accountNo: z.number() })),
    milestones: z.array(z.object({ key: z.enum(milestoneKeys), at: z.string(), eventNo: z.number() })),
    /** Acts on the incident from opening to the first draft, or until now. */
    steps: z.number(),
  }),
});

export const changeIncident = endpoint({
  method: "PATCH",
  path: "/api/incidents/:incidentNo",
  access: "handle-incidents",
  summary: "Correct the moment of knowing or the sentence, move to a phase, close or open again",
  params: incidentParams,
  body: z.object({
    version: z.number().int(),
    knownAt: z.iso.datetime().optional(),
    what: text(400).optional(),
    phase: phase.optional(),
    isClosed: z.boolean().optional(),
  }),
  reply: z.object({ version: z.number() }),
});

export const addIncidentTask = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/tasks",
  access: "handle-incidents",
  summary: "Add a task of this incident alone",
  params: incidentParams,
  body: z.object({ title: text(200), phase, role: z.enum(teamRoles), dueAt: z.iso.datetime().nullable() }),
  reply: z.object({ taskNo: z.number() }),
});

export const changeIncidentTask = endpoint({
  method: "PATCH",
  path: "/api/incidents/:incidentNo/tasks/:taskNo",
  access: "handle-incidents",
  summary: "Tick, skip with a reason, assign, or note on a task",
  params: z.object({ incidentNo, taskNo: incidentNo }),
  body: z.object({
    version: z.number().int(),
    state: z.enum(taskStates).optional(),
    assignedTo: number.nullable().optional(),
    /** With `skipped`: the reason. Empty: no note. */
    note: z.string().trim().max(2000).optional(),
  }),
  reply: z.object({ version: z.number() }),
});

export const setIncidentTeam = endpoint({
  method: "PUT",
  path: "/api/incidents/:incidentNo/team",
  access: "handle-incidents",
  summary: "Who takes a part in the team",
  params: incidentParams,
  body: z.object({ role: z.enum(teamRoles), accountNos: z.array(number).max(20) }),
  reply: z.object({}),
});

const factVersion = z.object({
  factNo: z.number(),
  key: z.string(),
  certainty: z.enum(certainties),
  /** Of a `date`, `choice` or `number`; null where it is a text or not known. */
  value: z.string().nullable(),
  text: shown,
  source: shown,
  by: z.number().nullable(),
  at: z.string(),
});
export type FactVersion = z.output<typeof factVersion>;

export const listFacts = endpoint({
  method: "GET",
  path: "/api/incidents/:incidentNo/facts",
  access: "handle-incidents",
  summary: "The facts of an incident as they stand: the last version of each, and how many there are",
  params: incidentParams,
  reply: z.object({ facts: z.array(factVersion.extend({ versions: z.number() })) }),
});

export const listFactVersions = endpoint({
  method: "GET",
  path: "/api/incidents/:incidentNo/facts/:key",
  access: "handle-incidents",
  summary: "All versions of one fact, newest first",
  params: z.object({ incidentNo, key: factKey }),
  reply: z.object({ versions: z.array(factVersion) }),
});

const printedPiece = z.union([z.object({ kind: z.literal("plain"), text: z.string() }), z.object({ kind: z.literal("typed"), text: shown })]);
/** Who, by name as far as the reader may read it. */
const printedBy = { by: z.number().nullable(), byName: shown };

/** For the table of a meeting (A4, Japanese): the facts as they stand, what happened, and what is to be done. Not a paper: made anew each time. */
export const printFacts = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/facts/print",
  access: "handle-incidents",
  summary: "Facts, timeline and tasks of an incident as PDF (A4)",
  params: incidentParams,
  body: z.object({}),
  replyKind: "file",
  reply: z.object({
    ...sheetHead,
    /** Facts on which the judgement hangs and that nobody has stated, by name. */
    missing: z.array(z.string()),
    sections: z.array(
      z.object({
        title: z.string(),
        facts: z.array(
          z.object({
            label: z.string(),
            /** Null: nobody stated it, the product derives it (of the scope, the judgement, the case). */
            certainty: z.enum(certainties).nullable(),
            pieces: z.array(printedPiece),
            source: shown,
            at: z.string().nullable(),
            ...printedBy,
          }),
        ),
        /** Facts that are asked for and that nobody has stated nor anything derives, by name. */
        notStated: z.array(z.string()),
      }),
    ),
    timeline: z.array(z.object({ at: z.string(), isNote: z.boolean(), pieces: z.array(printedPiece), ...printedBy })),
    phases: z.array(
      z.object({
        title: z.string(),
        tasks: z.array(
          z.object({
            state: z.enum(taskStates),
            title: printedPiece,
            note: shown,
            role: z.string(),
            assignedTo: z.number().nullable(),
            assignedName: shown,
            dueAt: z.string().nullable(),
            endedAt: z.string().nullable(),
          }),
        ),
      }),
    ),
  }),
});

export const stateFact = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/facts",
  access: "handle-incidents",
  summary: "State a fact: 確定, 推定 or 不明, and how it is known. Former versions stay",
  params: incidentParams,
  body: z.object({
    key: factKey,
    certainty: z.enum(certainties),
    /** Null with `unknown` alone. */
    value: z.string().trim().max(mostFactText).nullable(),
    source: z.string().trim().max(400).default(""),
  }),
  reply: z.object({ factNo: z.number() }),
});

export const incidentTimeline = endpoint({
  method: "GET",
  path: "/api/incidents/:incidentNo/timeline",
  access: "handle-incidents",
  summary: "What happened (経過): what people noted and what the ledger says of acts on the incident, newest first",
  params: incidentParams,
  reply: z.object({
    notes: z.array(z.object({ noteNo: z.number(), happenedAt: z.string(), by: z.number().nullable(), writtenAt: z.string(), text: shown })),
    acts: z.array(
      z.object({
        eventNo: z.number(),
        at: z.string(),
        type: z.string(),
        by: z.number().nullable(),
        outcome: z.string(),
        facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      }),
    ),
  }),
});

export const noteOnIncident = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/timeline",
  access: "handle-incidents",
  summary: "Note what happened, when",
  params: incidentParams,
  body: z.object({ happenedAt: z.iso.datetime(), text: text(2000) }),
  reply: z.object({ noteNo: z.number() }),
});

const playbookTask = z.object({
  key: z.string(),
  title: shown,
  phase,
  kind: z.enum(taskKinds),
  role: z.enum(teamRoles),
  dueHours: z.number().nullable(),
  link: z.enum(taskLinks).nullable(),
});

export const showPlaybook = endpoint({
  method: "GET",
  path: "/api/incident-playbooks/:playbook",
  access: "handle-incidents",
  summary: "A playbook: the house's own, else as shipped",
  params: z.object({ playbook: playbookKey }),
  reply: z.object({ isOwn: z.boolean(), tasks: z.array(playbookTask) }),
});

export const setPlaybook = endpoint({
  method: "PUT",
  path: "/api/incident-playbooks/:playbook",
  access: "handle-incidents",
  summary: "Replace a playbook by the house's own; without tasks, the shipped one stands again",
  params: z.object({ playbook: playbookKey }),
  body: z.object({
    tasks: z
      .array(
        z.object({
          /** Of a shipped task, or a new one `own.1` … */
          key: z.string().regex(/^[a-z-]{1,30}\.[a-z0-9-]{1,30}$/),
          /** Absent: the shipped words, or those that the house gave it before. */
          title: text(200).optional(),
          phase,
          kind: z.enum(taskKinds),
          role: z.enum(teamRoles),
          dueHours: z.number().int().min(0).max(10_000).nullable(),
          link: z.enum(taskLinks).nullable(),
        }),
      )
      .max(100),
  }),
  reply: z.object({}),
});
