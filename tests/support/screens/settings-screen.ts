import type { Page } from "playwright-core";

/** 設定: people, departments, consents. */
export function settingsScreen(page: Page) {
  const section = async (name: string): Promise<void> => {
    await page.getByRole("navigation", { name: "主なメニュー" }).getByRole("link", { name: "設定", exact: true }).click();
    await page.getByRole("tab", { name, exact: true }).click();
    await page.getByRole("tabpanel", { name, exact: true }).waitFor();
  };
  return {
    open: section,
    async sections(): Promise<string[]> {
      await page.getByRole("navigation", { name: "主なメニュー" }).getByRole("link", { name: "設定", exact: true }).click();
      await page.getByRole("tab").first().waitFor();
      return page.getByRole("tab").allInnerTexts();
    },
    async addDepartment(name: string, parent: string): Promise<void> {
      await section("部門");
      await page.getByRole("button", { name: "部門を追加" }).click();
      const dialog = page.getByRole("dialog", { name: "部門を追加" });
      await dialog.getByLabel("氏名").or(dialog.getByLabel("名前")).fill(name);
      await dialog.getByLabel("上位の部門").selectOption({ label: parent });
      await dialog.getByRole("button", { name: "保存" }).click();
      await dialog.waitFor({ state: "hidden" });
      await page.getByRole("tabpanel", { name: "部門" }).getByText(name).waitFor();
    },
    /** Gives what the screen says then: a link, or that the officer's consent is awaited. */
    async invite(given: { name: string; mail: string; department: string; roles: readonly string[] }): Promise<string> {
      await section("職員");
      await page.getByRole("button", { name: "招待する" }).click();
      const dialog = page.getByRole("dialog", { name: "職員を招待" });
      await dialog.getByLabel("氏名").fill(given.name);
      await dialog.getByLabel("メール").fill(given.mail);
      await dialog.getByLabel("部門").selectOption({ label: given.department });
      for (const role of given.roles) await dialog.getByLabel(role, { exact: true }).check();
      await dialog.getByRole("button", { name: "招待リンクを作る" }).click();
      await dialog.getByRole("button", { name: "招待リンクを作る" }).waitFor({ state: "hidden" });
      const says = await dialog.innerText();
      await dialog.getByRole("button", { name: "閉じる" }).last().click();
      return says;
    },
    async people(): Promise<string[]> {
      await section("職員");
      const grid = page.getByRole("grid", { name: "職員" });
      await grid.getByRole("gridcell").first().waitFor();
      return grid
        .getByRole("row")
        .filter({ has: page.getByRole("gridcell") })
        .allInnerTexts();
    },
    /** Grants the request that names this person; gives the invitation that the officer hands over. */
    async consentTo(name: string): Promise<string> {
      await section("同意");
      const request = page.getByRole("row").filter({ hasText: name });
      await request.getByRole("button", { name: "同意する", exact: true }).click();
      return request.locator("code").innerText();
    },
  };
}
