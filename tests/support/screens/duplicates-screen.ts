import type { Page } from "playwright-core";

/** 重複候補: pairs, and two records side by side. */
export function duplicatesScreen(page: Page) {
  const beside = page.getByRole("region", { name: "統合する" });
  return {
    /** Resolves when the house has compared everybody who was written: from then on the count changes by what is decided alone. */
    async settles(): Promise<void> {
      await page.getByRole("status").filter({ hasText: /組/ }).filter({ hasNotText: "照合の途中" }).waitFor({ timeout: 60_000 });
    },
    async count(): Promise<number> {
      const status = page.getByRole("status").filter({ hasText: /組/ });
      await status.waitFor();
      return Number(/([\d,]+)組/.exec(await status.innerText())?.[1]?.replaceAll(",", ""));
    },
    async awaitComparison(): Promise<readonly number[]> {
      await beside.getByRole("table").waitFor();
      return (/pair=([\d-]+)/.exec(decodeURIComponent(page.url()))?.[1] ?? "").split("-").map(Number);
    },
  };
}
