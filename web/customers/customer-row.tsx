import { IconStar, IconStarFilled } from "@tabler/icons-react";
import { useMemo } from "react";
import type { ListLayout } from "#shared/working-list.ts";
import styles from "#web/customers/customer-list.module.css";
import { TrashTerm } from "#web/customers/in-trash.tsx";
import type { CustomerRow } from "#web/customers/use-customer-view.ts";
import { At } from "#web/parts/at.tsx";
import { NamedAccountChip } from "#web/parts/chip.tsx";
import type { Column } from "#web/parts/data-table.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { textOf, useDepartments, useFields, useStaff, type Department, type Field } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { SuspendedMark } from "#web/requests/person-rights-line.tsx";
import { useWords, type Spoken, type Words } from "#web/words/words.ts";

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

function reachOf(row: CustomerRow) {
  const { mobile, phone } = row.values;
  return mobile === null || mobile === undefined || mobile === "" ? phone : mobile;
}

/** More fields than this are not fetched of a list at once. */
const mostFetched = 24;

/** The fields that columns show: what is fetched of a list, and nothing else. */
export function fieldsOfColumns(columns: readonly string[], fields: readonly Field[]): readonly string[] {
  const readable = new Set(fields.filter((field) => field.mayRead).map((field) => field.key));
  const wanted = columns.flatMap((key) => (key === "reach" ? ["phone", "mobile"] : [key]));
  return [...new Set(wanted)].filter((key) => readable.has(key)).slice(0, mostFetched);
}

/** The fields of the two lines of a phone. */
export const phoneColumns: readonly string[] = ["fullName", "kana", "companyName", "reach"];

const widths: Readonly<Record<string, string>> = {
  fullName: "minmax(116px, 1.3fr)",
  kana: "minmax(120px, 1.2fr)",
  companyName: "minmax(150px, 1.8fr)",
  jobTitle: "minmax(72px, 0.7fr)",
  mail: "minmax(160px, 1.5fr)",
  address: "minmax(180px, 2fr)",
  phone: "132px",
  mobile: "132px",
  fax: "132px",
};
const sortable = new Set(["kana", "companyName"]);

/** The choice and the star of a row, as the list keeps them. */
export interface RowMarks {
  readonly isChosen: (customerNo: number) => boolean;
  readonly isStarred: (customerNo: number) => boolean;
  readonly onChoose: (customerNo: number, isRange: boolean) => void;
  readonly onStar: (customerNo: number) => void;
  readonly chosen: "none" | "some" | "all";
  readonly onChooseAll: () => void;
}

/** The columns as one person arranged them; those that may not be read fall away. `extra`: why a row was found, or what is left of its term in the trash. */
export function useCustomerColumns(
  layout: ListLayout,
  keys: readonly string[],
  extra: "found" | "term" | null,
  marks: RowMarks,
): readonly Column<CustomerRow>[] {
  const plain = usePlainColumns();
  const fields = useFields("customer");
  const spoken = useWords();
  const { widths: kept } = layout;
  return useMemo(() => columnsOf({ kept, keys, extra, marks, plain, fields, spoken }), [kept, keys, extra, marks, plain, fields, spoken]);
}

function columnsOf(given: {
  kept: ListLayout["widths"];
  keys: readonly string[];
  extra: "found" | "term" | null;
  marks: RowMarks;
  plain: ReadonlyMap<string, Column<CustomerRow>>;
  fields: readonly Field[];
  spoken: Spoken;
}): readonly Column<CustomerRow>[] {
  const { keys, extra, marks, plain, fields } = given;
  const { w, label } = given.spoken;
  const ofField = (field: Field): Column<CustomerRow> => ({
    key: field.key,
    label: label(field),
    width: widths[field.key] ?? "minmax(110px, 1fr)",
    ...(sortable.has(field.key) ? { sortBy: field.key } : {}),
    render: (row) =>
      field.key === "fullName" ? (
        <strong className={styles["name"]}>
          <Value shown={row.values["fullName"]} isBare /> <SuspendedMark isSuspended={row.isSuspended} />
        </strong>
      ) : (
        <Value shown={row.values[field.key]} type={field.type} choices={field.choices} isBare />
      ),
  });
  const arranged = keys.flatMap((key): Column<CustomerRow>[] => {
    const field = fields.find((one) => one.key === key && one.mayRead);
    const column = plain.get(key) ?? (field === undefined ? undefined : ofField(field));
    const kept = given.kept[key];
    return column === undefined ? [] : [{ ...column, isResizable: true, ...(kept === undefined ? {} : { width: `${kept}px` }) }];
  });
  const found: Column<CustomerRow> = {
    key: "found",
    label: w.customers.found,
    width: "minmax(132px, 1fr)",
    render: (row: CustomerRow) => <Reasons row={row} atMost={2} />,
  };
  const term: Column<CustomerRow> = {
    key: "term",
    label: w.bulk.untilDisposal,
    width: "96px",
    render: (row: CustomerRow) => (row.trashDaysLeft === undefined ? null : <TrashTerm daysLeft={row.trashDaysLeft} />),
  };
  const place = arranged.findIndex((column) => column.key === "kana" || column.key === "fullName");
  // Who a row is of stays in sight, where it stands at the front: a frozen column knows its place by those before it.
  const name = arranged.findIndex((column) => column.key === "fullName");
  const isFront = name >= 0 && arranged.slice(0, name).every((column) => column.width.endsWith("px") && !column.width.includes("("));
  const frozen = isFront ? arranged.map((column, at) => (at === name ? { ...column, isFrozen: true } : column)) : arranged;
  return [marksColumn(marks, w), ...(extra === null ? frozen : frozen.toSpliced(place + 1, 0, extra === "found" ? found : term))];
}

/** Columns that are no fields of the customer, by key. */
export function usePlainColumns(): ReadonlyMap<string, Column<CustomerRow>> {
  const { w } = useWords();
  const departments = useDepartments();
  const staff = useStaff();
  return useMemo(() => plainColumns(w, departments, staff), [w, departments, staff]);
}

function plainColumns(w: Words, departments: readonly Department[], staff: ReturnType<typeof useStaff>): ReadonlyMap<string, Column<CustomerRow>> {
  const columns: readonly Column<CustomerRow>[] = [
    {
      key: "number",
      label: w.customers.number,
      width: "76px",
      sortBy: "number",
      isNumber: true,
      render: (row) => <span className="soft">{row.customerNo}</span>,
    },
    { key: "reach", label: w.list.reach, width: "132px", render: (row) => <Value shown={reachOf(row)} type="phone" isBare /> },
    {
      key: "owner",
      label: w.customers.owner,
      width: "minmax(116px, 0.9fr)",
      render: (row) => (row.ownerNo === null ? <span className="soft">–</span> : <NamedAccountChip no={row.ownerNo} name={textOf(staff.get(row.ownerNo))} />),
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
  return new Map(columns.map((column) => [column.key, column]));
}

function marksColumn(marks: RowMarks, w: Words): Column<CustomerRow> {
  return {
    key: "marks",
    label: w.list.choose,
    width: "72px",
    isFrozen: true,
    head: (
      <span className={styles["marks"]}>
        <input
          type="checkbox"
          className={styles["box"]}
          aria-label={w.list.chooseAll}
          checked={marks.chosen === "all"}
          ref={(box) => {
            if (box !== null) box.indeterminate = marks.chosen === "some";
          }}
          onChange={marks.onChooseAll}
        />
      </span>
    ),
    render: (row) => <RowMark row={row} marks={marks} />,
  };
}

function RowMark({ row, marks }: { row: CustomerRow; marks: RowMarks }) {
  const { w } = useWords();
  const isStarred = marks.isStarred(row.customerNo);
  return (
    <span className={styles["marks"]} onClick={(event) => event.stopPropagation()}>
      <input
        type="checkbox"
        className={styles["box"]}
        aria-label={w.list.chooseOne(row.customerNo)}
        checked={marks.isChosen(row.customerNo)}
        onChange={() => {}}
        onClick={(event) => {
          // A click with Shift chooses up to here; the box itself follows the choice.
          marks.onChoose(row.customerNo, event.shiftKey);
        }}
      />
      <button
        type="button"
        className={styles["star"]}
        data-starred={isStarred || undefined}
        aria-label={isStarred ? w.list.unstar : w.list.star}
        aria-pressed={isStarred}
        onClick={() => marks.onStar(row.customerNo)}
      >
        {isStarred ? <IconStarFilled size={15} aria-hidden /> : <IconStar size={15} aria-hidden />}
      </button>
    </span>
  );
}

/** Two lines a row: who, then where from and how to reach. */
export function CustomerPhoneRow({ row, marks, isChoosing }: { row: CustomerRow; marks: RowMarks; isChoosing: boolean }) {
  return (
    <span className={styles["phoneRow"]}>
      <span className={styles["phoneWords"]}>
        <span>
          <strong className={styles["name"]}>
            <Value shown={row.values["fullName"]} isBare />
          </strong>{" "}
          <SuspendedMark isSuspended={row.isSuspended} />
          {row.trashDaysLeft === undefined ? null : <TrashTerm daysLeft={row.trashDaysLeft} />}
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
            <Value shown={reachOf(row)} type="phone" isBare />
          </span>
        </span>
      </span>
      {isChoosing ? <RowMark row={row} marks={marks} /> : null}
    </span>
  );
}
