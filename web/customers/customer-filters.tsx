import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { customerMarks } from "#shared/customers.ts";
import { listImports } from "#shared/imports.ts";
import type { countedBy } from "#shared/working-list.ts";
import { call } from "#web/call.ts";
import { useCompanyNames } from "#web/companies/use-company-names.ts";
import { useCounts } from "#web/customers/use-counts.ts";
import type { Filters, ViewSort } from "#web/customers/use-customer-view.ts";
import { FilterChip, type Choice } from "#web/parts/filter-chip.tsx";
import { textOf, useDepartments, useStaff } from "#web/parts/use-directory.ts";
import { useMay, useMe } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

type Key = keyof Filters;
type Put = (key: Key, value: Filters[Key] | undefined) => void;
interface Given {
  readonly filters: Filters;
  readonly put: Put;
  /** What was typed is not counted: then no counts are shown. */
  readonly isCounted: boolean;
}

/** Filters as chips above the table; each menu says how many a choice would leave. */
export function CustomerFilters({
  filters,
  sort,
  hasSearch,
  onFilters,
  onSort,
}: {
  filters: Filters;
  sort: ViewSort;
  hasSearch: boolean;
  onFilters: (filters: Filters) => void;
  onSort: (sort: ViewSort) => void;
}) {
  const { w } = useWords();
  const { mayRead } = useMe();
  const may = useMay();
  const put: Put = (key, value) => {
    const rest = Object.fromEntries(Object.entries(filters).filter(([name, held]) => name !== key && held !== undefined)) as Filters;
    onFilters(value === undefined ? rest : { ...rest, [key]: value });
  };
  const sorts: readonly { value: string; label: string; sort: ViewSort }[] = [
    { value: "kana", label: w.customers.sortKana, sort: { by: "kana", descending: false } },
    { value: "companyName", label: w.customers.sortCompany, sort: { by: "companyName", descending: false } },
    { value: "updatedAt", label: w.customers.sortUpdated, sort: { by: "updatedAt", descending: true } },
    { value: "company", label: w.list.byCompany, sort: { by: "company", descending: false } },
  ];
  const given = { filters, put, isCounted: !hasSearch };
  return (
    <>
      <OwnerChip {...given} />
      <DepartmentChip {...given} />
      {mayRead.company || filters.companyNo !== undefined ? <CompanyChip {...given} /> : null}
      <UpdatedChip {...given} />
      {may("import") || filters.importNo !== undefined ? <ImportChip {...given} /> : null}
      <StateChip {...given} />
      <MarkChip {...given} />
      <FilterChip
        label={w.customers.sort}
        choices={sorts}
        value={sort.by === "number" ? null : sort.by}
        onChange={(value) => onSort(sorts.find((one) => one.value === value)?.sort ?? { by: "number", descending: false })}
      />
    </>
  );
}

/** Counts once the menu is opened, and the door to them. */
function useCountsOnDemand(by: (typeof countedBy)[number], { filters, isCounted }: Given) {
  const [isAsked, setIsAsked] = useState(false);
  const counts = useCounts(by, filters, isAsked && isCounted);
  return { isAsked, counts, ...(isCounted ? { onOpen: () => setIsAsked(true) } : {}), ask: () => setIsAsked(true) };
}

function OwnerChip(given: Given) {
  const { w } = useWords();
  const { accountNo } = useMe();
  const staff = useStaff();
  const { counts, onOpen } = useCountsOnDemand("owner", given);
  const { filters, put } = given;
  const colleagues = [...staff].filter(([no]) => no !== accountNo).map(([no, name]) => ({ value: String(no), label: textOf(name) ?? w.settings.ofNumber(no) }));
  return (
    <FilterChip
      label={w.customers.owner}
      choices={[{ value: String(accountNo), label: w.customers.mine }, { value: "none", label: w.customers.noOwner }, ...mostFirst(colleagues, counts)]}
      value={filters.ownerNo === undefined ? null : filters.ownerNo === null ? "none" : String(filters.ownerNo)}
      onChange={(value) => put("ownerNo", value === null ? undefined : value === "none" ? null : Number(value))}
      counts={counts}
      onOpen={onOpen}
    />
  );
}

/** Those with customers before those without, otherwise as they stood. */
function mostFirst(choices: readonly Choice[], counts: ReadonlyMap<string, number> | undefined): readonly Choice[] {
  const hasSome = (choice: Choice) => Number((counts?.get(choice.value) ?? 0) > 0);
  return counts === undefined ? choices : choices.toSorted((a, b) => hasSome(b) - hasSome(a));
}

function DepartmentChip(given: Given) {
  const { w } = useWords();
  const departments = useDepartments();
  const { counts, onOpen } = useCountsOnDemand("cell", given);
  const { filters, put } = given;
  const choices = departments.map((one) => ({ value: String(one.cellNo), label: one.name }));
  return (
    <FilterChip
      label={w.customers.department}
      choices={mostFirst(choices, counts)}
      value={filters.cellNo === undefined ? null : String(filters.cellNo)}
      onChange={(value) => put("cellNo", value === null ? undefined : Number(value))}
      counts={counts}
      onOpen={onOpen}
    />
  );
}

const companiesOffered = 60;

function CompanyChip(given: Given) {
  const { w } = useWords();
  const { filters, put } = given;
  const { counts, onOpen, ask, isAsked } = useCountsOnDemand("company", { ...given, isCounted: true });
  const offered = [...(counts?.keys() ?? [])].filter((choice) => choice !== "none").slice(0, companiesOffered);
  const chosen = filters.companyNo;
  const names = useCompanyNames([...new Set([...(chosen === undefined ? [] : [chosen]), ...(isAsked ? offered.map(Number) : [])])]);
  const labelOf = (no: number) => names.get(no) ?? w.companies.ofNumber(no);
  const choices = [...new Set([...(chosen === undefined ? [] : [String(chosen)]), ...offered])].map((value) => ({ value, label: labelOf(Number(value)) }));
  return (
    <FilterChip
      label={w.customers.company}
      choices={choices}
      value={chosen === undefined ? null : String(chosen)}
      onChange={(value) => put("companyNo", value === null ? undefined : Number(value))}
      counts={counts}
      onOpen={onOpen ?? ask}
    />
  );
}

function UpdatedChip(given: Given) {
  const { w } = useWords();
  const { filters, put } = given;
  const { counts, onOpen } = useCountsOnDemand("updated", given);
  return (
    <FilterChip
      label={w.list.updatedWithin}
      choices={[7, 30, 90, 365].map((days) => ({ value: String(days), label: w.list.within(days) }))}
      value={filters.updatedWithin === undefined ? null : String(filters.updatedWithin)}
      onChange={(value) => put("updatedWithin", value === null ? undefined : Number(value))}
      counts={counts}
      onOpen={onOpen}
    />
  );
}

function ImportChip(given: Given) {
  const { w, short } = useWords();
  const may = useMay();
  const { filters, put } = given;
  const { counts, onOpen, ask, isAsked } = useCountsOnDemand("import", { ...given, isCounted: true });
  const chosen = filters.importNo;
  const { data } = useQuery({
    queryKey: ["imports"],
    queryFn: () => call(listImports),
    enabled: may("import") && (isAsked || chosen !== undefined),
  });
  const labelOf = (no: number) => {
    const one = data?.imports.find((each) => each.importNo === no);
    const name = textOf(one?.fileName);
    return one === undefined ? w.list.importOf(no) : `${short(one.startedAt)} ${name ?? w.list.importOf(no)}`;
  };
  const offered = [...(counts?.keys() ?? [])].filter((choice) => choice !== "none");
  const values = [...new Set([...(chosen === undefined ? [] : [String(chosen)]), ...offered])];
  return (
    <FilterChip
      label={w.customers.importFilter}
      choices={values.map((value) => ({ value, label: labelOf(Number(value)) }))}
      value={chosen === undefined ? null : String(chosen)}
      onChange={(value) => put("importNo", value === null ? undefined : Number(value))}
      counts={counts}
      onOpen={onOpen ?? ask}
    />
  );
}

function MarkChip(given: Given) {
  const { w } = useWords();
  const { filters, put } = given;
  const { counts, onOpen } = useCountsOnDemand("mark", given);
  return (
    <FilterChip
      label={w.list.mark}
      choices={customerMarks.map((value) => ({ value, label: w.list.marks[value] }))}
      value={filters.mark ?? null}
      onChange={(value) =>
        put(
          "mark",
          customerMarks.find((one) => one === value),
        )
      }
      counts={counts}
      onOpen={onOpen}
    />
  );
}

function StateChip(given: Given) {
  const { w } = useWords();
  const { filters, put } = given;
  const { counts, onOpen } = useCountsOnDemand("state", given);
  return (
    <FilterChip
      label={w.customers.state}
      choices={[
        { value: "active", label: w.customers.active },
        { value: "trashed", label: w.customers.trashed },
      ]}
      value={filters.state ?? null}
      onChange={(value) => put("state", value === null ? undefined : value === "trashed" ? "trashed" : "active")}
      counts={counts}
      onOpen={onOpen}
    />
  );
}
