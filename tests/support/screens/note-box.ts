import type { Page } from "playwright-core";

/** 対応を記録: on the page of a customer or company. */
export function noteBox(page: Page) {
  const past = page.getByRole("region", { name: "経過", exact: true });
  const form = page.getByRole("form", { name: "対応を記録" });
  return {
    form,
    /** The closed box stands: its key works. */
    async isThere(): Promise<void> {
      await past.getByRole("button", { name: "対応を記録" }).waitFor();
    },
    async isOpen(): Promise<void> {
      await form.getByRole("textbox", { name: "対応を記録" }).waitFor();
      await page.waitForFunction(() => document.activeElement instanceof HTMLTextAreaElement);
    },
    /** The newest entries of the timeline with this text. */
    async entry(text: string): Promise<string> {
      const entry = past.getByRole("listitem").filter({ hasText: text }).first();
      await entry.waitFor();
      return entry.innerText();
    },
    async isGone(text: string): Promise<void> {
      await past.getByText(text).first().waitFor({ state: "hidden" });
    },
  };
}
