import { createHash, randomInt } from "node:crypto";
import { sealText, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { requestApproval, type ApprovalKind, type ApprovalRequest } from "#server/modules/approvals/index.ts";
import { makePassword } from "#server/modules/lists/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type {
  askPackApproval as askEndpoint,
  makePack as makeEndpoint,
  markPackSent as sentEndpoint,
  showPackPassword as passwordEndpoint,
} from "#shared/incident-consignors.ts";
import { Problem } from "#shared/problems.ts";
import { findIncident, findOpenIncident } from "../case/incident-records.ts";
import { hashOfText, sealIncidentText, textOfIncident } from "../case/seal-incident-text.ts";
import { draftsOf } from "../drafts/draft-records.ts";
import { demandStillMeant } from "../scope/still-meant.ts";
import { consignorsOfScope } from "./consignors-of-scope.ts";
import { findPack, notePack, type PackRow } from "./pack-records.ts";

/**
 * Puts together what a company is told: its own people of the newest scope, and the approved notice.
 * @throws Problem not-found, conflict {reason: "incident-closed"}, not-ready {reason: "no-approved-paper" | "no-scope" | "scope-not-verified" | "nobody"}
 */
export async function makePack(context: Context, { params, body }: Input<typeof makeEndpoint>): Promise<{ packNo: number }> {
  const incident = await findOpenIncident(context, params.incidentNo);
  const draft = (await draftsOf(context, incident.incident_no, "consignor-notice")).find((row) => row.state === "approved");
  if (draft === undefined) throw new Problem("not-ready", { reason: "no-approved-consignor-paper" });
  const found = await consignorsOfScope(context, incident.incident_no);
  if (found === null) throw new Problem("not-ready", { reason: "no-scope" });
  if (found.scope.verification === "pending") throw new Problem("not-ready", { reason: "scope-not-verified" });
  const company = found.companies.find(({ companyNo }) => companyNo === params.companyNo);
  const possible = body.hasPossible ? (company?.possible ?? []) : [];
  if (company === undefined || company.confirmed.length + possible.length === 0) throw new Problem("not-ready", { reason: "nobody" });
  const hash = hashOfPeople(company.confirmed, possible);
  const [made] = await context.db.query<{ pack_no: number }>(
    `insert into incident_consignor_packs (incident_no, company_no, draft_no, scope_no, has_possible, confirmed, possible, people_hash, made_by, made_at, sealed_password)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning pack_no`,
    [
      incident.incident_no,
      company.companyNo,
      draft.draft_no,
      found.scope.scope_no,
      body.hasPossible,
      company.confirmed,
      possible,
      hash,
      context.actor.accountNo,
      context.now,
      sealText(context.door.vault, { kind: "incident", no: incident.incident_no }, "sensitive", 1, { password: makePassword(randomInt) }),
    ],
  );
  const packNo = made?.pack_no as number;
  notePack(context, { ...incident, pack_no: packNo, company_no: company.companyNo });
  context.journal.fact("draftNo", draft.draft_no);
  context.journal.fact("runNo", found.scope.scope_no);
  context.journal.fact("confirmed", company.confirmed.length);
  context.journal.fact("possible", possible.length);
  context.journal.fact("hash", hash.toString("hex"));
  return { packNo };
}

/** @throws Problem not-found, conflict {reason: "decided"} */
export async function askPackApproval(context: Context, { params, body }: Input<typeof askEndpoint>): Promise<{ packNo: number; requestNo: number }> {
  const row = await findPack(context, params.packNo, true);
  await findOpenIncident(context, row.incident_no);
  if (row.state !== "made" && row.state !== "refused") throw new Problem("conflict", { reason: "decided" });
  const hash = row.people_hash.toString("hex");
  const { requestNo } = await requestApproval(context, {
    kind: "consignor-pack",
    facts: {
      persons: row.confirmed.length + row.possible.length,
      incidentNo: row.incident_no,
      packNo: row.pack_no,
      companyNo: row.company_no,
      draftNo: row.draft_no,
      version: row.version,
      destination: "handler",
      isDrill: row.is_drill,
      hash,
    },
    reason: body.reason,
  });
  await context.db.query("update incident_consignor_packs set state = 'asked', request_no = $2 where pack_no = $1", [row.pack_no, requestNo]);
  notePack(context, row);
  context.journal.fact("hash", hash);
  return { packNo: row.pack_no, requestNo };
}

async function packOf(context: Context, { facts }: ApprovalRequest): Promise<PackRow> {
  const row = await findPack(context, Number(facts["packNo"]), true);
  if (row.people_hash.toString("hex") !== facts["hash"]) throw new Problem("conflict", { reason: "changed" });
  notePack(context, row);
  return row;
}

/** Nothing goes to a consignor before a second person approved it (approval.pack → incident_consignor_packs). */
export const packApproval: ApprovalKind = {
  kind: "consignor-pack",
  async approved(context, request) {
    const row = await packOf(context, request);
    demandWhole(row);
    await findIncident(context, row.incident_no, true);
    await demandStillMeant(context, row.incident_no, row.confirmed, ["confirmed"]);
    await demandStillMeant(context, row.incident_no, row.possible, ["confirmed", "possible"]);
    await context.db.query("update incident_consignor_packs set state = 'approved', approved_by = $2, approved_at = $3 where pack_no = $1", [
      row.pack_no,
      context.actor.accountNo,
      context.now,
    ]);
  },
  async refused(context, request) {
    const row = await packOf(context, request);
    await context.db.query("update incident_consignor_packs set state = 'refused' where pack_no = $1", [row.pack_no]);
  },
};

function hashOfPeople(confirmed: readonly number[], possible: readonly number[]): Buffer {
  return createHash("sha256")
    .update(JSON.stringify([confirmed, possible]))
    .digest();
}

/** What leaves is approved, and these very people were. @throws Problem awaits-approval, conflict {reason: "changed"} */
export function demandApproved(row: PackRow): void {
  if (row.state !== "approved" && row.state !== "sent") throw new Problem("awaits-approval", { state: row.state });
  demandWhole(row);
}

function demandWhole(row: PackRow): void {
  if (!hashOfPeople(row.confirmed, row.possible).equals(row.people_hash)) throw new Problem("conflict", { reason: "changed" });
}

/** @throws Problem not-found, awaits-approval */
export async function showPackPassword(context: Context, { params }: Input<typeof passwordEndpoint>): Promise<Draft<ReplyOf<typeof passwordEndpoint>>> {
  const row = await findPack(context, params.packNo);
  notePack(context, row);
  demandApproved(row);
  return { password: textOfIncident(row.incident_no, row.sealed_password, "password") };
}

/** @throws Problem not-found, awaits-approval, card-number; invalid-input {field: "on"} for a day to come */
export async function markPackSent(context: Context, { params, body }: Input<typeof sentEndpoint>): Promise<{ state: "sent" }> {
  const row = await findPack(context, params.packNo, true);
  notePack(context, row);
  demandApproved(row);
  if (new Date(`${body.on}T00:00:00+09:00`) > context.now) throw new Problem("invalid-input", { field: "on" });
  const sealed = body.receipt === "" ? null : sealIncidentText(context, row.incident_no, { receipt: body.receipt });
  await context.db.query(
    "update incident_consignor_packs set state = 'sent', sent_on = $2, sent_how = $3, sent_by = $4, sealed_receipt = $5 where pack_no = $1",
    [row.pack_no, body.on, body.how, context.actor.accountNo, sealed],
  );
  context.journal.fact("on", body.on);
  context.journal.fact("how", body.how);
  if (sealed !== null) context.journal.fact("hash", hashOfText(sealed));
  return { state: "sent" };
}
