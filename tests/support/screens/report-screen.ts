import type { Page } from "playwright-core";

/** 情報漏えい等の報告: the form that needs no sign-in. */
export function reportScreen(page: Page) {
  return {
    async open(): Promise<void> {
      await page.getByRole("link", { name: "情報漏えい等に気づいたとき" }).click();
      await page.getByRole("heading", { level: 1, name: "情報漏えい等の報告" }).waitFor();
    },
    /** The receipt. */
    async report(text: string, contact: string): Promise<string> {
      await page.getByLabel("何があったか").fill(text);
      await page.getByLabel("連絡先(任意)").fill(contact);
      await page.getByRole("button", { name: "報告する" }).click();
      await page.getByRole("heading", { name: "受け付けました" }).waitFor();
      return page.locator("output").innerText();
    },
  };
}
