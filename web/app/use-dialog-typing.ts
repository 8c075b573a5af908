import { useEffect } from "react";

const fields = "input:not([type=hidden], :disabled), textarea:not(:disabled), select:not(:disabled)";

/**
 * What is typed while a dialog stands in front belongs to it: the focus goes in a moment after the dialog has come, and whoever opened
 * it by a key types on at once. A key is given to what has the focus when its `keydown` is over (UI Events, "keydown").
 */
export function useDialogTyping(): void {
  useEffect(() => {
    const lead = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent) => {
      if ([...key].length !== 1 || ctrlKey || metaKey || altKey) return;
      const dialog = [...document.querySelectorAll<HTMLElement>("section[role=dialog][aria-modal=true]")].at(-1);
      // Choices and calendars of a dialog hang beside it in the page: only what lies behind it gives the focus up.
      const isBehind = document.activeElement === document.body || document.activeElement?.closest("#root") !== null;
      if (dialog === undefined || !isBehind || dialog.contains(document.activeElement)) return;
      const wanted = dialog.querySelector<HTMLElement>("[data-autofocus]") ?? dialog.querySelector<HTMLElement>(fields);
      // A button would take the space bar for a press.
      if (wanted?.matches(fields) === true) wanted.focus({ preventScroll: true });
    };
    document.addEventListener("keydown", lead, { capture: true });
    return () => document.removeEventListener("keydown", lead, { capture: true });
  }, []);
}
