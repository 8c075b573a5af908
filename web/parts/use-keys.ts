import { createContext, useContext, useEffect, useRef } from "react";

const moves: ReadonlySet<string> = new Set(["j", "k", "ArrowDown", "ArrowUp"]);

type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>;
/** What a key does on this screen, where it does something else than on others. */
type KeyNames = Readonly<Record<string, string>>;

/** The keys of the screens that stand here now, for the sheet that shows them. */
export type RegisteredKeys = Set<() => { readonly keys: readonly string[]; readonly names: KeyNames }>;
export const KeysContext = createContext<RegisteredKeys | undefined>(undefined);

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement && (target.type === "checkbox" || target.type === "radio")) return false;
  return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}

/**
 * Single-key commands of a screen (`j`, `/`, `Escape` …). They rest while someone types, while a conversion of the
 * input method is open, while a modifier is held and while a dialog stands in front.
 */
export function useKeys(keys: Keys, isActive = true, names: KeyNames = {}): void {
  const registered = useContext(KeysContext);
  const latest = useRef({ keys, names });
  useEffect(() => {
    latest.current = { keys, names };
  });
  useEffect(() => {
    if (!isActive || registered === undefined) return;
    const tell = () => ({ keys: Object.keys(latest.current.keys), names: latest.current.names });
    registered.add(tell);
    return () => void registered.delete(tell);
  }, [isActive, registered]);
  useEffect(() => {
    if (!isActive) return;
    const listen = (event: KeyboardEvent) => {
      if (event.isComposing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector("[aria-modal=true]") !== null) return;
      // A dialog that this very key has just closed is gone from the page, but not from above the key's target.
      if (event.target instanceof Element && event.target.closest("[role=dialog]") !== null) return;
      const isOnControl = event.target instanceof HTMLElement && event.target.closest("button, a, [role=menu], [role=option]") !== null;
      if (event.key === "Enter" && isOnControl) return;
      const act = latest.current.keys[event.key];
      if (act === undefined) return;
      event.preventDefault();
      // Whoever moves through a list has left the link that led there: Enter is for the row in hand.
      if (isOnControl && moves.has(event.key) && event.target instanceof HTMLElement) event.target.blur();
      act(event);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [isActive]);
}
