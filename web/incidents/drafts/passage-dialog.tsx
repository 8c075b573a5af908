import { Button, Modal, Textarea } from "@mantine/core";
import { useState } from "react";
import { mostPassage, writePassage, type DraftEntry } from "#shared/incident-drafts.ts";
import type { PaperKey } from "#shared/incident-papers.ts";
import { call } from "#web/call.ts";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { useWords } from "#web/words/words.ts";

/** Puts a passage into words of one's own: the paper is saved in a new version. */
export function PassageDialog({ incidentNo, paper, entry, onClose }: { incidentNo: number; paper: PaperKey; entry: DraftEntry; onClose: () => void }) {
  const { w } = useWords();
  const words = w.incidentDrafts;
  const [text, setText] = useState(entry.pieces.map((piece) => (typeof piece.text === "string" ? piece.text : "")).join(""));
  const write = useIncidentAct(
    (given: string | null) => call(writePassage, { params: { incidentNo, paper, key: entry.key }, body: { text: given } }),
    (reply) => {
      onClose();
      return words.saved(reply.made.version);
    },
  );
  return (
    <Modal opened onClose={onClose} title={words.edit} size="lg" closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== "") write.mutate(text.trim());
        }}
      >
        <Textarea
          data-autofocus
          label={entry.label ?? words.passage}
          value={text}
          autosize
          minRows={4}
          maxRows={18}
          maxLength={mostPassage}
          autoComplete="off"
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div className="line apart">
          <Button variant="default" onClick={() => write.mutate(null)}>
            {words.template}
          </Button>
          <div className="line">
            <Button variant="default" onClick={onClose}>
              {w.act.cancel}
            </Button>
            <Button type="submit" loading={write.isPending} disabled={text.trim() === ""}>
              {w.act.save}
            </Button>
          </div>
        </div>
      </form>
    </Modal>
  );
}
