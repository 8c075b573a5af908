import { notifications } from "@mantine/notifications";
import { useEffect } from "react";
import { useWords } from "#web/words/words.ts";

/**
 * One value may be copied, a list of them may not. This deters and says so; it cannot stop someone with the browser's
 * own tools, which is why every view is recorded.
 */
export function useCopyGuard(): void {
  const { w } = useWords();
  useEffect(() => {
    const guard = (event: ClipboardEvent) => {
      const selection = window.getSelection();
      if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return;
      const range = selection.getRangeAt(0).commonAncestorContainer;
      const within = range instanceof Element ? range : range.parentElement;
      const values = [...(within?.querySelectorAll("[data-personal]") ?? [])].filter((value) => selection.containsNode(value, true));
      if (values.length <= 3) return;
      event.preventDefault();
      notifications.show({ message: `${w.customers.listCopy} ${w.person.copyHonest}`, color: "gray" });
    };
    document.addEventListener("copy", guard);
    return () => document.removeEventListener("copy", guard);
  }, [w]);
}
