import { Checkbox, Modal, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { bundleEvidence } from "#shared/evidence.ts";
import { download } from "#web/call.ts";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { useWords } from "#web/words/words.ts";

/** All evidence in one sealed file: numbers alone, unless names, texts or what was brought in are asked for under a password. */
export function BundleDialog({ incidentNo, onClose }: { incidentNo: number; onClose: () => void }) {
  const { w } = useWords();
  const words = w.evidence;
  const [asked, setAsked] = useState({ purpose: "", withNames: false, withTexts: false, withBrought: false, password: "" });
  const isLocked = asked.withNames || asked.withTexts || asked.withBrought;
  const isWhole = asked.purpose.trim() !== "" && (!isLocked || asked.password.length >= 12);
  const act = useIncidentAct(
    () => download(bundleEvidence, { params: { incidentNo }, body: { ...asked, password: isLocked ? asked.password : null } }),
    () => {
      onClose();
      return words.bundled;
    },
  );
  return (
    <Modal opened onClose={onClose} title={words.bundleTitle} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole && !act.isPending) act.mutate(undefined);
        }}
      >
        <p className="small soft">{words.bundleLead}</p>
        <TextInput
          label={words.purpose}
          data-autofocus
          value={asked.purpose}
          maxLength={400}
          autoComplete="off"
          onChange={(event) => setAsked({ ...asked, purpose: event.currentTarget.value })}
        />
        <p className="small">{words.numbersOnly}</p>
        {(["withNames", "withTexts", "withBrought"] as const).map((key) => (
          <Checkbox key={key} label={words[key]} checked={asked[key]} onChange={(event) => setAsked({ ...asked, [key]: event.currentTarget.checked })} />
        ))}
        <PasswordInput
          label={words.password}
          description={words.passwordHelp}
          disabled={!isLocked}
          value={asked.password}
          maxLength={200}
          autoComplete="new-password"
          onChange={(event) => setAsked({ ...asked, password: event.currentTarget.value })}
        />
        <DialogActs onCancel={onClose} label={words.bundleAct} isBusy={act.isPending} isDisabled={!isWhole} />
      </form>
    </Modal>
  );
}
