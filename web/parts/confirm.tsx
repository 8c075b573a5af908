import { Button, Modal } from "@mantine/core";
import type { ReactNode } from "react";
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
        <div className="line apart">
          <Button variant="default" onClick={given.onClose}>
            {w.act.cancel}
          </Button>
          <Button loading={given.isBusy ?? false} onClick={given.onConfirm} {...(given.isLoss === true ? { color: "red" } : {})}>
            {given.action}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
