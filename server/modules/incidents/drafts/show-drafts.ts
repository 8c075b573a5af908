import { hasVerb } from "#server/core/access/compile.ts";
import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type {
  downloadDraftPdf,
  listDrafts as listEndpoint,
  PaperOut,
  previewDraft as previewEndpoint,
  showDraft as showEndpoint,
} from "#shared/incident-drafts.ts";
import { paperKeys } from "#shared/incident-papers.ts";
import { Problem } from "#shared/problems.ts";
import type { Verb } from "#shared/rights.ts";
import { findIncident, noteIncident } from "../case/incident-records.ts";
import { composePaper, isPaperNeeded } from "./compose-paper.ts";
import { demandUnchanged } from "./draft-hash.ts";
import { draftsOf, findDraft, formerDraft, headOfDraft, noteDraft, openPieces, passagesOf, type DraftRow } from "./draft-records.ts";
import { gatherGround } from "./gather-ground.ts";
import { firstHanded, shownHandings } from "./hand-over.ts";
import { changedEntries, type Paper } from "./paper.ts";

/** The papers of an incident with what a new version would change. */
export async function listDrafts(context: Context, input: Input<typeof listEndpoint>): Promise<Draft<ReplyOf<typeof listEndpoint>>> {
  const incident = await findIncident(context, input.params.incidentNo);
  const ground = await gatherGround(context, incident);
  const passages = await passagesOf(context, incident.incident_no);
  const saved = await draftsOf(context, incident.incident_no);
  const handed = await firstHanded(context, incident.incident_no);
  noteIncident(context, incident);
  return {
    papers: paperKeys.map((paper) => {
      const now = composePaper(paper, ground, passages.get(paper) ?? new Map());
      const versions = saved.filter((row) => row.paper === paper);
      const [latest] = versions;
      const approved = versions.find((row) => row.state === "approved");
      return {
        paper,
        isNeeded: isPaperNeeded(paper, ground),
        latest: latest === undefined ? null : headOfDraft(latest),
        approved: approved === undefined ? null : headOfDraft(approved),
        handed: handed.get(paper) ?? null,
        changed: latest === undefined ? 0 : changedEntries(latest.content, now).length,
        unknown: now.sections.flatMap((section) => section.entries).filter((entry) => entry.state === "unknown").length,
      };
    }),
  };
}

/** A paper as it would read now, compared with the last version. */
export async function previewDraft(context: Context, input: Input<typeof previewEndpoint>): Promise<Draft<ReplyOf<typeof previewEndpoint>>> {
  const { paper } = input.params;
  const incident = await findIncident(context, input.params.incidentNo);
  const ground = await gatherGround(context, incident);
  const passages = await passagesOf(context, incident.incident_no);
  const versions = await draftsOf(context, incident.incident_no, paper);
  const now = composePaper(paper, ground, passages.get(paper) ?? new Map());
  const [latest] = versions;
  const isSaved = latest !== undefined && changedEntries(latest.content, now).length === 0;
  noteIncident(context, incident);
  context.journal.fact("paper", paper);
  context.journal.fact("version", isSaved ? latest.version : null);
  const shown = isSaved ? await paperOf(context, latest, "handle-incidents") : await paperAs(context, now, latest?.content ?? null, null, "handle-incidents");
  return { ...shown, versions: versions.map(headOfDraft), handings: await shownHandings(context, incident.incident_no, paper) };
}

/**
 * One version, for whoever handles incidents and for those who may judge it as long as it waits.
 * @throws Problem not-found for everybody else
 */
export async function showDraft(context: Context, input: Input<typeof showEndpoint>): Promise<Draft<ReplyOf<typeof showEndpoint>>> {
  const { rights } = context.actor;
  const row = await findDraft(context, input.params.draftNo);
  const verb: Verb | undefined = hasVerb(rights, "handle-incidents")
    ? "handle-incidents"
    : row.state === "asked" && hasVerb(rights, "approve")
      ? "approve"
      : undefined;
  if (verb === undefined) {
    throw new Problem("not-found");
  }
  noteDraft(context, row);
  return paperOf(context, row, verb);
}

/** What leaves: an approved version, and none other. @throws Problem not-found, awaits-approval, conflict {reason: "changed"} */
export async function downloadDraft(context: Context, input: Input<typeof downloadDraftPdf>, form: "word" | "pdf"): Promise<Draft<PaperOut>> {
  const row = await findDraft(context, input.params.draftNo);
  noteDraft(context, row);
  context.journal.fact("form", form);
  if (row.state !== "approved") {
    throw new Problem("awaits-approval", { state: row.state });
  }
  demandUnchanged(row);
  return paperOf(context, row, "handle-incidents");
}

async function paperOf(context: Context, row: DraftRow, verb: Verb): Promise<Draft<PaperOut>> {
  const former = await formerDraft(context, row);
  return paperAs(context, row.content, former?.content ?? null, row, verb);
}

export async function paperAs(context: Context, content: Paper, former: Paper | null, row: DraftRow | null, verb: Verb): Promise<Draft<PaperOut>> {
  const entries = content.sections.flatMap((section) => section.entries);
  const before = former?.sections.flatMap((section) => section.entries) ?? [];
  const changed = new Set(former === null ? [] : changedEntries(former, content));
  const formerOf = new Map(before.map((entry) => [entry.key, entry]));
  const present = new Set(entries.map((entry) => entry.key));
  const told = before.filter((entry) => changed.has(entry.key));
  const open = await openPieces(context, [...entries, ...told], verb);
  const [organisation] = await context.db.query<{ name: string }>("select name from organisation");
  return {
    paper: content.paper,
    title: content.title,
    locale: content.locale,
    isDrill: content.isDrill,
    organisation: organisation?.name ?? "",
    head: row === null ? null : headOfDraft(row),
    sections: content.sections.map((section) => ({
      key: section.key,
      title: section.title,
      entries: section.entries.map((entry) => {
        const was = changed.has(entry.key) ? formerOf.get(entry.key) : undefined;
        return { ...entry, pieces: open(entry.pieces), isChanged: changed.has(entry.key), former: was === undefined ? null : open(was.pieces) };
      }),
    })),
    gone: told.filter((entry) => !present.has(entry.key)).map((entry) => ({ key: entry.key, label: entry.label, pieces: open(entry.pieces) })),
  };
}
