import { useEffect, useState } from "react";

const reachable = "a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), summary, [tabindex='0']";

interface Held {
  readonly element: HTMLElement;
  /** What the element stood in, from the inside out, each with the element's place among its like there. */
  readonly around: readonly (readonly [Element, number])[];
}

const kindOf = (element: Element): string => [element.tagName, element.getAttribute("type"), element.getAttribute("aria-haspopup")].join();

/** What can be reached by the keyboard in a place and is of the kind of an element. */
function likeIn(place: Element, element: Element): readonly HTMLElement[] {
  return [...place.querySelectorAll<HTMLElement>(reachable)].filter((one) => one.tabIndex >= 0 && one.offsetParent !== null && kindOf(one) === kindOf(element));
}

function hold(element: HTMLElement, room: Element): Held {
  const around: [Element, number][] = [];
  for (let outer = element.parentElement; outer !== null && room.contains(outer); outer = outer.parentElement) {
    around.push([outer, likeIn(outer, element).indexOf(element)]);
  }
  return { element, around };
}

/** What took the place of an element that is gone: the next of its kind, or the last where it was the last. */
function successorOf({ element, around }: Held): HTMLElement | undefined {
  const left = around.filter(([outer]) => outer.isConnected).map(([outer, place]) => [likeIn(outer, element), Math.max(0, place)] as const);
  const next = left.find(([others, place]) => place < others.length);
  return next?.[0][next[1]] ?? left.find(([others]) => others.length > 0)?.[0].at(-1);
}

/**
 * Keeps the keyboard's place in a room. A control that has the focus and rests while its act runs has it again afterwards; where it is
 * gone (a task that was ticked, a row that was settled), whatever took its place has it. Who has left the room, or has clicked beside
 * everything, is left alone. Returns the `ref` of the room.
 */
export function useKeptFocus(): (room: HTMLElement | null) => void {
  const [room, setRoom] = useState<HTMLElement | null>(null);
  useEffect(() => {
    if (room === null) return;
    let held: Held | undefined;
    const take = ({ target }: FocusEvent) => {
      if (target instanceof HTMLElement) held = hold(target, room);
    };
    const leave = ({ target, relatedTarget }: FocusEvent) => {
      // A control that rests gives the focus up without having been left.
      if (relatedTarget !== null || !(target instanceof HTMLElement) || target.matches(":disabled")) return;
      // Only afterwards is it known whether the control was left, or was taken away under the focus.
      requestAnimationFrame(() => {
        if (held?.element === target && target.isConnected && document.activeElement !== target) held = undefined;
      });
    };
    const restore = () => {
      if (held === undefined || (document.activeElement !== document.body && document.activeElement !== null)) return;
      const { element } = held;
      if (!element.isConnected) successorOf(held)?.focus({ preventScroll: true });
      else if (!element.matches(":disabled")) element.focus({ preventScroll: true });
    };
    // Dialogs stand beside the room: what they give the focus back to may be gone.
    const observer = new MutationObserver(() => requestAnimationFrame(restore));
    observer.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
    room.addEventListener("focusin", take);
    room.addEventListener("focusout", leave);
    return () => {
      observer.disconnect();
      room.removeEventListener("focusin", take);
      room.removeEventListener("focusout", leave);
    };
  }, [room]);
  return setRoom;
}
