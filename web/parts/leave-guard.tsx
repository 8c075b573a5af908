import { useBlocker, type ShouldBlockFn } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { Confirm } from "#web/parts/confirm.tsx";

/**
 * Asks before what was typed is thrown away, whichever way one leaves: by the form's own button or key, by a link, by closing
 * the tab. `leave` is for the button and the key; `dialog` goes into the form.
 */
export function useLeaveGuard(given: {
  /** Something was typed that is not saved. */
  readonly isDirty: boolean;
  readonly words: { readonly title: string; readonly lead: string; readonly action: string };
  readonly onLeave: () => void;
  /** Whether this way loses it; every way does unless told. */
  readonly isLost?: ShouldBlockFn;
}): { readonly leave: () => void; readonly dialog: ReactNode } {
  const { isDirty, words, onLeave, isLost } = given;
  const [isLeaving, setIsLeaving] = useState(false);
  const blocker = useBlocker({ shouldBlockFn: (way) => isDirty && (isLost === undefined || isLost(way)), withResolver: true, enableBeforeUnload: isDirty });
  return {
    leave: () => (isDirty ? setIsLeaving(true) : onLeave()),
    dialog: (
      <Confirm
        isOpen={isLeaving || blocker.status === "blocked"}
        {...words}
        onConfirm={() => {
          setIsLeaving(false);
          if (blocker.status === "blocked") blocker.proceed();
          else onLeave();
        }}
        onClose={() => {
          setIsLeaving(false);
          if (blocker.status === "blocked") blocker.reset();
        }}
      />
    ),
  };
}
