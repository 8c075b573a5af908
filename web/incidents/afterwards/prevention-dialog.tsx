import { Modal, NativeSelect, Textarea } from "@mantine/core";
import { useState } from "react";
import { addPrevention, changePrevention, type Prevention } from "#shared/incident-afterwards.ts";
import { call } from "#web/call.ts";
import { useAfterwardsAct } from "#web/incidents/afterwards/use-afterwards.ts";
import { useStaffChoices } from "#web/incidents/task-list.tsx";
import { DayField } from "#web/parts/day-field.tsx";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

/** Plans a prevention, or corrects one. */
export function PreventionDialog({ incidentNo, prevention, onClose }: { incidentNo: number; prevention?: Prevention; onClose: () => void }) {
  const { w } = useWords();
  const words = w.incidentAfterwards;
  const choices = useStaffChoices();
  const [what, setWhat] = useState(textOf(prevention?.what ?? null) ?? "");
  const [owner, setOwner] = useState(prevention === undefined ? "" : String(prevention.ownerNo));
  const [dueOn, setDueOn] = useState<string | undefined>(prevention?.dueOn);
  const save = useAfterwardsAct(
    async (body: { what: string; ownerNo: number; dueOn: string }) => {
      if (prevention === undefined) await call(addPrevention, { params: { incidentNo }, body });
      else await call(changePrevention, { params: { incidentNo, preventionNo: prevention.preventionNo }, body: { version: prevention.version, ...body } });
    },
    () => {
      onClose();
      return prevention === undefined ? words.added : words.changed;
    },
  );
  const isWhole = what.trim() !== "" && owner !== "" && dueOn !== undefined;
  return (
    <Modal opened onClose={onClose} title={prevention === undefined ? words.add : words.edit} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) save.mutate({ what: what.trim(), ownerNo: Number(owner), dueOn });
        }}
      >
        <Textarea
          data-autofocus
          label={words.what}
          value={what}
          autosize
          minRows={2}
          maxLength={1000}
          autoComplete="off"
          onChange={(event) => setWhat(event.currentTarget.value)}
        />
        <NativeSelect
          label={words.owner}
          value={owner}
          data={[{ value: "", label: words.choose }, ...choices]}
          onChange={(event) => setOwner(event.currentTarget.value)}
        />
        <DayField label={words.dueOn} value={dueOn} isLabelled isFormSize onChange={setDueOn} />
        <DialogActs onCancel={onClose} label={prevention === undefined ? words.add : w.act.save} isBusy={save.isPending} isDisabled={!isWhole} />
      </form>
    </Modal>
  );
}
