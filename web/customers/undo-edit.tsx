import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { QueryClient } from "@tanstack/react-query";
import { undoEdit } from "#shared/trash.ts";
import { call } from "#web/call.ts";
import { undoMilliseconds } from "#web/customers/watch-operation.tsx";
import { refusalOf, sentenceOf } from "#web/parts/problem-notice.tsx";
import type { Spoken } from "#web/words/words.ts";

/** Says that an edit is saved, with Undo beside it. The former values never come to the browser: the server puts them back. */
export function tellSaved(given: { customerNo: number; version: number }, client: QueryClient, spoken: Spoken): void {
  const { w } = spoken;
  const id = `saved-${given.customerNo}`;
  const undo = async () => {
    notifications.hide(id);
    try {
      await call(undoEdit, { params: { customerNo: given.customerNo }, body: { version: given.version } });
      notifications.show({ message: w.bulk.editUndone });
    } catch (error) {
      const { code } = refusalOf(error);
      notifications.show({ message: code === "conflict" ? w.bulk.notUndoable : sentenceOf(code, spoken), color: "red" });
    }
    for (const key of ["customer", "history", "timeline"]) void client.invalidateQueries({ queryKey: [key, given.customerNo] });
  };
  notifications.hide(id);
  notifications.show({
    id,
    autoClose: undoMilliseconds,
    message: (
      <span className="line apart">
        {w.act.saved}
        <Button size="xs" variant="default" onClick={() => void undo()}>
          {w.act.undo}
        </Button>
      </span>
    ),
  });
}
