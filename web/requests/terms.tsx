import { Button, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { addUsePurpose, changePersonPolicy, changeUsePurpose, showPersonPolicy, type UsePurpose } from "#shared/person-requests.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { call } from "#web/call.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { Why } from "#web/parts/why.tsx";
import { useAct } from "#web/requests/use-act.ts";
import { useUsePurposes } from "#web/requests/use-person-file.ts";
import { useWords } from "#web/words/words.ts";

/** The organisation's purposes of use, its days to answer and its years of keeping. */
export function Terms() {
  const { w } = useWords();
  const { data, error } = useQuery({ queryKey: ["person-policy"], queryFn: () => call(showPersonPolicy) });
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  return (
    <div className="column">
      <Policy key={`${data.answerDays}-${data.retentionYears}`} policy={data} />
      <hr className="hairline" />
      <Purposes />
    </div>
  );
}

function Policy({ policy }: { policy: ReplyOf<typeof showPersonPolicy> }) {
  const { w } = useWords();
  const words = w.requests;
  const [days, setDays] = useState<number | string>(policy.answerDays);
  const [years, setYears] = useState<number | string>(policy.retentionYears ?? "");
  const save = useAct(
    () => call(changePersonPolicy, { body: { answerDays: Number(days), retentionYears: years === "" ? null : Number(years) } }),
    () => words.policySaved,
  );
  return (
    <form
      className="column"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(undefined);
      }}
    >
      <h2>
        {words.policy} <Why>{words.dueWhy}</Why>
      </h2>
      <div className="line">
        <NumberInput label={words.answerDays} value={days} onChange={setDays} min={1} max={90} allowDecimal={false} required />
        <NumberInput label={words.retentionYears} placeholder={words.retentionNever} value={years} onChange={setYears} min={1} max={30} allowDecimal={false} />
      </div>
      {save.error === null ? null : <ProblemNotice error={save.error} />}
      <div>
        <Button type="submit" loading={save.isPending}>
          {w.act.save}
        </Button>
      </div>
    </form>
  );
}

function Purposes() {
  const { w, label } = useWords();
  const words = w.requests;
  const purposes = useUsePurposes();
  const [ja, setJa] = useState("");
  const [en, setEn] = useState("");
  const [opt, setOpt] = useState<"in" | "out">("in");
  const add = useAct(
    () => call(addUsePurpose, { body: { ja, en, opt } }),
    () => {
      setJa("");
      setEn("");
      return words.policySaved;
    },
  );
  const change = useAct(
    ({ purposeNo, ...body }: UsePurpose) => call(changeUsePurpose, { params: { purposeNo }, body }),
    () => words.policySaved,
  );
  return (
    <section className="column" aria-label={words.purpose}>
      <h2>{words.purpose}</h2>
      <table className="plain-table" data-stacks>
        <tbody>
          {purposes.map((purpose) => (
            <tr key={purpose.purposeNo}>
              <td>{label(purpose)}</td>
              <td className="soft">{purpose.isArchived ? words.archived : words.opts[purpose.opt]}</td>
              <td>
                <Button size="xs" variant="default" loading={change.isPending} onClick={() => change.mutate({ ...purpose, isArchived: !purpose.isArchived })}>
                  {purpose.isArchived ? words.unarchive : words.archive}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <form
        className="line"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(undefined);
        }}
      >
        <TextInput label={words.labelJa} value={ja} onChange={(event) => setJa(event.currentTarget.value)} maxLength={60} required autoComplete="off" />
        <TextInput label={words.labelEn} value={en} onChange={(event) => setEn(event.currentTarget.value)} maxLength={80} required autoComplete="off" />
        <NativeSelect
          label={words.opt}
          value={opt}
          data={(["in", "out"] as const).map((value) => ({ value, label: words.opts[value] }))}
          onChange={(event) => setOpt(event.currentTarget.value === "out" ? "out" : "in")}
        />
        <Button type="submit" variant="default" loading={add.isPending} mt="auto">
          {words.addPurpose}
        </Button>
      </form>
      {add.error === null ? null : <ProblemNotice error={add.error} />}
    </section>
  );
}
