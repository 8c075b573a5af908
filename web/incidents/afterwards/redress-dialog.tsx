import { Modal, NativeSelect, NumberInput, Textarea } from "@mantine/core";
import { useState } from "react";
import { addRedress, houseCosts, personRedress, redressKinds, redressStates, type RedressKind, type RedressState } from "#shared/incident-afterwards.ts";
import { call } from "#web/call.ts";
import { useAfterwardsAct } from "#web/incidents/afterwards/use-afterwards.ts";
import { DayField } from "#web/parts/day-field.tsx";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { useWords } from "#web/words/words.ts";

const whoms = ["confirmed", "both", "one"] as const;
type Whom = (typeof whoms)[number];

/** Enters something for people of the incident, or a cost of the house. For many, step by step, and says how far it is. */
export function RedressDialog({ incidentNo, onClose }: { incidentNo: number; onClose: () => void }) {
  const { w } = useWords();
  const words = w.incidentAfterwards;
  const [kind, setKind] = useState<RedressKind>("voucher");
  const [amount, setAmount] = useState<number>(0);
  const [state, setState] = useState<RedressState>("planned");
  const [onDay, setOnDay] = useState<string>();
  const [note, setNote] = useState("");
  const [whom, setWhom] = useState<Whom>("confirmed");
  const [customerNo, setCustomerNo] = useState<number>();
  const [progress, setProgress] = useState<string>();
  const isHouse = (houseCosts as readonly string[]).includes(kind);
  const isOne = isHouse || whom === "one";
  const enter = useAfterwardsAct(
    async () => {
      const body = {
        kind,
        amount,
        state,
        onDay: onDay ?? null,
        note: isOne ? note.trim() : "",
        ...(isHouse
          ? {}
          : whom === "one"
            ? { customerNos: [customerNo ?? 0] }
            : { tiers: whom === "both" ? (["confirmed", "possible"] as const).slice() : (["confirmed"] as const).slice() }),
      };
      const sum = { added: 0, known: undefined as number | undefined };
      for (let left = 1; left > 0;) {
        const done = await call(addRedress, { params: { incidentNo }, body });
        sum.added += done.added;
        sum.known ??= done.known;
        left = done.left;
        if (left > 0) setProgress(words.entering(sum.added, left));
      }
      return { added: sum.added, known: sum.known ?? 0 };
    },
    ({ added, known }) => {
      onClose();
      return words.entered(added, known);
    },
  );
  const isWhole = isHouse || whom !== "one" || customerNo !== undefined;
  return (
    <Modal opened onClose={onClose} title={words.enter} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) enter.mutate(undefined);
        }}
      >
        <NativeSelect
          data-autofocus
          label={words.kind}
          value={kind}
          data={[
            { group: words.ofPeople, items: personRedress.map((value) => ({ value, label: words.kinds[value] })) },
            { group: words.ofHouse, items: houseCosts.map((value) => ({ value, label: words.kinds[value] })) },
          ]}
          onChange={(event) => setKind(redressKinds.find((one) => one === event.currentTarget.value) ?? "voucher")}
        />
        {isHouse ? null : (
          <NativeSelect
            label={words.whom}
            value={whom}
            data={whoms.map((value) => ({ value, label: words.whoms[value] }))}
            onChange={(event) => setWhom(whoms.find((one) => one === event.currentTarget.value) ?? "confirmed")}
          />
        )}
        {!isHouse && whom === "one" ? (
          <NumberInput
            label={words.customerNo}
            value={customerNo ?? ""}
            min={1}
            allowDecimal={false}
            hideControls
            onChange={(value) => setCustomerNo(typeof value === "number" ? value : undefined)}
          />
        ) : null}
        <NumberInput
          label={isHouse ? words.amountWhole : words.amount}
          value={amount}
          min={0}
          max={2_000_000_000}
          step={100}
          allowDecimal={false}
          thousandSeparator=","
          onChange={(value) => setAmount(typeof value === "number" ? value : 0)}
        />
        <NativeSelect
          label={words.state}
          value={state}
          data={redressStates.map((value) => ({ value, label: words.redressStates[value] }))}
          onChange={(event) => setState(redressStates.find((one) => one === event.currentTarget.value) ?? "planned")}
        />
        <DayField label={words.onDay} value={onDay} isLabelled isFormSize onChange={setOnDay} />
        {isOne ? (
          <Textarea
            label={words.note}
            value={note}
            autosize
            minRows={2}
            maxLength={1000}
            autoComplete="off"
            onChange={(event) => setNote(event.currentTarget.value)}
          />
        ) : null}
        <DialogActs onCancel={onClose} label={words.enter} isBusy={enter.isPending} isDisabled={!isWhole}>
          <span className="small soft" role="status">
            {progress ?? ""}
          </span>
        </DialogActs>
      </form>
    </Modal>
  );
}
