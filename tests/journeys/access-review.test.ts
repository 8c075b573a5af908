import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Window } from "../support/browser.ts";
import { startCompanyJourney, staffName } from "../support/company-journey.ts";
import { pdfText } from "../support/pdf-text.ts";

const { url, enter } = startCompanyJourney([["privacy-officer"], ["system-administrator"], ["sales", "auditor"]], { unowned: 3 });
let officer: Window;

test("a salesperson, who was once made auditor too, sells and audits nothing; both offices are at work", async () => {
  const { page } = await enter(2);
  await page.getByRole("link", { name: "顧客", exact: true }).first().click();
  await page.getByRole("grid").or(page.getByRole("table")).first().waitFor();
  officer = await enter(0);
});

test("the privacy officer sees who can see a person, and by which role", async () => {
  const { page } = officer;
  await page.goto(`${url()}/customers/1?tab=readers`);
  const readers = page.getByRole("list", { name: "見られる人" });
  await readers.getByText(staffName(2)).waitFor();
  // Names of roles come by a fetch of their own.
  await expect.poll(() => readers.innerText()).toContain("役割「営業」");
  expect(await readers.innerText()).not.toContain(staffName(1));
  expect(await officer.accessibilityTroubles()).toEqual([]);
});

test("the officer begins a review, sees the role that nobody uses, decides to take it away and keeps the rest", async () => {
  const { page } = officer;
  await page.getByRole("link", { name: "設定", exact: true }).click();
  await page.getByRole("link", { name: "棚卸し" }).click();
  await page.getByRole("button", { name: "棚卸しを始める" }).click();
  const accounts = page.getByRole("list", { name: "職員ごと" });
  const line = accounts.getByRole("listitem").filter({ hasText: staffName(2) });
  await line.getByText("監査人: 利用なし").waitFor();
  await line.getByRole("button", { name: "取り上げる" }).click();
  const dialog = page.getByRole("dialog", { name: "取り上げる権限を選ぶ" });
  expect(await dialog.getByLabel("監査人: 利用なし").isChecked()).toBe(true);
  await dialog.getByLabel("理由").fill("兼務を終えたため");
  expect(await officer.accessibilityTroubles()).toEqual([]);
  await dialog.getByRole("button", { name: "決める" }).click();
  await line.getByText("未実施").waitFor();
  const other = accounts.getByRole("listitem").filter({ hasText: staffName(1) });
  await other.getByRole("button", { name: "残す" }).click();
  await other.getByRole("button", { name: "判断を変える" }).waitFor();
  const own = accounts.getByRole("listitem").filter({ hasText: staffName(0) });
  await own.getByText("自分のアカウントです").waitFor();
  expect(await own.getByRole("button", { name: "残す" }).count()).toBe(0);
});

test("the administrator finds it on the own screen and takes it away", async () => {
  const { page } = await enter(1);
  await page.getByRole("link", { name: "設定", exact: true }).click();
  await page.getByRole("link", { name: "棚卸し" }).click();
  const taking = page.getByRole("list", { name: "取り上げると決まった権限" });
  await taking.getByText(staffName(2)).waitFor();
  await taking.getByRole("button", { name: "いま外す" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "いま外す" }).click();
  await page.getByText("残っている取り上げはありません").waitFor();
  const asked = page.getByRole("region", { name: "判断してほしい職員" });
  await asked.getByText(staffName(0)).waitFor();
  await asked.getByRole("button", { name: "残す" }).click();
  await asked.getByRole("button", { name: "判断を変える" }).waitFor();
});

test("the officer signs it off and prints it", async () => {
  const { page } = officer;
  await page.reload();
  await page.getByText("実施済み").waitFor();
  await page.getByRole("button", { name: "署名する" }).click();
  await page.getByRole("dialog", { name: "棚卸しに署名する" }).getByRole("button", { name: "署名する" }).click();
  await page.getByText("記録簿の検印と一致しています").waitFor();
  expect(await officer.accessibilityTroubles()).toEqual([]);
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "PDFで印刷" }).click()]);
  const text = pdfText(readFileSync(await file.path())).replaceAll(/\s/g, "");
  expect(text).toContain("兼務を終えたため");
  expect(text).toContain("署名した内容と一致しています");
});
