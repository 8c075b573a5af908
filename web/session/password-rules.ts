/**
 * What can be said about a password while it is typed. NIST SP 800-63B-4 3.1.1.2: length counts, composition rules are
 * not imposed; the block list (names, the organisation, common and leaked ones) is the server's to check.
 */
export interface PasswordRules {
  readonly isLong: boolean;
  readonly isVaried: boolean;
}
const leastCharacters = 10;
const mostlyRow = 0.7;

export function checkPassword(typed: string): PasswordRules {
  const characters = [...typed.normalize("NFKC")];
  const codes = characters.map((character) => character.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, index) => code - (codes[index] ?? 0));
  const isRow = [-1, 0, 1].some((step) => steps.filter((one) => one === step).length >= steps.length * mostlyRow);
  return { isLong: characters.length >= leastCharacters, isVaried: characters.length > 1 && new Set(characters).size >= 4 && !isRow };
}
