import type { Page } from "playwright-core";

/** 宛名印刷: paper, purpose, PDF. */
export function printDialog(page: Page) {
  const dialog = page.getByRole("dialog", { name: "宛名印刷" });
  return {
    open: page.getByRole("toolbar", { name: "選択した顧客の操作" }).getByRole("button", { name: "宛名印刷" }),
    dialog,
    make: dialog.getByRole("button", { name: "PDFを作る" }),
  };
}
