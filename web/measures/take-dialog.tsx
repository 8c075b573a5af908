import { Modal, NativeSelect, Radio, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { previewMeasure, takeMeasure, type MeasureKind } from "#shared/measures.ts";
import { call } from "#web/call.ts";
import styles from "#web/measures/measures.module.css";
import { useMeantWords } from "#web/measures/measure-words.ts";
import { useMeasureAct } from "#web/measures/use-measure-act.ts";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf, useDepartments, useRoles, useStaff } from "#web/parts/use-directory.ts";
import { useMe } from "#web/parts/use-me.ts";
import { measuresEn, measuresJa } from "#web/words/measures.ts";
import { useWords } from "#web/words/words.ts";

type Target = "service" | "everybody" | "account" | "role" | "department";
const targetsOf: Readonly<Record<MeasureKind, readonly Target[]>> = {
  "cut-sessions": ["account", "role", "department", "everybody"],
  freeze: ["account", "role", "department"],
  "hold-exports": ["service"],
  "withdraw-lists": ["service"],
  "read-only": ["service"],
  stop: ["service"],
};
const endings = ["none", "1", "4", "24", "168"] as const;

/** One measure: whom, why, until when, and in numbers what it does, before it is done. */
export function TakeDialog({ kind, incidentNo, isDrill, onClose }: { kind: MeasureKind; incidentNo: number | null; isDrill: boolean; onClose: () => void }) {
  const { w, label } = useWords();
  const words = w.measures;
  const { accountNo: own } = useMe();
  const [target, setTarget] = useState<Target>(targetsOf[kind][0] ?? "service");
  const [chosen, setChosen] = useState("");
  const [reason, setReason] = useState("");
  const [ending, setEnding] = useState<(typeof endings)[number]>("none");
  const [waits, setWaits] = useState(false);
  const [messageJa, setMessageJa] = useState(kind === "stop" ? measuresJa.messageDefault : "");
  const [messageEn, setMessageEn] = useState(kind === "stop" ? measuresEn.messageDefault : "");
  const [callBack, setCallBack] = useState("");
  const meantWords = useMeantWords();
  const staff = useStaff();
  const roles = useRoles();
  const departments = useDepartments();
  const choices =
    target === "account"
      ? [...staff].filter(([no]) => no !== own).map(([no, name]) => ({ value: String(no), label: textOf(name) ?? w.settings.ofNumber(no) }))
      : target === "role"
        ? roles.map((role) => ({ value: role.key, label: label(role) }))
        : target === "department"
          ? departments.map((one) => ({ value: String(one.departmentNo), label: one.name }))
          : [];
  const needsChoice = target === "account" || target === "role" || target === "department";
  const act = {
    kind,
    target,
    accountNo: target === "account" && chosen !== "" ? Number(chosen) : null,
    roleKey: target === "role" && chosen !== "" ? chosen : null,
    departmentNo: target === "department" && chosen !== "" ? Number(chosen) : null,
  };
  const isChosen = !needsChoice || chosen !== "";
  const preview = useQuery({
    queryKey: ["measure-preview", kind, target, chosen],
    queryFn: () => call(previewMeasure, { body: act }),
    enabled: isChosen,
    staleTime: 0,
  });
  const take = useMeasureAct(
    () =>
      call(takeMeasure, {
        body: {
          ...act,
          reason,
          incidentNo,
          isDrill,
          hours: ending === "none" || kind === "cut-sessions" ? null : Number(ending),
          waits,
          message: kind === "stop" ? { messageJa, messageEn, callBack } : null,
        },
      }),
    ({ state, sessionsCut }) => {
      onClose();
      return state === "waiting" ? words.asked : kind === "cut-sessions" ? words.takenCut(sessionsCut) : words.taken;
    },
  );
  const seen = isChosen ? preview.data : undefined;
  const isAsking = seen?.needsSecond === true && waits && !isDrill;
  return (
    <Modal opened onClose={onClose} title={words.kinds[kind]} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          take.mutate(undefined);
        }}
      >
        {isDrill ? (
          <p className="line">
            <Mark tone="look">{words.drill}</Mark> {words.drillHelp}
          </p>
        ) : null}
        {targetsOf[kind].length < 2 ? null : (
          <NativeSelect
            label={words.whom}
            value={target}
            data={targetsOf[kind].map((value) => ({ value, label: words.targets[value] }))}
            onChange={(event) => {
              setTarget(event.currentTarget.value as Target);
              setChosen("");
            }}
          />
        )}
        {needsChoice ? (
          <NativeSelect
            label={words.targets[target]}
            value={chosen}
            data={[{ value: "", label: words.choose }, ...choices]}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        ) : null}
        {preview.error === null ? null : <ProblemNotice error={preview.error} />}
        {/* Its place is kept, so that nothing moves under the thumb. */}
        <div className={styles["effect"]} aria-live="polite" data-named={target !== "service" || undefined}>
          {seen === undefined ? (
            <p className="soft">{isChosen ? w.act.loading : words.choose}</p>
          ) : seen.refusal !== null ? (
            <p>{words.reasons[seen.refusal]}</p>
          ) : (
            <>
              {target === "service" ? null : <p className={styles["what"]}>{meantWords(act)}</p>}
              <p>{words.effect[kind](seen.accounts, seen.signedIn, seen.sessions)}</p>
            </>
          )}
        </div>
        {kind === "stop" ? (
          <>
            <Textarea
              label={words.message}
              autosize
              minRows={2}
              maxLength={400}
              value={messageJa}
              onChange={(event) => setMessageJa(event.currentTarget.value)}
            />
            <Textarea
              label={words.messageEn}
              autosize
              minRows={2}
              maxLength={400}
              value={messageEn}
              onChange={(event) => setMessageEn(event.currentTarget.value)}
            />
            <TextInput label={words.callBack} maxLength={60} autoComplete="off" value={callBack} onChange={(event) => setCallBack(event.currentTarget.value)} />
          </>
        ) : null}
        <TextInput
          label={words.reason}
          description={words.reasonHelp}
          required
          withAsterisk={false}
          maxLength={400}
          autoComplete="off"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {kind === "cut-sessions" ? null : (
          <NativeSelect
            label={words.ends}
            value={ending}
            data={endings.map((value) => ({ value, label: words.endings[value] }))}
            onChange={(event) => setEnding(event.currentTarget.value as (typeof endings)[number])}
          />
        )}
        {seen?.needsSecond === true && !isDrill ? (
          <Radio.Group label={words.second(seen.confirmers)} value={waits ? "waits" : "now"} onChange={(value) => setWaits(value === "waits")}>
            <div className="column tight">
              <Radio value="now" label={kind === "cut-sessions" ? words.secondCut : words.secondNow} />
              <Radio value="waits" label={words.secondWaits} />
            </div>
          </Radio.Group>
        ) : null}
        <DialogActs
          onCancel={onClose}
          label={isDrill ? words.takeDrill : isAsking ? words.ask : words.take}
          size="md"
          isLoss={!isAsking && !isDrill}
          isBusy={take.isPending}
          isDisabled={seen === undefined || seen.refusal !== null || reason.trim() === ""}
        />
      </form>
    </Modal>
  );
}
