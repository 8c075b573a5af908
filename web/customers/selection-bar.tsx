import { ActionIcon, Button } from "@mantine/core";
import { IconStar, IconStarOff, IconX } from "@tabler/icons-react";
import styles from "#web/customers/selection-bar.module.css";
import { selectionActions } from "#web/customers/selection-actions.tsx";
import type { WholeView } from "#web/lists/export-dialog.tsx";
import { useWords } from "#web/words/words.ts";

/** Below the list while somebody is chosen: how many, and what can be done with them. */
export function SelectionBar({
  customerNos,
  view,
  isTrash,
  areStarred,
  onStar,
  onDone,
  onClear,
}: {
  customerNos: readonly number[];
  view: WholeView | undefined;
  isTrash: boolean;
  areStarred: boolean;
  onStar: (isStarred: boolean) => void;
  /** After an act that changed some of them. */
  onDone: () => void;
  onClear: () => void;
}) {
  const { w } = useWords();
  return (
    <div role="toolbar" aria-label={w.list.actions} className={styles["bar"]}>
      <strong className="number" aria-live="polite">
        {w.list.chosen(customerNos.length)}
      </strong>
      <span className={styles["acts"]}>
        {selectionActions.map((Act, place) => (
          <Act key={place} customerNos={customerNos} view={view} isTrash={isTrash} onDone={onDone} />
        ))}
        <Button
          size="xs"
          variant="default"
          leftSection={areStarred ? <IconStarOff size={14} aria-hidden /> : <IconStar size={14} aria-hidden />}
          onClick={() => onStar(!areStarred)}
        >
          {areStarred ? w.list.unstar : w.list.star}
        </Button>
      </span>
      <ActionIcon aria-label={w.list.letGo} onClick={onClear}>
        <IconX size={18} />
      </ActionIcon>
    </div>
  );
}
