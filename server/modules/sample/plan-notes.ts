import type { NoteKind } from "#shared/activities.ts";
import { dayAfter, dayInJapan } from "#shared/day-in-japan.ts";
import type { SampleCustomer } from "./generate-customers.ts";
import { makeRandom } from "./make-random.ts";
import type { PlannedAct } from "./plan-activity.ts";
import { assignCustomer, sampleStaff } from "./sample-company.ts";

interface Talk {
  readonly kind: NoteKind;
  readonly text: string;
  readonly next?: string;
}

const talks: readonly Talk[] = [
  { kind: "call", text: "LED照明の入れ替えについて問い合わせ。3階と4階で120台ほど。", next: "見積を送る" },
  { kind: "call", text: "不在。事務の方に折り返しをお願いした。", next: "もう一度電話する" },
  { kind: "call", text: "納期の確認。分電盤は来月上旬で了承いただいた。" },
  { kind: "call", text: "請求書の宛名が旧社名のまま。経理に訂正を依頼する。", next: "訂正した請求書を郵送" },
  { kind: "visit", text: "新工場の図面を拝見。キュービクルの更新も検討中とのこと。\n予算は来期。競合は2社。", next: "概算を持って再訪" },
  { kind: "visit", text: "定期訪問。設備担当の方が来月異動されるため、後任を紹介いただく。", next: "後任の方へ挨拶" },
  { kind: "visit", text: "現場で漏電ブレーカーの不具合を確認。メーカーに点検を手配した。", next: "点検結果を報告" },
  { kind: "mail", text: "カタログと価格表を送付。" },
  { kind: "mail", text: "見積の有効期限の延長を依頼され、月末まで延ばすと回答。", next: "発注の意向を確かめる" },
  { kind: "meeting", text: "保守契約の更新打合せ。現行の条件で1年継続。", next: "契約書を2部送る" },
  { kind: "meeting", text: "社内の省エネ委員会で説明。補助金の申請は先方で進める。", next: "補助金の資料を届ける" },
  { kind: "note", text: "電話は午前中がつながりやすい。" },
  { kind: "note", text: "年末の納品は搬入口が変わる。受付で駐車票を受け取ること。" },
];

/** What is said of a company rather than of one person in it. */
const companyTalks: readonly { readonly daysAgo: number; readonly kind: NoteKind; readonly text: string }[] = [
  { daysAgo: 9, kind: "meeting", text: "年度の取引条件を確認。支払いは月末締め翌月末のまま、送料は10万円以上で当社負担。\n次の見直しは来年4月。" },
  { daysAgo: 4, kind: "visit", text: "本社移転の案内をいただく。納品先は現工場のまま、請求書の送付先だけ変わる。" },
];

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** Keeps two members of staff from acting in the very same moment. */
const stepMs = 97_000;

/**
 * Contact notes of two weeks by everyone who sells, some with a next action: most of those that have come due are done, a few
 * are overdue or due on the day of `until`, the others lie ahead.
 */
export function planNotes(given: { seed: number; until: Date; customers: readonly SampleCustomer[] }): readonly PlannedAct[] {
  const today = dayInJapan(given.until);
  const planned: PlannedAct[] = [];
  const owned = new Map<string, SampleCustomer[]>();
  for (const customer of given.customers) {
    const { owner } = assignCustomer(customer);
    if (owner !== null) owned.set(owner, [...(owned.get(owner) ?? []), customer]);
  }
  const seller = sampleStaff.find((one) => one.isToTry && one.roles.includes("sales"));
  const companies = [...new Set((owned.get(seller?.key ?? "") ?? []).flatMap((customer) => customer.company ?? []))];
  companyTalks.forEach(({ daysAgo, kind, text }, index) => {
    const company = companies[index];
    if (seller !== undefined && company !== undefined) {
      planned.push({ at: new Date(given.until.getTime() - daysAgo * dayMs), staff: seller.key, act: { kind: "company-note", company, note: kind, text } });
    }
  });
  let noteId = 0;
  sampleStaff.forEach((one, staffNo) => {
    const own = owned.get(one.key) ?? [];
    if (!one.roles.includes("sales") || own.length === 0) return;
    const random = makeRandom(given.seed, 7, staffNo);
    for (let daysAgo = 13; daysAgo >= 1; daysAgo -= 1) {
      const day = dayAfter(today, -daysAgo);
      if ([0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())) continue;
      const start = Date.parse(`${day}T01:00:00Z`) + staffNo * stepMs;
      for (let turn = 0; turn < 2 + random.below(3); turn += 1) {
        const talk = random.pick(talks);
        const at = start + turn * 2 * hourMs + random.below(hourMs);
        const dueOn = dayAfter(day, 1 + random.below(12));
        noteId += 1;
        const customer = random.pick(own).ordinal;
        planned.push({
          at: new Date(at),
          staff: one.key,
          act: { kind: "note", id: noteId, customer, note: talk.kind, text: talk.text, next: talk.next === undefined ? null : { text: talk.next, dueOn } },
        });
        const doneAt = Date.parse(`${dueOn}T05:30:00Z`) + staffNo * stepMs;
        if (talk.next !== undefined && doneAt < given.until.getTime() - dayMs && random.chance(0.8)) {
          planned.push({ at: new Date(doneAt), staff: one.key, act: { kind: "note-done", id: noteId } });
        }
      }
    }
  });
  return planned;
}
