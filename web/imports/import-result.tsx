import { Button, Loader } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useState } from "react";
import { undoImport } from "#shared/imports.ts";
import { problems } from "#shared/problems.ts";
import { call } from "#web/call.ts";
import type { Import } from "#web/imports/import-page.tsx";
import styles from "#web/imports/imports.module.css";
import { RowProblems } from "#web/imports/row-problems.tsx";
import { Confirm } from "#web/parts/confirm.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { formatNumber } from "#web/words/format.ts";
import { useWords } from "#web/words/words.ts";

/** What came of it, with undo for the whole and correction for single rows. */
export function ImportResult({ now, onChanged }: { now: Import; onChanged: () => void }) {
  const { w, language } = useWords();
  const [isAsking, setIsAsking] = useState(false);
  const undo = useMutation({
    mutationFn: () => call(undoImport, { params: { importNo: now.importNo } }),
    onSuccess: () => {
      setIsAsking(false);
      onChanged();
    },
  });
  if (now.state === "failed") {
    const reason =
      now.problem === null
        ? null
        : Object.hasOwn(problems, now.problem)
          ? problems[now.problem as keyof typeof problems][language]
          : Object.hasOwn(w.reasons, now.problem)
            ? w.reasons[now.problem as keyof typeof w.reasons]
            : now.problem;
    return (
      <div className="column">
        <h2 className="line">
          <IconAlertTriangle size={18} aria-hidden /> {w.imports.failedTitle}
        </h2>
        {reason === null ? null : <p>{reason}</p>}
        <p className="soft">{w.imports.failedSafe}</p>
        <p>
          <Link to="/import">{w.imports.choose}</Link>
        </p>
      </div>
    );
  }
  const isOfPurchases = now.kind === "purchases";
  const numbers = isOfPurchases
    ? ([
        [w.imports.rows, now.rowsTotal ?? now.rowsDone],
        [w.importing.purchasesAdded, now.added],
        [w.importing.purchasesKnown, now.duplicates],
        [w.importing.rowsHeld, now.heldBack],
        [w.imports.problems, now.problems],
      ] as const)
    : ([
        [w.imports.rows, now.rowsTotal ?? now.rowsDone],
        [w.imports.added, now.added],
        [w.imports.updated, now.updated],
        [w.imports.skipped, now.skipped],
        [w.imports.duplicates, now.duplicates],
        [w.imports.heldBack, now.heldBack],
        [w.imports.problems, now.problems],
      ] as const);
  return (
    <div className="column">
      <h2 className="line">
        {now.state === "undoing" ? <Loader size={16} aria-hidden /> : <IconCheck size={18} aria-hidden />}
        {now.state === "undone" ? w.imports.undoneTitle : now.state === "undoing" ? w.imports.states.undoing : w.imports.doneTitle}
      </h2>
      <dl className={styles["numbers"]}>
        {numbers.map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{formatNumber(count)}</dd>
          </div>
        ))}
      </dl>
      <div className="line">
        {now.state === "done" && !isOfPurchases ? (
          <Button component={Link} to={`/customers?import=${now.importNo}`}>
            {w.imports.showAdded}
          </Button>
        ) : null}
        {now.mayUndo ? (
          <Button variant="default" onClick={() => setIsAsking(true)}>
            {w.imports.undo}
          </Button>
        ) : null}
      </div>
      {undo.error === null ? null : <ProblemNotice error={undo.error} />}
      {now.state === "done" ? <RowProblems importNo={now.importNo} kind={now.kind} onCorrected={onChanged} /> : null}
      <Confirm
        isOpen={isAsking}
        title={w.imports.undoTitle}
        lead={isOfPurchases ? w.importing.undoPurchases(now.added) : w.imports.undoLead(now.added, now.updated)}
        action={w.imports.undoDo}
        isLoss
        isBusy={undo.isPending}
        onConfirm={() => undo.mutate()}
        onClose={() => setIsAsking(false)}
      />
    </div>
  );
}
