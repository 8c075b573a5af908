import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { estimateIncident as estimateEndpoint, JudgedReason, showJudgement as endpoint } from "#shared/incident-drafts.ts";
import { findIncident, noteIncident } from "../case/incident-records.ts";
import { damagesOf, damagesPerPerson, usualCosts } from "../law/damages.ts";
import { comingLaws } from "../law/provisions.ts";
import { itemsOf, valueOf, type Reason } from "../law/read-facts.ts";
import { presetStaffing, staffing } from "../law/staffing.ts";
import { gatherGround } from "./gather-ground.ts";

const reasonsOut = (reasons: readonly Reason[]): JudgedReason[] => reasons.map((reason) => ({ ...reason, facts: [...reason.facts] }));

export async function showJudgement(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const incident = await findIncident(context, input.params.incidentNo);
  const { judgement, terms } = await gatherGround(context, incident);
  const finding = <Of extends { readonly reasons: readonly Reason[]; readonly missing: readonly string[] }>(of: Of) => ({
    ...of,
    reasons: reasonsOut(of.reasons),
    missing: [...of.missing],
  });
  noteIncident(context, incident);
  context.journal.fact("overall", judgement.overall);
  return {
    law: judgement.law,
    coming: [...comingLaws],
    leak: finding(judgement.leak),
    exemption: finding(judgement.exemption),
    limbs: judgement.limbs.map(finding),
    persons: judgement.persons,
    overall: judgement.overall,
    reasons: reasonsOut(judgement.reasons),
    missing: [...judgement.missing],
    notes: reasonsOut(judgement.notes),
    terms,
  };
}

/** What it may cost and how large the desk must be: estimates by published models, on assumptions that may be changed. */
export async function estimateIncident(context: Context, input: Input<typeof estimateEndpoint>): Promise<Draft<ReplyOf<typeof estimateEndpoint>>> {
  const { query } = input;
  const incident = await findIncident(context, input.params.incidentNo);
  const ground = await gatherGround(context, incident);
  const judged = { facts: ground.facts, playbook: ground.playbook, scope: ground.scope };
  const isSensitive = ground.judgement.limbs.some((limb) => limb.no === 1 && limb.applies === "yes");
  const items = [...(itemsOf(judged)?.items ?? []), ...(isSensitive ? ["sensitive"] : [])];
  const persons = ground.judgement.persons?.atMost ?? null;
  const levels = damagesOf(items);
  const perPerson = damagesPerPerson({ ...levels, responsibility: query.responsibility === "high" ? 2 : 1, handling: query.handling === "bad" ? 2 : 1 });
  const publication = valueOf(judged, "publication.state");
  noteIncident(context, incident);
  return {
    persons,
    items,
    damages: { ...levels, perPerson, total: persons === null ? null : perPerson * persons },
    costs: usualCosts({
      persons: persons ?? 0,
      isAttack: ground.judgement.limbs.some((limb) => limb.no === 3 && limb.applies === "yes"),
      hasCards: items.includes("card"),
      isPublished: publication === "done" || publication === "planned",
    }),
    desk: staffing(persons ?? 0, { ...presetStaffing, callShare: query.callPercent / 100, handleSeconds: query.handleSeconds, waves: query.waves }),
  };
}
