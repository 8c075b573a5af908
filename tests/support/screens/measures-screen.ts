import type { Page } from "playwright-core";

/** A page counts what it was shown today seconds after it was shown it: that may meet a measure which the page has not heard of yet. */
export const countOfToday = (status: 401 | 503): string => `${status} GET /api/session/viewed-today`;

/** 応急措置: what is in force, the big acts, and lifting. */
export function measuresScreen(page: Page) {
  const dialog = () => page.getByRole("dialog");
  const at = {
    async open(): Promise<void> {
      await page.goto(new URL("/measures", page.url()).href);
      await page.getByRole("heading", { level: 1, name: "応急措置" }).waitFor();
    },
    async choose(act: string): Promise<void> {
      await page.getByRole("button", { name: act }).first().click();
      await dialog().waitFor();
    },
    /** What the act would do; resolves when it has been counted. */
    async effect(): Promise<string> {
      const words = dialog().locator("[aria-live=polite]").filter({ hasText: /。/ });
      await words.waitFor();
      return words.innerText();
    },
    async giveUp(): Promise<void> {
      await dialog().getByRole("button", { name: "やめる" }).click();
      await dialog().waitFor({ state: "detached" });
    },
    /** Takes it; `whom` names the kind of target and which. Resolves when it stands among those in force, or is done. */
    async take(act: string, reason: string, whom?: Readonly<Record<string, string>>): Promise<void> {
      await at.choose(act);
      for (const [target, which] of Object.entries(whom ?? {})) {
        await dialog().getByLabel("だれを").selectOption({ label: target });
        await dialog().getByLabel(target, { exact: true }).selectOption({ label: which });
      }
      await dialog().getByLabel("理由").fill(reason);
      await at.effect();
      await dialog().getByRole("button", { name: "実行する" }).click();
      await dialog().waitFor({ state: "detached" });
    },
    async lift(act: string): Promise<void> {
      await page
        .getByRole("list", { name: "いま効いている措置" })
        .getByRole("listitem")
        .filter({ hasText: act })
        .getByRole("button", { name: "解除する" })
        .click();
      await dialog().getByRole("button", { name: "解除する" }).click();
      await dialog().waitFor({ state: "detached" });
    },
  };
  return at;
}
