import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { useWords } from "#web/words/words.ts";

/** Asked only before what cannot be undone or leaves the house; the lead says it in numbers. */
export function Confirm(given: {
  title: string;
  lead: ReactNode;
  action: string;
  isOpen: boolean;
  isBusy?: boolean;
  isLoss?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const { w } = useWords();
  return (
    <Modal opened={given.isOpen} onClose={given.onClose} title={given.title} closeButtonProps={{ "aria-label": w.act.close }}>
      <div className="column">
        <div>{given.lead}</div>
        <DialogActs onCancel={given.onClose} label={given.action} isBusy={given.isBusy ?? false} onAct={given.onConfirm} isLoss={given.isLoss === true} />
      </div>
    </Modal>
  );
}
