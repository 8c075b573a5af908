import { Modal, NativeSelect, NumberInput, Textarea } from "@mantine/core";
import { useState } from "react";
import { proofWays, provePrevention, type Prevention, type ProofWay } from "#shared/incident-afterwards.ts";
import { call } from "#web/call.ts";
import { useAfterwardsAct } from "#web/incidents/afterwards/use-afterwards.ts";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

/** States that a prevention works, by what that is known. */
export function ProveDialog({ prevention, onClose }: { prevention: Prevention; onClose: () => void }) {
  const { w } = useWords();
  const words = w.incidentAfterwards;
  const [how, setHow] = useState<ProofWay>("test");
  const [evidence, setEvidence] = useState("");
  const [eventNo, setEventNo] = useState<number>();
  const { incidentNo, preventionNo, version } = prevention;
  const prove = useAfterwardsAct(
    () =>
      call(provePrevention, {
        params: { incidentNo, preventionNo },
        body: { version, how, evidence: evidence.trim(), ...(eventNo === undefined ? {} : { eventNo }) },
      }),
    () => {
      onClose();
      return words.proven;
    },
  );
  return (
    <Modal opened onClose={onClose} title={words.prove} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (evidence.trim() !== "") prove.mutate(undefined);
        }}
      >
        <p>
          <Value shown={prevention.what} isBare />
        </p>
        <p className="small soft">{words.proveLead}</p>
        <NativeSelect
          data-autofocus
          label={words.how}
          value={how}
          data={proofWays.map((value) => ({ value, label: words.ways[value] }))}
          onChange={(event) => setHow(proofWays.find((one) => one === event.currentTarget.value) ?? "test")}
        />
        <Textarea
          label={words.evidence}
          value={evidence}
          autosize
          minRows={2}
          maxLength={2000}
          autoComplete="off"
          onChange={(event) => setEvidence(event.currentTarget.value)}
        />
        <NumberInput
          label={words.eventNo}
          value={eventNo ?? ""}
          min={1}
          allowDecimal={false}
          hideControls
          onChange={(value) => setEventNo(typeof value === "number" ? value : undefined)}
        />
        <DialogActs onCancel={onClose} label={words.prove} isBusy={prove.isPending} isDisabled={evidence.trim() === ""} />
      </form>
    </Modal>
  );
}
