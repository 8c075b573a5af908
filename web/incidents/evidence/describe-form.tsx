import { Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { describeEvidence } from "#shared/evidence.ts";
import { call } from "#web/call.ts";
import { momentOf, MomentField } from "#web/incidents/moment-field.tsx";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { useWords } from "#web/words/words.ts";

/** Where an item is from, who found it and when, as it is being typed. */
export interface Described {
  readonly source: string;
  readonly finder: string;
  readonly foundAt: string;
  readonly note: string;
}

export const nothingDescribed: Described = { source: "", finder: "", foundAt: "", note: "" };

export const isNothingSaid = ({ source, finder, foundAt, note }: Described): boolean => [source, finder, foundAt, note].every((text) => text.trim() === "");
export const bodyOf = (said: Described) => ({ ...said, foundAt: momentOf(said.foundAt) ?? null });

export function DescribeFields({ said, onSay }: { said: Described; onSay: (said: Described) => void }) {
  const { w } = useWords();
  const words = w.evidence;
  return (
    <>
      <TextInput
        label={words.source}
        value={said.source}
        maxLength={400}
        autoComplete="off"
        onChange={(event) => onSay({ ...said, source: event.currentTarget.value })}
      />
      <TextInput
        label={words.finder}
        value={said.finder}
        maxLength={100}
        autoComplete="off"
        onChange={(event) => onSay({ ...said, finder: event.currentTarget.value })}
      />
      <MomentField label={words.foundAt} value={said.foundAt} onChange={(foundAt) => onSay({ ...said, foundAt })} />
      <Textarea
        label={words.note}
        value={said.note}
        maxLength={1000}
        autosize
        autoComplete="off"
        onChange={(event) => onSay({ ...said, note: event.currentTarget.value })}
      />
    </>
  );
}

export function DescribeForm({ itemNo, onDone, onClose }: { itemNo: number; onDone: () => void; onClose: () => void }) {
  const { w } = useWords();
  const words = w.evidence;
  const [said, setSaid] = useState(nothingDescribed);
  const act = useIncidentAct(
    () => call(describeEvidence, { params: { itemNo }, body: bodyOf(said) }),
    () => {
      onDone();
      return words.described;
    },
  );
  const isEmpty = isNothingSaid(said);
  return (
    <form
      className="column"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isEmpty) act.mutate(undefined);
      }}
    >
      <DescribeFields said={said} onSay={setSaid} />
      <DialogActs onCancel={onClose} label={words.describe} isBusy={act.isPending} isDisabled={isEmpty} />
    </form>
  );
}
