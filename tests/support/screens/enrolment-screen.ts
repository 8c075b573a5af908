import type { Page } from "playwright-core";
import { nextCode } from "../authenticator.ts";

export interface Enrolled {
  readonly totpSecret: string;
  readonly recoveryCodes: readonly string[];
}

/** 登録, behind an invitation: password, authenticator, recovery codes. */
export function enrolmentScreen(page: Page) {
  const at = {
    async choosePassword(password: string): Promise<void> {
      await page.getByLabel("新しいパスワード").fill(password);
      await page.getByRole("button", { name: "次へ" }).click();
    },
    /** Types the secret into an authenticator, as one whose camera is broken. */
    async readSecret(): Promise<string> {
      await page.getByRole("img", { name: "認証アプリでQRコードを読み取ってください" }).waitFor();
      return page.locator("code").innerText();
    },
    async proveFactor(code: string): Promise<void> {
      await page.getByLabel("表示された6桁の数字").fill(code);
      await page.getByRole("button", { name: "次へ" }).click();
    },
    async keepRecoveryCodes(): Promise<readonly string[]> {
      await page.getByRole("heading", { name: "回復コードを保管してください" }).waitFor();
      const codes = await page.locator("li code").allInnerTexts();
      await page.getByLabel("保管しました").check();
      return codes;
    },
    async goToSignIn(): Promise<void> {
      await page.getByRole("button", { name: "ログインへ" }).click();
      await page.getByRole("heading", { level: 1, name: "ログイン" }).waitFor();
    },
    async enrol(password: string): Promise<Enrolled> {
      await at.choosePassword(password);
      const totpSecret = await at.readSecret();
      await at.proveFactor(await nextCode(totpSecret));
      const recoveryCodes = await at.keepRecoveryCodes();
      await at.goToSignIn();
      return { totpSecret, recoveryCodes };
    },
    async saysThatTheLinkIsDead(): Promise<void> {
      await page.getByText("この招待は使えません").waitFor();
    },
    async says(): Promise<string> {
      return page.getByRole("main").innerText();
    },
  };
  return at;
}
