import type { SampleCustomer } from "./generate-customers.ts";
import { workingDays, type PlannedAct } from "./plan-activity.ts";
import type { HandingWay } from "#shared/incident-drafts.ts";
import { sampleStaff } from "./sample-company.ts";

const hour = 3_600_000;

/** One act of the incident that the sample company has behind it; what earlier acts were given (numbers of runs, drafts, preventions) is meant by place. */
export type IncidentStep =
  /** `knownHoursAgo`: before the act itself. */
  | { readonly kind: "open"; readonly knownHoursAgo: number; readonly what: string }
  | { readonly kind: "team"; readonly role: "lead" | "field" | "systems" | "legal" | "press" | "desk"; readonly staff: readonly string[] }
  | { readonly kind: "fact"; readonly key: string; readonly value: string; readonly certainty: "confirmed" | "assumed"; readonly source: string }
  | { readonly kind: "note"; readonly text: string }
  /** The first list that was taken out is the cause. Worked out and proved at once. */
  | { readonly kind: "scope" }
  | { readonly kind: "drafts"; readonly papers: readonly string[] }
  | { readonly kind: "ask-draft"; readonly paper: string }
  /** What was asked for last. */
  | { readonly kind: "approve" }
  | { readonly kind: "hand-over"; readonly paper: string; readonly way: HandingWay; readonly receipt: string }
  | { readonly kind: "bring-evidence"; readonly fileName: string; readonly text: string; readonly source: string; readonly finder: string }
  | { readonly kind: "snapshot" }
  | { readonly kind: "hold"; readonly reason: string }
  | { readonly kind: "lift-hold"; readonly reason: string }
  | { readonly kind: "open-desk"; readonly name: string; readonly phone: string; readonly hours: string; readonly staff: string; readonly days: number }
  /** A caller is one of the people of the list, by place; of a stranger nothing is registered. */
  | { readonly kind: "call"; readonly caller: number | "stranger"; readonly note: string; readonly harm: string | null }
  | { readonly kind: "plan-notice" }
  | { readonly kind: "withdraw-notice" }
  | { readonly kind: "prevention"; readonly what: string; readonly owner: string; readonly dueInDays: number }
  | { readonly kind: "carry-out"; readonly prevention: number; readonly note: string }
  | { readonly kind: "prove"; readonly prevention: number; readonly how: "test" | "inspection" | "records" | "training" | "outside"; readonly evidence: string }
  | { readonly kind: "redress"; readonly what: string; readonly amount: number; readonly forPeople: boolean; readonly note: string }
  | { readonly kind: "redress-moved"; readonly what: string; readonly from: string; readonly to: string }
  | { readonly kind: "lesson"; readonly text: string }
  | { readonly kind: "tasks-done"; readonly upToPhase: number }
  | { readonly kind: "phase"; readonly phase: 1 | 2 | 3 | 4 | 5 | 6 };

export interface IncidentAct {
  readonly kind: "incident";
  readonly step: IncidentStep;
}

/**
 * An incident of last week, from the first word to what follows: a file of twelve people (the list that a seller took out) went
 * to another customer by mistake. All of it is done but one prevention, which is still to be carried out. Sorted by time.
 */
export function planIncident(given: { readonly until: Date; readonly customers: readonly SampleCustomer[] }): readonly PlannedAct[] {
  const officer = staffWith("privacy-officer");
  const administrator = staffWith("system-administrator");
  const manager = staffWith("manager");
  const seller = staffWith("sales");
  const operator = sampleStaff.find((one) => one.roles.includes("desk-operator"))?.key;
  if (officer === undefined || administrator === undefined || manager === undefined || seller === undefined || operator === undefined) return [];
  if (given.customers.length < 1_000) return [];
  const planned: PlannedAct[] = [];
  let at = 0;
  const days = workingDays(given.until, 5);
  const on = (workingDay: number, timeOfDay: number): void => void (at = (days[workingDay] ?? 0) + timeOfDay * hour);
  const act = (staff: string, step: IncidentStep): void => {
    planned.push({ at: new Date(at), staff, act: { kind: "incident", step } });
    at += 4 * 60_000;
  };
  const fact = (key: string, value: string, source = "", certainty: "confirmed" | "assumed" = "confirmed"): void =>
    act(officer, { kind: "fact", key, value, certainty, source });

  on(0, 10);
  act(officer, { kind: "open", knownHoursAgo: 2, what: "展示会の案内先12人分のExcelを、別の取引先へメールで送った" });
  act(officer, { kind: "team", role: "lead", staff: [officer] });
  act(officer, { kind: "team", role: "field", staff: [manager] });
  act(officer, { kind: "team", role: "systems", staff: [administrator] });
  act(officer, { kind: "team", role: "desk", staff: [operator] });
  act(officer, { kind: "note", text: "送信先の担当者に電話し、開かずに削除するよう依頼した。折り返しの連絡待ち。" });
  fact("outline.summary", "展示会の案内先12人分の氏名・会社名・住所の一覧(Excel)を、宛先を取り違えて別の取引先1社へメールに添付した。", "本人の申し出");
  act(officer, { kind: "scope" });
  act(officer, { kind: "hold", reason: "送信の経緯を調べ終えるまで" });
  act(officer, {
    kind: "bring-evidence",
    fileName: "誤送信したメール.eml",
    text: "Subject: 展示会のご案内\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n(添付ファイルは削除済み)\r\n",
    source: "営業本部のメールサーバーの送信控え",
    finder: "情報システム室",
  });

  on(0, 15);
  act(officer, { kind: "phase", phase: 3 });
  act(officer, { kind: "note", text: "送信先から、開封せずに削除したと書面で回答があった。" });
  fact("circumstances.recoveredUnread", "yes", "送信先の回答書");
  fact("cause.detail", "宛先の入力候補で、名前の似た別の会社の担当者を選んだ。送る前の確かめを一人で行っていた。", "聞き取り");
  fact("secondary.state", "no", "送信先の回答書");
  act(officer, { kind: "drafts", papers: ["preliminary", "person-notice"] });
  for (const paper of ["preliminary", "person-notice"]) {
    act(officer, { kind: "ask-draft", paper });
    act(manager, { kind: "approve" });
  }
  act(officer, { kind: "hand-over", paper: "preliminary", way: "web-form", receipt: "2026-見本-0118" });

  on(1, 9.5);
  act(officer, { kind: "phase", phase: 4 });
  act(officer, { kind: "open-desk", name: "お客様相談室", phone: "0120-000-1121", hours: "平日9時から17時30分", staff: operator, days: 60 });
  act(officer, { kind: "plan-notice" });
  act(operator, { kind: "call", caller: 2, note: "自分が含まれるかの確認。対象であること、住所と会社名が含まれることを説明した。", harm: null });
  act(operator, { kind: "call", caller: "stranger", note: "取引のない方。登録がなく、確認できないことを伝えた。", harm: null });
  on(1, 14);
  act(operator, { kind: "call", caller: 5, note: "知らない会社から展示会の案内が届いた。", harm: "suspicious-mail" });
  act(officer, { kind: "note", text: "12人全員に営業本部長から電話し、おわびと経緯を伝えた。" });
  act(officer, { kind: "withdraw-notice" });
  fact("response.state", "done");
  fact("response.method", "12人全員に電話で連絡し、おわび状を送付した。");

  on(2, 10);
  act(officer, { kind: "phase", phase: 5 });
  act(officer, { kind: "redress", what: "apology-letter", amount: 180, forPeople: true, note: "" });
  act(officer, { kind: "redress-moved", what: "apology-letter", from: "planned", to: "sent" });
  act(officer, { kind: "redress", what: "desk", amount: 48_000, forPeople: false, note: "相談室の時間外対応2日分" });
  act(officer, { kind: "redress", what: "legal", amount: 110_000, forPeople: false, note: "顧問弁護士への相談" });
  act(officer, {
    kind: "prevention",
    what: "社外へ名簿を送るときは、宛先と添付を2人で確かめてから送る",
    owner: manager,
    dueInDays: 5,
  });
  act(officer, { kind: "prevention", what: "メールソフトの宛先の自動補完を、社外のアドレスでは使わない設定にする", owner: administrator, dueInDays: 4 });
  act(officer, { kind: "prevention", what: "誤送信の事例を使った研修を、営業の全員が受ける", owner: manager, dueInDays: 30 });

  on(4, 11);
  act(administrator, { kind: "carry-out", prevention: 1, note: "全員のパソコンに設定を配布した。" });
  act(manager, { kind: "carry-out", prevention: 0, note: "手順書を改め、朝礼で伝えた。" });
  act(officer, { kind: "prove", prevention: 1, how: "test", evidence: "5台を抜き出し、社外の宛先で候補が出ないことを確かめた。" });
  act(officer, { kind: "prove", prevention: 0, how: "records", evidence: "その後の持ち出し3件で、確かめた2人の名前が記録されていた。" });
  act(officer, { kind: "lift-hold", reason: "調査が終わり、送信先の削除も確認できた" });
  act(manager, { kind: "approve" });
  act(officer, { kind: "redress-moved", what: "apology-letter", from: "sent", to: "settled" });
  fact("prevention.done", "宛先と添付を2人で確かめる。社外の宛先の自動補完を使わない。");
  act(officer, {
    kind: "lesson",
    text: "気づいてから15分で報告があり、相手が開く前に削除を頼めた。早い報告をほめること。名簿はメールではなく、受け取る人を決めた共有で渡す。",
  });
  act(officer, { kind: "tasks-done", upToPhase: 5 });
  act(officer, { kind: "phase", phase: 6 });
  act(officer, { kind: "snapshot" });
  return planned;
}

function staffWith(role: string): string | undefined {
  return sampleStaff.find((one) => one.isToTry && one.roles.includes(role))?.key;
}
