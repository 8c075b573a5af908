import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "#web/words/words.ts";

/** The last line of a dialog: the way out on the left, what it does on the right. Submits the form around it where no `onAct` is given. */
export function DialogActs(given: {
  onCancel: () => void;
  label: ReactNode;
  onAct?: () => void;
  isBusy?: boolean;
  isDisabled?: boolean;
  isLoss?: boolean;
  /** Larger where a thumb in a hurry must meet it. */
  size?: "sm" | "md";
  title?: string | undefined;
  /** Stands before the act. */
  children?: ReactNode;
}) {
  const { w } = useWords();
  const { onAct, isBusy = false, isDisabled = false, isLoss = false, size = "sm", children = null } = given;
  const act = (
    <Button
      size={size}
      loading={isBusy}
      disabled={isDisabled}
      title={given.title}
      {...(onAct === undefined ? { type: "submit" } : { onClick: onAct })}
      {...(isLoss ? { color: "red" } : {})}
    >
      {given.label}
    </Button>
  );
  return (
    <div className="line apart">
      <Button variant="default" size={size} onClick={given.onCancel}>
        {w.act.cancel}
      </Button>
      {children === null ? (
        act
      ) : (
        <span className="line">
          {children}
          {act}
        </span>
      )}
    </div>
  );
}
