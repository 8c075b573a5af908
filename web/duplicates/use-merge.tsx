import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { keepApart, mergeRecords, undoMerge, type MergeKind } from "#shared/duplicates.ts";
import { call } from "#web/call.ts";
import { Confirm } from "#web/parts/confirm.tsx";
import { refusalOf, sentenceOf } from "#web/parts/problem-notice.tsx";
import { useFields } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

const undoMs = 12_000;

/** What a merge, or the judgement that two are not the same, changes on the screens. */
function useRefreshAfterMerge(): () => void {
  const client = useQueryClient();
  return () => {
    for (const key of ["duplicates", "customer", "customers", "company", "companies", "history", "view", "timeline"]) {
      void client.invalidateQueries({ queryKey: [key] });
    }
  };
}

/** Says what was done, with its undo at hand for a while. */
function noticeWithUndo(id: string, message: string, undoLabel: string, undo: () => void): void {
  notifications.show({
    id,
    message: (
      <span className="line apart">
        {message}
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          {undoLabel}
        </Button>
      </span>
    ),
    autoClose: undoMs,
  });
}

/** Takes a merge back; after later changes it asks whether to leave the values and give only the sources back. */
export function useUndoMerge(kind: MergeKind): { undo: (mergeNo: number) => void; isBusy: boolean; dialog: ReactNode } {
  const spoken = useWords();
  const { w, label, list } = spoken;
  const refresh = useRefreshAfterMerge();
  const fields = useFields(kind);
  const [asked, setAsked] = useState<{ mergeNo: number; fields: string } | null>(null);
  const { mutate, isPending } = useMutation({
    mutationFn: ({ mergeNo, keepWinner }: { mergeNo: number; keepWinner: boolean }) => call(undoMerge, { params: { mergeNo }, body: { keepWinner } }),
    onSuccess: () => {
      setAsked(null);
      refresh();
      notifications.show({ message: w.duplicates.undone });
    },
    onError: (error, { mergeNo }) => {
      const { code, facts } = refusalOf(error);
      const changed = facts["fields"];
      if (code === "conflict" && Array.isArray(changed)) {
        setAsked({
          mergeNo,
          fields: list(
            changed.map((key) => {
              const field = fields.find((one) => one.key === key);
              return field === undefined ? String(key) : label(field);
            }),
          ),
        });
      } else notifications.show({ message: sentenceOf(code, spoken), color: "red" });
    },
  });
  return {
    undo: (mergeNo) => mutate({ mergeNo, keepWinner: false }),
    isBusy: isPending,
    dialog: (
      <Confirm
        isOpen={asked !== null}
        title={w.duplicates.changedSinceTitle}
        lead={w.duplicates.changedSince(asked?.fields ?? "")}
        action={w.duplicates.undoKeeping}
        isBusy={isPending}
        onConfirm={() => asked !== null && mutate({ mergeNo: asked.mergeNo, keepWinner: true })}
        onClose={() => setAsked(null)}
      />
    ),
  };
}

type Merge = Parameters<typeof call<typeof mergeRecords.params, typeof mergeRecords.query, typeof mergeRecords.body, typeof mergeRecords.reply>>[1]["body"];

/** Merging and keeping apart, each with its undo. `onDone` goes on to the next pair. */
export function useMerge(kind: MergeKind, onDone: () => void) {
  const { w } = useWords();
  const refresh = useRefreshAfterMerge();
  const undoing = useUndoMerge(kind);
  const merge = useMutation({
    mutationFn: (body: Merge) => call(mergeRecords, { body }),
    onSuccess: ({ mergeNo }) => {
      noticeWithUndo(`merged-${mergeNo}`, w.duplicates.merged, w.act.undo, () => undoing.undo(mergeNo));
      onDone();
      refresh();
    },
  });
  const apart = useMutation({
    mutationFn: ({ numbers, areApart }: { numbers: [number, number]; areApart: boolean }) => call(keepApart, { body: { kind, numbers, areApart } }),
    onSuccess: (_reply, { numbers, areApart }) => {
      if (areApart) {
        noticeWithUndo(`apart-${numbers.join("-")}`, w.duplicates.apartDone, w.act.undo, () => apart.mutate({ numbers, areApart: false }));
        onDone();
      } else notifications.show({ message: w.duplicates.apartTakenBack });
      refresh();
    },
  });
  return { merge, apart, dialog: undoing.dialog };
}
