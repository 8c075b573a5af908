import { Checkbox, Modal, NumberInput, Radio } from "@mantine/core";
import { useState } from "react";
import { noticePapers, planNotice } from "#shared/incident-notices.ts";
import { call } from "#web/call.ts";
import type { Notices } from "#web/incidents/notices/use-notices.ts";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { useWords } from "#web/words/words.ts";

const usualPace = 120;

/** Works out who is told by which way; nothing leaves by it. */
export function PlanDialog({ incidentNo, data, isAgain, onClose }: { incidentNo: number; data: Notices; isAgain: boolean; onClose: () => void }) {
  const { w } = useWords();
  const words = w.incidentNotices;
  const [paper, setPaper] = useState(data.papers[0]?.paper ?? "person-notice");
  const [hasPossible, setHasPossible] = useState(false);
  const [hasUnsure, setHasUnsure] = useState(false);
  const [pace, setPace] = useState(usualPace);
  const possible = data.scope?.possible ?? 0;
  const plan = useIncidentAct(
    () => call(planNotice, { params: { incidentNo }, body: { paper, hasPossible, hasUnsure, isAgain, mailsPerMinute: pace } }),
    () => {
      onClose();
      return words.planned;
    },
  );
  return (
    <Modal opened onClose={onClose} title={isAgain ? words.planAgain : words.planTitle} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          plan.mutate(undefined);
        }}
      >
        <p className="soft">{isAgain ? words.planAgainLead : words.planLead}</p>
        {data.papers.length < 2 ? null : (
          <Radio.Group label={words.paper} value={paper} onChange={(value) => setPaper(noticePapers.find((one) => one === value) ?? paper)}>
            <div className="line" style={{ paddingTop: 4 }}>
              <Radio value="person-notice" label={words.japanese} />
              <Radio value="person-notice-en" label={words.english} />
            </div>
          </Radio.Group>
        )}
        {isAgain ? (
          <Checkbox label={words.hasUnsure} checked={hasUnsure} onChange={(event) => setHasUnsure(event.currentTarget.checked)} />
        ) : possible > 0 ? (
          <Checkbox label={words.hasPossible(possible)} checked={hasPossible} onChange={(event) => setHasPossible(event.currentTarget.checked)} />
        ) : null}
        <NumberInput label={words.pace} min={1} max={6000} allowDecimal={false} value={pace} onChange={(value) => setPace(Number(value) || usualPace)} />
        <DialogActs onCancel={onClose} label={words.plan} isBusy={plan.isPending} />
      </form>
    </Modal>
  );
}
