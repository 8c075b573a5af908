import type { Locator, Page } from "playwright-core";

/** What the product says in a corner after an act, with its undo. */
export function notice(page: Page) {
  const of = (text: string | RegExp): Locator => page.getByRole("alert").filter({ hasText: text }).first();
  return {
    async says(text: string | RegExp): Promise<string> {
      await of(text).waitFor();
      return of(text).innerText();
    },
    /** Closes all, as one does who has read them. */
    async clear(): Promise<void> {
      const close = page.locator("[role=alert] .mantine-Notification-closeButton");
      for (let left = await close.count(); left > 0; left -= 1) await close.first().click();
      await close.first().waitFor({ state: "detached" });
    },
    act: (text: string | RegExp, name: string): Locator => of(text).getByRole("button", { name, exact: true }),
  };
}
