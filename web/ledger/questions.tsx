import { ActionIcon, Checkbox, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconBookmarkPlus, IconUsersGroup, IconX } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { filterOf, isSameQuestion, searchOf, type LedgerFilter, type LedgerSearch } from "#web/ledger/ledger-ask.ts";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import styles from "#web/parts/kept-tabs.module.css";
import { useQuestions, type Question } from "#web/ledger/use-questions.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { showUndo } from "#web/parts/show-undo.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { useMe } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

/** Questions to the ledger: those that everybody asks, and those that were kept. */
export function Questions({ search, onAsk }: { search: LedgerSearch; onAsk: (question: LedgerSearch) => void }) {
  const { w } = useWords();
  const { accountNo } = useMe();
  const { questions, keep, remove } = useQuestions(true);
  const [isKeeping, setIsKeeping] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const shipped: readonly (readonly [string, LedgerSearch])[] = [
    [w.records.questions.all, {}],
    [w.records.questions.refused, { outcome: "refused" }],
    [w.records.questions.offHours, { group: "seen", off: 1 }],
    [w.records.questions.large, { group: "seen", large: 1 }],
    [w.records.questions.rights, { group: "rights" }],
    [w.records.questions.out, { group: "taken-out" }],
  ];
  const drop = (question: Question, name: string) => {
    setError(null);
    const again = { name, isShared: question.isShared, filter: question.filter };
    remove(question.questionNo)
      .then(() =>
        showUndo({
          id: `question-${question.questionNo}`,
          message: w.records.questions.removed(name),
          label: w.act.undo,
          onUndo: () => void keep(again).catch(setError),
        }),
      )
      .catch(setError);
  };
  const isKnown = [...shipped.map(([, one]) => one), ...questions.map((one) => searchOf(one.filter))].some((one) => isSameQuestion(one, search));
  return (
    <>
      <nav aria-label={w.records.questions.label} className={styles["tabs"]}>
        {shipped.map(([name, question]) => (
          <button
            key={name}
            type="button"
            className={styles["tab"]}
            aria-current={isSameQuestion(question, search) || undefined}
            onClick={() => onAsk(question)}
          >
            {name}
          </button>
        ))}
        {questions.map((question) => {
          const name = textOf(question.name) ?? w.settings.ofNumber(question.questionNo);
          const isHere = isSameQuestion(searchOf(question.filter), search);
          return (
            <span key={question.questionNo} className={styles["kept"]}>
              <button type="button" className={styles["tab"]} aria-current={isHere || undefined} onClick={() => onAsk(searchOf(question.filter))}>
                {question.isShared ? <IconUsersGroup size={14} role="img" aria-label={w.records.questions.shared} /> : null}
                <span data-personal>{name}</span>
              </button>
              {isHere && question.accountNo === accountNo ? (
                <ActionIcon size="sm" aria-label={w.records.questions.remove} title={w.records.questions.remove} onClick={() => drop(question, name)}>
                  <IconX size={14} />
                </ActionIcon>
              ) : null}
            </span>
          );
        })}
        {isKnown ? null : (
          <ActionIcon size="sm" aria-label={w.records.questions.keep} title={w.records.questions.keep} onClick={() => setIsKeeping(true)}>
            <IconBookmarkPlus size={17} />
          </ActionIcon>
        )}
      </nav>
      {error === null ? null : <ProblemNotice error={error} />}
      {isKeeping ? (
        <KeepDialog
          filter={untimed(search)}
          onKeep={async (typed) => {
            await keep(typed);
            setIsKeeping(false);
            notifications.show({ message: w.records.questions.kept });
          }}
          onClose={() => setIsKeeping(false)}
        />
      ) : null}
    </>
  );
}

/** A kept question is asked of any time. */
function untimed(search: LedgerSearch): LedgerFilter {
  const { from: _from, to: _to, ...filter } = filterOf(search);
  return filter;
}

function KeepDialog({
  filter,
  onKeep,
  onClose,
}: {
  filter: LedgerFilter;
  onKeep: (typed: { name: string; isShared: boolean; filter: LedgerFilter }) => Promise<void>;
  onClose: () => void;
}) {
  const { w } = useWords();
  const [name, setName] = useState("");
  const [isShared, setIsShared] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const keep = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    setIsBusy(true);
    setError(null);
    onKeep({ name: name.trim(), isShared, filter })
      .catch(setError)
      .finally(() => setIsBusy(false));
  };
  return (
    <Modal opened onClose={onClose} title={w.records.questions.keep} size="sm" closeButtonProps={{ "aria-label": w.act.close }}>
      <form className="column" onSubmit={keep}>
        <TextInput
          label={w.records.questions.name}
          placeholder={w.records.questions.hint}
          value={name}
          maxLength={60}
          autoComplete="off"
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox size="xs" label={w.records.questions.share} checked={isShared} onChange={(event) => setIsShared(event.currentTarget.checked)} />
        {error === null ? null : <ProblemNotice error={error} />}
        <DialogActs onCancel={onClose} label={w.act.save} isBusy={isBusy} isDisabled={name.trim() === ""} />
      </form>
    </Modal>
  );
}
