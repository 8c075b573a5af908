import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { retiredValues } from "#shared/customers.ts";
import { call } from "#web/call.ts";
import styles from "#web/customers/customer-values.module.css";
import type { Customer } from "#web/customers/use-customer.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useAllFields } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

/** Values in fields that the organisation uses no more: fetched, and so seen, only when they are asked for. */
export function RetiredValues({ customer: { customerNo, version } }: { customer: Customer }) {
  const { w, label } = useWords();
  const [isOpen, setIsOpen] = useState(false);
  const retired = useAllFields("customer").filter((field) => field.isArchived && field.mayRead);
  const { data, error } = useQuery({
    queryKey: ["customer", customerNo, "retired", version],
    queryFn: () => call(retiredValues, { params: { customerNo } }),
    enabled: isOpen,
  });
  if (retired.length === 0) return null;
  if (!isOpen) {
    return (
      <div>
        <Button variant="subtle" size="compact-sm" onClick={() => setIsOpen(true)}>
          {w.fields.retiredOf(retired.length)}
        </Button>
      </div>
    );
  }
  return (
    <section className={styles["class"]} aria-label={w.fields.retired}>
      <h2>{w.fields.retired}</h2>
      {error === null ? null : <ProblemNotice error={error} />}
      <dl>
        {retired.map((field) => (
          <div key={field.key} className={styles["pair"]}>
            <dt>{label(field)}</dt>
            <dd>
              <Value shown={data?.values[field.key]} type={field.type} choices={field.choices} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
