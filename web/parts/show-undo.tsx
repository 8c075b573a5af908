import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";

const shownMs = 12_000;

/** Says that something is done, and takes it back for twelve seconds. `id` is one for each thing, so that a newer act replaces the older. */
export function showUndo({ id, message, label, onUndo }: { id: string; message: string; label: string; onUndo: () => void }): void {
  notifications.hide(id);
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
            onUndo();
          }}
        >
          {label}
        </Button>
      </span>
    ),
    autoClose: shownMs,
  });
}
