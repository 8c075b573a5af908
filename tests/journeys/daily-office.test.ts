import { readFileSync } from "node:fs";
import type { Download, Page } from "playwright-core";
import { expect, inject, test } from "vitest";
import { phone, type Window } from "../support/browser.ts";
import { writtenCost } from "../support/daily-jobs.ts";
import { hands } from "../support/hands.ts";
import { enterDemo, startJourney } from "../support/journey.ts";
import { pdfText } from "../support/pdf-text.ts";
import { readWorkbook } from "../support/read-workbook.ts";
import { approvalsScreen } from "../support/screens/approvals-screen.ts";
import { bar } from "../support/screens/bar.ts";
import { customerListScreen } from "../support/screens/customer-list-screen.ts";
import { duplicatesScreen } from "../support/screens/duplicates-screen.ts";
import { importScreen } from "../support/screens/import-screen.ts";
import { notice } from "../support/screens/notice.ts";
import { personScreen } from "../support/screens/person-screen.ts";
import { printDialog } from "../support/screens/print-dialog.ts";
import { requestsScreen } from "../support/screens/requests-screen.ts";
import { takeOutDialog } from "../support/screens/take-out-dialog.ts";

const journey = startJourney();
const { url } = inject("demo");
let office: Window;
let officer: Window;
let manager: Window;

/** The file that an act gives. */
async function fileOf(page: Page, act: () => Promise<unknown>): Promise<{ name: string; bytes: Buffer }> {
  const given = page.waitForEvent("download");
  await act();
  const file: Download = await given;
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

test("4: a leaver's portfolio is handed over with three choices, after its number was shown, and taken back", async () => {
  office = await enterDemo(journey, "office");
  const { page } = office;
  const [list, hand] = [customerListScreen(page), hands(page)];
  await list.open();
  await page.getByRole("grid", { name: "顧客" }).getByRole("button", { name: "濱田 拓也" }).first().click();
  const panel = page.getByRole("complementary", { name: "アカウント" });
  const handOver = panel.getByRole("button", { name: "担当する顧客をすべて引き継ぐ" });
  await handOver.waitFor();
  await hand.begin();
  await hand.click(handOver);
  const dialog = page.getByRole("dialog", { name: "引き継ぐ" });
  await hand.choose(dialog.getByLabel("新しい担当者"), "新井 優子");
  const go = dialog.getByRole("button", { name: /^[\d,]+人を引き継ぐ$/ });
  await go.waitFor();
  const persons = Number((await go.innerText()).replaceAll(/\D/g, ""));
  expect(persons).toBeGreaterThan(20);
  expect(await office.accessibilityTroubles()).toEqual([]);
  await hand.click(go);
  const said = await notice(page).says(/人を引き継ぎました/);
  expect(Number(/([\d,]+)人を引き継ぎました/.exec(said)?.[1]?.replaceAll(",", ""))).toBe(persons);
  await hand.click(notice(page).act(/人を引き継ぎました/, "元に戻す"));
  const undone = await notice(page).says(/人を元に戻しました/);
  expect(Number(/([\d,]+)人を元に戻しました/.exec(undone)?.[1]?.replaceAll(",", ""))).toBe(persons);
  const cost = await hand.spent();
  expect(cost).toEqual(writtenCost("4", cost));
  await page.goto(`${url}/operations`);
  await page.getByText("元に戻した").first().waitFor();
  expect(await office.accessibilityTroubles()).toEqual([]);
});

test("5: a small list is imported, its wrong date is mended in its row, and the whole is undone", async () => {
  const { page } = office;
  const [wizard, hand] = [importScreen(page), hands(page)];
  const rows = [
    ["顧客番号", "氏名", "フリガナ", "電話", "生年月日"],
    ["J9001", "雨宮 澄江", "アマミヤ スミエ", "03-6789-1001", "1970/4/1"],
    ["J9002", "五百旗頭 実", "イオキベ ミノル", "03-6789-1002", "昭和45年13月1日"],
    ["J9003", "小鳥遊 葉月", "タカナシ ハヅキ", "03-6789-1003", "S52.8.9"],
  ];
  await wizard.open();
  await hand.begin();
  await wizard.choose({ name: "展示会.csv", bytes: Buffer.from(`\ufeff${rows.map((row) => row.join(",")).join("\r\n")}\r\n`) });
  await wizard.awaitMapping();
  await hand.click(page.getByRole("button", { name: /取り込む$|取り込みを始める/ }));
  await wizard.awaitEnd();
  const [line] = await wizard.problems();
  expect(line).toContain("生年月日");
  expect(line).toMatch(/^3\b/);
  const value = page.getByRole("region", { name: "確認が必要な行" }).getByRole("textbox").first();
  await hand.click(value);
  await hand.press("Control+a");
  await hand.type("昭和45年12月1日");
  await hand.press("Enter");
  await page.getByText("取り込みました").first().waitFor();
  expect(await office.accessibilityTroubles()).toEqual([]);
  const cost = await hand.spent();
  expect(cost).toEqual(writtenCost("5", cost));
  await wizard.undo();
  await customerListScreen(page).open();
  await customerListScreen(page).search("アマミヤ スミエ");
  await customerListScreen(page).findsNothing();
});

test("purchases of a till find their buyers, one on a shared telephone is decided by a person, and the undo takes them all back", async () => {
  const { page } = office;
  const [wizard, list] = [importScreen(page), customerListScreen(page)];
  const csv = (rows: readonly string[][]): Buffer => Buffer.from(`\ufeff${rows.map((row) => row.join(",")).join("\r\n")}\r\n`);
  await wizard.open();
  await wizard.choose({
    name: "会員.csv",
    bytes: csv([
      ["顧客番号", "氏名", "電話"],
      ["P8001", "八月一日 茜", "03-6789-8001"],
      ["P8002", "八月一日 空", "03-6789-8001"],
    ]),
  });
  await wizard.awaitMapping();
  await wizard.start();
  await wizard.awaitEnd();
  await wizard.open();
  await wizard.holds("購買履歴");
  await wizard.choose({
    name: "レジ.csv",
    bytes: csv([
      ["売上日", "会員番号", "電話", "商品名", "数量", "金額"],
      ["令和6年10月1日", "P8001", "", "玉露の詰め合わせ", "２", "￥6400"],
      ["2024/10/2", "", "03-6789-8001", "急須", "1", "4800"],
    ]),
  });
  await wizard.awaitMapping();
  expect(await wizard.mapping()).toEqual({ 売上日: "購入日", 会員番号: "顧客番号", 電話: "電話", 商品名: "商品", 数量: "数量", 金額: "金額" });
  expect(await office.accessibilityTroubles()).toEqual([]);
  await wizard.start();
  await wizard.awaitEnd();
  expect(await wizard.numbers()).toMatchObject({ 行数: 2, 追加した購買: 1, 確認が必要: 1 });
  await wizard.decide("八月一日　茜");
  expect(await wizard.numbers()).toMatchObject({ 追加した購買: 2 });
  expect(await office.accessibilityTroubles()).toEqual([]);
  const ended = page.url();
  const bought = async () => {
    await list.open();
    await list.search("P8001");
    await list.openFully(0);
    await page.getByRole("tab", { name: "購買" }).click();
    return page.getByRole("tabpanel", { name: "購買" });
  };
  await (await bought()).getByText("玉露の詰め合わせ").waitFor();
  await page.getByText("急須").waitFor();
  await page.goto(ended);
  await wizard.undo();
  await (await bought()).getByText("購買の記録はありません").waitFor();
});

test("6: two cards of one person are merged by two keys, and are two again with one click", async () => {
  const { page } = office;
  const [screen, hand] = [duplicatesScreen(page), hands(page)];
  await customerListScreen(page).open();
  await page.getByRole("link", { name: "重複候補" }).click();
  await screen.settles();
  const before = await screen.count();
  expect(before).toBeGreaterThan(3);
  await hand.begin();
  await hand.press("j");
  const pair = await screen.awaitComparison();
  expect(pair).toHaveLength(2);
  expect(await office.accessibilityTroubles()).toEqual([]);
  await hand.press("m");
  await notice(page).says("統合しました");
  await expect.poll(() => screen.count()).toBeLessThan(before);
  await hand.click(notice(page).act(/^統合しました/, "元に戻す"));
  await notice(page).says("統合を元に戻しました");
  await expect.poll(() => screen.count()).toBe(before);
  const cost = await hand.spent();
  expect(cost).toEqual(writtenCost("6", cost));
  await page.goto(`${url}/customers/${Math.max(...pair)}`);
  await page.getByRole("region", { name: "登録内容" }).waitFor();
  expect(await page.getByRole("main").innerText()).not.toContain("統合されました");
});

/** Ticks the first rows of the list: one click, and one with Shift. */
async function chooseFirst(page: Page, count: number): Promise<void> {
  const grid = page.getByRole("grid", { name: "顧客" });
  const box = (row: number) => grid.locator(`[role=row][aria-rowindex="${row + 1}"]`).getByRole("checkbox");
  await box(1).click();
  for (let seen = await box(count).count(); seen === 0; seen = await box(count).count()) {
    await grid.hover();
    await page.mouse.wheel(0, 600);
    await page.waitForTimeout(100);
  }
  await box(count).click({ modifiers: ["Shift"] });
  await page.getByRole("toolbar", { name: "選択した顧客の操作" }).getByText(`${count}人`).waitFor();
}

test("7: twelve people leave as an encrypted workbook, for a purpose, until a day", async () => {
  const { page } = office;
  const [list, hand, dialog] = [customerListScreen(page), hands(page), takeOutDialog(page)];
  await list.open();
  const names = (await list.rows()).slice(0, 12).map((row) => row.split("\n").find((cell) => cell.includes("　")) ?? "");
  await hand.begin();
  await chooseFirst(page, 12);
  await hand.click(dialog.open);
  await hand.click(dialog.name);
  await hand.type("年末のご挨拶");
  await hand.choose(dialog.purpose, "配送・納品");
  expect(await dialog.says()).toContain("顧客 12人");
  expect(await office.accessibilityTroubles()).toEqual([]);
  const file = await fileOf(page, () => hand.click(dialog.make));
  await dialog.made.waitFor();
  const cost = await hand.spent();
  expect(file.name).toMatch(/\.xlsx$/);
  const password = await dialog.made.locator("code").innerText();
  const cells = [...(await readWorkbook(file.bytes, password)).values()].flat(2);
  expect(names.filter((name) => name !== "" && cells.includes(name)).length).toBeGreaterThan(8);
  // The file is no zip: whoever has no password sees nothing of it.
  expect(file.bytes.subarray(0, 4).toString("hex")).toBe("d0cf11e0");
  expect(cost).toEqual(writtenCost("7", cost));
  await page.keyboard.press("Escape");
});

test("7: sixty are more than the limit: they are asked for, and nothing leaves before a manager has agreed", async () => {
  const { page } = office;
  const [list, hand, dialog] = [customerListScreen(page), hands(page), takeOutDialog(page)];
  await page.goto(`${url}/customers`);
  await list.settles();
  await hand.begin();
  await chooseFirst(page, 60);
  await hand.click(dialog.open);
  await hand.click(dialog.name);
  await hand.type("展示会のご案内");
  await hand.choose(dialog.purpose, "配送・納品");
  await dialog.reason.waitFor();
  await hand.click(dialog.reason);
  await hand.type("12月の展示会の案内状を送るため");
  await hand.click(dialog.ask);
  await dialog.asked.waitFor();
  const cost = await hand.spent();
  expect(cost).toEqual(writtenCost("7b", cost));
  await dialog.asked.getByRole("link", { name: "台帳で開く" }).click();
  await page.getByText("承認を待っています。").waitFor();
  expect(await page.getByRole("button", { name: "ファイルを出力" }).count()).toBe(0);
  expect(await office.accessibilityTroubles()).toEqual([]);
});

test("7: the manager sees whom, what, where and why in one sentence, and agrees with two keys", async () => {
  manager = await enterDemo(journey, "manager");
  const { page } = manager;
  const [screen, hand] = [approvalsScreen(page), hands(page)];
  await screen.open();
  const waiting = await screen.waiting();
  const at = waiting.findIndex((request) => request.includes("12月の展示会"));
  for (const word of ["顧客 60人", "氏名", "住所", "社内", "配送・納品", "渡邉 由美子"]) expect(waiting[at]).toContain(word);
  expect(await manager.accessibilityTroubles()).toEqual([]);
  for (let step = 0; step < at; step += 1) await page.keyboard.press("j");
  await hand.begin();
  await hand.press("y");
  await screen.decision.waitFor();
  expect(await screen.decision.innerText()).toContain("12月の展示会");
  await hand.press("Enter");
  await notice(page).says("承認しました");
  const cost = await hand.spent();
  expect(cost).toEqual(writtenCost("7c", cost));
});

test("7: then the file is there for whoever asked, and for nobody else", async () => {
  const { page } = office;
  await page.reload();
  const draw = page.getByRole("button", { name: "ファイルを出力" });
  await draw.waitFor();
  const file = await fileOf(page, () => draw.click());
  expect(file.bytes.subarray(0, 4).toString("hex")).toBe("d0cf11e0");
  await manager.page.goto(page.url());
  await manager.page.getByText("ファイルとパスワードは、持ち出した本人だけが扱えます。").waitFor();
  expect(await manager.page.getByRole("button", { name: "ファイルを出力" }).count()).toBe(0);
});

test("8: labels of three people are printed from the list, with their names and towns on one sheet", async () => {
  const { page } = office;
  const [list, hand, print] = [customerListScreen(page), hands(page), printDialog(page)];
  await page.goto(`${url}/customers`);
  await list.settles();
  const names = (await list.rows()).slice(0, 3).map((row) => row.split("\n").find((cell) => cell.includes("　")) ?? "");
  await hand.begin();
  await hand.press("j", "x", "j", "x", "j", "x");
  await hand.click(print.open);
  await print.dialog.getByText("3人の宛名を、A4 1枚に印刷します。").waitFor();
  expect(await office.accessibilityTroubles()).toEqual([]);
  const file = await fileOf(page, () => hand.click(print.make));
  const cost = await hand.spent();
  expect(file.name).toMatch(/\.pdf$/);
  const text = pdfText(file.bytes);
  const bare = (name: string) => name.replaceAll(/\s/gu, "");
  expect(names.filter((name) => name !== "" && text.includes(bare(name))).length).toBeGreaterThan(1);
  expect(text).toContain("様");
  expect(cost).toEqual(writtenCost("8", cost));
});

let asked = 0;
test("10: a request for disclosure is recorded, answered with a paper that holds the values, and closed in time", async () => {
  officer = await enterDemo(journey, "privacy-officer");
  const { page } = officer;
  const [hand, screen] = [hands(page), requestsScreen(page)];
  await customerListScreen(page).open();
  await customerListScreen(page).openFully(4);
  asked = Number(/\/customers\/(\d+)/.exec(page.url())?.[1]);
  await page.getByRole("link", { name: "本人の請求と同意" }).click();
  await screen.suspension.waitFor();
  await hand.begin();
  await hand.click(screen.record.open);
  await hand.choose(screen.record.channel, "書面");
  await hand.choose(screen.record.identity, "本人確認書類");
  await hand.click(screen.record.text);
  await hand.type("私について保有する情報の開示を求めます");
  expect(await officer.accessibilityTroubles()).toEqual([]);
  await hand.click(screen.record.save);
  await notice(page).says("受け付けました。回答期限は");
  const request = screen.request("開示");
  const file = await fileOf(page, () => hand.click(request.getByRole("button", { name: "開示書面(PDF)" })));
  const paper = pdfText(file.bytes);
  for (const word of ["開示", "氏名", "住所"]) expect(paper).toContain(word);
  expect(paper).not.toContain("•");
  await hand.click(request.getByRole("button", { name: "判断する" }));
  await hand.click(screen.decide.answer);
  await hand.type("開示書面を書留で送付");
  await hand.click(screen.decide.grant);
  await hand.click(request.getByRole("button", { name: "回答済みにする" }));
  await request.getByText("回答済み").waitFor();
  const cost = await hand.spent();
  expect(cost).toEqual(writtenCost("10", cost));
  expect(await officer.accessibilityTroubles()).toEqual([]);
});

test("10: on a request for suspension every use stops at once, for everyone, until the officer lifts it", async () => {
  const { page } = officer;
  const [hand, screen] = [hands(page), requestsScreen(page)];
  await hand.begin();
  await hand.click(screen.record.open);
  await hand.choose(screen.record.kind, "利用停止");
  await hand.choose(screen.record.identity, "登録番号への折り返し");
  await hand.click(screen.record.save);
  await notice(page).says("受け付けました。回答期限は");
  const request = screen.request("利用停止");
  await hand.click(request.getByRole("button", { name: "判断する" }));
  await hand.click(screen.decide.grant);
  await screen.suspension.getByText(/から利用を停止しています/).waitFor();
  const cost = await hand.spent();
  expect(cost).toEqual(writtenCost("10b", cost));

  await office.page.goto(`${url}/customers/${asked}`);
  await office.page.getByText("利用停止", { exact: true }).first().waitFor();
  await expect.poll(() => personScreen(office.page).values()).toContain("•");
  expect(await office.page.getByRole("button", { name: "電話", exact: true }).and(office.page.locator("header button")).count()).toBe(0);
  expect(await office.page.getByRole("button", { name: "宛名印刷" }).count()).toBe(0);
  expect(await office.accessibilityTroubles()).toEqual([]);

  await screen.suspension.getByRole("button", { name: "利用停止を解除する" }).click();
  const dialog = page.getByRole("dialog", { name: "利用停止を解除する" });
  await dialog.getByLabel("理由").fill("本人から取り下げの連絡");
  await dialog.getByRole("button", { name: "利用停止を解除する" }).click();
  await screen.suspension.getByText("利用を停止していません。").waitFor();
});

test("on a phone the manager agrees by thumb", async () => {
  await office.page.goto(`${url}/customers`);
  const dialog = takeOutDialog(office.page);
  await customerListScreen(office.page).settles();
  await chooseFirst(office.page, 30);
  await dialog.open.click();
  await dialog.name.fill("訪問の準備");
  await dialog.purpose.selectOption({ label: "配送・納品" });
  await dialog.reason.fill("支店の訪問に使うため");
  await dialog.ask.click();
  await dialog.asked.waitFor();

  const window = await journey.openAt(`${url}/approvals`, { viewport: phone, besides: manager });
  const { page } = window;
  const screen = approvalsScreen(page);
  await screen.waiting();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(phone.width);
  expect(await window.accessibilityTroubles()).toEqual([]);
  await screen.request("支店の訪問に使うため").getByRole("button", { name: "承認する" }).tap();
  await screen.decision.getByRole("button", { name: "承認する" }).tap();
  await notice(page).says("承認しました");
  expect(await bar(page).destinations()).toContain("承認");
  await window.close();
});
