import { Button, Checkbox, NativeSelect, Tabs, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { addEntry, agentPapers, harmAmounts, harmKinds } from "#shared/desk.ts";
import type { BodyOf } from "#shared/endpoint.ts";
import { call } from "#web/call.ts";
import { useDeskAct, type WholeCase } from "#web/desk/use-desk.ts";
import { MomentField, momentOf, momentText } from "#web/incidents/moment-field.tsx";
import { useMay } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

type Body = BodyOf<typeof addEntry>;
type Kind = "note" | "harm" | "call-back" | "escalation" | "papers";
const dayMs = 86_400_000;

/** What is written of a case: one form, by what it is. */
export function EntryForms({ caseNo, whole }: { caseNo: number; whole: WholeCase }) {
  const { w } = useWords();
  const words = w.desk;
  const may = useMay();
  const { head } = whole;
  const isUnproved = head.caller === "agent" && !whole.hasPapers;
  const [kind, setKind] = useState<Kind>(isUnproved ? "papers" : "note");
  const [text, setText] = useState("");
  const [harm, setHarm] = useState<{ kind: string; on: string; amount: string }>({ kind: "suspicious-call", on: "", amount: "none" });
  const [papers, setPapers] = useState<string>("power-of-attorney");
  const [wereSeen, setWereSeen] = useState(false);
  const [dueAt, setDueAt] = useState(() => momentText(new Date(Date.now() + dayMs)));
  const due = momentOf(dueAt);
  const write = useDeskAct(
    (body: Body) => call(addEntry, { params: { caseNo }, body }),
    () => {
      setText("");
      setKind("note");
      return words.saved;
    },
  );
  const said = text.trim();
  const bodyOf = (): Body | undefined => {
    switch (kind) {
      case "note":
      case "escalation":
        return said === "" ? undefined : { kind, text: said };
      case "harm": {
        const harmKind = harmKinds.find((one) => one === harm.kind);
        const harmAmount = harmAmounts.find((one) => one === harm.amount);
        return said === "" || harmKind === undefined || harmAmount === undefined
          ? undefined
          : { kind, text: said, harmKind, harmOn: harm.on === "" ? null : harm.on, harmAmount };
      }
      case "papers": {
        const seen = agentPapers.find((one) => one === papers);
        return seen === undefined || !wereSeen ? undefined : { kind, text: said, papers: seen, wereSeen: true };
      }
      case "call-back":
        return due === undefined ? undefined : { kind, text: said, dueAt: due };
    }
  };
  const body = bodyOf();
  const kinds: readonly Kind[] = [...(head.caller === "agent" ? (["papers"] as const) : []), "note", "harm", "call-back", "escalation"];
  const quick = (what: "call-back-done" | "call-back-missed" | "escalation-settled") => (
    <Button key={what} variant="default" size="xs" loading={write.isPending} onClick={() => write.mutate({ kind: what, text: "" })}>
      {words.entries[what]}
    </Button>
  );
  return (
    <section className="column tight" aria-label={words.write}>
      <div className="line">
        {head.callBackAt === null ? null : [quick("call-back-done"), quick("call-back-missed")]}
        {head.isEscalated && may("handle-incidents") ? quick("escalation-settled") : null}
      </div>
      <Tabs value={kind} onChange={(next) => setKind((next ?? "note") as Kind)}>
        <Tabs.List>
          {kinds.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {words.entries[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={kind}>
          <form
            className="column tight"
            style={{ paddingTop: 12 }}
            onSubmit={(event) => {
              event.preventDefault();
              if (body !== undefined) write.mutate(body);
            }}
          >
            {kind === "harm" ? (
              <div className="line">
                <NativeSelect
                  label={words.harmKind}
                  value={harm.kind}
                  data={harmKinds.map((value) => ({ value, label: words.harmKinds[value] }))}
                  onChange={(event) => setHarm({ ...harm, kind: event.currentTarget.value })}
                />
                <TextInput
                  type="date"
                  label={words.harmOn}
                  value={harm.on}
                  max={momentText(new Date()).slice(0, 10)}
                  onChange={(event) => setHarm({ ...harm, on: event.currentTarget.value })}
                />
                <NativeSelect
                  label={words.harmAmount}
                  value={harm.amount}
                  data={harmAmounts.map((value) => ({ value, label: words.harmAmounts[value] }))}
                  onChange={(event) => setHarm({ ...harm, amount: event.currentTarget.value })}
                />
              </div>
            ) : null}
            {kind === "papers" ? (
              <>
                <NativeSelect
                  label={words.papersKind}
                  value={papers}
                  data={agentPapers.map((value) => ({ value, label: words.papersKinds[value] }))}
                  onChange={(event) => setPapers(event.currentTarget.value)}
                />
                <Checkbox label={words.papersSeen} checked={wereSeen} onChange={(event) => setWereSeen(event.currentTarget.checked)} />
              </>
            ) : null}
            {kind === "call-back" ? <MomentField label={words.dueAt} help={words.dueHelp} value={dueAt} isRequired onChange={setDueAt} /> : null}
            <Textarea
              label={words.text}
              description={words.textHelp}
              value={text}
              autosize
              minRows={2}
              maxLength={4000}
              autoComplete="off"
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <div>
              <Button type="submit" loading={write.isPending} disabled={body === undefined}>
                {words.write}
              </Button>
            </div>
          </form>
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}
