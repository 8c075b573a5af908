import type { Context, Draft, Input } from "#server/core/door/index.ts";
import { paperInForce, type PaperInForce } from "#server/modules/incidents/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { DeskScript, showScripts as endpoint } from "#shared/desk.ts";
import { deskFor, noteDesk } from "./desk-records.ts";

/** Script and answers as they were approved last; what is not approved is not read out. @throws Problem not-found */
export async function showScripts(context: Context, { params }: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const desk = await deskFor(context, params.incidentNo);
  const script = await paperInForce(context, desk.incident_no, "desk-script", "answer-callers");
  const faq = await paperInForce(context, desk.incident_no, "faq", "answer-callers");
  noteDesk(context, desk);
  context.journal.fact("script", script?.version ?? null);
  context.journal.fact("faq", faq?.version ?? null);
  const out = (paper: PaperInForce | null): Draft<DeskScript> | null =>
    paper === null ? null : { version: paper.version, approvedAt: paper.approvedAt, approvedBy: paper.approvedBy, sections: paper.sections };
  return { script: out(script), faq: out(faq) };
}
