import type { listApprovals } from "#shared/approvals.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { Field } from "#web/parts/use-directory.ts";
import type { Spoken } from "#web/words/words.ts";

export type Request = ReplyOf<typeof listApprovals>["own"][number];

/** A request in one line of words and numbers: 「顧客 1,204人・氏名、電話、住所・社外へ・目的 配送」. */
export function describeRequest(request: Request, fields: readonly Field[], { w, label, list, language }: Spoken): string {
  const names = request.fields.map((key) => {
    const field = fields.find((one) => one.key === key);
    return field === undefined ? key : label(field);
  });
  const { destination, purpose } = request;
  return [
    w.approvals.persons(request.persons),
    names.length === 0 ? undefined : list(names),
    destination === "inside" || destination === "handler" ? w.approvals.destinations[destination] : undefined,
    purpose !== null && Object.hasOwn(w.purposes, purpose) ? w.approvals.purpose(w.purposes[purpose as keyof typeof w.purposes]) : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(language === "ja" ? "・" : ", ");
}
