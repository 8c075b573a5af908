import { useSyncExternalStore } from "react";

/** The browser's own offer to install (Web App Manifest, `beforeinstallprompt`; Chromium only). */
interface Offer extends Event {
  prompt(): Promise<unknown>;
}

/** Holds the offer that the browser makes once, early, until somebody looks for it. */
export interface InstallOffers {
  readonly take: () => Offer | undefined;
  readonly listen: (onChange: () => void) => () => void;
}

function watchInstallOffers(from: Window): InstallOffers {
  let offer: Offer | undefined;
  const heard = new Set<() => void>();
  const set = (next: Offer | undefined) => {
    offer = next;
    for (const tell of heard) tell();
  };
  from.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    set(event as Offer);
  });
  from.addEventListener("appinstalled", () => set(undefined));
  return {
    take: () => offer,
    listen: (onChange) => {
      heard.add(onChange);
      return () => void heard.delete(onChange);
    },
  };
}

const offers = watchInstallOffers(window);

/** How this device can take the product on: by its own offer, or by hand as iPhones do; undefined where it is there already or cannot be. */
export function useInstall(): { readonly kind: "offer"; readonly install: () => void } | { readonly kind: "by-hand" } | undefined {
  const offer = useSyncExternalStore(offers.listen, offers.take);
  if (offer !== undefined) return { kind: "offer", install: () => void offer.prompt() };
  const isApple = /iPhone|iPad/.test(navigator.userAgent);
  return isApple && !window.matchMedia("(display-mode: standalone)").matches ? { kind: "by-hand" } : undefined;
}
