import type { Page } from "playwright-core";

/** 電話, メール, 地図 with values that stay masked. */
export function useActs(page: Page) {
  return {
    purposes: page.getByRole("dialog", { name: "利用目的" }),
    call: page.getByRole("group", { name: "伏せたまま使う" }).getByRole("button", { name: "電話" }).first(),
    /**
     * The address that `act` makes the browser hand to the phone or the mail program. It goes no further: asked whether to
     * open a program, a browser lets nobody click anything else.
     */
    async handedTo(scheme: "tel" | "mailto", act: () => Promise<unknown>): Promise<string> {
      await page.evaluate((start) => {
        const holder = window as unknown as { handed?: string; navigation: EventTarget };
        holder.handed = "";
        const listen = (event: Event) => {
          const { url } = (event as Event & { destination: { url: string } }).destination;
          if (!url.startsWith(start)) return;
          event.preventDefault();
          holder.handed = url;
          holder.navigation.removeEventListener("navigate", listen);
        };
        holder.navigation.addEventListener("navigate", listen);
      }, `${scheme}:`);
      await act();
      await page.waitForFunction(() => (window as unknown as { handed?: string }).handed !== "");
      return page.evaluate(() => (window as unknown as { handed: string }).handed);
    },
  };
}
