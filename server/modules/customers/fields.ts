import { levelOf, closest } from "#server/core/access/compile.ts";
import type { Context, Draft } from "#server/core/door/index.ts";
import type { listFields as endpoint } from "#shared/fields.ts";
import type { ReplyOf } from "#shared/endpoint.ts";

/** The fields of customers and companies with what the caller may do with them in the closest relation. */
export function listFields(context: Context): Draft<ReplyOf<typeof endpoint>> {
  return {
    fields: context.policy.fields
      .filter((field) => field.kind !== "account")
      .map((field) => {
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
          mayRead: level !== "none",
          mayWrite: level === "write",
        };
      }),
  };
}
