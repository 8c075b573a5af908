import { Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { handOverEvidence } from "#shared/evidence.ts";
import { call } from "#web/call.ts";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { useWords } from "#web/words/words.ts";

export function HandOverForm({ itemNo, onDone, onClose }: { itemNo: number; onDone: () => void; onClose: () => void }) {
  const { w } = useWords();
  const words = w.evidence;
  const [said, setSaid] = useState({ to: "", purpose: "", note: "" });
  const act = useIncidentAct(
    () => call(handOverEvidence, { params: { itemNo }, body: said }),
    ({ receipt }) => {
      onDone();
      return words.handedOver(receipt);
    },
  );
  const isWhole = said.to.trim() !== "" && said.purpose.trim() !== "";
  return (
    <form
      className="column"
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole) act.mutate(undefined);
      }}
    >
      <p className="small soft">{words.handOverLead}</p>
      <TextInput
        label={words.to}
        data-autofocus
        value={said.to}
        maxLength={200}
        autoComplete="off"
        onChange={(event) => setSaid({ ...said, to: event.currentTarget.value })}
      />
      <TextInput
        label={words.purpose}
        value={said.purpose}
        maxLength={400}
        autoComplete="off"
        onChange={(event) => setSaid({ ...said, purpose: event.currentTarget.value })}
      />
      <Textarea
        label={words.note}
        value={said.note}
        maxLength={1000}
        autosize
        autoComplete="off"
        onChange={(event) => setSaid({ ...said, note: event.currentTarget.value })}
      />
      <DialogActs onCancel={onClose} label={words.handOver} isBusy={act.isPending} isDisabled={!isWhole} />
    </form>
  );
}
