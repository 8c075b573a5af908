import { useEffect, useRef } from "react";

type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement && (target.type === "checkbox" || target.type === "radio")) return false;
  return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}

/**
 * Single-key commands of a screen (`j`, `/`, `Escape` …). They rest while someone types, while a conversion of the
 * input method is open, while a modifier is held and while a dialog stands in front.
 */
export function useKeys(keys: Keys, isActive = true): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    if (!isActive) return;
    const listen = (event: KeyboardEvent) => {
      if (event.isComposing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector("[aria-modal=true]") !== null) return;
      // A dialog that this very key has just closed is gone from the page, but not from above the key's target.
      if (event.target instanceof Element && event.target.closest("[role=dialog]") !== null) return;
      const isOnControl = event.target instanceof HTMLElement && event.target.closest("button, a, [role=menu], [role=option]") !== null;
      if (event.key === "Enter" && isOnControl) return;
      const act = latest.current[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act(event);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [isActive]);
}
