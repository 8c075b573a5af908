import { Button, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import { useWords } from "#web/words/words.ts";

/** Asks for the name of a section in both languages. */
export function NameSection(given: { isOpen: boolean; isBusy: boolean; onNamed: (names: { ja: string; en: string }) => void; onClose: () => void }) {
  const { w } = useWords();
  const [ja, setJa] = useState("");
  const [en, setEn] = useState("");
  return (
    <Modal opened={given.isOpen} onClose={given.onClose} title={w.fields.addSection} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        method="post"
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          given.onNamed({ ja, en: en.trim() });
          setJa("");
          setEn("");
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.nativeEvent.isComposing || event.keyCode === 229)) event.preventDefault();
        }}
      >
        <TextInput label={w.fields.sectionName} value={ja} maxLength={40} required data-autofocus onChange={(event) => setJa(event.currentTarget.value)} />
        <TextInput label={w.fields.en} value={en} maxLength={60} placeholder={w.fields.enHint} onChange={(event) => setEn(event.currentTarget.value)} />
        <div className="line apart">
          <Button variant="default" onClick={given.onClose}>
            {w.act.cancel}
          </Button>
          <Button type="submit" loading={given.isBusy} disabled={ja.trim() === ""}>
            {w.fields.create}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
