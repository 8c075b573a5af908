import type { Page } from "playwright-core";
import { nextCode } from "../authenticator.ts";

export interface Person {
  readonly email: string;
  readonly password: string;
  readonly totpSecret: string;
}

/** ログイン, also after the lock. */
export function signInScreen(page: Page) {
  const at = {
    async presentPassword(mail: string, password: string): Promise<void> {
      await page.getByLabel("メールアドレス").fill(mail);
      await page.getByLabel("パスワード", { exact: true }).fill(password);
      await page.getByRole("button", { name: "次へ" }).click();
    },
    async presentCode(code: string): Promise<void> {
      await page.getByLabel("確認コード").fill(code);
      await page.getByRole("button", { name: "ログイン", exact: true }).click();
    },
    async presentRecoveryCode(code: string): Promise<void> {
      await page.getByRole("button", { name: "認証アプリを使えないとき" }).click();
      await page.getByLabel("回復コード").fill(code);
      await page.getByRole("button", { name: "ログイン", exact: true }).click();
    },
    /** Both steps; resolves inside. Whoever is told for the first time what is recorded confirms it. */
    async signIn(person: Person): Promise<void> {
      await at.presentPassword(person.email, person.password);
      await page.getByLabel("確認コード").waitFor();
      await at.presentCode(await nextCode(person.totpSecret));
      const menu = page.getByRole("navigation", { name: "主なメニュー" });
      const confirm = page.getByRole("button", { name: "確認しました" });
      await menu.or(confirm).first().waitFor();
      if (await confirm.isVisible()) await confirm.click();
      await menu.waitFor();
    },
    async isOpen(): Promise<boolean> {
      await page.getByRole("heading", { level: 1, name: "ログイン" }).waitFor();
      return true;
    },
    async says(): Promise<string> {
      return page.getByRole("main").innerText();
    },
  };
  return at;
}
