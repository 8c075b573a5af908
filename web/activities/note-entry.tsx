import { ActionIcon, Button } from "@mantine/core";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { noteOut } from "#shared/activities.ts";
import { dayInJapan } from "#shared/day-in-japan.ts";
import { NoteForm, type About } from "#web/activities/note-box.tsx";
import styles from "#web/activities/note-entry.module.css";
import { useNoteActs } from "#web/activities/use-note-acts.ts";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";
import type { z } from "zod";

type Note = z.output<typeof noteOut>;

/** A note in a timeline, with its next action. */
export function NoteEntry({ about, note }: { about: About; note: Note }) {
  const { w } = useWords();
  const acts = useNoteActs();
  const [isEditing, setIsEditing] = useState(false);
  const text = textOf(note.text) ?? "";
  const action = note.action === null ? null : { ...note.action, text: textOf(note.action.text) ?? "" };
  if (isEditing) {
    return <NoteForm about={about} written={{ ...note, text, action }} onClose={() => setIsEditing(false)} />;
  }
  return (
    <div className={styles["body"]}>
      <div>
        {note.text === null ? null : (
          <div className={styles["text"]}>
            <Value shown={note.text} isBare />
          </div>
        )}
        {note.action === null ? null : <NextAction note={note} action={note.action} acts={acts} />}
      </div>
      {note.may.change ? (
        <span className={styles["acts"]}>
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={w.act.edit} title={w.act.edit} onClick={() => setIsEditing(true)}>
            <IconPencil size={15} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={w.act.delete}
            title={w.act.delete}
            onClick={() => acts.trash(note.noteNo, note.version)}
          >
            <IconTrash size={15} />
          </ActionIcon>
        </span>
      ) : null}
    </div>
  );
}

function NextAction({ note, action, acts }: { note: Note; action: NonNullable<Note["action"]>; acts: ReturnType<typeof useNoteActs> }) {
  const { w } = useWords();
  const isDone = action.doneAt !== null;
  const isLate = !isDone && action.dueOn < dayInJapan(new Date());
  return (
    <div className={styles["action"]} data-done={isDone || undefined}>
      <span className={styles["words"]}>
        <Value shown={action.text} isBare />
      </span>
      <At iso={`${action.dueOn}T12:00:00+09:00`} form="date" />
      {isLate ? <Mark tone="look">{w.activities.overdue}</Mark> : null}
      {action.responsibleNo === null ? null : <AccountChip no={action.responsibleNo} />}
      {isDone ? <Mark>{w.activities.doneMark}</Mark> : null}
      {note.may.act ? (
        <Button size="compact-xs" variant="default" disabled={acts.isBusy} onClick={() => acts.setDone(note.noteNo, !isDone)}>
          {isDone ? w.activities.undone : w.activities.done}
        </Button>
      ) : null}
    </div>
  );
}
