import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconArrowBackUp, IconBuildingCommunity, IconForms, IconTrash, IconUserShare } from "@tabler/icons-react";
import { useState } from "react";
import { previewBulk, startBulk, type BulkKind } from "#shared/bulk.ts";
import { call } from "#web/call.ts";
import { BulkPreview, type BulkForm, type BulkSelection } from "#web/customers/bulk-preview.tsx";
import { watchOperation } from "#web/customers/watch-operation.tsx";
import { tellRefusal } from "#web/parts/problem-notice.tsx";
import { useMay } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

/** What may be done with the chosen customers at once; in the trash: taking them out of it. */
export function BulkActions({ selection, isTrash = false, onDone }: { selection: BulkSelection; isTrash?: boolean; onDone?: () => void }) {
  const { w } = useWords();
  const may = useMay();
  const [form, setForm] = useState<BulkForm | null>(null);
  const trash = useAtOnce(selection, "trash", onDone, () => setForm("trash"));
  const restore = useAtOnce(selection, "restore", onDone);
  if (!may("bulk")) return null;
  if (isTrash) {
    return may("delete") ? (
      <Button size="xs" variant="default" leftSection={<IconArrowBackUp size={14} />} loading={restore.isPending} onClick={() => restore.mutate()}>
        {w.bulk.restore}
      </Button>
    ) : null;
  }
  const forms = [
    { key: "hand-over", label: w.bulk.owner, Icon: IconUserShare },
    { key: "department", label: w.bulk.department, Icon: IconBuildingCommunity },
    { key: "field", label: w.bulk.field, Icon: IconForms },
  ] as const;
  return (
    <>
      {forms.map(({ key, label, Icon }) => (
        <Button key={key} size="xs" variant="default" leftSection={<Icon size={14} />} onClick={() => setForm(key)}>
          {label}
        </Button>
      ))}
      {may("delete") ? (
        <Button size="xs" variant="default" leftSection={<IconTrash size={14} />} loading={trash.isPending} onClick={() => trash.mutate()}>
          {w.bulk.trash}
        </Button>
      ) : null}
      {form === null ? null : <BulkPreview form={form} selection={selection} onClose={() => setForm(null)} onDone={onDone} />}
    </>
  );
}

/** Done at once with Undo beside it; where a second person is needed, `onAsk` opens the dialog that says so. */
function useAtOnce(selection: BulkSelection, kind: BulkKind, onDone: (() => void) | undefined, onAsk?: () => void) {
  const spoken = useWords();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const { persons, changes, needsApproval } = await call(previewBulk, { body: { ...selection, kind } });
      if (changes === 0) {
        notifications.show({ message: spoken.w.bulk.nobody });
        return;
      }
      if (needsApproval) {
        onAsk?.();
        return;
      }
      const { operationNo } = await call(startBulk, { body: { ...selection, kind, expected: { persons } } });
      void watchOperation(operationNo, client, spoken);
      onDone?.();
    },
    onError: (error) => notifications.show({ message: tellRefusal(error, spoken), color: "red" }),
  });
}
