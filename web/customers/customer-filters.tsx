import type { Filters, ViewSort } from "#web/customers/use-customer-view.ts";
import { FilterChip } from "#web/parts/filter-chip.tsx";
import { textOf, useDepartments, useStaff } from "#web/parts/use-directory.ts";
import { useMe } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

type Key = keyof Filters;

/** Filters as chips above the table. */
export function CustomerFilters({
  filters,
  sort,
  onFilters,
  onSort,
}: {
  filters: Filters;
  sort: ViewSort;
  onFilters: (filters: Filters) => void;
  onSort: (sort: ViewSort) => void;
}) {
  const { w } = useWords();
  const { accountNo } = useMe();
  const departments = useDepartments();
  const staff = useStaff();
  const put = (key: Key, value: Filters[Key] | undefined) => {
    const rest = Object.fromEntries(Object.entries(filters).filter(([name, held]) => name !== key && held !== undefined)) as Filters;
    onFilters(value === undefined ? rest : { ...rest, [key]: value });
  };
  const people = [
    { value: String(accountNo), label: w.customers.mine },
    { value: "none", label: w.customers.noOwner },
    ...[...staff].filter(([no]) => no !== accountNo).map(([no, name]) => ({ value: String(no), label: textOf(name) ?? w.settings.ofNumber(no) })),
  ];
  const sorts: readonly { value: string; label: string; sort: ViewSort }[] = [
    { value: "kana", label: w.customers.sortKana, sort: { by: "kana", descending: false } },
    { value: "companyName", label: w.customers.sortCompany, sort: { by: "companyName", descending: false } },
    { value: "updatedAt", label: w.customers.sortUpdated, sort: { by: "updatedAt", descending: true } },
  ];
  return (
    <div className="line" role="group" aria-label={w.customers.filter}>
      <FilterChip
        label={w.customers.owner}
        choices={people}
        value={filters.ownerNo === undefined ? null : filters.ownerNo === null ? "none" : String(filters.ownerNo)}
        onChange={(value) => put("ownerNo", value === null ? undefined : value === "none" ? null : Number(value))}
      />
      <FilterChip
        label={w.customers.department}
        choices={departments.map((one) => ({ value: String(one.cellNo), label: one.name }))}
        value={filters.cellNo === undefined ? null : String(filters.cellNo)}
        onChange={(value) => put("cellNo", value === null ? undefined : Number(value))}
      />
      <FilterChip
        label={w.customers.state}
        choices={[
          { value: "active", label: w.customers.active },
          { value: "trashed", label: w.customers.trashed },
        ]}
        value={filters.state ?? null}
        onChange={(value) => put("state", value === null ? undefined : value === "trashed" ? "trashed" : "active")}
      />
      {filters.companyNo === undefined ? null : (
        <FilterChip
          label={w.customers.company}
          choices={[{ value: String(filters.companyNo), label: String(filters.companyNo) }]}
          value={String(filters.companyNo)}
          onChange={() => put("companyNo", undefined)}
        />
      )}
      {filters.importNo === undefined ? null : (
        <FilterChip
          label={w.customers.importFilter}
          choices={[{ value: String(filters.importNo), label: String(filters.importNo) }]}
          value={String(filters.importNo)}
          onChange={() => put("importNo", undefined)}
        />
      )}
      <FilterChip
        label={w.customers.sort}
        choices={sorts}
        value={sort.by === "number" ? null : sort.by}
        onChange={(value) => onSort(sorts.find((one) => one.value === value)?.sort ?? { by: "number", descending: false })}
      />
    </div>
  );
}
