import { Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import type { FieldSection } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

/** Asks for the name of a section in both languages, of a new one or of one that is to be called otherwise. */
export function NameSection(given: {
  section: FieldSection | undefined;
  isBusy: boolean;
  onNamed: (names: { ja: string; en: string }) => void;
  onClose: () => void;
}) {
  const { w } = useWords();
  const isNew = given.section === undefined;
  const [ja, setJa] = useState(given.section?.ja ?? "");
  const [en, setEn] = useState(given.section?.en ?? "");
  return (
    <Modal opened onClose={given.onClose} title={isNew ? w.fields.addSection : w.fields.renameSection} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        method="post"
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          given.onNamed({ ja, en: en.trim() });
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.nativeEvent.isComposing || event.keyCode === 229)) event.preventDefault();
        }}
      >
        <TextInput label={w.fields.sectionName} value={ja} maxLength={40} required data-autofocus onChange={(event) => setJa(event.currentTarget.value)} />
        <TextInput label={w.fields.en} value={en} maxLength={60} placeholder={w.fields.enHint} onChange={(event) => setEn(event.currentTarget.value)} />
        <DialogActs onCancel={given.onClose} label={isNew ? w.fields.create : w.act.save} isBusy={given.isBusy} isDisabled={ja.trim() === ""} />
      </form>
    </Modal>
  );
}
