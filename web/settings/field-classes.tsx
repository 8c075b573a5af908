import { NativeSelect } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { reclassField } from "#shared/fields.ts";
import { fieldClasses, type FieldClass } from "#shared/rights.ts";
import { call } from "#web/call.ts";
import { Mark } from "#web/parts/mark.tsx";
import { refusalOf, sentenceOf } from "#web/parts/problem-notice.tsx";
import { useFields, type Field } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

/** What is sensitive differs by company: standard fields too can be classed anew. */
export function FieldClasses() {
  const { w } = useWords();
  const customer = useFields("customer");
  const company = useFields("company");
  return (
    <div className="column">
      <p className="soft">{w.settings.fieldsLead}</p>
      <FieldTable label={w.settings.kinds.customer} fields={customer} />
      <FieldTable label={w.settings.kinds.company} fields={company} />
    </div>
  );
}

function FieldTable({ label: title, fields }: { label: string; fields: readonly Field[] }) {
  const { w } = useWords();
  return (
    <section className="column tight">
      <h2>{title}</h2>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{w.settings.fieldLabel}</th>
            <th scope="col">{w.settings.fieldClass}</th>
            <th scope="col">{w.settings.fieldMask}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <FieldRow key={field.key} field={field} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function FieldRow({ field }: { field: Field }) {
  const spoken = useWords();
  const { w, label } = spoken;
  const client = useQueryClient();
  const reclass = useMutation({
    mutationFn: (next: FieldClass) =>
      call(reclassField, { params: { kind: field.kind === "company" ? "company" : "customer", key: field.key }, body: { class: next } }),
    onSuccess: (outcome) => {
      notifications.show({ message: outcome.kind === "resealing" ? w.settings.resealing : w.settings.settled });
      void client.invalidateQueries({ queryKey: ["fields"] });
    },
    onError: (error) => notifications.show({ message: sentenceOf(refusalOf(error).code, spoken), color: "red" }),
  });
  return (
    <tr>
      <td>{label(field)}</td>
      <td>
        <span className="line">
          <NativeSelect
            size="xs"
            aria-label={`${label(field)} ${w.settings.fieldClass}`}
            disabled={reclass.isPending}
            value={field.targetClass ?? field.class}
            data={fieldClasses.map((one) => ({ value: one, label: w.classes[one] }))}
            onChange={(event) => reclass.mutate(event.currentTarget.value as FieldClass)}
          />
          {field.targetClass === null ? null : <Mark tone="look">{w.settings.resealing}</Mark>}
        </span>
      </td>
      <td className="soft">{w.settings.masks[field.mask]}</td>
    </tr>
  );
}
