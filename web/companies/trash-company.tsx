import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconTrash } from "@tabler/icons-react";
import { restoreCompany, trashCompany } from "#shared/trash.ts";
import { call } from "#web/call.ts";
import { refreshCustomers, undoMilliseconds } from "#web/customers/watch-operation.tsx";
import { refusalOf, sentenceOf, tellRefusal } from "#web/parts/problem-notice.tsx";
import { useMay } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

/** Takes a company out of the trash. */
export function RestoreCompany({ companyNo }: { companyNo: number }) {
  const spoken = useWords();
  const { w } = spoken;
  const may = useMay();
  const client = useQueryClient();
  const restore = useMutation({
    mutationFn: () => call(restoreCompany, { params: { companyNo } }),
    onSuccess: () => {
      refreshCustomers(client);
      void client.invalidateQueries({ queryKey: ["company", companyNo] });
    },
    onError: (error) => notifications.show({ message: tellRefusal(error, spoken), color: "red" }),
  });
  if (!may("delete")) return null;
  return (
    <Button size="xs" variant="default" loading={restore.isPending} onClick={() => restore.mutate()}>
      {w.act.restore}
    </Button>
  );
}

/** Moves a company to the trash, with Undo beside it; says what to do first when people belong to it. */
export function TrashCompany({ companyNo, version, onDone }: { companyNo: number; version: number; onDone?: () => void }) {
  const spoken = useWords();
  const { w } = spoken;
  const may = useMay();
  const client = useQueryClient();
  const refresh = () => {
    refreshCustomers(client);
    void client.invalidateQueries({ queryKey: ["company", companyNo] });
    onDone?.();
  };
  const tellRefusal = (error: unknown) => {
    const { code, facts } = refusalOf(error);
    const message = facts["reason"] === "has-customers" ? w.bulk.companyHasPeople(Number(facts["customers"])) : sentenceOf(code, spoken);
    notifications.show({ message, color: "red" });
  };
  const restore = useMutation({ mutationFn: () => call(restoreCompany, { params: { companyNo } }), onSuccess: refresh, onError: tellRefusal });
  const trash = useMutation({
    mutationFn: () => call(trashCompany, { params: { companyNo }, body: { version } }),
    onSuccess: () => {
      const id = `company-trashed-${companyNo}`;
      notifications.show({
        id,
        autoClose: undoMilliseconds,
        message: (
          <span className="line apart">
            {w.bulk.companyTrashed}
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                notifications.hide(id);
                restore.mutate();
              }}
            >
              {w.act.undo}
            </Button>
          </span>
        ),
      });
      refresh();
    },
    onError: tellRefusal,
  });
  if (!may("delete")) return null;
  return (
    <Button variant="default" leftSection={<IconTrash size={16} />} loading={trash.isPending} onClick={() => trash.mutate()}>
      {w.act.delete}
    </Button>
  );
}
