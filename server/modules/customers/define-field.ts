import type { Field, Policy } from "#server/core/access/policy.ts";
import { classNumber, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { addJob } from "#server/platform/jobs/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import {
  firstOwnFieldNo,
  lastingFields,
  masksOf,
  mostOwnFields,
  mostSearchableFields,
  searchForms,
  standardFields,
  type FieldChoice,
  type FieldType,
  type addField as addEndpoint,
  type archiveField as archiveEndpoint,
  type changeField as changeEndpoint,
} from "#shared/fields.ts";
import { Problem } from "#shared/problems.ts";
import { keyForChoice } from "#shared/read-value.ts";
import { demandField, holdPolicy, noteChangedField } from "./change-fields.ts";
import { reindexKey, reindexTask } from "./reindex-field.ts";

type OwnKind = "customer" | "company";
type TypedChoice = Input<typeof addEndpoint>["body"]["choices"][number];

/** Token numbers that no standard field of any kind bears, with room left for further ones. */
const tokenNumbers = [...numbers(20, 31), ...numbers(40, 47), ...numbers(50, 63)];

/** Adds a field of the organisation's own. It holds from the commit on, on every node; nothing has a value yet, so nothing is indexed. */
export async function addField(context: Context, input: Pick<Input<typeof addEndpoint>, "params" | "body">): Promise<Draft<ReplyOf<typeof addEndpoint>>> {
  const { db } = context;
  const { body } = input;
  const { kind } = input.params;
  const policy = await holdPolicy(context);
  if (policy.fields.filter((field) => field.kind === kind && field.isOwn).length >= mostOwnFields) {
    throw new Problem("invalid-input", { reason: "too-many-fields", limit: mostOwnFields });
  }
  demandMask(body.type, body.mask);
  demandSection(policy, kind, body.sectionNo);
  const choices = settleChoices(body.type, [], body.choices);
  const tokenNo = body.isSearchable ? freeTokenNo(policy, kind, body.type) : null;
  const no = Math.max(firstOwnFieldNo - 1, ...policy.fields.map((field) => field.no)) + 1;
  const key = `own${no}`;
  await db.query(
    `insert into fields (field_no, kind, key, class, stored_classes, type, label_ja, label_en, mask, choices, is_required, section_no, token_no, indexing, position)
     values ($1, $2, $3, $4, array[$4]::smallint[], $5, $6, $7, $8, $9, $10, $11, $12, case when $12::smallint is null then 'none' else 'ready' end,
       (select max(coalesce(position, field_no)) + 1 from fields where kind = $2))`,
    [
      no,
      kind,
      key,
      classNumber(body.class),
      body.type,
      body.ja,
      body.en || body.ja,
      body.mask,
      JSON.stringify(choices),
      body.isRequired,
      body.sectionNo,
      tokenNo,
    ],
  );
  await noteChangedField(context, kind, key);
  return { key };
}

/**
 * Changes what a field is called, asks and answers to. Whether it is searched is settled in the background: a search asks it
 * when every value has its tokens, and ceases to ask it at once.
 */
export async function changeField(context: Context, input: Input<typeof changeEndpoint>): Promise<Draft<ReplyOf<typeof changeEndpoint>>> {
  const { db } = context;
  const { body } = input;
  const { kind, key } = input.params;
  const policy = await holdPolicy(context);
  const field = demandField(policy, kind, key);
  if (!field.isOwn) {
    return changeStandardField(context, field, body);
  }
  demandMask(field.type, body.mask);
  const choices = settleChoices(field.type, field.choices, body.choices);
  const index = indexAfter(policy, kind, field, body.isSearchable);
  await db.query(
    "update fields set label_ja = $2, label_en = $3, mask = $4, choices = $5, is_required = $6, token_no = $7, indexing = $8 where field_no = $1",
    [field.no, body.ja, body.en || body.ja, body.mask, JSON.stringify(choices), body.isRequired, index.tokenNo, index.indexing],
  );
  await noteChangedField(context, kind, key);
  if (index.indexing !== "building" && index.indexing !== "clearing") {
    return { kind: "settled" };
  }
  await addJob(db, reindexTask, { fieldNo: field.no, after: 0 }, { key: reindexKey(field.no) });
  return { kind: "reindexing" };
}

/** Of a standard field the product itself depends on type, mask, choices and index. */
async function changeStandardField(context: Context, field: Field, body: Input<typeof changeEndpoint>["body"]): Promise<Draft<ReplyOf<typeof changeEndpoint>>> {
  const shipped = standardFields.find((one) => one.no === field.no);
  if (body.mask !== field.mask || body.isSearchable !== field.searchable || body.choices.length > 0 || (field.place === "attached" && body.isRequired)) {
    throw new Problem("invalid-input", { field: field.key, reason: "standard-field" });
  }
  const en = body.en || body.ja;
  await context.db.query("update fields set label_ja = $2, label_en = $3, is_required = $4 where field_no = $1", [
    field.no,
    body.ja === shipped?.ja ? null : body.ja,
    en === shipped?.en ? null : en,
    body.isRequired,
  ]);
  await noteChangedField(context, field.kind, field.key);
  return { kind: "settled" };
}

export async function archiveField(context: Context, input: Input<typeof archiveEndpoint>): Promise<Draft<ReplyOf<typeof archiveEndpoint>>> {
  const { kind, key } = input.params;
  const { isArchived } = input.body;
  const field = demandField(await holdPolicy(context), kind, key);
  if (field.place === "attached" || lastingFields[kind] === key) {
    throw new Problem("invalid-input", { field: key, reason: "lasting-field" });
  }
  await context.db.query("update fields set is_archived = $2 where field_no = $1", [field.no, isArchived]);
  await noteChangedField(context, kind, key);
  return { isArchived };
}

function demandMask(type: FieldType, mask: Field["mask"]): void {
  if (!masksOf(type).includes(mask)) {
    throw new Problem("invalid-input", { reason: "mask" });
  }
}

function demandSection(policy: Policy, kind: OwnKind, sectionNo: number | null): void {
  if (sectionNo !== null && !policy.sections.some((section) => section.kind === kind && section.sectionNo === sectionNo)) {
    throw new Problem("not-found");
  }
}

/**
 * The answers of a field after a change: new ones get their key from their label; one that was ever offered stays, retired,
 * because values may hold it.
 */
function settleChoices(type: FieldType, former: readonly FieldChoice[], typed: readonly TypedChoice[]): FieldChoice[] {
  if (type !== "choice" && type !== "multi") {
    return [];
  }
  const known = new Map(former.map((choice) => [choice.key, choice]));
  const settled = new Map<string, FieldChoice>();
  const labels = new Set<string>();
  for (const { key: given, ja, en, isRetired } of typed) {
    if (given !== null && !known.has(given)) {
      throw new Problem("invalid-input", { reason: "choices" });
    }
    const key = given ?? keyForChoice(ja);
    if (settled.has(key) || labels.has(ja) || (given === null && known.has(key))) {
      throw new Problem("invalid-input", { reason: "choices-alike" });
    }
    labels.add(ja);
    settled.set(key, { key, ja, en: en || ja, isRetired });
  }
  for (const choice of former) {
    if (!settled.has(choice.key)) {
      settled.set(choice.key, { ...choice, isRetired: true });
    }
  }
  const choices = [...settled.values()];
  if (!choices.some((choice) => !choice.isRetired)) {
    throw new Problem("invalid-input", { reason: "choices" });
  }
  return choices;
}

/** @throws Problem invalid-input: not a type that is searched, or as many are searched as can be */
function freeTokenNo(policy: Policy, kind: OwnKind, type: FieldType): number {
  if (searchForms[type] === undefined) {
    throw new Problem("invalid-input", { reason: "not-searchable-type" });
  }
  const own = policy.fields.filter((field) => field.kind === kind && field.isOwn && field.indexing !== "none");
  const taken = new Set(own.map((field) => field.tokenNo));
  const free = tokenNumbers.find((no) => !taken.has(no));
  if (own.length >= mostSearchableFields || free === undefined) {
    throw new Problem("invalid-input", { reason: "too-many-searchable", limit: mostSearchableFields });
  }
  return free;
}

function indexAfter(policy: Policy, kind: OwnKind, field: Field, isSearchable: boolean): { tokenNo: number | null; indexing: Field["indexing"] } {
  const { indexing } = field;
  const wasWanted = indexing === "ready" || indexing === "building";
  if (isSearchable === wasWanted) {
    return { tokenNo: field.tokenNo, indexing };
  }
  if (!isSearchable) {
    return { tokenNo: field.tokenNo, indexing: "clearing" };
  }
  return { tokenNo: field.tokenNo ?? freeTokenNo(policy, kind, field.type), indexing: "building" };
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
