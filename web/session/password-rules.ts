/**
 * What can be said about a password while it is typed. NIST SP 800-63B-4 3.1.1.2: length counts, composition rules are
 * not imposed; the block list (names, the organisation, common and leaked ones) is the server's to check.
 */
export interface PasswordRules {
  readonly isLong: boolean;
  readonly isVaried: boolean;
}
export const leastCharacters = 10;

export function checkPassword(typed: string): PasswordRules {
  const characters = [...typed.normalize("NFKC")];
  const codes = characters.map((character) => character.codePointAt(0) ?? 0);
  const steps = new Set(codes.slice(1).map((code, index) => code - (codes[index] ?? 0)));
  const isRow = steps.size === 1 && Math.abs([...steps][0] ?? 0) <= 1;
  return { isLong: characters.length >= leastCharacters, isVaried: characters.length > 1 && new Set(characters).size >= 4 && !isRow };
}
