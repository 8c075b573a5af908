import styles from "#web/customers/customer-list.module.css";
import type { CustomerRow } from "#web/customers/use-customer-view.ts";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import type { Column } from "#web/parts/data-table.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { useDepartments, useFields } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

/** Why a row was found: 「フリガナ 部分一致」. */
function Reasons({ row, atMost }: { row: CustomerRow; atMost: number }) {
  const { w, label } = useWords();
  const fields = useFields("customer");
  return (
    <span className={styles["reasons"]}>
      {row.reasons.slice(0, atMost).map((reason) => {
        const field = fields.find((one) => one.key === reason.field);
        return (
          <Mark key={reason.field} tone="act">
            {field === undefined ? reason.field : label(field)} {w.customers.how[reason.how]}
          </Mark>
        );
      })}
    </span>
  );
}

function phoneOf(row: CustomerRow) {
  const { mobile, phone } = row.values;
  return mobile === null || mobile === undefined || mobile === "" ? phone : mobile;
}

export function useCustomerColumns(hasSearch: boolean): readonly Column<CustomerRow>[] {
  const { w, label } = useWords();
  const departments = useDepartments();
  const fields = useFields("customer");
  const named = (key: string) => {
    const field = fields.find((one) => one.key === key);
    return field === undefined ? key : label(field);
  };
  const mayRead = (key: string) => fields.some((field) => field.key === key && field.mayRead);
  const value = (key: string, width: string, sortBy?: string): Column<CustomerRow>[] =>
    mayRead(key)
      ? [
          {
            key,
            label: named(key),
            width,
            ...(sortBy === undefined ? {} : { sortBy }),
            render: (row) => <Value shown={row.values[key]} type={fields.find((field) => field.key === key)?.type ?? "text"} isBare />,
          },
        ]
      : [];
  return [
    {
      key: "number",
      label: w.customers.number,
      width: "76px",
      sortBy: "number",
      isNumber: true,
      render: (row) => <span className="soft">{row.customerNo}</span>,
    },
    ...value("fullName", "minmax(116px, 1.3fr)").map((column) => ({
      ...column,
      render: (row: CustomerRow) => (
        <strong className={styles["name"]}>
          <Value shown={row.values["fullName"]} isBare />
        </strong>
      ),
    })),
    ...value("kana", "minmax(120px, 1.2fr)", "kana"),
    ...(hasSearch
      ? [{ key: "found", label: w.customers.found, width: "minmax(132px, 1fr)", render: (row: CustomerRow) => <Reasons row={row} atMost={2} /> }]
      : []),
    ...value("companyName", "minmax(150px, 1.8fr)", "companyName"),
    ...value("jobTitle", "minmax(72px, 0.7fr)"),
    { key: "phone", label: named("phone"), width: "132px", render: (row) => <Value shown={phoneOf(row)} type="phone" isBare /> },
    ...value("mail", "minmax(160px, 1.5fr)"),
    {
      key: "owner",
      label: w.customers.owner,
      width: "minmax(116px, 0.9fr)",
      render: (row) => (row.ownerNo === null ? <span className="soft">–</span> : <AccountChip no={row.ownerNo} />),
    },
    {
      key: "department",
      label: w.customers.department,
      width: "minmax(100px, 0.9fr)",
      render: (row) => <span>{departments.find((one) => one.cellNo === row.cellNo)?.name ?? row.cellNo}</span>,
    },
    {
      key: "updated",
      label: w.customers.updated,
      width: "104px",
      sortBy: "updatedAt",
      render: (row) => (
        <span className="soft">
          <At iso={row.updatedAt} form="short" />
        </span>
      ),
    },
  ];
}

/** Two lines a row: who, then where from and how to reach. */
export function CustomerPhoneRow({ row }: { row: CustomerRow }) {
  return (
    <>
      <span>
        <strong className={styles["name"]}>
          <Value shown={row.values["fullName"]} isBare />
        </strong>{" "}
        <span className="small soft">
          <Value shown={row.values["kana"]} isBare />
        </span>{" "}
        {row.reasons.length === 0 ? null : <Reasons row={row} atMost={1} />}
      </span>
      <span className={styles["second"]}>
        <span>
          <Value shown={row.values["companyName"]} isBare />
        </span>
        <span>
          <Value shown={phoneOf(row)} type="phone" isBare />
        </span>
      </span>
    </>
  );
}
