import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { restoreNote, setAction, trashNote } from "#shared/activities.ts";
import type { BodyOf } from "#shared/endpoint.ts";
import { call } from "#web/call.ts";
import { tellRefusal } from "#web/parts/problem-notice.tsx";
import { showUndo } from "#web/parts/show-undo.tsx";
import { useWords } from "#web/words/words.ts";

type ActionChange = BodyOf<typeof setAction>;

/** What is done to notes and next actions, each with its undoing. */
export function useNoteActs() {
  const spoken = useWords();
  const { w } = spoken;
  const client = useQueryClient();
  const refresh = () => {
    void client.invalidateQueries({ queryKey: ["timeline"] });
    void client.invalidateQueries({ queryKey: ["actions"] });
    void client.invalidateQueries({ queryKey: ["company-people"] });
  };
  const onError = (error: unknown) => notifications.show({ message: tellRefusal(error, spoken), color: "red" });

  const undoAction = useMutation({
    mutationFn: ({ noteNo, change }: { noteNo: number; change: ActionChange }) => call(setAction, { params: { noteNo }, body: change }),
    onSuccess: refresh,
    onError,
  });
  const action = useMutation({
    mutationFn: ({ noteNo, change }: { noteNo: number; change: ActionChange; said: string }) => call(setAction, { params: { noteNo }, body: change }),
    onSuccess: ({ former }, { noteNo, said }) => {
      refresh();
      showUndo({
        id: `action-${noteNo}`,
        message: said,
        label: w.act.undo,
        onUndo: () => undoAction.mutate({ noteNo, change: { done: former.done, dueOn: former.dueOn } }),
      });
    },
    onError,
  });
  const restore = useMutation({
    mutationFn: (noteNo: number) => call(restoreNote, { params: { noteNo } }),
    onSuccess: refresh,
    onError,
  });
  const trash = useMutation({
    mutationFn: ({ noteNo, version }: { noteNo: number; version: number }) => call(trashNote, { params: { noteNo }, body: { version } }),
    onSuccess: ({ noteNo }) => {
      refresh();
      showUndo({ id: `note-${noteNo}`, message: w.activities.trashed, label: w.act.undo, onUndo: () => restore.mutate(noteNo) });
    },
    onError,
  });
  return {
    refresh,
    isBusy: action.isPending || undoAction.isPending,
    setDone: (noteNo: number, done: boolean) => action.mutate({ noteNo, change: { done }, said: done ? w.activities.doneNote : w.activities.reopened }),
    putOff: (noteNo: number, dueOn: string) =>
      action.mutate({ noteNo, change: { dueOn }, said: w.activities.postponed(spoken.date(`${dueOn}T12:00:00+09:00`)) }),
    trash: (noteNo: number, version: number) => trash.mutate({ noteNo, version }),
  };
}
