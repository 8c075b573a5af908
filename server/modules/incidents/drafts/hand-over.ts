import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { handOverDraft, HandedPaper, HandingWay, PaperHanding, withdrawHanding as withdrawEndpoint } from "#shared/incident-drafts.ts";
import type { PaperKey } from "#shared/incident-papers.ts";
import { Problem } from "#shared/problems.ts";
import { findIncident } from "../case/incident-records.ts";
import { hashOfText, sealIncidentText, textOfIncident } from "../case/seal-incident-text.ts";
import { demandUnchanged } from "./draft-hash.ts";
import { findDraft, holdDraft, noteDraft } from "./draft-records.ts";

interface HandingRow {
  readonly handing_no: number;
  readonly incident_no: number;
  readonly draft_no: number;
  readonly paper: PaperKey;
  readonly version: number;
  readonly handed_at: Date;
  readonly way: HandingWay;
  readonly sealed_text: Buffer | null;
  readonly noted_by: number | null;
  readonly withdrawn_at: Date | null;
}

const columns = "h.handing_no, h.incident_no, h.draft_no, d.paper, d.version, h.handed_at, h.way, h.sealed_text, h.noted_by, h.withdrawn_at";

/**
 * Notes that an approved version was handed over, when and how. More than once is possible: by mail first and by post then.
 * @throws Problem not-found; awaits-approval; conflict {reason: "changed"}; invalid-input {field: "handedAt"} for a moment to come, or
 *   before anybody knew; card-number
 */
export async function handOver(context: Context, input: Input<typeof handOverDraft>): Promise<Draft<ReplyOf<typeof handOverDraft>>> {
  const { way, receipt, note } = input.body;
  const row = await holdDraft(context, input.params.draftNo);
  const incident = await findIncident(context, row.incident_no);
  noteDraft(context, row);
  if (row.state !== "approved") {
    throw new Problem("awaits-approval", { state: row.state });
  }
  demandUnchanged(row);
  const handedAt = new Date(input.body.handedAt);
  if (handedAt > context.now || handedAt < incident.known_at) {
    throw new Problem("invalid-input", { field: "handedAt" });
  }
  const sealed = receipt === "" && note === "" ? null : sealIncidentText(context, row.incident_no, { receipt, note });
  const [made] = await context.db.query<{ handing_no: number }>(
    `insert into incident_paper_handings (incident_no, draft_no, handed_at, way, sealed_text, noted_by, noted_at)
     values ($1, $2, $3, $4, $5, $6, $7) returning handing_no`,
    [row.incident_no, row.draft_no, handedAt, way, sealed, context.actor.accountNo, context.now],
  );
  const handingNo = made?.handing_no as number;
  context.journal.fact("handingNo", handingNo);
  context.journal.fact("handedAt", handedAt.toISOString());
  context.journal.fact("way", way);
  if (sealed !== null) context.journal.fact("textHash", hashOfText(sealed));
  return { handingNo };
}

/** Takes back a note that was a mistake; it stays in sight. @throws Problem not-found, conflict {reason: "withdrawn"} */
export async function withdrawHanding(context: Context, input: Input<typeof withdrawEndpoint>): Promise<Draft<ReplyOf<typeof withdrawEndpoint>>> {
  const [handing] = await context.db.query<{ draft_no: number; withdrawn_at: Date | null }>(
    "select draft_no, withdrawn_at from incident_paper_handings where handing_no = $1 for update",
    [input.params.handingNo],
  );
  if (handing === undefined) throw new Problem("not-found");
  noteDraft(context, await findDraft(context, handing.draft_no));
  context.journal.fact("handingNo", input.params.handingNo);
  if (handing.withdrawn_at !== null) throw new Problem("conflict", { reason: "withdrawn" });
  await context.db.query("update incident_paper_handings set withdrawn_by = $2, withdrawn_at = $3 where handing_no = $1", [
    input.params.handingNo,
    context.actor.accountNo,
    context.now,
  ]);
  return {};
}

/** Every note of an incident, or of one of its papers, newest first. */
async function handingsOf(context: Pick<Context, "db">, incidentNo: number, paper: PaperKey | null): Promise<HandingRow[]> {
  return context.db.query<HandingRow>(
    `select ${columns} from incident_paper_handings h join incident_drafts d using (draft_no)
      where h.incident_no = $1 and ($2::text is null or d.paper = $2) order by h.handing_no desc`,
    [incidentNo, paper],
  );
}

/** When each paper was first handed over: what a term is held against. */
export async function firstHanded(context: Pick<Context, "db">, incidentNo: number): Promise<ReadonlyMap<PaperKey, HandedPaper>> {
  const first = new Map<PaperKey, HandedPaper>();
  const standing = (await handingsOf(context, incidentNo, null)).filter((row) => row.withdrawn_at === null);
  for (const row of standing.toSorted((a, b) => b.handed_at.getTime() - a.handed_at.getTime())) {
    first.set(row.paper, { at: row.handed_at.toISOString(), way: row.way, version: row.version });
  }
  return first;
}

export async function shownHandings(context: Pick<Context, "db">, incidentNo: number, paper: PaperKey): Promise<Draft<PaperHanding>[]> {
  return (await handingsOf(context, incidentNo, paper)).map((row) => ({
    handingNo: row.handing_no,
    draftNo: row.draft_no,
    version: row.version,
    at: row.handed_at.toISOString(),
    way: row.way,
    by: row.noted_by,
    isWithdrawn: row.withdrawn_at !== null,
    receipt: textOfIncident(row.incident_no, row.sealed_text, "receipt"),
    note: textOfIncident(row.incident_no, row.sealed_text, "note"),
  }));
}
