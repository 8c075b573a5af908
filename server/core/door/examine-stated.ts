import { hasVerb } from "#server/core/access/compile.ts";
import { fieldOf } from "#server/core/access/policy.ts";
import { exactToken, fold } from "#server/core/vault/index.ts";
import { indexedKinds, type Stated, type StatedKind } from "#shared/desk.ts";
import type { FieldType } from "#shared/fields.ts";
import { Problem } from "#shared/problems.ts";
import { readDate } from "#shared/read-date.ts";
import type { Context } from "./context.ts";
import { openField } from "./release.ts";
import type { SealedRecord } from "./sealed-record.ts";

/** The fields of a customer that answer to what is stated. */
const fieldsOfKind: Readonly<Record<StatedKind, { readonly keys: readonly string[]; readonly type: FieldType }>> = {
  name: { keys: ["fullName"], type: "name" },
  kana: { keys: ["kana"], type: "kana" },
  "birth-date": { keys: ["birthDate"], type: "date" },
  phone: { keys: ["phone", "mobile"], type: "phone" },
  mail: { keys: ["mail"], type: "mail" },
  address: { keys: ["address"], type: "address" },
  "member-number": { keys: ["memberNumber"], type: "code" },
};

/** Fields of the records that {@link examineStated} looks at. */
export const statedFields = ["fullName", "kana", "birthDate", "phone", "mobile", "mail", "address", "memberNumber"] as const;

/** Telephone numbers to which a call goes, the likelier to be the person's own first. */
const calledFields = ["mobile", "phone"] as const;

/** A record that says what was stated, as far as the index can be asked; `isWhole`: all of it. */
export interface StatedMatch {
  readonly no: number;
  readonly isWhole: boolean;
  /** The field whose number a call goes to, null where there is none. */
  readonly called: (typeof calledFields)[number] | null;
}

/**
 * A stated value in the form in which it is compared. Of an address all up to the number of the house: callers leave out the name
 * of the building, and write it otherwise than they did years ago. A day may be stated in the years of an era.
 */
export function foldStated({ kind, value }: Stated): string {
  if (kind === "birth-date") return readDate(value) ?? "";
  return reduce(kind, fold(fieldsOfKind[kind].type, value));
}

function reduce(kind: StatedKind, folded: string): string {
  return kind === "address" ? (/^\D*\d[\d-]*/u.exec(folded)?.[0].replace(/-+$/, "") ?? folded) : folded;
}

/** The tokens by which the index is asked: those of the one thing that tells people apart best. */
export function statedTokens(context: Context, stated: readonly Stated[]): number[] {
  const best = indexedKinds.map((kind) => stated.find((one) => one.kind === kind)).find((one) => one !== undefined);
  if (best === undefined) return [];
  const folded = foldStated(best);
  const fields = fieldsOfKind[best.kind].keys.flatMap((key) => fieldOf(context.policy, "customer", key) ?? []);
  return context.door.vault.searchKeys().all.flatMap((searchKey) => fields.flatMap((field) => exactToken(searchKey, field, folded) ?? []));
}

/**
 * Opens candidates, compares them with what a caller states of themselves, and forgets. For whoever answers callers, whatever the
 * scope of their rights: they learn by number who it is, and no value. A sign that was not understood as a value agrees with nobody.
 * @throws Problem not-permitted
 */
export function examineStated(context: Context, stated: readonly Stated[], records: readonly SealedRecord[]): StatedMatch[] {
  const { policy, actor, door } = context;
  if (!hasVerb(actor.rights, "answer-callers")) throw new Problem("not-permitted", { verb: "answer-callers" });
  const asked = stated.map((one) => ({ kind: one.kind, folded: foldStated(one) }));
  const valueOf = (record: SealedRecord, key: string): string | undefined => {
    const field = fieldOf(policy, "customer", key);
    return field === undefined ? undefined : openField(door.vault, record, field);
  };
  return records.flatMap((record) => {
    const agrees = asked.map(({ kind, folded }) => {
      const { keys, type } = fieldsOfKind[kind];
      const known = keys.map((key) => reduce(kind, fold(type, valueOf(record, key) ?? "")));
      return { isIndexed: indexedKinds.includes(kind), agrees: folded !== "" && known.includes(folded) };
    });
    if (agrees.some((one) => one.isIndexed && !one.agrees)) return [];
    return [
      {
        no: record.no,
        isWhole: agrees.every((one) => one.agrees),
        called: calledFields.find((key) => (valueOf(record, key) ?? "") !== "") ?? null,
      },
    ];
  });
}
