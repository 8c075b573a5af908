import type { Page } from "playwright-core";
import { awaitQuiet } from "../quiet.ts";

/** 記録簿: the last seal, chips, events, the event beside them. */
export function ledgerScreen(page: Page) {
  const grid = page.getByRole("grid", { name: "記録簿" });
  const at = {
    async open(): Promise<void> {
      await page.getByRole("navigation", { name: "主なメニュー" }).getByRole("link", { name: "記録簿", exact: true }).click();
      await page.getByRole("heading", { level: 1, name: "記録簿" }).waitFor();
    },
    async filterByKind(name: string): Promise<void> {
      await page.getByRole("group", { name: "絞り込み" }).getByRole("button", { name: "種類", exact: true }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("候補を絞る").fill(name);
      const before = page.url();
      await dialog.getByRole("button", { name, exact: true }).click();
      await page.waitForURL((url) => url.href !== before);
      await awaitQuiet(page);
      await grid.waitFor();
    },
    async ask(question: string): Promise<void> {
      await page.getByRole("navigation", { name: "問い" }).getByRole("button", { name: question, exact: true }).click();
    },
    async rows(): Promise<string[]> {
      await grid.getByRole("gridcell").first().waitFor();
      return grid
        .getByRole("row")
        .filter({ has: page.getByRole("gridcell") })
        .allInnerTexts();
    },
    async look(index: number): Promise<string> {
      await grid.getByRole("gridcell").first().waitFor();
      const row = grid
        .getByRole("row")
        .filter({ has: page.getByRole("gridcell") })
        .nth(index);
      // On its time, which stands first, and on a phone last: chips in it open something else.
      const height = (await row.boundingBox())?.height ?? 0;
      await row.click({ position: { x: 30, y: height - 10 } });
      const panel = page.getByRole("complementary", { name: "記録簿" });
      await panel.getByRole("heading", { level: 2 }).waitFor();
      return panel.innerText();
    },
    async verify(): Promise<string> {
      await page.getByRole("button", { name: "いま検証する" }).click();
      const seal = page.getByRole("region", { name: "最後の検印" });
      await seal.getByText(/一致しました|不一致が見つかりました/).waitFor({ timeout: 60_000 });
      return seal.innerText();
    },
  };
  return at;
}
