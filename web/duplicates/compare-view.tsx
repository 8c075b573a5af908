import { Button, Radio } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { compareRecords, type MergeKind } from "#shared/duplicates.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { Shown } from "#shared/shown.ts";
import { call } from "#web/call.ts";
import styles from "#web/duplicates/duplicates.module.css";
import { useMerge } from "#web/duplicates/use-merge.tsx";
import { At } from "#web/parts/at.tsx";
import { AccountChip, CompanyChip, CustomerChip } from "#web/parts/chip.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useDepartments, useFields, type Field } from "#web/parts/use-directory.ts";
import { useKeys } from "#web/parts/use-keys.ts";
import { Value } from "#web/parts/value.tsx";
import { Why } from "#web/parts/why.tsx";
import { useWords } from "#web/words/words.ts";

type Compared = ReplyOf<typeof compareRecords>;
type Compare = Compared["records"][number];

/** Records side by side; which is kept, and which value of each field. */
export function CompareView({ kind, numbers, areApart, onDone }: { kind: MergeKind; numbers: readonly number[]; areApart: boolean; onDone: () => void }) {
  const { w } = useWords();
  const { data, error, refetch } = useQuery({
    queryKey: ["duplicates", "compare", kind, ...numbers],
    queryFn: () => call(compareRecords, { body: { kind, numbers: [...numbers] } }),
  });
  if (error !== null) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  return <Sides key={numbers.join("-")} kind={kind} data={data} areApart={areApart} onDone={onDone} />;
}

function Sides({ kind, data, areApart, onDone }: { kind: MergeKind; data: Compared; areApart: boolean; onDone: () => void }) {
  const { w } = useWords();
  const { records, suggested } = data;
  const [winnerNo, setWinnerNo] = useState(Math.min(...records.map((one) => one.no)));
  const [chosen, setChosen] = useState<Readonly<Record<string, number>>>({});
  const fields = useFields(kind).filter((field) => records.some((one) => !isEmpty(one.values[field.key])));
  const { merge, apart, dialog } = useMerge(kind, onDone);
  const mayMerge = records.every((one) => one.mayWrite && one.state === "active");
  const choiceOf = (key: string) => chosen[key] ?? suggested[key] ?? winnerNo;
  const run = () => {
    const winner = records.find((one) => one.no === winnerNo);
    if (winner === undefined || !mayMerge || merge.isPending) return;
    merge.mutate({
      kind,
      winner: { no: winner.no, version: winner.version },
      losers: records.filter((one) => one.no !== winnerNo).map(({ no, version }) => ({ no, version })),
      choices: Object.fromEntries(
        Object.keys(suggested)
          .map((key) => [key, choiceOf(key)] as const)
          .filter(([, no]) => no !== winnerNo),
      ),
    });
  };
  const pair: [number, number] | null = records.length === 2 ? [records[0]?.no ?? 0, records[1]?.no ?? 0] : null;
  const keep = () => {
    if (pair !== null && mayMerge && !apart.isPending) apart.mutate({ numbers: pair, areApart: !areApart });
  };
  useKeys({ m: run, n: keep }, true, { m: w.help.keys.merge, n: w.help.keys.apart });
  const error = merge.error ?? apart.error;
  return (
    <div className="column">
      {error === null ? null : <ProblemNotice error={error} />}
      <div className={styles["acts"]}>
        {mayMerge ? (
          <>
            <Button loading={merge.isPending} onClick={run}>
              {records.length === 2 ? w.duplicates.merge : w.duplicates.mergeCount(records.length)}
            </Button>
            {pair === null ? null : (
              <Button variant="default" loading={apart.isPending} onClick={keep}>
                {areApart ? w.duplicates.apartUndo : w.duplicates.apart}
              </Button>
            )}
            <span className={`${styles["keys"]} small soft`}>{w.duplicates.keys}</span>
          </>
        ) : (
          <span className="soft">
            {w.duplicates.merge} <Why article="duplicates">{w.duplicates.noWrite}</Why>
          </span>
        )}
      </div>
      <table className={styles["compare"]}>
        <thead>
          <tr>
            <th scope="col" data-corner>
              {w.duplicates.field}
            </th>
            {records.map((one) => (
              <th key={one.no} scope="col">
                <Head kind={kind} record={one} mayMerge={mayMerge} isKept={one.no === winnerNo} onKeep={() => setWinnerNo(one.no)} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <FieldRow
              key={field.key}
              field={field}
              records={records}
              differs={field.key in suggested && mayMerge}
              chosenNo={choiceOf(field.key)}
              onChoose={(no) => setChosen({ ...chosen, [field.key]: no })}
            />
          ))}
        </tbody>
      </table>
      <p className="small soft">{w.duplicates.keepHelp}</p>
      {dialog}
    </div>
  );
}

function Head({ kind, record, mayMerge, isKept, onKeep }: { kind: MergeKind; record: Compare; mayMerge: boolean; isKept: boolean; onKeep: () => void }) {
  const { w } = useWords();
  const department = useDepartments().find((one) => one.cellNo === record.cellNo);
  return (
    <div className="column tight">
      <span className="line">
        {kind === "customer" ? <CustomerChip no={record.no} /> : <CompanyChip no={record.no} />}
        {mayMerge ? <Radio name="kept" checked={isKept} onChange={onKeep} label={w.duplicates.keep} aria-label={w.duplicates.keepThis(record.no)} /> : null}
      </span>
      <span className="small soft">
        {record.ownerNo === null ? null : <AccountChip no={record.ownerNo} />} {department?.name} <At iso={record.updatedAt} form="date" />
      </span>
    </div>
  );
}

function FieldRow({
  field,
  records,
  differs,
  chosenNo,
  onChoose,
}: {
  field: Field;
  records: readonly Compare[];
  differs: boolean;
  chosenNo: number;
  onChoose: (no: number) => void;
}) {
  const { label } = useWords();
  return (
    <tr>
      <th scope="row">{label(field)}</th>
      {records.map((one) => (
        <td key={one.no} className={differs ? undefined : styles["same"]}>
          {differs ? (
            <Radio
              name={`choice-${field.key}`}
              checked={chosenNo === one.no}
              onChange={() => onChoose(one.no)}
              label={<Value shown={one.values[field.key]} type={field.type} isBare />}
            />
          ) : (
            <Value shown={one.values[field.key]} type={field.type} isBare />
          )}
        </td>
      ))}
    </tr>
  );
}

function isEmpty(shown: Shown | undefined): boolean {
  return shown === undefined || shown === null || shown === "";
}
