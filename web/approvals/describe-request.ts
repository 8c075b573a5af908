import type { listApprovals } from "#shared/approvals.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { paperKeys, paperNames } from "#shared/incident-papers.ts";
import { outletKinds } from "#shared/proofs.ts";
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
  if (request.kind === "measure") {
    const { measure, accounts } = request.more;
    const what = typeof measure === "string" && Object.hasOwn(w.measures.kinds, measure) ? w.measures.kinds[measure as keyof typeof w.measures.kinds] : "";
    return typeof accounts === "number" && accounts > 0 ? w.measures.describe(what, w.measures.accounts(accounts)) : what;
  }
  if (request.kind === "incident-paper") {
    const { paper, version } = request.more;
    const known = paperKeys.find((key) => key === paper);
    return known === undefined ? "" : w.incidentDrafts.asPaper(label(paperNames[known]), Number(version));
  }
  if (request.kind === "incident-notice") {
    const { mails, letters, substitute, mailHost, mailFrom } = request.more;
    return w.approvals.notice(
      Number(mails),
      Number(letters),
      Number(substitute),
      Number(mails) > 0 ? w.approvals.noticeBy(String(mailFrom), String(mailHost)) : "",
    );
  }
  if (request.kind === "consignor-pack") return w.approvals.pack(request.persons, Number(request.more["companyNo"]));
  if (request.kind === "log-token") return w.approvals.logToken;
  if (request.kind === "ledger-outlet") return describeOutlet(request, w, language === "ja" ? "・" : ", ");
  return [
    w.approvals.persons(request.persons),
    names.length === 0 ? undefined : list(names),
    destination === "inside" || destination === "handler" ? w.approvals.destinations[destination] : undefined,
    purpose !== null && Object.hasOwn(w.purposes, purpose) ? w.approvals.purpose(w.purposes[purpose as keyof typeof w.purposes]) : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(language === "ja" ? "・" : ", ");
}

function describeOutlet({ more }: Request, w: Spoken["w"], between: string): string {
  const { outletKind, since } = more;
  const kind = outletKinds.find((one) => one === outletKind);
  return [
    kind === undefined ? undefined : w.approvals.outlet(w.proofs.kinds[kind]),
    since === "now" || since === "start" ? w.approvals.outletSince[since] : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(between);
}
