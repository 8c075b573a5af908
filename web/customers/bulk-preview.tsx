import { Checkbox, Loader, Modal, NativeSelect, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { previewBulk, startBulk } from "#shared/bulk.ts";
import type { BodyOf, ReplyOf } from "#shared/endpoint.ts";
import { call } from "#web/call.ts";
import styles from "#web/customers/bulk-preview.module.css";
import { DepartmentSelect, OwnerSelect } from "#web/customers/customer-form.tsx";
import { watchOperation } from "#web/customers/watch-operation.tsx";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { FormField } from "#web/parts/form-field.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf, useFields, useHolders } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

type Body = BodyOf<typeof previewBulk>;
type Preview = ReplyOf<typeof previewBulk>;

/** Whom: given numbers, an opened list, or all customers of one member of staff. */
export type BulkSelection = Pick<Body, "customerNos" | "viewId" | "portfolioOf">;
/** What the dialog asks for. */
export type BulkForm = "owner" | "department" | "field" | "hand-over" | "trash";
type Goal = Omit<Body, keyof BulkSelection>;

/** What is to be done to many, with what it would do in numbers before it is done. Escape closes; Enter in a field does nothing yet. */
export function BulkPreview({
  form,
  selection,
  onClose,
  onDone,
}: {
  form: BulkForm;
  selection: BulkSelection;
  onClose: () => void;
  onDone?: (() => void) | undefined;
}) {
  const spoken = useWords();
  const { w } = spoken;
  const client = useQueryClient();
  const [goal, setGoal] = useState<Goal | undefined>(form === "trash" ? { kind: "trash" } : undefined);
  const [reason, setReason] = useState("");
  const preview = useQuery({
    queryKey: ["bulk-preview", selection, goal === undefined ? undefined : { ...goal, values: Object.keys(goal.values ?? {}) }],
    queryFn: () => call(previewBulk, { body: { ...selection, ...(goal as Goal) } }),
    enabled: goal !== undefined,
    staleTime: 0,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
  const start = useMutation({
    mutationFn: (given: { goal: Goal; persons: number }) =>
      call(startBulk, { body: { ...selection, ...given.goal, expected: { persons: given.persons }, reason: reason.trim() } }),
    onSuccess: ({ operationNo, state }) => {
      if (state === "awaits-approval") notifications.show({ message: w.bulk.asked });
      else void watchOperation(operationNo, client, spoken);
      onDone?.();
      onClose();
    },
  });
  const seen = goal === undefined ? undefined : preview.data;
  const needsReason = seen?.needsApproval === true && reason.trim() === "";
  const error = start.error ?? preview.error;
  return (
    <Modal opened onClose={onClose} title={form === "hand-over" ? w.bulk.handOver : w.bulk[form]} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        method="post"
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (goal !== undefined && seen !== undefined && seen.changes > 0 && !needsReason) start.mutate({ goal, persons: seen.persons });
        }}
        onKeyDown={(event) => {
          // Enter that ends a conversion of the input method reaches some browsers as a submit.
          if (event.key === "Enter" && (event.nativeEvent.isComposing || event.keyCode === 229)) event.preventDefault();
        }}
      >
        {form === "owner" ? <OwnerGoal onGoal={setGoal} /> : null}
        {form === "hand-over" ? <HandOverGoal formerNo={selection.portfolioOf} onGoal={setGoal} /> : null}
        {form === "department" ? <DepartmentGoal onGoal={setGoal} /> : null}
        {form === "field" ? <FieldGoal onGoal={setGoal} /> : null}
        <div className={styles["numbers"]} role="status">
          {error !== null ? (
            <ProblemNotice error={error} onRetry={() => void (start.reset(), preview.refetch())} />
          ) : seen !== undefined ? (
            <Numbers seen={seen} hasValues={form === "field"} />
          ) : preview.isFetching ? (
            <p className="line soft">
              <Loader size={16} aria-hidden /> {w.bulk.counting}
            </p>
          ) : null}
        </div>
        {seen?.needsApproval === true ? (
          <>
            <p>{w.bulk.needsSecond}</p>
            <Textarea
              label={w.bulk.reason}
              placeholder={w.bulk.reasonHint}
              value={reason}
              maxLength={400}
              rows={2}
              data-autofocus
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          </>
        ) : null}
        <DialogActs
          onCancel={onClose}
          label={seen === undefined ? w.act.change : actionOf(form, seen, w.bulk)}
          isBusy={start.isPending}
          isDisabled={seen === undefined || seen.changes === 0 || needsReason || preview.isFetching}
        />
      </form>
    </Modal>
  );
}

function actionOf(
  form: BulkForm,
  { changes, needsApproval }: Preview,
  words: { go: (n: number) => string; goHandOver: (n: number) => string; goTrash: (n: number) => string },
): string {
  return form === "hand-over" ? words.goHandOver(changes) : needsApproval ? words.goTrash(changes) : words.go(changes);
}

function Numbers({ seen, hasValues }: { seen: Preview; hasValues: boolean }) {
  const { w } = useWords();
  const why = (["noRight", "wouldGain", "otherState", "suspended", "gone"] as const).filter((one) => seen.refused[one] > 0);
  const row = (label: string, count: number, isMain = false) => (
    <div className={styles["row"]} data-main={isMain || undefined} key={label}>
      <dt>{label}</dt>
      <dd className="number">{w.bulk.persons(count)}</dd>
    </div>
  );
  return (
    <div className="column tight">
      <dl className={styles["list"]}>
        {row(w.bulk.changes, seen.changes, true)}
        {seen.stays > 0 ? row(w.bulk.stays, seen.stays) : null}
        {why.map((one) => row(`${w.bulk.refused}: ${w.bulk[one]}`, seen.refused[one]))}
      </dl>
      {seen.gainSight > 0 ? <p>{w.bulk.gainSight(seen.gainSight)}</p> : null}
      {seen.loseSight > 0 ? <p className="soft">{w.bulk.loseSight(seen.loseSight)}</p> : null}
      {seen.leavesMySight > 0 ? <p>{w.bulk.leavesMySight(seen.leavesMySight)}</p> : null}
      {hasValues && seen.changes > 0 ? <p className="soft small">{w.bulk.fieldNote}</p> : null}
      {seen.changes === 0 ? <p>{w.bulk.nobody}</p> : null}
    </div>
  );
}

type OnGoal = (goal: Goal | undefined) => void;

function OwnerGoal({ onGoal }: { onGoal: OnGoal }) {
  const [ownerNo, setOwnerNo] = useState<number | null>(null);
  return (
    <OwnerSelect
      ownerNo={ownerNo}
      onChange={(next) => {
        setOwnerNo(next);
        onGoal({ kind: "change", ownerNo: next });
      }}
    />
  );
}

function HandOverGoal({ formerNo, onGoal }: { formerNo: number | undefined; onGoal: OnGoal }) {
  const { w } = useWords();
  const holders = useHolders();
  const [ownerNo, setOwnerNo] = useState<number>();
  const [cellNo, setCellNo] = useState<number>();
  const [moves, setMoves] = useState(false);
  const put = (owner: number | undefined, cell: number | undefined) =>
    onGoal(owner === undefined ? undefined : { kind: "hand-over", ownerNo: owner, ...(cell === undefined ? {} : { cellNo: cell }) });
  return (
    <>
      <p className="soft">{w.bulk.handOverLead}</p>
      <NativeSelect
        label={w.bulk.newOwner}
        value={ownerNo === undefined ? "" : String(ownerNo)}
        data={[
          { value: "", label: w.bulk.choosePerson },
          ...[...holders].filter(([no]) => no !== formerNo).map(([no, name]) => ({ value: String(no), label: textOf(name) ?? w.settings.ofNumber(no) })),
        ]}
        data-autofocus
        onChange={(event) => {
          const next = event.currentTarget.value === "" ? undefined : Number(event.currentTarget.value);
          setOwnerNo(next);
          put(next, moves ? cellNo : undefined);
        }}
      />
      <Checkbox
        label={w.bulk.alsoMove}
        checked={moves}
        onChange={(event) => {
          setMoves(event.currentTarget.checked);
          put(ownerNo, event.currentTarget.checked ? cellNo : undefined);
        }}
      />
      {moves ? (
        <DepartmentSelect
          label={w.bulk.newDepartment}
          cellNo={cellNo ?? null}
          onChange={(next) => {
            setCellNo(next);
            put(ownerNo, next);
          }}
        />
      ) : null}
    </>
  );
}

function DepartmentGoal({ onGoal }: { onGoal: OnGoal }) {
  const { w } = useWords();
  const [cellNo, setCellNo] = useState<number | null>(null);
  return (
    <DepartmentSelect
      label={w.bulk.newDepartment}
      cellNo={cellNo}
      onChange={(next) => {
        setCellNo(next);
        onGoal({ kind: "change", cellNo: next });
      }}
    />
  );
}

function FieldGoal({ onGoal }: { onGoal: OnGoal }) {
  const { w, label } = useWords();
  const fields = useFields("customer").filter((field) => field.mayWrite && field.place === "record");
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const [isEmptied, setIsEmptied] = useState(false);
  const field = fields.find((one) => one.key === key);
  const put = (chosen: string, text: string, empties: boolean) =>
    onGoal(chosen === "" || (!empties && text.trim() === "") ? undefined : { kind: "change", values: { [chosen]: empties ? null : text.trim() } });
  return (
    <>
      <NativeSelect
        label={w.bulk.whichField}
        value={key}
        data={[{ value: "", label: w.bulk.choosePerson }, ...fields.map((one) => ({ value: one.key, label: label(one) }))]}
        data-autofocus
        onChange={(event) => {
          setKey(event.currentTarget.value);
          setValue("");
          put(event.currentTarget.value, "", isEmptied);
        }}
      />
      {field === undefined ? null : (
        <>
          {isEmptied ? null : (
            <FormField
              label={w.bulk.newValue}
              type={field.type}
              value={value}
              onChange={(text) => {
                setValue(text);
                put(key, text, false);
              }}
            />
          )}
          <Checkbox
            label={w.bulk.emptied}
            checked={isEmptied}
            onChange={(event) => {
              setIsEmptied(event.currentTarget.checked);
              put(key, value, event.currentTarget.checked);
            }}
          />
        </>
      )}
    </>
  );
}
