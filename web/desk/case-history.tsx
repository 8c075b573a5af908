import type { DeskCheck, DeskEntry } from "#shared/desk.ts";
import styles from "#web/desk/desk.module.css";
import type { WholeCase } from "#web/desk/use-desk.ts";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { useMay, useMe } from "#web/parts/use-me.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

type Line = { readonly at: string; readonly key: string } & ({ readonly entry: DeskEntry } | { readonly check: DeskCheck });

/** Everything of a case in its order, newest first: looks, answers, notes, harm. */
export function CaseHistory({ whole }: { whole: WholeCase }) {
  const { w } = useWords();
  const words = w.desk;
  const lines: readonly Line[] = [
    ...whole.entries.map((entry): Line => ({ at: entry.at, key: `e${entry.entryNo}`, entry })),
    ...whole.checks.map((check): Line => ({ at: check.at, key: `c${check.checkNo}`, check })),
  ].toSorted((a, b) => (a.at < b.at ? 1 : -1));
  return (
    <section className="column tight" aria-label={words.history}>
      <h2>{words.history}</h2>
      {lines.length === 0 ? <p className="soft">{words.nothingYet}</p> : null}
      <ol className={styles["rows"]}>
        {lines.map((line) => (
          <li key={line.key}>{"entry" in line ? <EntryLine entry={line.entry} /> : <CheckLine check={line.check} />}</li>
        ))}
      </ol>
    </section>
  );
}

function By({ no }: { no: number | null }) {
  const { w } = useWords();
  const { accountNo } = useMe();
  const may = useMay();
  if (may("handle-incidents")) return <AccountChip no={no} />;
  return <span>{no === accountNo ? w.desk.you : w.desk.colleague}</span>;
}

function EntryLine({ entry }: { entry: DeskEntry }) {
  const { w, dateTime } = useWords();
  const words = w.desk;
  return (
    <div className="column tight">
      <p className="line">
        <strong>{words.entries[entry.kind]}</strong>
        {entry.harmKind === null ? null : <Mark tone="loss">{words.harmKinds[entry.harmKind]}</Mark>}
        {entry.harmOn === null ? null : <span>{entry.harmOn}</span>}
        {entry.harmAmount === null ? null : <span>{words.harmAmounts[entry.harmAmount]}</span>}
        {entry.papers === null ? null : <span>{words.papersKinds[entry.papers]}</span>}
        {entry.dueAt === null ? null : <span>{words.callBackAt(dateTime(entry.dueAt))}</span>}
        <span className="small soft">
          <At iso={entry.at} />
        </span>
        <span className="small soft">
          <By no={entry.by} />
        </span>
      </p>
      {entry.text === null ? null : (
        <p style={{ whiteSpace: "pre-wrap" }}>
          <Value shown={entry.text} isBare />
        </p>
      )}
    </div>
  );
}

function CheckLine({ check }: { check: DeskCheck }) {
  const { w } = useWords();
  const words = w.desk;
  return (
    <p className="line">
      <strong>{words.checkOf[check.way]}</strong>
      <span>{check.kinds.map((kind) => words.kinds[kind]).join("、")}</span>
      <Mark tone={check.outcome === "passed" ? "act" : "plain"}>{words.outcomes[check.outcome]}</Mark>
      {check.answer === null ? null : <Mark tone={check.answer === "affected" ? "look" : "plain"}>{words.answers[check.answer]}</Mark>}
      <span className="small soft">
        <At iso={check.at} />
      </span>
      <span className="small soft">
        <By no={check.by} />
      </span>
    </p>
  );
}
