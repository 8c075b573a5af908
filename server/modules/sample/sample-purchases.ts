import type { PurchaseText } from "#shared/activities.ts";
import { dayAfter, dayInJapan } from "#shared/day-in-japan.ts";
import type { SampleCustomer } from "./generate-customers.ts";
import { makeRandom } from "./make-random.ts";

/** Product and its price in yen. */
const products: readonly (readonly [string, number])[] = [
  ["LEDベースライト 40形", 8_400],
  ["漏電ブレーカー 30A", 6_200],
  ["分電盤 24回路", 68_000],
  ["VVFケーブル 2.0mm 100m", 14_800],
  ["非常灯 LED", 19_600],
  ["キュービクル点検", 120_000],
  ["エアコン 業務用 3馬力", 218_000],
  ["EV充電設備 6kW", 186_000],
  ["配線工事一式", 340_000],
  ["保守契約(年間)", 96_000],
];
const yearsBack = 3;

/** What a part of the sample's customers bought in the last three years; newest last. */
export function samplePurchases(seed: number, until: Date, customer: SampleCustomer): readonly { boughtOn: string; purchase: PurchaseText }[] {
  const random = makeRandom(seed, 9, customer.ordinal);
  if (!random.chance(0.35)) return [];
  const today = dayInJapan(until);
  return Array.from({ length: 1 + random.below(6) }, () => {
    const [product, price] = random.pick(products);
    const quantity = price > 60_000 ? 1 : 1 + random.below(20);
    return {
      boughtOn: dayAfter(today, -1 - random.below(365 * yearsBack)),
      purchase: { product, quantity: String(quantity), amount: String(price * quantity), note: random.chance(0.15) ? "分納" : "" },
    };
  }).toSorted((a, b) => (a.boughtOn < b.boughtOn ? -1 : 1));
}
