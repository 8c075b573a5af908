import { makeRandom } from "#server/modules/sample/index.ts";
import { benchCustomers, type BenchCustomer } from "./bench-customers.ts";

/** The fourteen shapes of a query (security.md, Search) and what is typed for each, out of a customer that can be found. */
const queryShapes: Readonly<Record<string, (customer: BenchCustomer) => string | undefined>> = {
  "name exact": ({ values }) => plain(values.fullName),
  "name 2 characters": ({ values }) => slice(family(values.fullName), 0, 2),
  "name 3 characters": ({ values }) => slice(plain(values.fullName), 1, 3),
  "surname prefix": ({ values }) => (family(values.fullName).length >= 2 ? family(values.fullName) : undefined),
  "one-kanji prefix": ({ values }) => (/^\p{Script=Han}/u.test(values.fullName) ? [...values.fullName][0] : undefined),
  "kana prefix": ({ values }) => slice(values.kana, 0, 3),
  "kana inside": ({ values }) => slice(plain(values.kana), 2, 3),
  "mail exact": ({ values }) => values.mail ?? undefined,
  "mail prefix": ({ values }) => slice(values.mail?.split("@")[0], 0, 5),
  "mail inside": ({ values }) => slice(values.mail?.split("@")[0], 1, 5),
  "phone last four": ({ values }) => digits(values.mobile ?? values.phone)?.slice(-4),
  "phone inside": ({ values }) => digits(values.mobile ?? values.phone)?.slice(3, 9),
  "address inside": ({ values }) => slice(values.address.replace(/^(東京都|北海道|.{2,3}[府県])/, ""), 2, 4),
  "name and town": ({ values }) => {
    const town = /(?:区|市)(\p{L}{2,6})[0-9０-９]/u.exec(values.address)?.[1];
    return town === undefined ? undefined : `${family(values.fullName)} ${town}`;
  },
};

const plain = (name: string): string => name.replace("　", "");
const family = (name: string): string => name.split("　")[0] ?? name;
const digits = (phone: string | null): string | undefined => phone?.replaceAll("-", "");
function slice(text: string | undefined, from: number, length: number): string | undefined {
  const part = text === undefined ? [] : [...text].slice(from, from + length);
  return part.length === length && !part.includes("　") ? part.join("") : undefined;
}

/** `count` terms of each shape, drawn from the account's own customers; the same for the same number of customers. */
export function drawTerms(customers: number, count: number): ReadonlyMap<string, readonly string[]> {
  const terms = new Map<string, string[]>(Object.keys(queryShapes).map((shape) => [shape, []]));
  const random = makeRandom(customers, 14);
  const drawn = new Set<number>();
  while ([...terms.values()].some((list) => list.length < count)) {
    const ordinal = random.below(Math.ceil(customers / 5)) * 5;
    if (drawn.has(ordinal) && drawn.size < customers / 5) continue;
    drawn.add(ordinal);
    const [customer] = [...benchCustomers(1, ordinal)];
    if (customer === undefined) throw new Error("no customer to draw from");
    for (const [shape, of] of Object.entries(queryShapes)) {
      const list = terms.get(shape)!;
      const term = list.length < count ? of(customer) : undefined;
      if (term !== undefined) list.push(term);
    }
  }
  return terms;
}
