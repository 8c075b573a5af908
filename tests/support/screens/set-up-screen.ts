import type { Page } from "playwright-core";

interface Named {
  readonly name: string;
  readonly mail: string;
}

/** 初期設定, behind the one-time link of the terminal. */
export function setUpScreen(page: Page) {
  const person = async (legend: string, { name, mail }: Named): Promise<void> => {
    const fields = page.getByRole("group", { name: legend });
    await fields.getByLabel("氏名").fill(name);
    await fields.getByLabel("メールアドレス").fill(mail);
  };
  return {
    async found(organisation: string, administrator: Named, officer: Named): Promise<void> {
      await page.getByLabel("組織の名前").fill(organisation);
      await person("システム管理者", administrator);
      await person("個人情報保護管理者", officer);
      await page.getByRole("button", { name: "設定する" }).click();
    },
    /** The recovery key as it stands on the paper; it must be said to be kept before the links are shown. */
    async keepRecoveryKey(): Promise<string> {
      await page.getByRole("heading", { name: "回復キーを印刷してください" }).waitFor();
      const key = await page.locator("code").innerText();
      await page.getByLabel("印刷して保管しました").check();
      await page.getByRole("button", { name: "次へ" }).click();
      return key;
    },
    async links(): Promise<{ administrator: string; officer: string }> {
      await page.getByRole("heading", { name: "2人の登録リンク" }).waitFor();
      const [officer = "", administrator = ""] = await page.locator("code").allInnerTexts();
      return { administrator, officer };
    },
    async saysThatTheLinkIsDead(): Promise<void> {
      await page.getByText("この設定用リンクは使えません").waitFor();
    },
  };
}
