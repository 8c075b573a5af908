import { AccountChip, CompanyChip } from "#web/parts/chip.tsx";
import { DuplicateMark } from "#web/duplicates/duplicate-mark.tsx";
import { HoldMark } from "#web/incidents/evidence/hold-mark.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { textOf, useDepartments } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import styles from "#web/customers/customer-head.module.css";
import type { Customer } from "#web/customers/use-customer.ts";
import { useWords } from "#web/words/words.ts";

export function CustomerName({ customer, as: Heading = "h1" }: { customer: Customer; as?: "h1" | "h2" }) {
  const { w } = useWords();
  return (
    <div className={styles["name"]}>
      {typeof customer.values["kana"] === "string" ? (
        <span className="small soft">
          <Value shown={customer.values["kana"]} isBare />
        </span>
      ) : null}
      <div className="line">
        <Heading className={styles["full"]}>
          {textOf(customer.values["fullName"]) === undefined ? w.person.noName : <Value shown={customer.values["fullName"]} isBare />}
        </Heading>
        {customer.isSuspended ? <Mark tone="loss">{w.requests.suspendedMark}</Mark> : null}
        {customer.state === "trashed" ? <Mark tone="look">{w.person.trashedMark}</Mark> : null}
        {Heading === "h1" ? <HoldMark customerNo={customer.customerNo} /> : null}
        {Heading === "h1" && customer.state === "active" ? <DuplicateMark customerNo={customer.customerNo} /> : null}
      </div>
    </div>
  );
}

/** Company, owner and department of a customer as chips. */
export function CustomerFacts({ customer }: { customer: Customer }) {
  const { w } = useWords();
  const department = useDepartments().find((one) => one.cellNo === customer.cellNo);
  return (
    <div className={styles["facts"]}>
      {customer.companyNo === null ? null : <CompanyChip no={customer.companyNo} name={textOf(customer.values["companyName"])} />}
      <span>
        <span className="soft small">{w.customers.owner} </span>
        {customer.ownerNo === null ? w.customers.noOwner : <AccountChip no={customer.ownerNo} />}
      </span>
      <span>
        <span className="soft small">{w.customers.department} </span>
        {department?.name ?? customer.cellNo}
      </span>
      <span className="soft small number">No. {customer.customerNo}</span>
    </div>
  );
}
