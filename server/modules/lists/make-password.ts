/** No letter or digit that is taken for another one. */
const signs = "abcdefghjkmnpqrstuvwxyz23456789";

/**
 * A password of five groups of four: 20 signs of 31, about 99 bits, so that the spin count of Excel's encryption does not
 * matter. `pick(n)` gives a uniform whole number from 0 below n.
 */
export function makePassword(pick: (below: number) => number): string {
  return Array.from({ length: 5 }, () => Array.from({ length: 4 }, () => signs[pick(signs.length)]).join("")).join("-");
}
