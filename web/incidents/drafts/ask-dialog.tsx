import { Checkbox, Modal, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { askDraftApproval, type DraftHead } from "#shared/incident-drafts.ts";
import { call } from "#web/call.ts";
import { useMatches, useScopeRuns } from "#web/incidents/scope/use-scope.ts";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { useWords } from "#web/words/words.ts";

/** Asks a second person about one version. What its people still hang on is said here, before anything is asked. */
export function AskDialog({ head, isOnScope, onClose }: { head: DraftHead; isOnScope: boolean; onClose: () => void }) {
  const { w } = useWords();
  const words = w.incidentDrafts;
  const { data: scope } = useScopeRuns(head.incidentNo);
  const { data: matched } = useMatches(head.incidentNo, isOnScope);
  const [reason, setReason] = useState("");
  const [isDespite, setIsDespite] = useState(false);
  const isUnverified = isOnScope && scope?.runs.find(({ runNo }) => runNo === head.runNo)?.verification.state === "pending";
  const isUndecided = isOnScope && (matched?.undecided ?? 0) > 0;
  const isBeforeVerification = isUnverified && isDespite;
  const ask = useIncidentAct(
    () => call(askDraftApproval, { params: { draftNo: head.draftNo }, body: { reason: reason.trim(), isBeforeVerification } }),
    () => {
      onClose();
      return words.asked;
    },
  );
  const isReady = !isUndecided && (!isUnverified || (isDespite && reason.trim() !== ""));
  return (
    <Modal opened onClose={onClose} title={words.askApproval} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) ask.mutate(undefined);
        }}
      >
        <p>{words.askLead}</p>
        {isUndecided ? (
          <p role="status">
            {words.undecided}{" "}
            <Link to="/incidents/$incidentNo/$section" params={{ incidentNo: String(head.incidentNo), section: "scope" }}>
              {words.settle}
            </Link>
          </p>
        ) : isUnverified ? (
          <div className="column tight" role="status">
            <p>{words.unverified}</p>
            <Checkbox label={words.despite} checked={isDespite} onChange={(event) => setIsDespite(event.currentTarget.checked)} />
          </div>
        ) : null}
        <TextInput
          data-autofocus
          label={isBeforeVerification ? words.despiteReason : words.reason}
          value={reason}
          maxLength={400}
          autoComplete="off"
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <DialogActs onCancel={onClose} label={words.askApproval} isBusy={ask.isPending} isDisabled={!isReady} />
      </form>
    </Modal>
  );
}
