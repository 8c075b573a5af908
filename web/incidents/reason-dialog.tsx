import { Modal, Textarea } from "@mantine/core";
import { useState } from "react";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { useWords } from "#web/words/words.ts";

/** Asks for a few words: why something is put away or skipped, or a note. */
export function ReasonDialog({
  title,
  label,
  action,
  start = "",
  most = 400,
  isOptional = false,
  isBusy,
  onSay,
  onClose,
}: {
  title: string;
  label: string;
  action: string;
  start?: string;
  most?: number;
  isOptional?: boolean;
  isBusy: boolean;
  onSay: (text: string) => void;
  onClose: () => void;
}) {
  const { w } = useWords();
  const [text, setText] = useState(start);
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (isOptional || text.trim() !== "") onSay(text.trim());
        }}
      >
        <Textarea
          data-autofocus
          label={label}
          value={text}
          autosize
          minRows={2}
          maxLength={most}
          autoComplete="off"
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <DialogActs onCancel={onClose} label={action} isBusy={isBusy} isDisabled={!isOptional && text.trim() === ""} />
      </form>
    </Modal>
  );
}
