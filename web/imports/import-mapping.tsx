import { Button, NativeSelect, Radio, TextInput } from "@mantine/core";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { ReplyOf } from "#shared/endpoint.ts";
import { buyerColumns, forgetMapping, previewImport, purchaseColumns, startImport, type ImportKind, type Mapping } from "#shared/imports.ts";
import { call } from "#web/call.ts";
import { CompanySelect } from "#web/companies/company-select.tsx";
import { DepartmentSelect } from "#web/customers/customer-form.tsx";
import styles from "#web/imports/imports.module.css";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf, useFields } from "#web/parts/use-directory.ts";
import { useMe } from "#web/parts/use-me.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords, type Words } from "#web/words/words.ts";

type Preview = ReplyOf<typeof previewImport>;

/** Which column is which field: guessed, shown with 20 rows, correctable. */
export function ImportMapping({ importNo, kind, onStarted }: { importNo: number; kind: ImportKind; onStarted: () => void }) {
  const { w } = useWords();
  const [place, setPlace] = useState<{ sheet?: number; headerRow?: number }>({});
  const { data, error, isFetching, dataUpdatedAt, refetch } = useQuery({
    queryKey: ["import-preview", importNo, place],
    queryFn: () => call(previewImport, { params: { importNo }, query: place }),
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  return (
    <Columns
      key={`${data.mapping.sheet}-${data.mapping.headerRow}-${dataUpdatedAt}`}
      importNo={importNo}
      kind={kind}
      preview={data}
      isBusy={isFetching}
      onPlace={setPlace}
      onForgotten={() => void refetch()}
      onStarted={onStarted}
    />
  );
}

function Columns({
  importNo,
  kind,
  preview,
  isBusy,
  onPlace,
  onForgotten,
  onStarted,
}: {
  importNo: number;
  kind: ImportKind;
  preview: Preview;
  isBusy: boolean;
  onPlace: (place: { sheet?: number; headerRow?: number }) => void;
  onForgotten: () => void;
  onStarted: () => void;
}) {
  const { w } = useWords();
  const { mayRead } = useMe();
  const [mapping, setMapping] = useState<Mapping>(preview.mapping);
  const start = useMutation({ mutationFn: () => call(startImport, { params: { importNo }, body: mapping }), onSuccess: onStarted });
  const forget = useMutation({
    mutationFn: () => call(forgetMapping, { params: { importNo }, body: { sheet: preview.mapping.sheet, headerRow: preview.mapping.headerRow } }),
    onSuccess: onForgotten,
  });
  const isTaught = preview.columns.some(({ reason }) => reason === "learned" || reason === "saved");
  const sheet = preview.sheets.find((one) => one.sheet === mapping.sheet);
  const isOfPurchases = kind === "purchases";
  const missing = isOfPurchases ? missingOf(mapping, w) : mapping.columns.some((column) => column.field !== null) ? undefined : w.imports.nothingMapped;
  return (
    <div className="column">
      <div>
        <h2>{w.imports.mappingTitle}</h2>
        <p className="soft">{isOfPurchases ? w.importing.purchaseLead : w.imports.mappingLead}</p>
        {preview.source === null ? null : <p>{w.importing.looksLike(w.importing.sources[preview.source])}</p>}
        {isTaught ? (
          <p className="line">
            {w.importing.learned}
            <Button variant="subtle" size="compact-sm" loading={forget.isPending} onClick={() => forget.mutate()}>
              {w.importing.forget}
            </Button>
          </p>
        ) : null}
      </div>
      {forget.error === null ? null : <ProblemNotice error={forget.error} />}
      {start.error === null ? null : <ProblemNotice error={start.error} />}
      <div className={styles["settings"]}>
        {preview.sheets.length > 1 ? (
          <NativeSelect
            label={w.imports.sheet}
            disabled={isBusy}
            value={String(mapping.sheet)}
            data={preview.sheets.map((one) => ({ value: String(one.sheet), label: `${textOf(one.name) ?? one.sheet + 1} (${one.rows})` }))}
            onChange={(event) => onPlace({ sheet: Number(event.currentTarget.value) })}
          />
        ) : null}
        <HeaderRow value={mapping.headerRow} onChange={(headerRow) => onPlace({ sheet: mapping.sheet, headerRow })} />
        {isOfPurchases ? null : <DepartmentSelect label={w.imports.cell} cellNo={mapping.cellNo} onChange={(cellNo) => setMapping({ ...mapping, cellNo })} />}
        {isOfPurchases || !mayRead.company ? null : (
          <CompanySelect
            label={w.incidentConsignors.entrusted.mapping}
            companyNo={mapping.consignorNo ?? null}
            onChange={(consignorNo) => setMapping({ ...mapping, consignorNo })}
          />
        )}
      </div>
      <PreviewTable kind={kind} preview={preview} mapping={mapping} onMapping={setMapping} />
      <Radio.Group
        label={isOfPurchases ? w.importing.purchaseTwice : w.imports.duplicatesTitle}
        value={mapping.duplicates}
        onChange={(mode) => setMapping({ ...mapping, duplicates: mode as Mapping["duplicates"] })}
      >
        <div className="line">
          {isOfPurchases
            ? (["skip", "add"] as const).map((mode) => <Radio key={mode} value={mode} label={w.importing.purchaseModes[mode]} mr={16} />)
            : (["skip", "update", "add"] as const).map((mode) => <Radio key={mode} value={mode} label={w.imports.duplicateModes[mode]} mr={16} />)}
        </div>
      </Radio.Group>
      <div className="line">
        <Button loading={start.isPending} disabled={missing !== undefined} onClick={() => start.mutate()}>
          {sheet === undefined ? w.imports.start : w.imports.startCount(Math.max(0, sheet.rows - mapping.headerRow))}
        </Button>
        {missing === undefined ? null : <span className="small soft">{missing}</span>}
      </div>
    </div>
  );
}

/** Counted from one as a spreadsheet does; zero says that there is no header. */
function HeaderRow({ value, onChange }: { value: number; onChange: (value: number) => void }) {
  const { w } = useWords();
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  const settle = () => {
    const row = Number(text.normalize("NFKC"));
    if (text.trim() !== "" && Number.isInteger(row) && row >= 0 && row !== value) onChange(row);
  };
  return (
    <TextInput
      w={160}
      label={w.imports.headerRow}
      inputMode="numeric"
      maxLength={5}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={settle}
      onKeyDown={(event) => event.key === "Enter" && settle()}
    />
  );
}

/** What a file of purchases cannot go without, in words. */
function missingOf(mapping: Mapping, w: Words): string | undefined {
  const has = (key: string) => mapping.columns.some((column) => column.field === key);
  if (!has("boughtOn")) return w.importing.purchaseMissing.boughtOn;
  if (!has("product")) return w.importing.purchaseMissing.product;
  return buyerColumns.some(has) ? undefined : w.importing.purchaseMissing.buyer;
}

function PreviewTable({ kind, preview, mapping, onMapping }: { kind: ImportKind; preview: Preview; mapping: Mapping; onMapping: (mapping: Mapping) => void }) {
  const { w, label } = useWords();
  const all = useFields("customer");
  const choices =
    kind === "purchases"
      ? [
          { group: w.importing.bought, items: purchaseColumns.map((key) => ({ value: key, label: w.importing.purchaseFields[key] })) },
          {
            group: w.importing.buyer,
            items: all.filter(({ key }) => (buyerColumns as readonly string[]).includes(key)).map((one) => ({ value: one.key, label: label(one) })),
          },
        ]
      : [
          ...all.filter((field) => field.mayWrite).map((one) => ({ value: one.key, label: label(one) })),
          { value: "owner", label: w.customers.owner },
          { value: "department", label: w.customers.department },
        ];
  const fieldOf = (column: number) => mapping.columns.find((one) => one.column === column)?.field ?? null;
  const assign = (column: number, field: string | null) =>
    // Columns of one field are joined in this order (姓 before 名), so a column keeps its place.
    onMapping({
      ...mapping,
      columns: mapping.columns.some((one) => one.column === column)
        ? mapping.columns.map((one) => (one.column === column ? { column, field } : one))
        : [...mapping.columns, { column, field }],
    });
  return (
    <div className={styles["preview"]} tabIndex={0} role="region" aria-label={w.imports.mappingTitle}>
      <table>
        <thead>
          <tr>
            <th className={styles["no"]} scope="col">
              {w.imports.row}
            </th>
            {preview.columns.map((column) => {
              const field = fieldOf(column.column);
              const header = textOf(column.header) ?? w.imports.noHeader;
              const isGuess =
                mapping.columns.find((one) => one.column === column.column)?.field ===
                preview.mapping.columns.find((one) => one.column === column.column)?.field;
              return (
                <th key={column.column} scope="col" data-out={field === null || undefined}>
                  <div className="column tight">
                    <span>{header}</span>
                    <NativeSelect
                      size="xs"
                      aria-label={`${header}: ${w.imports.useAs}`}
                      value={field ?? ""}
                      data={[{ value: "", label: w.imports.leaveOut }, ...choices]}
                      onChange={(event) => assign(column.column, event.currentTarget.value === "" ? null : event.currentTarget.value)}
                    />
                    {isGuess ? (
                      <span>
                        <Mark tone={column.reason === "none" || column.confidence < 0.5 ? "look" : "plain"}>{w.imports.reasons[column.reason]}</Mark>
                      </span>
                    ) : null}
                  </div>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {preview.rows.map((row) => (
            <tr key={row.row}>
              <td className={styles["no"]}>{row.row}</td>
              {preview.columns.map((column, index) => (
                <td key={column.column} data-out={fieldOf(column.column) === null || undefined}>
                  <Value shown={row.cells[index]} isBare />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
