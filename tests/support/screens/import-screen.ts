import type { Page } from "playwright-core";
import { expect } from "vitest";
import { awaitQuiet } from "../quiet.ts";

/** 取り込み: file, mapping, progress, result. */
export function importScreen(page: Page) {
  const at = {
    async open(): Promise<void> {
      await page.getByRole("navigation", { name: "主なメニュー" }).getByRole("link", { name: "取り込み", exact: true }).click();
      await page.getByRole("heading", { level: 1, name: "取り込み" }).waitFor();
    },
    /** What the rows of the next file become. */
    async holds(kind: "顧客" | "購買履歴"): Promise<void> {
      await page.getByRole("radiogroup", { name: "取り込むもの" }).getByText(kind, { exact: true }).click();
    },
    async choose(file: { name: string; bytes: Buffer }): Promise<void> {
      const picker = page.waitForEvent("filechooser");
      await page.getByRole("button", { name: "ファイルを選ぶ" }).click();
      await (await picker).setFiles({ name: file.name, mimeType: "text/csv", buffer: file.bytes });
    },
    async awaitMapping(): Promise<void> {
      await page.getByRole("heading", { name: "列と項目の対応を確かめてください" }).waitFor({ timeout: 60_000 });
    },
    /** Header word → field name, as guessed. */
    async mapping(): Promise<Record<string, string>> {
      return Object.fromEntries(
        await page
          .locator("thead th select")
          .evaluateAll((selects) =>
            selects.map((select) => [
              (select.getAttribute("aria-label") ?? "").replace(/: 項目$/, ""),
              (select as HTMLSelectElement).selectedOptions[0]?.label ?? "",
            ]),
          ),
      );
    },
    async headerRow(): Promise<number> {
      return Number(await page.getByLabel("見出しの行").inputValue());
    },
    async previewRows(): Promise<number> {
      return page.getByRole("region", { name: "列と項目の対応を確かめてください" }).locator("tbody tr").count();
    },
    async chooseDepartment(name: string): Promise<void> {
      await page.getByLabel("登録する部門").selectOption({ label: name });
    },
    async start(): Promise<void> {
      await page.getByRole("button", { name: /取り込む$|取り込みを始める/ }).click();
    },
    async awaitEnd(): Promise<void> {
      await page.getByRole("heading", { name: "取り込みが終わりました" }).waitFor({ timeout: 120_000 });
    },
    /** The numbers of the result by their names. */
    async numbers(): Promise<Record<string, number>> {
      const pairs = await page
        .locator("dl > div")
        .evaluateAll((all) =>
          all.map((one) => [one.querySelector("dt")?.textContent ?? "", Number((one.querySelector("dd")?.textContent ?? "").replaceAll(",", ""))] as const),
        );
      return Object.fromEntries(pairs);
    },
    /** One line for each row that needs a look. */
    async problems(): Promise<string[]> {
      const table = page.getByRole("region", { name: "確認が必要な行" });
      await table.waitFor();
      for (;;) {
        const more = page.getByRole("button", { name: "さらに表示" });
        if (!(await more.isVisible())) break;
        const before = await table.locator("tbody tr").count();
        await more.click();
        await expect.poll(() => table.locator("tbody tr").count()).toBeGreaterThan(before);
        await awaitQuiet(page);
      }
      return table.locator("tbody tr").allInnerTexts();
    },
    async correct(row: number, value: string): Promise<void> {
      const line = page
        .getByRole("region", { name: "確認が必要な行" })
        .locator("tbody tr")
        .filter({ has: page.getByRole("cell", { name: String(row), exact: true }) })
        .first();
      await line.getByRole("textbox").fill(value);
      await line.getByRole("button", { name: "直して取り込む" }).click();
      await line.getByText("取り込みました").waitFor();
    },
    /** Gives a row of a purchase to one of those whom it may mean. */
    async decide(name: string): Promise<void> {
      await page.getByRole("button", { name: `${name}の購買として取り込む` }).click();
      await page.getByRole("region", { name: "確認が必要な行" }).getByText("取り込みました").waitFor();
    },
    async undo(): Promise<void> {
      await page.getByRole("button", { name: "この取り込みを取り消す" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "取り消す", exact: true }).click();
      await page.getByRole("heading", { name: "この取り込みは取り消されました" }).waitFor({ timeout: 120_000 });
    },
  };
  return at;
}
