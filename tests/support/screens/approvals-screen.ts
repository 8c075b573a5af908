import type { Page } from "playwright-core";

/** 承認: what waits for a second person. */
export function approvalsScreen(page: Page) {
  const at = {
    async open(): Promise<void> {
      await page.getByRole("navigation", { name: "主なメニュー" }).getByRole("link", { name: "承認", exact: true }).click();
      await page.getByRole("heading", { level: 2, name: "判断を待つ申請" }).waitFor();
    },
    /** The request that holds this text. */
    request: (text: string) =>
      page
        .getByRole("listitem")
        .filter({ has: page.getByRole("button", { name: "承認する" }) })
        .filter({ hasText: text }),
    async waiting(): Promise<string[]> {
      const acts = page.getByRole("listitem").filter({ has: page.getByRole("button", { name: "承認する" }) });
      await acts.first().waitFor();
      return acts.allInnerTexts();
    },
    decision: page.getByRole("dialog", { name: "この申請を承認しますか" }),
  };
  return at;
}
