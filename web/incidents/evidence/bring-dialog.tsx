import { Button, FileButton, Modal } from "@mantine/core";
import { useState } from "react";
import { bringEvidence, describeEvidence } from "#shared/evidence.ts";
import { call, upload } from "#web/call.ts";
import { bodyOf, DescribeFields, isNothingSaid, nothingDescribed } from "#web/incidents/evidence/describe-form.tsx";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { useWords } from "#web/words/words.ts";

/** Takes a file in, and says where it is from. */
export function BringDialog({ incidentNo, onClose }: { incidentNo: number; onClose: () => void }) {
  const { w } = useWords();
  const words = w.evidence;
  const [file, setFile] = useState<File | null>(null);
  const [said, setSaid] = useState(nothingDescribed);
  const [percent, setPercent] = useState(0);
  const act = useIncidentAct(
    async (chosen: File) => {
      const { itemNo } = await upload(bringEvidence, chosen, {
        params: { incidentNo },
        onProgress: ({ sentBytes, totalBytes }) => setPercent(totalBytes === 0 ? 0 : Math.floor((sentBytes / totalBytes) * 100)),
      });
      if (!isNothingSaid(said)) await call(describeEvidence, { params: { itemNo }, body: bodyOf(said) });
    },
    () => {
      onClose();
      return words.broughtIn;
    },
  );
  return (
    <Modal opened onClose={onClose} title={words.bringTitle} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (file !== null && !act.isPending) act.mutate(file);
        }}
      >
        <p className="small soft">{words.bringLead}</p>
        <div className="line">
          <FileButton onChange={setFile} inputProps={{ "aria-label": words.file }}>
            {(props) => (
              <Button {...props} variant="default" disabled={act.isPending} data-autofocus>
                {words.file}
              </Button>
            )}
          </FileButton>
          <span className="small">{file === null ? "" : words.chosen(file.name)}</span>
        </div>
        <DescribeFields said={said} onSay={setSaid} />
        <p className="small soft" role="status">
          {act.isPending ? words.sending(percent) : ""}
        </p>
        <DialogActs onCancel={onClose} label={words.bring} isBusy={act.isPending} isDisabled={file === null} />
      </form>
    </Modal>
  );
}
