import { NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";
import { fieldClasses } from "#shared/rights.ts";
import type { Shown } from "#shared/shown.ts";
import styles from "#web/customers/customer-form.module.css";
import { FormField } from "#web/parts/form-field.tsx";
import { textOf, useDepartments, useFields, useHolders, useSections, useStaff } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

/** What is being typed: only the fields that were touched. */
export type Draft = Readonly<Record<string, string>>;

/** The fields one may write, by class, then in the organisation's own sections. A masked value is not filled in: typing replaces it, leaving it alone keeps it. */
export function CustomerForm({
  values,
  draft,
  onDraft,
  wrongField,
  sentence,
  children,
}: {
  values: Readonly<Record<string, Shown>>;
  draft: Draft;
  onDraft: (draft: Draft) => void;
  wrongField?: string | undefined;
  sentence?: string | undefined;
  children?: ReactNode;
}) {
  const { w, label } = useWords();
  const fields = useFields("customer").filter((field) => field.mayWrite && !isHidden(values[field.key]));
  const sections = useSections("customer");
  const groups = [
    ...fieldClasses.map((one) => ({
      key: one as string,
      title: w.classes[one],
      fields: fields.filter((field) => field.sectionNo === null && field.class === one),
    })),
    ...sections.map((one) => ({ key: String(one.sectionNo), title: label(one), fields: fields.filter((field) => field.sectionNo === one.sectionNo) })),
  ];
  return (
    <div className={styles["form"]}>
      {children}
      {groups.map((group) =>
        group.fields.length === 0 ? null : (
          <fieldset key={group.key} className={styles["class"]}>
            <legend>{group.title}</legend>
            {group.fields.map((field) => {
              const stored = values[field.key];
              const isMasked = typeof stored === "object" && stored !== null;
              return (
                <div key={field.key} data-wide={["notes", "address", "multi", "url"].includes(field.type) || undefined}>
                  <FormField
                    label={label(field)}
                    type={field.type}
                    value={draft[field.key] ?? textOf(stored) ?? ""}
                    onChange={(text) => onDraft({ ...draft, [field.key]: text })}
                    hint={isMasked ? w.person.maskedEdit : undefined}
                    error={wrongField === field.key ? sentence : undefined}
                    choices={field.choices}
                    isOwn={field.isOwn}
                    isRequired={field.isRequired}
                  />
                </div>
              );
            })}
          </fieldset>
        ),
      )}
    </div>
  );
}

function isHidden(shown: Shown | undefined): boolean {
  return typeof shown === "object" && shown !== null && "hidden" in shown;
}

export function DepartmentSelect({ cellNo, onChange, label }: { cellNo: number | null; onChange: (cellNo: number) => void; label?: string }) {
  const { w } = useWords();
  const departments = useDepartments().filter((one) => !one.isClosed || one.cellNo === cellNo);
  return (
    <NativeSelect
      label={label ?? w.customers.department}
      value={cellNo === null ? "" : String(cellNo)}
      data={[...(cellNo === null ? [{ value: "", label: "" }] : []), ...departments.map((one) => ({ value: String(one.cellNo), label: one.name }))]}
      onChange={(event) => event.currentTarget.value !== "" && onChange(Number(event.currentTarget.value))}
    />
  );
}

export function OwnerSelect({ ownerNo, onChange }: { ownerNo: number | null; onChange: (ownerNo: number | null) => void }) {
  const { w } = useWords();
  const staff = useStaff();
  const holders = useHolders();
  const names = [...holders].map(([no, name]) => ({ value: String(no), label: textOf(name) ?? w.settings.ofNumber(no) }));
  const isOffered = ownerNo === null || holders.has(ownerNo);
  return (
    <NativeSelect
      label={w.customers.owner}
      value={ownerNo === null ? "" : String(ownerNo)}
      data={[
        { value: "", label: w.customers.noOwner },
        ...(isOffered ? [] : [{ value: String(ownerNo), label: textOf(staff.get(ownerNo)) ?? w.settings.ofNumber(ownerNo) }]),
        ...names,
      ]}
      onChange={(event) => onChange(event.currentTarget.value === "" ? null : Number(event.currentTarget.value))}
    />
  );
}
