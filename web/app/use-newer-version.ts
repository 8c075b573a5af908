import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { partsOfScreens } from "#web/app/parts-of-screens.ts";

const key = "kuraban-reloaded-for";

/** True once in this tab for each version: a server that goes on answering with the old one must not be asked for ever. */
function takeTurn(version: string): boolean {
  try {
    if (sessionStorage.getItem(key) === version) return false;
    sessionStorage.setItem(key, version);
    return true;
  } catch {
    return false;
  }
}

/**
 * Goes over to a newer version by itself when one walks to another screen, unless something typed still stands on this one. The bar
 * offers it at any time (parts-bar.tsx).
 */
export function useNewerVersion(): void {
  const router = useRouter();
  useEffect(() => {
    const typedIn = new Set<HTMLInputElement | HTMLTextAreaElement>();
    const note = ({ target }: Event) => {
      if (target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement) typedIn.add(target);
    };
    const isSomethingTyped = () => {
      for (const field of typedIn) if (!field.isConnected) typedIn.delete(field);
      return [...typedIn].some((field) => field.value !== "");
    };
    document.addEventListener("input", note, { capture: true });
    const stop = router.subscribe("onBeforeNavigate", ({ pathChanged }) => {
      const { newer } = partsOfScreens.standing();
      if (newer === undefined || !pathChanged || isSomethingTyped() || !takeTurn(newer)) return;
      // The address of the other screen is written first.
      setTimeout(() => location.reload());
    });
    return () => {
      document.removeEventListener("input", note, { capture: true });
      stop();
    };
  }, [router]);
}
