import { Checkbox, Modal, NativeSelect, Textarea } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { openIncident, playbookKeys, type IncidentCause, type PlaybookKey } from "#shared/incidents.ts";
import { call } from "#web/call.ts";
import { MomentField, momentOf, momentText } from "#web/incidents/moment-field.tsx";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { useWords } from "#web/words/words.ts";

/** What is known already: from a report of a colleague or from an alert. */
export interface Known {
  readonly playbook?: PlaybookKey;
  readonly what?: string;
  readonly knownAt?: string;
  readonly cause?: IncidentCause;
  readonly reportNo?: number;
  readonly alertNo?: number;
}

/** Opens an incident out of what is known: a sentence, a cause, a moment. */
export function OpenIncidentDialog({ known = {}, onClose }: { known?: Known; onClose: () => void }) {
  const { w } = useWords();
  const words = w.incidents;
  const navigate = useNavigate();
  const [what, setWhat] = useState(known.what ?? "");
  const [playbook, setPlaybook] = useState<PlaybookKey>(known.playbook ?? "unauthorised-access");
  const [knownAt, setKnownAt] = useState(() => momentText(known.knownAt === undefined ? new Date() : new Date(known.knownAt)));
  const [isDrill, setIsDrill] = useState(false);
  const at = momentOf(knownAt);
  const open = useIncidentAct(
    () =>
      call(openIncident, {
        body: {
          playbook,
          isDrill,
          knownAt: at ?? "",
          what: what.trim(),
          ...(known.cause === undefined ? {} : { cause: known.cause }),
          ...(known.reportNo === undefined ? {} : { reportNo: known.reportNo }),
          ...(known.alertNo === undefined ? {} : { alertNo: known.alertNo }),
        },
      }),
    ({ incidentNo }) => {
      onClose();
      void navigate({ to: "/incidents/$incidentNo", params: { incidentNo: String(incidentNo) } });
      return words.opened(incidentNo);
    },
  );
  return (
    <Modal opened onClose={onClose} title={words.openTitle} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (at !== undefined && what.trim() !== "") open.mutate(undefined);
        }}
      >
        <p className="soft">{words.openLead}</p>
        <Textarea
          data-autofocus
          label={words.what}
          description={words.whatHelp}
          value={what}
          required
          withAsterisk={false}
          autosize
          minRows={2}
          maxLength={400}
          autoComplete="off"
          onChange={(event) => setWhat(event.currentTarget.value)}
        />
        <NativeSelect
          label={words.playbook}
          value={playbook}
          data={playbookKeys.map((key) => ({ value: key, label: words.playbooks[key] }))}
          onChange={(event) => setPlaybook(event.currentTarget.value as PlaybookKey)}
        />
        <MomentField label={words.knownAt} help={words.knownAtHelp} value={knownAt} isRequired latest={momentText(new Date())} onChange={setKnownAt} />
        <Checkbox label={words.isDrill} checked={isDrill} onChange={(event) => setIsDrill(event.currentTarget.checked)} />
        <DialogActs onCancel={onClose} label={words.open} isBusy={open.isPending} isDisabled={at === undefined || what.trim() === ""} />
      </form>
    </Modal>
  );
}
