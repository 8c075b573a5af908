/**
 * The closed list of refusals (RFC 9457 problem types). A refusal is thrown as a {@link Problem} on the server and
 * arrives in the web as the same code; the web switches on the code and never on text. docs/errors.md is held to this list.
 */
export const problems = {
  "invalid-input": { status: 400, ja: "入力内容を確認してください。", en: "Please check what was entered." },
  "not-signed-in": { status: 401, ja: "ログインしてください。", en: "Please sign in." },
  "wrong-credentials": {
    status: 401,
    ja: "メールアドレス、パスワード、確認コードのいずれかが違います。",
    en: "The mail address, password or code is not right.",
  },
  "try-later": {
    status: 429,
    ja: "試行が続いたため、しばらくログインできません。時間をおいてお試しください。",
    en: "Too many attempts. Please wait a while and try again.",
  },
  "not-permitted": {
    status: 403,
    ja: "この操作の権限がありません。必要な場合は上長または管理者に依頼してください。",
    en: "Your role does not allow this. Ask your manager or administrator if you need it.",
  },
  "cross-site": {
    status: 403,
    ja: "別のサイトからの操作のため受け付けませんでした。画面を開き直してください。",
    en: "Refused because it came from another site. Please reload the page.",
  },
  "not-found": {
    status: 404,
    ja: "見つかりません。削除されたか、閲覧の範囲外です。",
    en: "Not found. It was deleted, or lies outside what you may see.",
  },
  conflict: {
    status: 409,
    ja: "ほかの人が先に更新しました。最新の内容を確認してから保存してください。",
    en: "Someone else changed this first. Check the newest values, then save again.",
  },
  "card-number": {
    status: 422,
    ja: "カード番号と思われる値は保存できません(非保持化)。値を削除してください。",
    en: "This looks like a card number, which is never stored. Please remove it.",
  },
  "corporate-number": {
    status: 422,
    ja: "法人番号の検査数字が合いません。13桁の番号を国税庁の公表サイトで確認して入力してください。",
    en: "The check digit of this corporate number does not fit. Look up the 13 digits at the National Tax Agency's site and enter them again.",
  },
  "weak-password": {
    status: 422,
    ja: "このパスワードは推測されやすいため使えません。別のものにしてください。",
    en: "This password is too easy to guess. Please choose another.",
  },
  "use-suspended": {
    status: 409,
    ja: "この方の情報は利用停止中のため、使えません。解除できるのは個人情報保護管理者だけです。",
    en: "The use of this person's data is suspended. Only the privacy officer can lift it.",
  },
  "awaits-approval": {
    status: 409,
    ja: "承認待ちです。承認されると使えるようになります。急ぐ場合は承認者に声をかけてください。",
    en: "This waits for approval and can be used once it is given. If it is urgent, speak to an approver.",
  },
  "not-ready": {
    status: 409,
    ja: "この操作の前に済ませることがあります。",
    en: "Something must be settled before this.",
  },
  "list-closed": {
    status: 409,
    ja: "このリストは終了しています(期限切れ・却下・廃棄済み)。必要な場合は新しいリストを作成してください。",
    en: "This list is closed (its term is over, it was refused, or disposed of). Make a new one if you need it.",
  },
  "purpose-needed": { status: 422, ja: "閲覧の目的を選んでください。", en: "Please choose the purpose of viewing." },
  "not-searchable": {
    status: 422,
    ja: "この検索条件は権限の範囲では使えません。伏せ字の項目は完全一致か下4桁で検索できます。",
    en: "Your rights do not allow this search. Masked values answer to their exact form or last four digits.",
  },
  "needs-consent": {
    status: 409,
    ja: "個人情報保護管理者の同意が必要です。申請しました。",
    en: "This needs the consent of the privacy officer. It has been requested.",
  },
  "file-too-large": {
    status: 413,
    ja: "ファイルが大きすぎます。分割してから取り込んでください。",
    en: "The file is too large. Split it and import the parts.",
  },
  "file-unreadable": {
    status: 422,
    ja: "ファイルを読み取れません。Excel(.xlsx)またはCSVか、壊れていないかを確認してください。",
    en: "The file cannot be read. Check that it is .xlsx or CSV and not damaged.",
  },
  "too-many-requests": {
    status: 429,
    ja: "操作が集中しています。少し待ってからお試しください。",
    en: "Too many requests. Please wait a moment.",
  },
  "ledger-unavailable": {
    status: 503,
    ja: "記録簿に記録できないため、表示を止めています。復旧すると自動で再開します。",
    en: "The ledger cannot record right now, so nothing is shown. It resumes by itself.",
  },
  "storehouse-unavailable": {
    status: 503,
    ja: "ただいま蔵を開けません。復旧すると自動で再開します。",
    en: "The storehouse cannot be opened right now. It resumes by itself.",
  },
  "ledger-file-unreadable": {
    status: 503,
    ja: "古い記録のファイルが見つからないか、壊れています。データの場所の ledger フォルダーを確認するよう、管理者に依頼してください。",
    en: "A file with old months of the ledger is missing or damaged. Ask the administrator to look at the folder ledger of the data.",
  },
  "ledger-unsound": {
    status: 409,
    ja: "記録簿の検証で問題が見つかったため、証明書を作れません。管理者に記録簿の検証を依頼してください。",
    en: "The ledger does not verify there, so nothing can be stated. Ask the administrator to verify it.",
  },
  "was-seen": {
    status: 409,
    ja: "この期間に見た記録があるため、「見ていない」証明書は作れません。",
    en: "The record shows that they were seen in this time, so it cannot be stated that they were not.",
  },
  "account-frozen": {
    status: 403,
    ja: "この利用者のログインは止められています。個人情報保護管理者かシステム管理者に連絡してください。",
    en: "Signing in with this account has been stopped. Speak to the privacy officer or the system administrator.",
  },
  "term-over": {
    status: 403,
    ja: "この利用者の利用期間は終わりました。続けて使うときは、招待した担当者に延長を依頼してください。",
    en: "The term of this account is over. Ask whoever invited you to extend it.",
  },
  "desk-stopped": {
    status: 403,
    ja: "照合の失敗や人数が続いたため、窓口での照合を止めました。個人情報保護管理者が確認すると再開します。",
    en: "Your checks at the desk were stopped, because too many failed or too many people were asked for. The privacy officer lets you go on.",
  },
  "desk-braked": {
    status: 429,
    ja: "この方についての照合が続けて失敗したため、いまは照合できません。「上席へ引き継ぐ」を使ってください。",
    en: "Checks of this person have failed again and again, so that no more are made for now. Hand the case up.",
  },
  "exports-held": {
    status: 409,
    ja: "いまはファイルの持ち出しと印刷を止めています。画面での閲覧は続けられます。",
    en: "Taking files out and printing are held for now. You can go on reading on the screen.",
  },
  "read-only": {
    status: 409,
    ja: "いまは閲覧だけができます。入力した内容は残っています。解除されてから保存してください。",
    en: "Nothing can be changed for now. What you typed is still there: save it when this is lifted.",
  },
  "service-stopped": {
    status: 503,
    ja: "いまは蔵番を止めています。解除されると自動で再開します。",
    en: "Kuraban has been stopped for now. It resumes by itself when this is lifted.",
  },
  unexpected: {
    status: 500,
    ja: "処理できませんでした。受付番号を管理者にお知らせください。",
    en: "Something went wrong. Please give the request number to your administrator.",
  },
} as const satisfies Record<string, { status: number; ja: string; en: string }>;

export type ProblemCode = keyof typeof problems;

/** Facts that may travel with a refusal. Never a personal value: only codes, field keys, numbers and times. */
export type ProblemFacts = Readonly<Record<string, string | number | boolean | readonly (string | number)[]>>;

export class Problem extends Error {
  readonly code: ProblemCode;
  readonly facts: ProblemFacts;
  constructor(code: ProblemCode, facts: ProblemFacts = {}) {
    super(code);
    this.name = "Problem";
    this.code = code;
    this.facts = facts;
  }
}
