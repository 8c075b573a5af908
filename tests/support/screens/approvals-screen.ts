import type { Page } from "playwright-core";

/** 承認: what waits for a second person. */
export function approvalsScreen(page: Page) {
  const at = {
    /** Also from the page itself, on which what was asked for since does not stand yet. */
    async open(): Promise<void> {
      if (new URL(page.url()).pathname === "/approvals") await page.reload();
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
