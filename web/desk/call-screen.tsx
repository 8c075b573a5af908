import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { showCase, showScripts, type DeskAnswer } from "#shared/desk.ts";
import { call } from "#web/call.ts";
import { CaseHistory } from "#web/desk/case-history.tsx";
import { CaseMarks } from "#web/desk/desk-page.tsx";
import styles from "#web/desk/desk.module.css";
import { EntryForms } from "#web/desk/entry-forms.tsx";
import { IdentityCheck } from "#web/desk/identity-check.tsx";
import { phraseOf, Scripts } from "#web/desk/scripts.tsx";
import { useDeskAct } from "#web/desk/use-desk.ts";
import { addEntry } from "#shared/desk.ts";
import { CustomerChip } from "#web/parts/chip.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

/** One case in hand: who is calling, what may be said, what was said. */
export function CallScreen({ incidentNo, caseNo }: { incidentNo: number; caseNo: number }) {
  const { w } = useWords();
  const words = w.desk;
  const { data, error } = useQuery({ queryKey: ["desk-case", caseNo], queryFn: () => call(showCase, { params: { caseNo } }), staleTime: 0, gcTime: 0 });
  const scripts = useQuery({ queryKey: ["desk-scripts", incidentNo], queryFn: () => call(showScripts, { params: { incidentNo } }), staleTime: 60_000 });
  const change = useDeskAct(
    (kind: "closed" | "reopened") => call(addEntry, { params: { caseNo }, body: { kind, text: "" } }),
    () => words.saved,
  );
  if (error !== null && data === undefined) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  const { head } = data;
  const isOpen = head.state === "open";
  const last = data.checks.findLast((one) => one.outcome === "passed");
  return (
    <div className={styles["columns"]}>
      <div className="column">
        <div className="line apart">
          <div className="line">
            <span>
              {words.channels[head.channel]} ({words.callers[head.caller]})
            </span>
            <CaseMarks head={head} />
            {data.customerNo === null ? null : <CustomerChip no={data.customerNo} />}
          </div>
          <Button variant="default" size="xs" loading={change.isPending} onClick={() => change.mutate(isOpen ? "closed" : "reopened")}>
            {isOpen ? words.finish : words.entries.reopened}
          </Button>
        </div>
        {isOpen ? <IdentityCheck caseNo={caseNo} isAgentUnproved={head.caller === "agent" && !data.hasPapers} isKnown={last !== undefined} /> : null}
        {last?.answer === null || last?.answer === undefined ? null : <Told answer={last.answer} items={last.items} script={scripts.data?.script ?? null} />}
        {isOpen ? <EntryForms caseNo={caseNo} whole={data} /> : null}
        <CaseHistory whole={data} />
      </div>
      <Scripts scripts={scripts.data} />
    </div>
  );
}

/** What the caller is told, with the words for it. */
function Told({ answer, items, script }: { answer: DeskAnswer; items: readonly { ja: string; en: string }[]; script: Parameters<typeof phraseOf>[0] }) {
  const { w, label } = useWords();
  const words = w.desk;
  const phrase = phraseOf(script, answer);
  return (
    <section className={styles["answer"]} data-answer={answer} aria-label={words.answered} aria-live="polite">
      <p className={styles["word"]}>{words.answers[answer]}</p>
      {answer !== "affected" ? null : items.length === 0 ? (
        <p>{words.itemsUnknown}</p>
      ) : (
        <>
          <h3>{words.items}</h3>
          <ul className={styles["items"]}>
            {items.map((item) => (
              <li key={item.ja}>{label({ labelJa: item.ja, labelEn: item.en })}</li>
            ))}
          </ul>
        </>
      )}
      <h3>{words.readOut}</h3>
      <blockquote className={styles["said"]}>{phrase ?? words.phrases[answer]}</blockquote>
      <p className="small soft">{phrase === undefined || script === null ? words.notApproved : words.byScript(script.version)}</p>
    </section>
  );
}
