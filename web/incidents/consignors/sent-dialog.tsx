import { Modal, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { dayInJapan } from "#shared/day-in-japan.ts";
import { markPackSent, sentHows } from "#shared/incident-consignors.ts";
import { call } from "#web/call.ts";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { DayField } from "#web/parts/day-field.tsx";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { useWords } from "#web/words/words.ts";

/** When and how a company was told, and who took it. */
export function SentDialog({ packNo, name, onClose }: { packNo: number; name: string; onClose: () => void }) {
  const { w } = useWords();
  const words = w.incidentConsignors;
  const today = dayInJapan(new Date());
  const [on, setOn] = useState(today);
  const [how, setHow] = useState<(typeof sentHows)[number]>("mail");
  const [receipt, setReceipt] = useState("");
  const send = useIncidentAct(
    () => call(markPackSent, { params: { packNo }, body: { on, how, receipt: receipt.trim() } }),
    () => {
      onClose();
      return words.sent;
    },
  );
  return (
    <Modal opened onClose={onClose} title={words.sendTitle(name)} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate(undefined);
        }}
      >
        <DayField label={words.on} value={on} latest={today} isLabelled isRequired isFormSize onChange={(value) => setOn(value ?? today)} />
        <NativeSelect
          label={words.how}
          value={how}
          data={sentHows.map((one) => ({ value: one, label: words.hows[one] }))}
          onChange={(event) => setHow(sentHows.find((one) => one === event.currentTarget.value) ?? how)}
        />
        <TextInput label={words.receipt} maxLength={400} autoComplete="off" value={receipt} onChange={(event) => setReceipt(event.currentTarget.value)} />
        <DialogActs onCancel={onClose} label={words.send} isBusy={send.isPending} />
      </form>
    </Modal>
  );
}
