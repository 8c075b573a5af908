import type { Page } from "playwright-core";

/** ホーム: what is due, what waits for approval. */
export function homeScreen(page: Page) {
  const due = page.getByRole("region", { name: "次の対応" });
  return {
    async open(): Promise<void> {
      await page.getByRole("navigation", { name: "主なメニュー" }).getByRole("link", { name: "ホーム", exact: true }).click();
      await due.waitFor();
    },
    /** Lines of the actions that are due. */
    async actions(): Promise<string[]> {
      await due.getByRole("listitem").first().waitFor();
      return due.getByRole("listitem").allInnerTexts();
    },
    async counts(): Promise<readonly [overdue: number, today: number, soon: number]> {
      const text = await due.getByText(/期限切れ \d+件・今日/).innerText();
      const [overdue = 0, today = 0, soon = 0] = [...text.matchAll(/(\d+)件/g)].map((found) => Number(found[1]));
      return [overdue, today, soon];
    },
  };
}
