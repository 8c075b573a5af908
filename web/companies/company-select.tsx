import { Combobox, InputBase, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createCompany, listCompanies } from "#shared/customers.ts";
import { call } from "#web/call.ts";
import { useCompanyNames } from "#web/companies/use-company-names.ts";
import { tellRefusal } from "#web/parts/problem-notice.tsx";
import { textOf, useFields } from "#web/parts/use-directory.ts";
import { useMe } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

const offered = 8;
const leastTyped = 2;
const waitMs = 250;

/** The company that a customer belongs to: found by typing, or made on the spot. */
export function CompanySelect({
  companyNo,
  label,
  onChange,
}: {
  companyNo: number | null;
  label?: string;
  onChange: (companyNo: number | null, name: string | undefined) => void;
}) {
  const spoken = useWords();
  const { w } = spoken;
  const { mayRead } = useMe();
  const mayCreate = useFields("company").some((field) => field.key === "companyName" && field.mayWrite);
  const client = useQueryClient();
  const name = useCompanyNames(companyNo === null ? [] : [companyNo]).get(companyNo ?? 0);
  const [typed, setTyped] = useState<string | null>(null);
  const [search] = useDebouncedValue((typed ?? "").trim(), waitMs);
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setTyped(null);
    },
  });
  const { data } = useQuery({
    queryKey: ["company-choices", search],
    queryFn: () => call(listCompanies, { body: { search, limit: offered } }),
    enabled: search.length >= leastTyped,
  });
  const create = useMutation({
    mutationFn: (companyName: string) => call(createCompany, { body: { values: { companyName } } }),
    onSuccess: (created, companyName) => {
      void client.invalidateQueries({ queryKey: ["companies"] });
      void client.invalidateQueries({ queryKey: ["company-names"] });
      onChange(created.companyNo, companyName);
    },
    onError: (error) => notifications.show({ message: tellRefusal(error, spoken), color: "red" }),
  });
  if (!mayRead.company) return null;
  const rows = search.length >= leastTyped ? (data?.rows ?? []) : [];
  const isKnown = rows.some((row) => textOf(row.values["companyName"]) === search);
  const submit = (value: string) => {
    if (value === "none") onChange(null, undefined);
    else if (value === "new") create.mutate(search);
    else onChange(Number(value), textOf(rows.find((row) => String(row.companyNo) === value)?.values["companyName"]));
    combobox.closeDropdown();
  };
  return (
    <Combobox store={combobox} onOptionSubmit={submit} withinPortal>
      <Combobox.Target>
        <InputBase
          label={label ?? w.activities.companyOf}
          placeholder={w.activities.companySearch}
          autoComplete="off"
          spellCheck={false}
          value={typed ?? (companyNo === null ? "" : (name ?? w.companies.ofNumber(companyNo)))}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onFocus={() => combobox.openDropdown()}
          onClick={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options>
          {companyNo === null ? null : <Combobox.Option value="none">{w.activities.companyNone}</Combobox.Option>}
          {rows.map((row) => (
            <Combobox.Option key={row.companyNo} value={String(row.companyNo)}>
              {textOf(row.values["companyName"]) ?? w.companies.ofNumber(row.companyNo)} <span className="small soft">{textOf(row.values["address"])}</span>
            </Combobox.Option>
          ))}
          {mayCreate && search.length >= leastTyped && data !== undefined && !isKnown ? (
            <Combobox.Option value="new">{w.activities.companyCreate(search)}</Combobox.Option>
          ) : null}
          {search.length < leastTyped ? <Combobox.Empty>{w.activities.companyTyping}</Combobox.Empty> : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
