import type { Page } from "playwright-core";

/** 顧客: search, chips, table. */
export function customerListScreen(page: Page) {
  const grid = page.getByRole("grid", { name: "顧客" });
  const people = grid.getByRole("row").filter({ has: page.getByRole("gridcell") });
  /** A row by its place in the list or by something that stands in it. */
  const row = (which: number | string) => (typeof which === "number" ? people.nth(which) : people.filter({ hasText: which }).first());
  const at = {
    async open(): Promise<void> {
      await page.getByRole("navigation", { name: "主なメニュー" }).getByRole("link", { name: "顧客", exact: true }).click();
      await at.settles();
    },
    /** Waits until no row is on its way. */
    async settles(): Promise<void> {
      await page.getByRole("status").filter({ hasText: /人/ }).waitFor();
      await page.waitForFunction(
        () => document.querySelector("[aria-busy=true]") === null && document.querySelector("[role=gridcell] > span:only-child:empty") === null,
      );
    },
    async total(): Promise<number> {
      const text = await page.getByRole("status").filter({ hasText: /人/ }).innerText();
      return Number(text.replaceAll(/[^0-9]/g, ""));
    },
    /** Types as a person does; the list answers by itself. Resolves once the new list stands. */
    async search(words: string): Promise<void> {
      const before = page.url();
      await page.getByRole("searchbox", { name: "顧客を検索" }).fill(words);
      await page.waitForURL((url) => url.href !== before);
      await at.settles();
    },
    async rows(): Promise<string[]> {
      return people.allInnerTexts();
    },
    async findsNothing(): Promise<void> {
      await page.getByText("該当する顧客はありません").waitFor();
    },
    /** Opens the panel beside the list. */
    async look(which: number | string): Promise<void> {
      await row(which).locator("strong").click();
      await page.getByRole("complementary", { name: "顧客" }).getByRole("heading", { level: 2 }).waitFor();
    },
    async openFully(which: number | string): Promise<void> {
      await at.look(which);
      await page.getByRole("complementary", { name: "顧客" }).getByRole("link", { name: "詳細を開く" }).click();
      await page.getByRole("region", { name: "登録内容" }).waitFor();
      await page.getByRole("complementary", { name: "顧客" }).waitFor({ state: "hidden" });
    },
    async panel(): Promise<string> {
      return page.getByRole("complementary", { name: "顧客" }).innerText();
    },
    async hasPanel(): Promise<boolean> {
      return page.getByRole("complementary", { name: "顧客" }).isVisible();
    },
    async sortBy(column: string): Promise<void> {
      const before = page.url();
      await grid.getByRole("button", { name: column }).click();
      await page.waitForURL((url) => url.href !== before);
      await at.settles();
    },
    /** Ticks rows by their place. */
    async choose(...places: readonly number[]): Promise<void> {
      for (const place of places) await row(place).getByRole("checkbox").click();
    },
    /** What the bar below the list says, or nothing while nobody is chosen. */
    async chosen(): Promise<string> {
      const actions = page.getByRole("toolbar", { name: "選択した顧客の操作" });
      return (await actions.isVisible()) ? actions.locator("strong").innerText() : "";
    },
    /** Opens one of the views above the list. */
    async openView(name: string): Promise<void> {
      const before = page.url();
      await page.getByRole("navigation", { name: "保存した一覧" }).getByRole("button", { name, exact: true }).click();
      await page.waitForURL((url) => url.href !== before);
      await at.settles();
    },
    async filter(chip: string, choice: string): Promise<void> {
      const before = page.url();
      await page.getByRole("group", { name: "絞り込み" }).getByRole("button", { name: chip, exact: true }).click();
      await page.getByRole("dialog").getByRole("button", { name: choice, exact: true }).click();
      await page.waitForURL((url) => url.href !== before);
      await at.settles();
    },
  };
  return at;
}
