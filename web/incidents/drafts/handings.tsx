import { Button, Modal, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { handingWays, handOverDraft, withdrawHanding, type DraftHead, type HandingWay, type PaperHanding } from "#shared/incident-drafts.ts";
import { call } from "#web/call.ts";
import { MomentField, momentOf, momentText } from "#web/incidents/moment-field.tsx";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

/** When a paper was handed over, each time, and the note of one more. */
export function Handings({ handings, head }: { handings: readonly PaperHanding[]; head: DraftHead | null }) {
  const { w } = useWords();
  const words = w.incidentDrafts.handing;
  const [isNoting, setIsNoting] = useState(false);
  const withdraw = useIncidentAct(
    (handingNo: number) => call(withdrawHanding, { params: { handingNo }, body: {} }),
    () => words.withdrawn,
  );
  const mayNote = head?.state === "approved";
  if (!mayNote && handings.length === 0) return null;
  return (
    <section className="column tight" aria-label={words.title}>
      <div className="line apart">
        <h4>{words.title}</h4>
        {mayNote ? (
          <Button size="xs" variant={handings.length === 0 ? "filled" : "default"} onClick={() => setIsNoting(true)}>
            {words.note}
          </Button>
        ) : null}
      </div>
      {handings.length === 0 ? <p className="small soft">{words.none}</p> : null}
      <ul className="ruled" hidden={handings.length === 0}>
        {handings.map((one) => (
          <li key={one.handingNo}>
            <div className="line apart">
              <span className="line">
                <At iso={one.at} />
                <span>{words.ways[one.way]}</span>
                <span className="small soft">{w.incidentDrafts.version(one.version)}</span>
                {isEmpty(one.receipt) ? null : (
                  <span>
                    {words.receipt} <Value shown={one.receipt} />
                  </span>
                )}
                {isEmpty(one.note) ? null : (
                  <span className="small">
                    <Value shown={one.note} />
                  </span>
                )}
                {one.by === null ? null : <AccountChip no={one.by} />}
              </span>
              {one.isWithdrawn ? (
                <Mark tone="plain">{words.isWithdrawn}</Mark>
              ) : (
                <Button size="compact-xs" variant="subtle" loading={withdraw.isPending} onClick={() => withdraw.mutate(one.handingNo)}>
                  {words.withdraw}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {isNoting && head !== null ? <HandingDialog head={head} onClose={() => setIsNoting(false)} /> : null}
    </section>
  );
}

const isEmpty = (text: PaperHanding["note"]): boolean => text === null || text === "";
const isReport = (head: DraftHead): boolean => head.paper === "preliminary" || head.paper === "final";

function HandingDialog({ head, onClose }: { head: DraftHead; onClose: () => void }) {
  const { w } = useWords();
  const words = w.incidentDrafts.handing;
  const now = momentText(new Date());
  const [at, setAt] = useState(now);
  const [way, setWay] = useState<HandingWay>(isReport(head) ? "web-form" : "mail");
  const [receipt, setReceipt] = useState("");
  const [note, setNote] = useState("");
  const moment = momentOf(at);
  const save = useIncidentAct(
    () => call(handOverDraft, { params: { draftNo: head.draftNo }, body: { handedAt: moment ?? "", way, receipt: receipt.trim(), note: note.trim() } }),
    () => {
      onClose();
      return words.noted;
    },
  );
  return (
    <Modal opened onClose={onClose} title={words.note} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (moment !== undefined) save.mutate(undefined);
        }}
      >
        <p className="soft">{words.lead}</p>
        <MomentField label={words.at} value={at} onChange={setAt} latest={now} isRequired />
        <NativeSelect
          label={words.way}
          value={way}
          data={handingWays.map((value) => ({ value, label: words.ways[value] }))}
          onChange={(event) => setWay(event.currentTarget.value as HandingWay)}
        />
        <TextInput label={words.receipt} value={receipt} maxLength={100} autoComplete="off" onChange={(event) => setReceipt(event.currentTarget.value)} />
        <TextInput label={words.remark} value={note} maxLength={400} autoComplete="off" onChange={(event) => setNote(event.currentTarget.value)} />
        <DialogActs onCancel={onClose} label={words.save} isBusy={save.isPending} isDisabled={moment === undefined} />
      </form>
    </Modal>
  );
}
