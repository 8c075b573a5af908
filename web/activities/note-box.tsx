import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { addCompanyNote, addCustomerNote, changeNote, noteKinds, type NoteKind } from "#shared/activities.ts";
import { dayAfter, dayInJapan } from "#shared/day-in-japan.ts";
import styles from "#web/activities/note-box.module.css";
import { readAction } from "#web/activities/read-action.ts";
import { useNoteActs } from "#web/activities/use-note-acts.ts";
import { call } from "#web/call.ts";
import { DayField } from "#web/parts/day-field.tsx";
import { useLeaveGuard } from "#web/parts/leave-guard.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { showUndo } from "#web/parts/show-undo.tsx";
import { textOf, useStaff } from "#web/parts/use-directory.ts";
import { useKeys } from "#web/parts/use-keys.ts";
import { useMe } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

/** A customer or company that notes are about. */
export interface About {
  readonly kind: "customer" | "company";
  readonly no: number;
}

/** What a note says when it is opened again for a change. */
export interface WrittenNote {
  readonly noteNo: number;
  readonly version: number;
  readonly kind: NoteKind;
  readonly happenedAt: string;
  readonly text: string;
  readonly action: { readonly text: string; readonly dueOn: string; readonly responsibleNo: number | null } | null;
}

/** Where a note is written down. Closed it is one line; `n` opens it. `openWith` opens it at once with a sort: after a call. */
export function NoteBox({ about, openWith, onClosed }: { about: About; openWith?: NoteKind | undefined; onClosed?: (() => void) | undefined }) {
  const { w } = useWords();
  const [isOpen, setIsOpen] = useState(openWith !== undefined);
  const [given, setGiven] = useState(openWith);
  if (openWith !== given) {
    setGiven(openWith);
    if (openWith !== undefined) setIsOpen(true);
  }
  const close = () => {
    setIsOpen(false);
    onClosed?.();
  };
  useKeys({ n: () => setIsOpen(true) });
  if (!isOpen) {
    return (
      <button type="button" className={styles["closed"]} onClick={() => setIsOpen(true)}>
        {w.activities.writeNote} <span className={styles["key"]}>n</span>
      </button>
    );
  }
  return <NoteForm about={about} kind={openWith ?? "note"} onClose={close} />;
}

/** The form of a note, new or written before. Ctrl+Enter saves, Escape leaves. */
export function NoteForm({ about, kind: firstKind, written, onClose }: { about: About; kind?: NoteKind; written?: WrittenNote; onClose: () => void }) {
  const spoken = useWords();
  const { w } = spoken;
  const { accountNo } = useMe();
  const acts = useNoteActs();
  const today = dayInJapan(new Date());
  const [typed, setTyped] = useState(written?.text ?? "");
  const [kind, setKind] = useState<NoteKind>(written?.kind ?? firstKind ?? "note");
  const [happenedAt, setHappenedAt] = useState(written === undefined ? "" : localOf(written.happenedAt));
  const [stated, setStated] = useState<string | null>(written?.action?.text ?? null);
  const [pickedDay, setPickedDay] = useState<string | null>(written?.action?.dueOn ?? null);
  const [responsibleNo, setResponsibleNo] = useState(written?.action?.responsibleNo ?? accountNo);
  const area = useRef<HTMLTextAreaElement>(null);
  const nextField = useRef<HTMLInputElement>(null);
  useEffect(() => area.current?.focus(), []);

  const read = readAction(typed, today);
  const actionText = (stated ?? read.action ?? "").trim();
  const hasAction = stated !== null || read.action !== null;
  const dueOn = pickedDay ?? read.dueOn ?? dayAfter(today, 1);
  const isEmpty = read.text === "" && actionText === "";
  const isChanged =
    written === undefined
      ? typed.trim() !== "" || actionText !== ""
      : typed !== written.text || kind !== written.kind || actionText !== (written.action?.text ?? "") || (hasAction && dueOn !== written.action?.dueOn);

  const save = useMutation({
    mutationFn: () => {
      const action = actionText === "" ? null : { text: actionText, dueOn, responsibleNo };
      const body = { kind, text: read.text, action, ...(happenedAt === "" ? {} : { happenedAt: new Date(`${happenedAt}:00+09:00`).toISOString() }) };
      if (written !== undefined) return call(changeNote, { params: { noteNo: written.noteNo }, body: { ...body, version: written.version } });
      return about.kind === "customer"
        ? call(addCustomerNote, { params: { customerNo: about.no }, body })
        : call(addCompanyNote, { params: { companyNo: about.no }, body });
    },
    onSuccess: ({ noteNo, version }) => {
      acts.refresh();
      if (written === undefined) {
        showUndo({ id: `note-${noteNo}`, message: w.activities.saved, label: w.act.undo, onUndo: () => acts.trash(noteNo, version) });
      } else {
        notifications.show({ message: w.activities.changed });
      }
      onClose();
    },
  });
  // A look at a colleague beside the note loses nothing; another page or tab would.
  const guard = useLeaveGuard({
    isDirty: isChanged && !save.isSuccess,
    words: { title: w.activities.leave, lead: w.activities.leaveLead, action: w.activities.leaveDo },
    onLeave: onClose,
    isLost: ({ current, next }) => current.pathname !== next.pathname || tabOf(current.search) !== tabOf(next.search),
  });
  const submit = () => {
    if (!isEmpty && !save.isPending) save.mutate();
  };
  const pick = (day: string) => {
    setPickedDay(day);
    if (!hasAction) {
      setStated("");
      requestAnimationFrame(() => nextField.current?.focus());
    }
  };
  const quick: readonly (readonly [string, string])[] = [
    [w.activities.dues.today, today],
    [w.activities.dues.tomorrow, dayAfter(today, 1)],
    [w.activities.dues.nextWeek, dayAfter(today, 7)],
  ];
  const onKeyDown = (event: KeyboardEvent) => {
    // What belongs to a conversion of the input method is not ours.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      guard.leave();
    } else if (event.altKey && /^Digit[1-4]$/.test(event.code)) {
      event.preventDefault();
      const day = quick[Number(event.code.slice(5)) - 1]?.[1];
      if (day !== undefined) pick(day);
      else document.getElementById(`due-${about.kind}`)?.focus();
    }
  };

  return (
    <form
      method="post"
      className={styles["box"]}
      aria-label={w.activities.writeNote}
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {save.error === null ? null : <ProblemNotice error={save.error} />}
      <div className={styles["kinds"]} role="group" aria-label={w.activities.kind}>
        {noteKinds.map((one) => (
          <button key={one} type="button" className={styles["choice"]} aria-pressed={kind === one} onClick={() => setKind(one)}>
            {w.activities.sorts[one]}
          </button>
        ))}
      </div>
      <Textarea
        ref={area}
        aria-label={w.activities.writeNote}
        placeholder={w.activities.noteHint}
        autosize
        minRows={3}
        maxRows={12}
        maxLength={8000}
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <div className={styles["next"]}>
        {hasAction ? <span className="soft">{w.activities.next}</span> : null}
        {stated === null ? (
          read.action === null ? (
            <span className="soft">{w.activities.noNext}</span>
          ) : (
            <strong>{read.action}</strong>
          )
        ) : (
          <TextInput
            ref={nextField}
            size="xs"
            aria-label={w.activities.nextText}
            placeholder={w.activities.nextText}
            value={stated}
            maxLength={400}
            autoComplete="off"
            onChange={(event) => setStated(event.currentTarget.value)}
          />
        )}
        {quick.map(([name, day], index) => (
          <button
            key={name}
            type="button"
            className={styles["choice"]}
            aria-pressed={hasAction && dueOn === day}
            title={`Alt+${index + 1}`}
            onClick={() => pick(day)}
          >
            {name}
          </button>
        ))}
        <DayField
          id={`due-${about.kind}`}
          label={w.activities.due}
          isRequired={hasAction}
          value={hasAction ? dueOn : undefined}
          onChange={(day) => {
            // While a day is typed the typing stays where it is.
            if (day === undefined) return;
            setPickedDay(day);
            if (!hasAction) setStated("");
          }}
        />
        {hasAction ? <Responsible no={responsibleNo} onChange={setResponsibleNo} /> : null}
        {stated === null ? null : (
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => {
              setStated(null);
              setPickedDay(null);
            }}
          >
            {w.activities.drop}
          </Button>
        )}
      </div>
      <div className="line apart">
        <span className="line">
          <Button type="submit" size="xs" loading={save.isPending} disabled={isEmpty}>
            {w.act.save}
          </Button>
          <Button size="xs" variant="default" onClick={guard.leave}>
            {w.act.cancel}
          </Button>
          <span className={`${styles["hint"]} small soft`}>{w.activities.saveHint}</span>
        </span>
        {happenedAt === "" ? (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setHappenedAt(localOf(new Date().toISOString()))}>
            {w.activities.when}: {w.activities.whenNow}
          </Button>
        ) : (
          <TextInput
            size="xs"
            type="datetime-local"
            aria-label={w.activities.when}
            value={happenedAt}
            max={`${today}T23:59`}
            onChange={(event) => setHappenedAt(event.currentTarget.value)}
          />
        )}
      </div>
      {guard.dialog}
    </form>
  );
}

function Responsible({ no, onChange }: { no: number; onChange: (no: number) => void }) {
  const { w } = useWords();
  const staff = useStaff();
  const names = [...staff].map(([each, name]) => ({ value: String(each), label: textOf(name) ?? w.settings.ofNumber(each) }));
  if (names.length === 0) return null;
  return (
    <NativeSelect
      size="xs"
      aria-label={w.activities.responsible}
      value={String(no)}
      data={names}
      onChange={(event) => onChange(Number(event.currentTarget.value))}
    />
  );
}

function tabOf(search: unknown): unknown {
  return (search as { readonly tab?: unknown }).tab;
}

/** A moment as a `datetime-local` field takes it, in Japan's time. */
function localOf(iso: string): string {
  return new Date(Date.parse(iso) + 9 * 3_600_000).toISOString().slice(0, 16);
}
