import type { Page } from "playwright-core";

/** 本人の請求と同意 of one person. */
export function requestsScreen(page: Page) {
  const requests = page.getByRole("region", { name: "請求", exact: true });
  const suspension = page.getByRole("region", { name: "利用停止", exact: true });
  const record = page.getByRole("dialog", { name: "本人の請求を受け付ける" });
  const decide = page.getByRole("dialog", { name: "請求への判断" });
  return {
    record: {
      open: requests.getByRole("button", { name: "請求を受け付ける" }),
      kind: record.getByLabel("請求", { exact: true }),
      channel: record.getByLabel("受付方法"),
      identity: record.getByLabel("本人確認"),
      text: record.getByLabel("請求の内容"),
      save: record.getByRole("button", { name: "請求を受け付ける" }),
    },
    request: (kind: string) => requests.getByRole("article").filter({ hasText: kind }).first(),
    decide: {
      answer: decide.getByLabel("回答の内容と理由"),
      grant: decide.getByRole("button", { name: "応じる", exact: true }),
      dialog: decide,
    },
    suspension,
    async suspensionSays(): Promise<string> {
      return suspension.innerText();
    },
  };
}
