import { Modal, Textarea } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

/** Asks for the reason of an act that stops or ends something; what it does is said first. */
export function ReasonDialog(given: {
  title: string;
  lead: string;
  /** Who reads the reason, and how long it is kept. */
  help: string;
  action: string;
  isOpen: boolean;
  isBusy: boolean;
  isLoss?: boolean;
  error: unknown;
  onConfirm: (reason: string) => void;
  onClose: () => void;
  children?: ReactNode;
}) {
  const { w } = useWords();
  const [reason, setReason] = useState("");
  const typed = reason.trim();
  const close = () => {
    setReason("");
    given.onClose();
  };
  return (
    <Modal opened={given.isOpen} onClose={close} title={given.title} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed !== "") given.onConfirm(typed);
        }}
      >
        <p>{given.lead}</p>
        {given.children}
        <Textarea
          label={w.requests.reason}
          description={given.help}
          value={reason}
          rows={3}
          maxLength={2000}
          required
          data-autofocus
          autoComplete="off"
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {given.error === null || given.error === undefined ? null : <ProblemNotice error={given.error} />}
        <DialogActs onCancel={close} label={given.action} isBusy={given.isBusy} isDisabled={typed === ""} isLoss={given.isLoss === true} />
      </form>
    </Modal>
  );
}
