import { Modal, Textarea } from "@mantine/core";
import { useState } from "react";
import { changeIncident, type IncidentHead } from "#shared/incidents.ts";
import { call } from "#web/call.ts";
import { MomentField, momentOf, momentText } from "#web/incidents/moment-field.tsx";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

/** Corrects the sentence and the moment of knowing; what stood there before stays in the ledger. */
export function EditIncidentDialog({ incident, onClose }: { incident: IncidentHead; onClose: () => void }) {
  const { w } = useWords();
  const words = w.incidents;
  const formerWhat = textOf(incident.what) ?? "";
  const formerKnownAt = momentText(new Date(incident.knownAt));
  const [what, setWhat] = useState(formerWhat);
  const [knownAt, setKnownAt] = useState(formerKnownAt);
  const at = momentOf(knownAt);
  const change = useIncidentAct(
    () =>
      call(changeIncident, {
        params: { incidentNo: incident.incidentNo },
        body: {
          version: incident.version,
          ...(what.trim() === formerWhat ? {} : { what: what.trim() }),
          ...(knownAt === formerKnownAt || at === undefined ? {} : { knownAt: at }),
        },
      }),
    () => {
      onClose();
      return words.edited;
    },
  );
  const isChanged = what.trim() !== formerWhat || knownAt !== formerKnownAt;
  return (
    <Modal opened onClose={onClose} title={words.edit} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (isChanged && at !== undefined && what.trim() !== "") change.mutate(undefined);
        }}
      >
        <Textarea
          data-autofocus
          label={words.what}
          value={what}
          autosize
          minRows={2}
          maxLength={400}
          autoComplete="off"
          onChange={(event) => setWhat(event.currentTarget.value)}
        />
        <MomentField label={words.knownAt} help={words.knownAtHelp} value={knownAt} isRequired latest={momentText(new Date())} onChange={setKnownAt} />
        <DialogActs onCancel={onClose} label={w.act.save} isBusy={change.isPending} isDisabled={!isChanged || at === undefined || what.trim() === ""} />
      </form>
    </Modal>
  );
}
