import type { Page } from "playwright-core";
import { awaitQuiet } from "../quiet.ts";

/** One customer: values, edit, past. */
export function personScreen(page: Page) {
  const values = page.getByRole("region", { name: "登録内容" });
  const pair = (field: string) => values.locator("dl > div").filter({ has: page.getByText(field, { exact: true }) });
  /** The head of the page: the timeline below has filters of the same names. */
  const head = page.getByRole("main").locator("header");
  const at = {
    async name(): Promise<string> {
      return page.getByRole("heading", { level: 1 }).innerText();
    },
    /** What stands beside a field's name. */
    async value(field: string): Promise<string> {
      return pair(field).locator("dd").innerText();
    },
    async values(): Promise<string> {
      return values.innerText();
    },
    async startRevealing(field: string): Promise<void> {
      await pair(field).getByRole("button").first().click();
    },
    async purposesOffered(): Promise<string[]> {
      const dialog = page.getByRole("dialog", { name: "閲覧の目的" });
      await dialog.waitFor();
      return (await dialog.getByRole("button").allInnerTexts()).filter((text) => text !== "");
    },
    async state(purpose: string): Promise<void> {
      await page.getByRole("dialog", { name: "閲覧の目的" }).getByRole("button", { name: purpose }).click();
      await values.getByText("記録しました").first().waitFor();
    },
    async startEditing(): Promise<void> {
      await head.getByRole("button", { name: "編集", exact: true }).click();
      await values.getByRole("button", { name: "保存", exact: true }).waitFor();
    },
    async type(field: string, text: string): Promise<void> {
      await values.getByLabel(field, { exact: true }).fill(text);
    },
    async save(): Promise<void> {
      await values.getByRole("button", { name: "保存", exact: true }).click();
    },
    async isSaved(): Promise<void> {
      await head.getByRole("button", { name: "編集", exact: true }).waitFor();
    },
    async version(): Promise<number> {
      return Number(/第([\d,]+)版/.exec(await values.innerText())?.[1]);
    },
    async history(): Promise<string> {
      const past = page.getByRole("region", { name: "経過", exact: true });
      await past.getByRole("tab", { name: "経過" }).click();
      await past.getByRole("list").first().waitFor();
      // The names of the staff come after.
      await awaitQuiet(page);
      return past.innerText();
    },
    async exposures(): Promise<string> {
      const past = page.getByRole("region", { name: "経過", exact: true });
      await past.getByRole("tab", { name: "閲覧記録" }).click();
      await past.getByRole("list").first().waitFor();
      // The names of the staff come after.
      await awaitQuiet(page);
      return past.innerText();
    },
    async moveToTrash(): Promise<void> {
      await page.getByRole("button", { name: "ごみ箱へ" }).click();
      await page.getByText("この顧客はごみ箱にあります。").waitFor();
    },
    /** The button of the note, not the one of the page. */
    async undoTrash(): Promise<void> {
      await page.getByRole("alert").filter({ hasText: "ごみ箱に移しました" }).getByRole("button", { name: "元に戻す" }).click();
      await page.getByText("この顧客はごみ箱にあります。").waitFor({ state: "hidden" });
    },
    async restore(): Promise<void> {
      await page.getByRole("button", { name: "元に戻す" }).first().click();
      await page.getByText("この顧客はごみ箱にあります。").waitFor({ state: "hidden" });
    },
    conflict: {
      async isShown(): Promise<void> {
        await page.getByRole("region", { name: "ほかの人が先に更新しました" }).waitFor();
      },
      async says(): Promise<string> {
        return page.getByRole("region", { name: "ほかの人が先に更新しました" }).innerText();
      },
      async keep(field: string, whose: "相手の値" | "あなたの値"): Promise<void> {
        await page
          .getByRole("radiogroup", { name: field })
          .getByRole("radio", { name: new RegExp(`^${whose}`) })
          .check();
      },
      async save(): Promise<void> {
        await page.getByRole("button", { name: "選んだ内容で保存" }).click();
      },
    },
  };
  return at;
}
