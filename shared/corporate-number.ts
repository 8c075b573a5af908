/**
 * A 法人番号 from its twelve base digits: the check digit stands first, 9 − (Σ digit × (1|2 from the right) mod 9)
 * (法人番号の指定等に関する省令 2条).
 */
export function corporateNumber(base: string): string {
  if (!/^[0-9]{12}$/.test(base)) throw new Error("a corporate number has twelve base digits");
  let sum = 0;
  for (let index = 0; index < 12; index += 1) sum += Number(base[11 - index]) * (index % 2 === 0 ? 1 : 2);
  return `${9 - (sum % 9)}${base}`;
}

/**
 * The thirteen digits of a 法人番号 as they are kept, from what was typed (full width, spaces and hyphens are taken away); null
 * where the digits are not thirteen or the check digit does not fit.
 */
export function readCorporateNumber(typed: string): string | null {
  const digits = typed.normalize("NFKC").replace(/[\s‐‑‒–—―−ー-]/g, "");
  return /^[0-9]{13}$/.test(digits) && corporateNumber(digits.slice(1)) === digits ? digits : null;
}
