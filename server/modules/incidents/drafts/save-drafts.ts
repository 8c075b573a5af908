import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { askDraftApproval, makeDrafts as makeEndpoint, writePassage as passageEndpoint } from "#shared/incident-drafts.ts";
import { paperKeys, type PaperKey } from "#shared/incident-papers.ts";
import { Problem } from "#shared/problems.ts";
import { requestApproval } from "#server/modules/approvals/index.ts";
import { beyondScope } from "#server/modules/customers/index.ts";
import { findIncident, findOpenIncident, noteIncident, type IncidentRow } from "../case/incident-records.ts";
import { hashOfText, sealIncidentText } from "../case/seal-incident-text.ts";
import { countUndecided } from "../match/match-records.ts";
import { scopeFor } from "../scope/scope-records.ts";
import { composePaper, isPaperNeeded } from "./compose-paper.ts";
import { draftColumns, draftsOf, headOfDraft, holdDraft, noteDraft, passagesOf, type DraftRow } from "./draft-records.ts";
import { gatherGround } from "./gather-ground.ts";
import type { Ground } from "./ground.ts";
import { hashOfContent } from "./draft-hash.ts";
import { changedEntries, citesScope, isPaperUnchanged, isProvisional, movedFigures, type Paper } from "./paper.ts";

/**
 * Saves a new version of each of these papers that would read otherwise now. A version rests on what is known at one moment: the
 * incident is held meanwhile.
 */
async function saveDrafts(context: Context, incident: IncidentRow, ground: Ground, papers: readonly PaperKey[]): Promise<DraftRow[]> {
  const passages = await passagesOf(context, incident.incident_no);
  const saved = await draftsOf(context, incident.incident_no);
  const made: DraftRow[] = [];
  for (const paper of papers) {
    const former = saved.find((row) => row.paper === paper);
    const content = composePaper(paper, ground, passages.get(paper) ?? new Map());
    if (isPaperUnchanged(former?.content ?? null, content)) continue;
    made.push(await insertDraft(context, incident, ground, content, former));
  }
  context.journal.fact(
    "drafts",
    made.map((row) => ({
      draftNo: row.draft_no,
      paper: row.paper,
      version: row.version,
      changed: row.changed.length,
      hash: row.content_hash.toString("hex"),
    })),
  );
  context.journal.fact("overall", ground.judgement.overall);
  context.journal.fact("runNo", ground.scope?.runNo ?? null);
  return made;
}

async function insertDraft(context: Context, incident: IncidentRow, ground: Ground, content: Paper, former: DraftRow | undefined): Promise<DraftRow> {
  const [row] = await context.db.query<DraftRow>(
    `insert into incident_drafts (incident_no, paper, version, content, content_hash, changed, scope_no, overall, made_by, made_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning ${draftColumns}`,
    [
      incident.incident_no,
      content.paper,
      (former?.version ?? 0) + 1,
      JSON.stringify(content),
      hashOfContent(content),
      changedEntries(former?.content ?? null, content),
      ground.scope?.runNo ?? null,
      ground.judgement.overall,
      context.actor.accountNo,
      context.now,
    ],
  );
  return row as DraftRow;
}

/** @throws Problem not-found */
export async function makeDrafts(context: Context, input: Input<typeof makeEndpoint>): Promise<Draft<ReplyOf<typeof makeEndpoint>>> {
  const incident = await findIncident(context, input.params.incidentNo, true);
  const ground = await gatherGround(context, incident);
  const wanted = new Set(input.body.papers ?? (await neededPapers(context, incident, ground)));
  noteIncident(context, incident);
  const made = await saveDrafts(
    context,
    incident,
    ground,
    paperKeys.filter((paper) => wanted.has(paper)),
  );
  return { made: made.map(headOfDraft) };
}

/** Those that the incident calls for, and those that were begun. */
async function neededPapers(context: Context, incident: IncidentRow, ground: Ground): Promise<PaperKey[]> {
  const begun = new Set((await draftsOf(context, incident.incident_no)).map((row) => row.paper));
  return paperKeys.filter((paper) => begun.has(paper) || isPaperNeeded(paper, ground));
}

/**
 * Puts a passage into words of one's own, in a new version of the paper.
 * @throws Problem not-found, conflict {reason: "incident-closed"}, invalid-input {field: "key"} for a passage that is not there, card-number
 */
export async function writePassage(context: Context, input: Input<typeof passageEndpoint>): Promise<Draft<ReplyOf<typeof passageEndpoint>>> {
  const { paper, key } = input.params;
  const incident = await findOpenIncident(context, input.params.incidentNo);
  const ground = await gatherGround(context, incident);
  const template = composePaper(paper, ground, new Map());
  if (!template.sections.some((section) => section.entries.some((entry) => entry.key === key && entry.isEditable))) {
    throw new Problem("invalid-input", { field: "key" });
  }
  const { text } = input.body;
  const sealed = text === null ? null : sealIncidentText(context, incident.incident_no, { text });
  const [row] = await context.db.query<{ passage_no: number }>(
    "insert into incident_passages (incident_no, paper, key, sealed_text, written_by, written_at) values ($1, $2, $3, $4, $5, $6) returning passage_no",
    [incident.incident_no, paper, key, sealed, context.actor.accountNo, context.now],
  );
  noteIncident(context, incident);
  context.journal.fact("paper", paper);
  context.journal.fact("key", key);
  context.journal.fact("passageNo", row?.passage_no ?? 0);
  if (sealed !== null) context.journal.fact("hash", hashOfText(sealed));
  await saveDrafts(context, incident, ground, [paper]);
  const [latest] = await draftsOf(context, incident.incident_no, paper);
  return { made: headOfDraft(latest as DraftRow) };
}

/**
 * Whether the people of a paper are settled. A list of which a row may still mean one of several holds it up, and so does a ledger
 * that is not verified yet, unless the officer says so and why: then the paper carries the sentence that its figures are provisional.
 * Nor does it say of them what the scope says no more: people were moved, or a newer run found others.
 * @throws Problem not-ready {reason: "rows-undecided" | "scope-unverified" | "scope-refuted"}; conflict {reason: "figures-moved"}
 */
export async function demandSettled(context: Context, row: DraftRow, isDespite: boolean): Promise<void> {
  if (row.scope_no === null || !citesScope(row.content)) return;
  if ((await countUndecided(context, row.incident_no)) > 0) {
    throw new Problem("not-ready", { reason: "rows-undecided" });
  }
  const { verification } = await scopeFor(context, row.incident_no, row.scope_no);
  if (verification === "pending" && !(isDespite && isProvisional(row.content))) {
    throw new Problem("not-ready", { reason: "scope-unverified" });
  }
  if (verification === "fails" && isProvisional(row.content)) {
    throw new Problem("not-ready", { reason: "scope-refuted" });
  }
  const incident = await findIncident(context, row.incident_no);
  // Numbers are worked out, and nothing is shown: whoever judges may see fewer people than whoever asked.
  const ground = await beyondScope(context, () => gatherGround(context, incident));
  const now = composePaper(row.paper, ground, (await passagesOf(context, row.incident_no)).get(row.paper) ?? new Map());
  if (movedFigures(row.content, now).length > 0) throw new Problem("conflict", { reason: "figures-moved" });
}

/**
 * Asks a second person to approve the newest version of a paper.
 * @throws Problem not-found; conflict {reason: "not-latest"} when there is a newer one; awaits-approval; conflict {reason: "decided"};
 *   not-ready, see {@link demandSettled}
 */
export async function askApproval(context: Context, input: Input<typeof askDraftApproval>): Promise<Draft<ReplyOf<typeof askDraftApproval>>> {
  const row = await holdDraft(context, input.params.draftNo);
  const [latest] = await draftsOf(context, row.incident_no, row.paper);
  noteDraft(context, row);
  if (latest?.draft_no !== row.draft_no) {
    throw new Problem("conflict", { reason: "not-latest" });
  }
  if (row.state === "asked") {
    throw new Problem("awaits-approval", { state: row.state });
  }
  if (row.state === "approved") {
    throw new Problem("conflict", { reason: "decided", state: row.state });
  }
  const { reason, isBeforeVerification } = input.body;
  if (isBeforeVerification && reason === "") {
    throw new Problem("invalid-input", { field: "reason" });
  }
  await demandSettled(context, row, isBeforeVerification);
  if (isBeforeVerification) context.journal.fact("isBeforeVerification", true);
  const { requestNo } = await requestApproval(context, {
    kind: "incident-paper",
    facts: {
      persons: 0,
      incidentNo: row.incident_no,
      draftNo: row.draft_no,
      paper: row.paper,
      version: row.version,
      hash: row.content_hash.toString("hex"),
      ...(isBeforeVerification ? { isBeforeVerification } : {}),
    },
    reason,
  });
  await context.db.query("update incident_drafts set state = 'asked', request_no = $2 where draft_no = $1", [row.draft_no, requestNo]);
  return { draftNo: row.draft_no, requestNo };
}
