import { Button, Checkbox, Fieldset, Modal, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { createList, listDestinations, showListPolicy } from "#shared/lists.ts";
import type { Purpose } from "#shared/rights.ts";
import { call } from "#web/call.ts";
import { ListFile } from "#web/lists/list-file.tsx";
import styles from "#web/lists/lists.module.css";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useFields } from "#web/parts/use-directory.ts";
import { useMe } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

const usualFields = ["fullName", "postalCode", "address"];
const usualDays = [1, 7, 14, 30, 90];
const dayMs = 86_400_000;

/** The day so many days from now in Japan, `YYYY-MM-DD`. */
function dayIn(days: number): string {
  return new Date(Date.now() + days * dayMs + 9 * 3_600_000).toISOString().slice(0, 10);
}

/** All of an opened list; of a saved one with the fields of its columns. */
export interface WholeView {
  readonly viewId: string;
  readonly fields: readonly string[] | undefined;
}

/** 「持ち出し」: the chosen people as an encrypted file, for a purpose, until a day; beyond the limit a request. */
export function ExportDialog({ customerNos, view, onClose }: { customerNos: readonly number[]; view?: WholeView | undefined; onClose: () => void }) {
  const { w, label, list, date } = useWords();
  const { purposes } = useMe();
  const client = useQueryClient();
  const fields = useFields("customer").filter((field) => field.mayRead);
  const { data: limits } = useQuery({ queryKey: ["list-policy"], queryFn: () => call(showListPolicy), staleTime: 0 });
  const [name, setName] = useState("");
  const [purpose, setPurpose] = useState<Purpose | "">("");
  const [destination, setDestination] = useState<(typeof listDestinations)[number]>("inside");
  const [handler, setHandler] = useState("");
  const [chosen, setChosen] = useState<readonly string[]>(view?.fields ?? usualFields);
  const [days, setDays] = useState(7);
  const [reason, setReason] = useState("");
  const make = useMutation({
    mutationFn: (stated: Purpose) =>
      call(createList, {
        body: {
          name,
          purpose: stated,
          destination,
          handler,
          reason,
          fields: picked.map((field) => field.key),
          ...(view === undefined ? { customerNos: [...customerNos] } : { viewId: view.viewId, expected: { persons: customerNos.length } }),
          endsOn: dayIn(term),
        },
      }),
    onSuccess: () => {
      for (const key of ["lists", "approvals", "list-policy"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  const picked = fields.filter((field) => chosen.includes(field.key));
  const longest = limits?.days ?? 7;
  const terms = [...new Set([...usualDays.filter((one) => one < longest), longest])];
  const term = Math.min(days, longest);
  const taken = limits?.taken ?? 0;
  const takenNos = limits?.takenNos ?? [];
  const wouldBe = taken - takenNos.length + new Set([...takenNos, ...customerNos]).size;
  const isBeyond = limits !== undefined && (wouldBe > limits.freePersons || picked.some((field) => field.class === "sensitive"));
  const isWhole = name.trim() !== "" && purpose !== "" && picked.length > 0 && (destination === "inside" || handler.trim() !== "");

  if (make.data !== undefined) {
    const { listNo, leftOut, kind } = make.data;
    const isReady = kind === "ready";
    return (
      <Modal opened onClose={onClose} title={isReady ? w.lists.madeTitle : w.lists.askedTitle} closeButtonProps={{ "aria-label": w.act.close }}>
        <div className="column">
          {isReady ? <ListFile listNo={listNo} isAtOnce /> : <p>{w.lists.askedLead}</p>}
          {leftOut === 0 ? null : <p className="small">{w.lists.leftOut(leftOut)}</p>}
          <div className="line apart">
            <Link to="/lists/$listNo" params={{ listNo: String(listNo) }} onClick={onClose}>
              {w.lists.openList}
            </Link>
            <Button variant="default" onClick={onClose}>
              {w.act.close}
            </Button>
          </div>
        </div>
      </Modal>
    );
  }
  return (
    <Modal opened onClose={onClose} title={w.lists.takeTitle} size="lg" closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) make.mutate(purpose);
        }}
      >
        <p className="soft small">{w.lists.takeLead}</p>
        <TextInput
          data-autofocus
          required
          label={w.lists.name}
          placeholder={w.lists.nameHint}
          value={name}
          maxLength={80}
          autoComplete="off"
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          required
          label={w.lists.purpose}
          value={purpose}
          data={[{ value: "", label: w.lists.choosePurpose }, ...purposes.map((one) => ({ value: one, label: w.purposes[one] }))]}
          onChange={(event) => setPurpose(event.currentTarget.value as Purpose | "")}
        />
        <Fieldset legend={w.lists.fields} variant="unstyled">
          <div className={styles["fields"]}>
            {fields.map((field) => (
              <Checkbox
                key={field.key}
                checked={chosen.includes(field.key)}
                label={
                  <span className="line">
                    {label(field)} {field.class === "sensitive" ? <Mark tone="look">{w.lists.sensitiveField}</Mark> : null}
                  </span>
                }
                onChange={(event) => setChosen(event.currentTarget.checked ? [...chosen, field.key] : chosen.filter((key) => key !== field.key))}
              />
            ))}
          </div>
        </Fieldset>
        <div className="column tight">
          <NativeSelect
            label={w.lists.destination}
            value={destination}
            data={listDestinations.map((one) => ({ value: one, label: w.lists.destinations[one] }))}
            onChange={(event) => setDestination(event.currentTarget.value === "handler" ? "handler" : "inside")}
          />
          {destination === "handler" ? (
            <TextInput
              required
              label={w.lists.handler}
              placeholder={w.lists.handlerHint}
              value={handler}
              maxLength={80}
              autoComplete="off"
              onChange={(event) => setHandler(event.currentTarget.value)}
            />
          ) : null}
        </div>
        <NativeSelect
          label={w.lists.days}
          value={String(term)}
          data={terms.map((one) => ({ value: String(one), label: w.lists.daysOption(one, date(`${dayIn(one)}T00:00:00+09:00`)) }))}
          onChange={(event) => setDays(Number(event.currentTarget.value))}
        />
        {isBeyond ? (
          <Textarea
            label={w.lists.reason}
            rows={2}
            maxLength={400}
            value={reason}
            autoComplete="off"
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        ) : null}
        <p className={styles["summary"]}>
          {w.lists.summary(
            customerNos.length,
            picked.length === 0 ? "–" : list(picked.map(label)),
            w.lists.destinations[destination],
            purpose === "" ? "–" : w.purposes[purpose],
          )}
        </p>
        {limits === undefined ? null : (
          <p className="small soft">
            {isBeyond ? w.lists.needsApproval : w.lists.limit(limits.freePersons)} {taken === 0 ? null : w.lists.taken(taken, limits.freePersons)}
          </p>
        )}
        {make.error === null ? null : <ProblemNotice error={make.error} />}
        <DialogActs onCancel={onClose} label={isBeyond ? w.lists.ask : w.lists.make} isBusy={make.isPending} isDisabled={!isWhole} />
      </form>
    </Modal>
  );
}
