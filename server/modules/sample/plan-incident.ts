import type { SampleCustomer } from "./generate-customers.ts";
import { workingDays, type PlannedAct } from "./plan-activity.ts";
import type { HandingWay } from "#shared/incident-drafts.ts";
import type { PlaybookKey } from "#shared/incidents.ts";
import { dayInJapan } from "#shared/day-in-japan.ts";
import { sampleStaff } from "./sample-company.ts";

const hour = 3_600_000;

/** One act of the incident that the sample company has behind it; what earlier acts were given (numbers of runs, drafts, preventions) is meant by place. */
export type IncidentStep =
  /** `knownHoursAgo`: before the act itself. */
  | { readonly kind: "open"; readonly playbook: PlaybookKey; readonly knownHoursAgo: number; readonly what: string }
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
 * An incident of last week, from the first word to what follows: a computer with a file of twelve people (the list that a seller took
 * out) was stolen out of a car. A theft must be reported whatever the number of people, within 60 days: the 速報 is filed, the 確報 and one
 * prevention are still to come. Sorted by time.
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
  /** Several are written down at once. */
  const fact = (key: string, value: string, source = "", certainty: "confirmed" | "assumed" = "confirmed"): void => {
    act(officer, { kind: "fact", key, value, certainty, source });
    at -= 3 * 60_000;
  };

  on(0, 10);
  act(officer, {
    kind: "open",
    playbook: "loss-theft",
    knownHoursAgo: 2,
    what: "展示会の案内先12人分のExcelが入った業務用パソコンを、訪問先の駐車場で車から盗まれた",
  });
  act(officer, { kind: "team", role: "lead", staff: [officer] });
  act(officer, { kind: "team", role: "field", staff: [manager] });
  act(officer, { kind: "team", role: "systems", staff: [administrator] });
  act(officer, { kind: "team", role: "legal", staff: [officer] });
  act(officer, { kind: "team", role: "desk", staff: [operator] });
  act(officer, { kind: "note", text: "担当者から電話で報告。車の窓が割られ、かばんごとなくなっていた。その場で110番に通報した。" });
  act(officer, { kind: "note", text: "情報システム室が、担当者のパスワードを変え、パソコンの遠隔ロックを命じた。電源が切れていて、まだ届いていない。" });
  fact(
    "outline.summary",
    "展示会の案内先12人分の氏名・会社名・住所などの一覧(Excel)を保存した業務用ノートパソコン1台を、訪問先の駐車場に止めた車の中から、かばんごと盗まれました。",
    "担当者の聞き取り",
  );
  fact("outline.occurredOn", dayInJapan(new Date(at)), "担当者の聞き取り");
  fact("outline.foundBy", "own", "担当者の聞き取り");
  fact("outline.leak", "possible", "ディスクが暗号化されていない");
  act(officer, { kind: "scope" });
  act(officer, { kind: "hold", reason: "盗難の経緯を調べ終えるまで" });
  act(officer, {
    kind: "bring-evidence",
    fileName: "被害届の受理番号の控え.txt",
    text: "被害届 受理番号 見本-0421\r\n品名 ノートパソコン 1台(黒、14インチ)\r\n",
    source: "警察署で受け取った控えの写し",
    finder: "営業本部",
  });

  on(0, 15);
  act(officer, { kind: "phase", phase: 3 });
  act(officer, { kind: "note", text: "警察署へ被害届を出し、製造番号と特徴を伝えた。" });
  fact("cause.actor", "reporter", "担当者の聞き取り");
  fact("cause.kind", "theft", "警察への被害届");
  fact(
    "cause.detail",
    "昼食の間、かばんを助手席に置いたまま車を離れました。パソコンを車に置かない決まりはありましたが、守られているかを確かめていませんでした。",
    "担当者の聞き取り",
  );
  fact("circumstances.wrongfulPurpose", "yes", "警察への被害届");
  fact("encryption.applied", "no", "情報システム室の機器台帳");
  fact("secondary.state", "no", "", "assumed");
  fact("other.police", "done", "被害届の控え");
  fact("other.policeDetail", "受理番号 見本-0421", "被害届の控え");
  fact("other.investigation", "none");
  fact("other.authorities", "なし");
  fact("other.foreign", "なし");
  fact("publication.state", "considering");
  fact("routing.myNumber", "no", "持ち出したリストの項目");
  fact("routing.operator", "private");
  fact("routing.delegated", "no");
  fact("outline.consignor", "no");
  fact("outline.consignee", "no");
  fact("outline.loss", "none", "元の名簿は保管庫に残っている");
  fact("outline.damage", "none", "元の名簿は保管庫に残っている");
  fact("reporter.nameKana", "ヤマダデンキカブシキガイシャ");
  fact("reporter.corporateNumber", "(見本のため省略)");
  fact("reporter.industry", "卸売業(電気機械器具)");
  fact("reporter.address", "東京都千代田区見本町1-2-3");
  fact("reporter.representative", "山田 太一");
  fact("reporter.contactName", "藤田 恵子");
  fact("reporter.contactDepartment", "総務課(個人情報管理責任者)");
  fact("reporter.contactPhone", "03-0000-1121");
  fact("reporter.contactMail", "k.fujita@yamada-denki.example");
  fact("prevention.done", "担当者のパスワードを変更し、パソコンの遠隔ロックを指示しました。車内にパソコンを置くことを禁じ、全員に伝えました。");
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
  fact("secondary.state", "yes", "お客様相談室の記録", "assumed");
  fact("secondary.detail", "知らない会社から展示会の案内が届いたという申し出が1件ありました。盗まれた一覧との関係を確認しています。", "お客様相談室の記録");
  fact("response.state", "done");
  fact("response.doneOn", dayInJapan(new Date(at)), "営業本部長の記録");
  fact("response.method", "12人全員に電話で連絡し、おわび状を送付しました。");

  on(2, 10);
  act(officer, { kind: "phase", phase: 5 });
  act(officer, { kind: "redress", what: "apology-letter", amount: 180, forPeople: true, note: "" });
  act(officer, { kind: "redress-moved", what: "apology-letter", from: "planned", to: "sent" });
  act(officer, { kind: "redress", what: "desk", amount: 48_000, forPeople: false, note: "相談室の時間外対応2日分" });
  act(officer, { kind: "redress", what: "legal", amount: 110_000, forPeople: false, note: "顧問弁護士への相談" });
  act(officer, {
    kind: "prevention",
    what: "名簿はパソコンに保存せず、保管庫の画面で見る。持ち出すときは、日数と保存先を2人で確かめる",
    owner: manager,
    dueInDays: 5,
  });
  act(officer, { kind: "prevention", what: "社外へ持ち出すパソコンのディスクを、すべて暗号化する", owner: administrator, dueInDays: 4 });
  act(officer, { kind: "prevention", what: "パソコンの持ち運びと車内放置の禁止についての研修を、営業の全員が受ける", owner: manager, dueInDays: 30 });

  on(4, 11);
  act(administrator, { kind: "carry-out", prevention: 1, note: "営業の23台すべてを暗号化した。回復キーは情報システム室で保管する。" });
  act(manager, { kind: "carry-out", prevention: 0, note: "手順書を改め、朝礼で伝えた。" });
  act(officer, { kind: "prove", prevention: 1, how: "test", evidence: "5台を抜き出し、ディスクを別の機器につないで読めないことを確かめた。" });
  act(officer, { kind: "prove", prevention: 0, how: "records", evidence: "その後の持ち出し3件で、確かめた2人の名前が記録されていた。" });
  act(officer, { kind: "lift-hold", reason: "盗難の経緯の調べが終わり、記録の写しも取り終えた" });
  act(manager, { kind: "approve" });
  act(officer, { kind: "redress-moved", what: "apology-letter", from: "sent", to: "settled" });
  fact(
    "prevention.done",
    "車内にパソコンを置くことを禁じました。名簿はパソコンに保存せず、持ち出しは2人で確認します。社外へ持ち出すパソコンのディスクを、すべて暗号化しました。",
  );
  fact("prevention.planned", "パソコンの持ち運びについての研修を、営業の全員が受けます。");
  fact("prevention.plannedOn", dayInJapan(new Date(at + 28 * 24 * hour)));
  act(officer, {
    kind: "lesson",
    text: "気づいてから15分で報告があり、すぐに通報とパスワードの変更ができた。早い報告をほめること。ディスクの暗号化を後回しにしなければ、本人への影響はずっと小さかった。",
  });
  act(officer, { kind: "drafts", papers: ["final"] });
  act(officer, { kind: "tasks-done", upToPhase: 5 });
  act(officer, { kind: "phase", phase: 6 });
  act(officer, { kind: "snapshot" });
  return planned;
}

function staffWith(role: string): string | undefined {
  return sampleStaff.find((one) => one.isToTry && one.roles.includes(role))?.key;
}
