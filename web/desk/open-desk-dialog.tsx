import { Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import { openDesk } from "#shared/desk.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { call } from "#web/call.ts";
import { noOperators, OperatorFields, operatorsOf } from "#web/desk/operator-fields.tsx";
import { useDeskAct, type WholeDesk } from "#web/desk/use-desk.ts";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

export type Invitations = ReplyOf<typeof openDesk>["invitations"];
const keys = ["name", "phone", "hours", "mail", "page"] as const;

/** Number, hours and operators on one sheet: the desk opens with it. */
export function OpenDeskDialog({
  incidentNo,
  desk,
  onInvited,
  onClose,
}: {
  incidentNo: number;
  desk: WholeDesk;
  onInvited: (invitations: Invitations) => void;
  onClose: () => void;
}) {
  const { w } = useWords();
  const words = w.desk;
  const known = (key: (typeof keys)[number], preset: string): string => textOf(desk.facts[key]) ?? preset;
  const [facts, setFacts] = useState(() => ({
    name: known("name", words.defaultName),
    phone: known("phone", ""),
    hours: known("hours", words.defaultHours),
    mail: known("mail", ""),
    page: known("page", ""),
  }));
  const [typed, setTyped] = useState(noOperators);
  const operators = operatorsOf(typed);
  const open = useDeskAct(
    () => call(openDesk, { params: { incidentNo }, body: { ...facts, ...(operators ?? { invite: [], accountNos: [], until: "" }) } }),
    ({ invitations }) => {
      onInvited(invitations);
      onClose();
      return words.opened;
    },
  );
  return (
    <Modal opened onClose={onClose} size="lg" title={words.open} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (operators !== undefined && facts.name.trim() !== "") open.mutate(undefined);
        }}
      >
        <p className="soft">{words.openLead}</p>
        {keys.map((key) => (
          <TextInput
            key={key}
            {...(key === "phone" ? { "data-autofocus": true, inputMode: "tel" as const } : {})}
            label={words.facts[key]}
            value={facts[key]}
            required={key === "name"}
            withAsterisk={false}
            maxLength={key === "phone" ? 60 : 200}
            autoComplete="off"
            onChange={(event) => setFacts({ ...facts, [key]: event.currentTarget.value })}
          />
        ))}
        <h3>{words.operators}</h3>
        <OperatorFields typed={typed} former={desk.former.concat(desk.operators.map((one) => one.accountNo))} onType={setTyped} />
        <DialogActs onCancel={onClose} label={words.open} isBusy={open.isPending} isDisabled={operators === undefined || facts.name.trim() === ""} />
      </form>
    </Modal>
  );
}
