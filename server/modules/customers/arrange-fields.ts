import { loadPolicy, type Policy } from "#server/core/access/policy.ts";
import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import {
  mostSections,
  type addFieldSection as addEndpoint,
  type arrangeFields as arrangeEndpoint,
  type changeFieldSection as changeEndpoint,
  type removeFieldSection as removeEndpoint,
} from "#shared/fields.ts";
import { Problem } from "#shared/problems.ts";
import { holdPolicy, raisePolicyVersion } from "./change-fields.ts";

type OwnKind = "customer" | "company";

/** Puts fields and sections in order. A field that is not named keeps its section and comes after the others. */
export async function arrangeFields(context: Context, input: Input<typeof arrangeEndpoint>): Promise<Draft<ReplyOf<typeof arrangeEndpoint>>> {
  const { kind } = input.params;
  const policy = await holdPolicy(context);
  const ofKind = policy.fields.filter((field) => field.kind === kind);
  const sections = policy.sections.filter((section) => section.kind === kind);
  const named = input.body.sections.flatMap(({ sectionNo, fields }) => fields.map((key) => ({ key, sectionNo })));
  const isKnown =
    named.every(({ key }) => ofKind.some((field) => field.key === key)) &&
    input.body.sections.every(({ sectionNo }) => sectionNo === null || sections.some((section) => section.sectionNo === sectionNo));
  if (!isKnown || new Set(named.map(({ key }) => key)).size !== named.length) {
    throw new Problem("invalid-input", { field: "sections" });
  }
  const left = ofKind.filter((field) => !named.some(({ key }) => key === field.key)).map(({ key, sectionNo }) => ({ key, sectionNo }));
  const all = [...named, ...left];
  await context.db.query(
    `update fields f set position = n.position, section_no = n.section
       from unnest($2::text[], $3::integer[]) with ordinality as n (key, section, position) where f.kind = $1 and f.key = n.key`,
    [kind, all.map(({ key }) => key), all.map(({ sectionNo }) => sectionNo)],
  );
  const order = input.body.sections.flatMap(({ sectionNo }) => sectionNo ?? []);
  await context.db.query(
    "update field_sections s set position = n.position from unnest($1::integer[]) with ordinality as n (no, position) where s.section_no = n.no",
    [order],
  );
  await noteArrangement(context, kind);
  return { kind: "arranged" };
}

export async function addFieldSection(context: Context, input: Input<typeof addEndpoint>): Promise<Draft<ReplyOf<typeof addEndpoint>>> {
  const { kind } = input.params;
  const policy = await holdPolicy(context);
  if (policy.sections.filter((section) => section.kind === kind).length >= mostSections) {
    throw new Problem("invalid-input", { reason: "too-many-sections", limit: mostSections });
  }
  const [added] = await context.db.query<{ section_no: number }>(
    `insert into field_sections (kind, label_ja, label_en, position)
     values ($1, $2, $3, (select coalesce(max(position), 0) + 1 from field_sections where kind = $1)) returning section_no`,
    [kind, input.body.ja, input.body.en || input.body.ja],
  );
  await noteArrangement(context, kind);
  return { sectionNo: (added as { section_no: number }).section_no };
}

export async function changeFieldSection(context: Context, input: Input<typeof changeEndpoint>): Promise<Draft<ReplyOf<typeof changeEndpoint>>> {
  const { kind, sectionNo } = input.params;
  demandSection(await holdPolicy(context), kind, sectionNo);
  await context.db.query("update field_sections set label_ja = $2, label_en = $3 where section_no = $1", [
    sectionNo,
    input.body.ja,
    input.body.en || input.body.ja,
  ]);
  await noteArrangement(context, kind);
  return { sectionNo };
}

export async function removeFieldSection(context: Context, input: Input<typeof removeEndpoint>): Promise<Draft<ReplyOf<typeof removeEndpoint>>> {
  const { kind, sectionNo } = input.params;
  demandSection(await holdPolicy(context), kind, sectionNo);
  await context.db.query("update fields set section_no = null where section_no = $1", [sectionNo]);
  await context.db.query("delete from field_sections where section_no = $1", [sectionNo]);
  await noteArrangement(context, kind);
  return { kind: "removed" };
}

function demandSection(policy: Policy, kind: OwnKind, sectionNo: number): void {
  if (!policy.sections.some((section) => section.kind === kind && section.sectionNo === sectionNo)) {
    throw new Problem("not-found");
  }
}

/** Order and sections as they stand now, whole, in the event. */
async function noteArrangement(context: Context, kind: OwnKind): Promise<void> {
  const version = await raisePolicyVersion(context);
  const policy = await loadPolicy(context.db);
  context.journal.fact("kind", kind);
  context.journal.fact(
    "sections",
    policy.sections.filter((section) => section.kind === kind).map(({ sectionNo, ja, en }) => ({ sectionNo, ja, en })),
  );
  context.journal.fact(
    "order",
    policy.fields.filter((field) => field.kind === kind).map(({ no, sectionNo }) => ({ no, sectionNo })),
  );
  context.journal.fact("newPolicyVersion", version);
}
