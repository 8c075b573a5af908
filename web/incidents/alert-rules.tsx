import { Button, Checkbox, NumberInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { listAlertRules, setAlertRule, type AlertRuleSetting } from "#shared/incident-signals.ts";
import { call } from "#web/call.ts";
import styles from "#web/incidents/incidents.module.css";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

/** 検知の設定: the thresholds over the ledger. */
export function AlertRules() {
  const { w } = useWords();
  const { data, error } = useQuery({ queryKey: ["incidents", "rules"], queryFn: () => call(listAlertRules), staleTime: 0 });
  return (
    <section className="column tight">
      <p className="soft">{w.incidents.thresholdsLead}</p>
      {error === null ? null : <ProblemNotice error={error} />}
      {data?.rules.map((rule) => (
        <RuleLine key={JSON.stringify(rule)} rule={rule} />
      ))}
    </section>
  );
}

function RuleLine({ rule }: { rule: AlertRuleSetting }) {
  const { w } = useWords();
  const words = w.incidents;
  const [next, setNext] = useState(rule);
  const save = useIncidentAct(
    () => call(setAlertRule, { body: next }),
    () => words.saved,
  );
  const isChanged = JSON.stringify(next) !== JSON.stringify(rule);
  const hour = (key: "fromHour" | "toHour", label: string) => (
    <NumberInput
      label={label}
      w={110}
      hideControls
      min={0}
      max={23}
      clampBehavior="strict"
      value={next[key] ?? 0}
      onChange={(value) => typeof value === "number" && setNext({ ...next, [key]: value })}
    />
  );
  return (
    <form
      className={styles["rule"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged) save.mutate(undefined);
      }}
    >
      <Checkbox label={words.rules[rule.rule]} checked={next.isOn} onChange={(event) => setNext({ ...next, isOn: event.currentTarget.checked })} />
      {rule.rule === "odd-hours" ? (
        <>
          {hour("fromHour", words.fromHour)}
          {hour("toHour", words.toHour)}
        </>
      ) : null}
      <NumberInput
        label={words.threshold}
        w={150}
        hideControls
        min={1}
        max={10_000_000}
        suffix={words.ruleUnit[rule.rule]}
        thousandSeparator=","
        value={next.threshold}
        onChange={(value) => typeof value === "number" && setNext({ ...next, threshold: value })}
      />
      <Button type="submit" variant="default" disabled={!isChanged || next.threshold < 1} loading={save.isPending}>
        {w.act.save}
      </Button>
    </form>
  );
}
