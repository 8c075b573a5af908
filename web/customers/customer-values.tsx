import { IconCheck } from "@tabler/icons-react";
import { fieldClasses } from "#shared/rights.ts";
import styles from "#web/customers/customer-values.module.css";
import type { Customer } from "#web/customers/use-customer.ts";
import type { Reveal } from "#web/customers/use-reveal.tsx";
import { RetiredValues } from "#web/customers/retired-values.tsx";
import { UseIcon, type Uses } from "#web/customers/use-value.tsx";
import { useFields, type Field } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

/** Field keys whose value is masked here. */
export function maskedFields(customer: Customer): readonly string[] {
  return Object.entries(customer.values)
    .filter(([, shown]) => shown !== null && typeof shown === "object" && "masked" in shown)
    .map(([key]) => key);
}

/** The values by class, in the order of rising importance. */
export function CustomerValues({
  customer,
  reveal,
  uses,
  isShort = false,
}: {
  customer: Customer;
  reveal: Reveal;
  uses: Uses;
  /** In the panel: without the empty ones. */ isShort?: boolean;
}) {
  const fields = useFields("customer");
  const known = fields.filter((field) => field.key in customer.values && !(isShort && isEmpty(customer, field)));
  return (
    <div className={styles["values"]}>
      {fieldClasses.map((one) => {
        const inClass = known.filter((field) => field.class === one);
        return inClass.length === 0 ? null : (
          <ClassOfValues key={one} name={one} fields={inClass} customer={customer} reveal={reveal} uses={uses} as={isShort ? "h3" : "h2"} />
        );
      })}
      {isShort ? null : <RetiredValues customer={customer} />}
    </div>
  );
}

function isEmpty(customer: Customer, field: Field): boolean {
  const shown = customer.values[field.key];
  return shown === null || shown === "" || shown === undefined;
}

function ClassOfValues({
  name,
  fields,
  customer,
  reveal,
  uses,
  as: Heading,
}: {
  name: Field["class"];
  fields: readonly Field[];
  customer: Customer;
  reveal: Reveal;
  uses: Uses;
  as: "h2" | "h3";
}) {
  const { w, label } = useWords();
  return (
    <section className={styles["class"]} aria-label={w.classes[name]}>
      <Heading title={w.classHelp[name]}>{w.classes[name]}</Heading>
      <dl>
        {fields.map((field) => {
          const revealed = reveal.values[field.key];
          return (
            <div key={field.key} className={styles["pair"]}>
              <dt>{label(field)}</dt>
              <dd>
                <Value
                  shown={revealed ?? customer.values[field.key]}
                  type={field.type}
                  choices={field.choices}
                  label={label(field)}
                  reach={<UseIcon field={field} uses={uses} />}
                  onReveal={customer.may.reveal ? () => reveal.reveal([field.key]) : undefined}
                />
                {revealed === undefined ? null : (
                  <span className={styles["recorded"]}>
                    <IconCheck size={13} aria-hidden /> {w.person.recorded} <span className="number">{w.person.remaining(reveal.secondsLeft)}</span>
                  </span>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
