import type { Page } from "playwright-core";

/** 名簿を持ち出す, from people chosen in the list. */
export function takeOutDialog(page: Page) {
  const dialog = page.getByRole("dialog", { name: "名簿を持ち出す" });
  return {
    open: page.getByRole("toolbar", { name: "選択した顧客の操作" }).getByRole("button", { name: "持ち出し" }),
    name: dialog.getByLabel("名称"),
    purpose: dialog.getByLabel("利用目的"),
    reason: dialog.getByLabel(/^理由/),
    make: dialog.getByRole("button", { name: "ファイルを作る" }),
    ask: dialog.getByRole("button", { name: "承認を申請する" }),
    async says(): Promise<string> {
      return dialog.innerText();
    },
    made: page.getByRole("dialog", { name: "ファイルを作りました" }),
    asked: page.getByRole("dialog", { name: "承認を申請しました" }),
  };
}
