import type { milestoneKeys, Phase, TeamRole } from "#shared/incidents.ts";
import type { Certainty } from "#shared/incident-facts.ts";
import type { MeasureKind } from "#shared/measures.ts";

/** Names in sheets that are printed, which are Japanese whatever the screen speaks. */
export const phaseNames: Readonly<Record<Phase, string>> = {
  1: "①発見・報告",
  2: "②初動対応",
  3: "③調査",
  4: "④通知・報告・公表等",
  5: "⑤抑制措置と復旧",
  6: "⑥事後対応",
};

export const milestoneNames: Readonly<Record<(typeof milestoneKeys)[number], string>> = {
  measure: "最初の応急措置",
  scope: "対象者の範囲を最初に算出",
  fact: "最初の事実を記入",
  draft: "最初の草案を作成",
  closed: "事案を終了",
};

export const roleNames: Readonly<Record<TeamRole, string>> = {
  lead: "責任者",
  field: "現場",
  systems: "情シス",
  legal: "法務",
  press: "広報",
  desk: "窓口",
};

export const certaintyNames: Readonly<Record<Certainty, string>> = { confirmed: "確定", assumed: "推定", unknown: "不明" };

export const measureNames: Readonly<Record<MeasureKind, string>> = {
  "cut-sessions": "ログインを切断",
  freeze: "アカウントを凍結",
  "hold-exports": "持ち出しを停止",
  "withdraw-lists": "持ち出したリストを引き揚げ",
  "read-only": "閲覧だけに制限",
  stop: "サービスを停止",
};

/** Acts that a meeting asks about. What is only looked at or filled in is left to the ledger. */
export const actNames: Readonly<Record<string, string>> = {
  "incident.opened": "事案を開いた",
  "incident.moved": "段階を進めた",
  "incident.closed": "事案を終了した",
  "incident.reopened": "事案を再び開いた",
  "incident.scoped": "対象者の範囲を算出した",
  "incident.scope-moved": "対象者の区分を移した",
  "incident.draft-approval-asked": "文書の承認を求めた",
  "incident.paper-handed": "文書を提出・送付した",
  "incident.notice-started": "本人への通知の送付を始めた",
  "incident.notice-finished": "本人への通知のメールを送り終えた",
  "incident.letters-posted": "本人への通知状を投函した",
  "incident.pack-sent": "委託元へ一式を送った",
  "incident.prevention-planned": "再発防止策を決めた",
  "incident.prevention-carried-out": "再発防止策を実施した",
  "incident.prevention-proven": "再発防止策の効果を確かめた",
  "evidence.brought-in": "証拠を受け入れた",
  "evidence.hold-placed": "証拠の保全を始めた",
  "desk.opened": "問い合わせ窓口を開いた",
  "desk.closed": "問い合わせ窓口を閉じた",
  "measure.taken": "応急措置をとった",
  "measure.lifted": "応急措置を解除した",
};
