import { NativeSelect, NumberInput } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { estimateIncident } from "#shared/incident-drafts.ts";
import { call } from "#web/call.ts";
import { CostsTable } from "#web/incidents/afterwards/costs-table.tsx";
import styles from "#web/incidents/drafts/drafts.module.css";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

const responsibilities = ["general", "high"] as const;
const handlings = ["good", "bad"] as const;
const whole = (count: number): string => Math.round(count).toLocaleString("en-US");

/** What it may cost and how large the desk must be, on assumptions that may be changed. */
export function Estimates({ incidentNo }: { incidentNo: number }) {
  const { w, label } = useWords();
  const words = w.incidentDrafts;
  const [given, setGiven] = useState({ responsibility: "general", handling: "good", callPercent: 3, handleSeconds: 480, waves: 1 });
  const query = {
    ...given,
    responsibility: responsibilities.find((one) => one === given.responsibility) ?? "general",
    handling: handlings.find((one) => one === given.handling) ?? "good",
  };
  const { data, error } = useQuery({
    queryKey: ["incident", incidentNo, "estimates", query],
    queryFn: () => call(estimateIncident, { params: { incidentNo }, query }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  const number = (key: "callPercent" | "handleSeconds" | "waves", min: number, max: number) => (
    <NumberInput
      label={words[key]}
      value={given[key]}
      min={min}
      max={max}
      clampBehavior="strict"
      allowDecimal={key === "callPercent"}
      onChange={(value) => typeof value === "number" && value >= min && setGiven({ ...given, [key]: value })}
    />
  );
  const { damages, desk, costs, persons } = data;
  const sum = (end: "low" | "high"): string => whole(costs.reduce((total, line) => total + line[end], 0));
  return (
    <div className="column">
      <p className="soft">{persons === null ? words.noPersons : words.estimatesLead}</p>
      <section className="column tight">
        <h4>{words.damages}</h4>
        <div className={styles["inputs"]}>
          <NativeSelect
            label={words.responsibility}
            value={given.responsibility}
            data={responsibilities.map((value) => ({ value, label: words.responsibilities[value] }))}
            onChange={(event) => setGiven({ ...given, responsibility: event.currentTarget.value })}
          />
          <NativeSelect
            label={words.handling}
            value={given.handling}
            data={handlings.map((value) => ({ value, label: words.handlings[value] }))}
            onChange={(event) => setGiven({ ...given, handling: event.currentTarget.value })}
          />
        </div>
        <p className="line">
          <span>{words.perPerson(words.yen(whole(damages.perPerson), whole(damages.perPerson)))}</span>
          {damages.total === null ? null : <strong className="number">{words.yen(whole(damages.total), whole(damages.total))}</strong>}
        </p>
        <p className="small soft">{words.damagesNote}</p>
      </section>
      <section className="column tight">
        <h4>{words.desk}</h4>
        <div className={styles["inputs"]}>
          {number("callPercent", 0, 100)}
          {number("handleSeconds", 30, 3600)}
          {number("waves", 1, 60)}
        </div>
        <p className="line">
          <strong>{words.agents(desk.agents, desk.staff)}</strong>
          <span>{words.calls(Math.round(desk.calls))}</span>
          <span>{words.peak(desk.peakCalls.toFixed(1))}</span>
          <span>{words.wait((desk.waitProbability * 100).toFixed(1))}</span>
        </p>
      </section>
      <section className="column tight">
        <h4>{words.costs}</h4>
        <table className={styles["costs"]}>
          <tbody>
            {costs.map((line) => (
              <tr key={line.key}>
                <td>{label(line)}</td>
                <td className="number">{words.yen(whole(line.low), whole(line.high))}</td>
              </tr>
            ))}
            <tr>
              <td>
                <strong>{words.total}</strong>
              </td>
              <td className="number">
                <strong>{words.yen(sum("low"), sum("high"))}</strong>
              </td>
            </tr>
          </tbody>
        </table>
      </section>
      <CostsTable incidentNo={incidentNo} hasTitle />
    </div>
  );
}
