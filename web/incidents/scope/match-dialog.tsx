import { Button, FileButton, Modal, Textarea } from "@mantine/core";
import { useState } from "react";
import { matchPeople } from "#shared/incident-match.ts";
import { upload } from "#web/call.ts";
import { useScopeAct } from "#web/incidents/scope/use-scope.ts";
import { useSeconds } from "#web/incidents/scope/use-seconds.ts";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { useWords } from "#web/words/words.ts";

/** Takes a list: pasted, or a file. It is sealed as it arrives and matched at once. */
export function MatchDialog({ incidentNo, onMatched, onClose }: { incidentNo: number; onMatched: (matchNo: number) => void; onClose: () => void }) {
  const { w } = useWords();
  const words = w.incidentScope.match;
  const [text, setText] = useState("");
  const send = useScopeAct(
    (file: File) => upload(matchPeople, file, { params: { incidentNo } }),
    ({ matchNo }) => {
      onMatched(matchNo);
      return undefined;
    },
  );
  const seconds = useSeconds(send.isPending);
  const take = (file: File | null) => {
    if (file !== null && !send.isPending) send.mutate(file);
  };
  return (
    <Modal opened onClose={onClose} title={words.add} size="lg" closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== "") take(new File([text], `${words.pasted}.csv`, { type: "text/csv" }));
        }}
      >
        <Textarea
          label={words.paste}
          description={words.pasteHelp}
          data-autofocus
          rows={8}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div className="line">
          <span className="small soft">{words.or}</span>
          <FileButton accept=".xlsx,.csv,.tsv,.txt,.vcf" onChange={take} inputProps={{ "aria-label": words.file }}>
            {(props) => (
              <Button {...props} variant="default" disabled={send.isPending}>
                {words.file}
              </Button>
            )}
          </FileButton>
        </div>
        <p className="small soft" role="status">
          {send.isPending ? words.matching(seconds) : ""}
        </p>
        <DialogActs onCancel={onClose} label={words.action} isDisabled={text.trim() === ""} isBusy={send.isPending} />
      </form>
    </Modal>
  );
}
