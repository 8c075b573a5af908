import type { RowProblemCode } from "./row-problem.ts";

/** Yen as digits, perhaps with a minus in front; "" of an empty cell. */
export type NormalisedAmount = { readonly value: string } | { readonly problem: RowProblemCode };

/** As many digits as a purchase keeps (shared/activities.ts). */
const mostDigits = 12;

/**
 * Yen as people and tills write them: ¥1,234、１２３４円、▲500、(500)、\1,234-. Fractions of a yen, units such as 万円 and commas
 * at other places than thousands are refused and never rounded.
 */
export function normaliseAmount(text: string): NormalisedAmount {
  const number = plainNumber(text);
  if (number === "") return { value: "" };
  const found = number === undefined ? null : /^(-?)0*(\d+?)(?:\.0*)?$/.exec(number);
  if (found === null) return { problem: "bad-number" };
  const [, sign = "", digits = ""] = found;
  if (digits.length > mostDigits) return { problem: "too-long" };
  return { value: digits === "0" ? "0" : `${sign}${digits}` };
}

/** A price for one, which may have a fraction of a yen: `12.5`. */
export function normaliseUnitPrice(text: string): NormalisedAmount {
  const number = plainNumber(text);
  return number === undefined ? { problem: "bad-number" } : number.length > 24 ? { problem: "too-long" } : { value: number };
}

/**
 * Price × quantity in whole yen, exactly; `undefined` where it is not a whole number of yen, or the quantity no number. A unit
 * behind the quantity (3個, 2 本) is passed over.
 */
export function multiplyAmount(unitPrice: string, quantity: string): string | undefined {
  const count = /^(-?\d+(?:\.\d+)?)\s*[^\d\s.,-]{0,8}$/.exec(quantity.normalize("NFKC"))?.[1];
  if (count === undefined) return undefined;
  const [price, priceScale] = scaled(unitPrice);
  const [times, timesScale] = scaled(count);
  const divisor = 10n ** BigInt(priceScale + timesScale);
  const product = price * times;
  if (product % divisor !== 0n) return undefined;
  const yen = String(product / divisor);
  return yen.replace("-", "").length > mostDigits ? undefined : yen;
}

function scaled(number: string): [bigint, number] {
  const [whole = "0", fraction = ""] = number.split(".");
  return [BigInt(`${whole}${fraction}`), fraction.length];
}

/** Digits with a point at most; "" where nothing stands, `undefined` for what is no number. */
function plainNumber(text: string): string | undefined {
  const folded = text
    .normalize("NFKC")
    .replace(/[\s\u3000]+/g, "")
    .replace(/[‐‑‒–—―−ー]/g, "-")
    .replace(/[▲△]/g, "-");
  if (folded === "" || folded === "-") return "";
  const bracketed = /^\((.+)\)$/.exec(folded)?.[1];
  const signed = bracketed === undefined ? folded : `-${bracketed}`;
  const bare = signed
    .replace(/^(-?)(?:¥|\\|jpy)/i, "$1")
    .replace(/^(-?)(?:税込|税抜|計)/, "$1")
    .replace(/(?:円也?|jpy)?(?:\((?:税込|税抜|税別|内税|外税)\)|税込|税抜|税別)?$/i, "");
  // ¥1,234- closes the amount, as on a receipt.
  const closed = /^-?(?:¥|\\)/.test(signed) ? bare.replace(/-$/, "") : bare;
  const ungrouped = /^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(closed) ? closed.replaceAll(",", "") : closed;
  return /^-?\d+(?:\.\d+)?$/.test(ungrouped) ? ungrouped : undefined;
}
