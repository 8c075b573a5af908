import { purchaseText, type PurchaseText } from "#shared/activities.ts";
import type { Shown } from "#shared/shown.ts";

/** What a released purchase says; null when it is not shown. */
export function readPurchase(shown: Shown): PurchaseText | null {
  if (typeof shown !== "string") return null;
  const read = purchaseText.safeParse(JSON.parse(shown));
  return read.success ? read.data : null;
}

/** Totals by year, newest first, and of everything. Amounts in yen. */
export function totalsOf(purchases: readonly { readonly boughtOn: string; readonly text: PurchaseText | null }[]): {
  readonly years: readonly { readonly year: string; readonly amount: number; readonly count: number }[];
  readonly amount: number;
} {
  const years = new Map<string, { amount: number; count: number }>();
  let amount = 0;
  for (const { boughtOn, text } of purchases) {
    const year = boughtOn.slice(0, 4);
    const found = years.get(year) ?? { amount: 0, count: 0 };
    const yen = Number(text?.amount ?? 0);
    amount += yen;
    years.set(year, { amount: found.amount + yen, count: found.count + 1 });
  }
  return { years: [...years].map(([year, sum]) => ({ year, ...sum })).toSorted((a, b) => (a.year < b.year ? 1 : -1)), amount };
}

/** 「1,280円」「１２８０」 as digits; null for what is no whole number of yen. */
export function readAmount(typed: string): string | null {
  const plain = typed.normalize("NFKC").replaceAll(/[,\s円¥\\]/g, "");
  return /^-?\d{0,12}$/.test(plain) ? plain : null;
}
