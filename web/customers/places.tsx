import { useCompanyNames } from "#web/companies/use-company-names.ts";
import type { Edits } from "#web/customers/compare-edits.ts";
import type { Customer } from "#web/customers/use-customer.ts";
import { textOf, useDepartments, useStaff } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

/** Where a customer belongs: owner, department and company, edited beside the fields. */
const placeKeys = ["ownerNo", "cellNo", "companyNo"] as const;
export type PlaceKey = (typeof placeKeys)[number];
type Places = Readonly<Record<PlaceKey, number | null>>;

/** Places as texts, so that they are compared like values. */
export function placesOf(places: Pick<Customer, PlaceKey>): Readonly<Record<PlaceKey, string | null>> {
  return Object.fromEntries(placeKeys.map((key) => [key, places[key] === null ? null : String(places[key])])) as Record<PlaceKey, string | null>;
}

/** The places that differ, as edits. */
export function placeEdits(base: Places, mine: Places): Edits {
  return Object.fromEntries(placeKeys.filter((key) => base[key] !== mine[key]).map((key) => [key, mine[key] === null ? null : String(mine[key])]));
}

/** Edits of places as a change asks for them. */
export function changeOfPlaces(edits: Edits): { ownerNo?: number | null; cellNo?: number; companyNo?: number | null } {
  const numberOf = (text: string | null): number | null => (text === null ? null : Number(text));
  const { ownerNo, cellNo, companyNo } = edits;
  return {
    ...(ownerNo === undefined ? {} : { ownerNo: numberOf(ownerNo) }),
    ...(cellNo === undefined || cellNo === null ? {} : { cellNo: Number(cellNo) }),
    ...(companyNo === undefined ? {} : { companyNo: numberOf(companyNo) }),
  };
}

export function isPlace(key: string): key is PlaceKey {
  return (placeKeys as readonly string[]).includes(key);
}

export function usePlaceNames(): Readonly<Record<PlaceKey, string>> {
  const { w } = useWords();
  return { ownerNo: w.customers.owner, cellNo: w.customers.department, companyNo: w.customers.company };
}

/** A place by its name. */
export function PlaceValue({ place, text }: { place: PlaceKey; text: string | null }) {
  const { w } = useWords();
  const staff = useStaff();
  const departments = useDepartments();
  const no = text === null ? null : Number(text);
  const companies = useCompanyNames(place === "companyNo" && no !== null ? [no] : []);
  if (no === null) return <span className="soft">{place === "ownerNo" ? w.customers.noOwner : "–"}</span>;
  if (place === "ownerNo") return <span>{textOf(staff.get(no)) ?? w.settings.ofNumber(no)}</span>;
  if (place === "cellNo") return <span>{departments.find((one) => one.cellNo === no)?.name ?? no}</span>;
  return <span>{companies.get(no) ?? w.companies.ofNumber(no)}</span>;
}
