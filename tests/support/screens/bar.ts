import type { Page } from "playwright-core";

/** The bar that stands above every screen. */
export function bar(page: Page) {
  const menu = page.getByRole("navigation", { name: /主なメニュー|Main/ });
  return {
    /** Where one may go, in order. */
    async destinations(): Promise<string[]> {
      await menu.waitFor();
      return menu.getByRole("link").allInnerTexts();
    },
    async goTo(name: string): Promise<void> {
      await menu.getByRole("link", { name, exact: true }).click();
    },
    /** 「本日の閲覧 42人」 as a number. */
    async viewedToday(): Promise<number> {
      const text = await page
        .getByRole("banner")
        .getByRole("link", { name: /本日の閲覧/ })
        .innerText();
      return Number(text.replaceAll(/[^0-9]/g, ""));
    },
    async openOwnRecord(): Promise<void> {
      await page
        .getByRole("banner")
        .getByRole("link", { name: /本日の閲覧/ })
        .click();
    },
    /** Who is signed in, by name. */
    async ownName(): Promise<string> {
      await page.getByRole("button", { name: "アカウント", exact: true }).click();
      const name = await page.getByRole("dialog", { name: "アカウント" }).locator("strong").innerText();
      await page.keyboard.press("Escape");
      return name;
    },
    async choose(item: string): Promise<void> {
      await page.getByRole("button", { name: /^(アカウント|Account)$/ }).click();
      await page
        .getByRole("dialog", { name: /^(アカウント|Account)$/ })
        .getByText(item, { exact: true })
        .click();
    },
    async signOut(): Promise<void> {
      await page.getByRole("button", { name: "アカウント", exact: true }).click();
      await page.getByRole("dialog", { name: "アカウント" }).getByRole("button", { name: "ログアウト" }).click();
      await page.getByRole("heading", { level: 1, name: "ログイン" }).waitFor();
    },
  };
}
