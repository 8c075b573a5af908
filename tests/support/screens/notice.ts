import type { Locator, Page } from "playwright-core";

/** What the product says in a corner after an act, with its undo. */
export function notice(page: Page) {
  const of = (text: string | RegExp): Locator => page.getByRole("alert").filter({ hasText: text }).first();
  return {
    async says(text: string | RegExp): Promise<string> {
      await of(text).waitFor();
      return of(text).innerText();
    },
    /** Closes all, as one does who has read them; one that goes by itself meanwhile is closed as well. */
    async clear(): Promise<void> {
      const close = page.locator("[role=alert] .mantine-Notification-closeButton");
      while ((await close.count()) > 0) {
        await close
          .first()
          .click({ timeout: 1_000 })
          .catch(() => undefined);
      }
    },
    act: (text: string | RegExp, name: string): Locator => of(text).getByRole("button", { name, exact: true }),
  };
}
