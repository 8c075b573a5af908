/**
 * The number on a letter, `00012345-67`: the person's number within notices, then two digits (ISO/IEC 7064 MOD 97-10) so that a slip
 * of the hand or of a scanner is told from another person's number.
 */
export function letterNumber(personNo: number): string {
  const digits = String(personNo).padStart(8, "0");
  return `${digits}-${checkDigits(digits)}`;
}

/** The person's number; undefined where the digits do not belong together. Full-width digits and missing hyphens are taken, too. */
export function readLetterNumber(typed: string): number | undefined {
  const digits = typed.normalize("NFKC").replaceAll(/[\s*‐-―−ー-]/gu, "");
  if (!/^\d{10,12}$/.test(digits) || checkDigits(digits.slice(0, -2)) !== digits.slice(-2)) return undefined;
  const personNo = Number(digits.slice(0, -2));
  return personNo >= 1 && personNo <= 2_147_483_647 ? personNo : undefined;
}

function checkDigits(digits: string): string {
  return String(98 - Number((BigInt(digits) * 100n) % 97n)).padStart(2, "0");
}
