import { closest, hasVerb, levelOf } from "#server/core/access/compile.ts";
import type { Field } from "#server/core/access/policy.ts";
import type { Context, Draft } from "#server/core/door/index.ts";
import type { listFields as endpoint } from "#shared/fields.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { tableOf, type HashedKind } from "./list-hashed-rows.ts";
import { reindexKey } from "./reindex-field.ts";
import { resealKey } from "./reclass-field.ts";

/** The fields of customers and companies with what the caller may do with them in the closest relation. */
export async function listFields(context: Context): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const fields = context.policy.fields.filter((field) => field.kind !== "account");
  const progress = await progressOf(context, fields.filter(isUnderWay));
  return {
    fields: fields.map((field) => {
      const { level } = levelOf(context.actor.rights, field.kind, closest, field.class);
      return {
        key: field.key,
        kind: field.kind,
        ja: field.ja,
        en: field.en,
        class: field.class,
        targetClass: field.targetClass,
        type: field.type,
        mask: field.mask,
        searchable: field.searchable,
        indexing: field.indexing,
        progress: progress.get(field.no) ?? null,
        place: field.place,
        isOwn: field.isOwn,
        isArchived: field.isArchived,
        isRequired: field.isRequired,
        choices: field.choices.map(({ key, ja, en, isRetired }) => ({ key, ja, en, isRetired })),
        sectionNo: field.sectionNo,
        mayRead: level !== "none",
        mayWrite: level === "write",
      };
    }),
    sections: context.policy.sections.map(({ sectionNo, kind, ja, en }) => ({ sectionNo, kind, ja, en })),
  };
}

function isUnderWay(field: Field): boolean {
  return field.indexing === "building" || field.indexing === "clearing" || field.storedClasses.length > 1;
}

/** How far the background work on fields has come, by the numbers of the rows that it passed. For those who manage fields. */
async function progressOf(context: Context, fields: readonly Field[]): Promise<Map<number, number>> {
  const progress = new Map<number, number>();
  if (fields.length === 0 || !hasVerb(context.actor.rights, "manage-fields")) {
    return progress;
  }
  const keys = fields.flatMap((field) => [resealKey(field.no), reindexKey(field.no)]);
  const jobs = await context.db.query<{ field_no: number; after: number }>(
    "select (payload->>'fieldNo')::integer as field_no, (payload->>'after')::integer as after from jobs where key = any($1)",
    [keys],
  );
  for (const { field_no: no, after } of jobs) {
    const kind = fields.find((field) => field.no === no)?.kind as HashedKind;
    const [newest] = await context.db.query<{ no: number | null }>(`select max(${kind}_no) as no from ${tableOf[kind]}`);
    const share = Math.min(1, after / Math.max(1, newest?.no ?? 1));
    progress.set(no, Math.min(progress.get(no) ?? 1, share));
  }
  return progress;
}
