import { randomUUID } from "node:crypto";
import { expect, inject, test } from "vitest";
import { phone, type Window } from "../support/browser.ts";
import { writtenCost } from "../support/daily-jobs.ts";
import { hands } from "../support/hands.ts";
import { enterDemo, startJourney } from "../support/journey.ts";
import { customerListScreen } from "../support/screens/customer-list-screen.ts";
import { homeScreen } from "../support/screens/home-screen.ts";
import { noteBox } from "../support/screens/note-box.ts";
import { notice } from "../support/screens/notice.ts";
import { personScreen } from "../support/screens/person-screen.ts";
import { useActs } from "../support/screens/use-acts.ts";
import { awaitQuiet } from "../support/quiet.ts";

const journey = startJourney();
const { url } = inject("demo");
/** So that a later run on the same company finds no older one. */
const slip = `書き間違い ${randomUUID().slice(0, 8)}`;
const masked = /0\d{1,4}-•+/;
let sales: Window;
let office: Window;
/** A colleague's customer: the number stays masked. */
let colleagues = { name: "", place: "" };
/** One's own. */
let own = { name: "", place: "" };

/** Whoever stands in a row of the list: the name as it is searched. */
async function openNamed(window: Window, index: number): Promise<{ name: string; place: string }> {
  const { page } = window;
  await customerListScreen(page).openFully(index);
  return { name: await personScreen(page).name(), place: new URL(page.url()).pathname };
}

test("1: a person is found by name and called with five keys, and the number stays masked", async () => {
  sales = await enterDemo(journey, "sales");
  const { page } = sales;
  const [list, hand] = [customerListScreen(page), hands(page)];
  await list.open();
  const index = (await list.rows()).findIndex((row) => masked.test(row));
  colleagues = await openNamed(sales, index);
  await list.open();

  await hand.begin();
  await hand.press("/");
  const before = page.url();
  await hand.type(colleagues.name);
  await page.waitForURL((address) => address.href !== before);
  await list.settles();
  // The list asks anew with every few letters: what stands is that of the whole name.
  await awaitQuiet(page);
  const typed = await hand.spent();
  await hand.press("Enter", "j", "Enter");
  const panel = page.getByRole("complementary", { name: "顧客" });
  await panel.getByRole("heading", { level: 2, name: colleagues.name }).waitFor();
  const acts = useActs(page);
  const handed = await acts.handedTo("tel", async () => {
    await acts.call.waitFor();
    await hand.press("c");
    await acts.purposes.waitFor();
    await page.waitForFunction(() => document.activeElement?.closest("[role=dialog]") !== null && document.activeElement?.tagName === "BUTTON");
    await hand.press("Enter");
  });
  expect(handed).toMatch(/^tel:0\d{9,10}$/);
  await notice(page).says("電話に渡し、記録しました");
  expect(await panel.innerText()).toMatch(masked);
  expect(await page.locator("body").innerText()).not.toContain(handed.slice(-8));
  const spent = await hand.spent();
  const cost = { keys: spent.keys - typed.keys, clicks: spent.clicks };
  expect(cost.keys).toBeLessThanOrEqual(6);
  expect(cost).toEqual(writtenCost("1", cost));
  expect(await sales.accessibilityTroubles()).toEqual([]);
});

test("1b: from any screen the same takes two keys while the stated purpose stands", async () => {
  const { page } = sales;
  const hand = hands(page);
  await page.keyboard.press("Escape");
  await homeScreen(page).open();
  await hand.begin();
  await hand.press("Control+k");
  const palette = page.getByRole("dialog").filter({ has: page.getByRole("combobox", { name: "人・会社・操作をさがす" }) });
  await palette.getByRole("combobox").waitFor();
  await hand.type(colleagues.name);
  await palette.getByRole("option").filter({ hasText: colleagues.name }).first().waitFor();
  await page.waitForFunction(() => document.querySelector("[role=combobox][aria-busy=true]") === null);
  expect(await sales.accessibilityTroubles()).toEqual([]);
  const typed = await hand.spent();
  await hand.press("Enter");
  await page.getByRole("heading", { level: 1, name: colleagues.name }).waitFor();
  const acts = useActs(page);
  await acts.call.waitFor();
  const handed = await acts.handedTo("tel", () => hand.press("c"));
  // The purpose was stated for this person a moment ago: it is the same matter.
  expect(handed).toMatch(/^tel:0\d{9,10}$/);
  const spent = await hand.spent();
  const cost = { keys: spent.keys - typed.keys, clicks: spent.clicks };
  expect(cost).toEqual(writtenCost("1b", cost));
});

test("2: a note with its next action takes three keys beyond its text", async () => {
  const { page } = sales;
  const [list, hand, box] = [customerListScreen(page), hands(page), noteBox(page)];
  await list.open();
  await list.filter("担当", "自分");
  own = await openNamed(sales, 1);
  await box.isThere();
  await hand.begin();
  await hand.press("n");
  await box.isOpen();
  await hand.type("納期の相談があった。\n→ 見積を送る 明日");
  expect(await sales.accessibilityTroubles()).toEqual([]);
  await hand.press("Control+Enter");
  await notice(page).says("記録しました");
  const entry = await box.entry("納期の相談があった。");
  expect(entry).toContain("見積を送る");
  expect(entry).not.toContain("→");
  const cost = await hand.spent();
  expect(cost.keys).toBeLessThanOrEqual(3);
  expect(cost).toEqual(writtenCost("2", cost));
});

test("2: what was just written is taken back with one click", async () => {
  const { page } = sales;
  const box = noteBox(page);
  await notice(page).clear();
  await box.isThere();
  await page.keyboard.press("n");
  await box.isOpen();
  await page.keyboard.insertText(slip);
  await page.keyboard.press("Control+Enter");
  await box.entry(slip);
  await notice(page)
    .act(/^記録しました/, "元に戻す")
    .click();
  await box.isGone(slip);
});

test("3: what is due today is worked off by keys: one done, one put off, one opened", async () => {
  const { page } = sales;
  const [home, hand] = [homeScreen(page), hands(page)];
  await home.open();
  const before = await home.counts();
  const actions = await home.actions();
  expect(actions.length).toBeGreaterThan(3);
  expect(await sales.accessibilityTroubles()).toEqual([]);
  await hand.begin();
  await hand.press("d");
  await notice(page).says("完了にしました");
  await expect.poll(async () => (await home.actions())[0]).not.toBe(actions[0]);
  await hand.press("p");
  await notice(page).says(/に延ばしました/);
  await expect.poll(async () => (await home.actions())[0]).not.toBe(actions[1]);
  const after = await home.counts();
  expect(after[0] + after[1]).toBe(before[0] + before[1] - 2);
  await hand.press("j", "Enter");
  await page.waitForURL(/\/(customers|companies)\/\d+/);
  await page.getByRole("heading", { level: 1 }).waitFor();
  const cost = await hand.spent();
  expect(cost).toEqual(writtenCost("3", cost));
});

test("3: what was ticked off by mistake comes back", async () => {
  const { page } = sales;
  const home = homeScreen(page);
  await home.open();
  const before = await home.counts();
  await notice(page).clear();
  await page.keyboard.press("d");
  await notice(page)
    .act(/^完了にしました/, "元に戻す")
    .click();
  await expect.poll(() => home.counts()).toEqual(before);
});

test("9: an address that a colleague changed meanwhile is corrected without losing either", async () => {
  office = await enterDemo(journey, "office");
  const [hers, his, hand] = [personScreen(office.page), personScreen(sales.page), hands(sales.page)];
  await sales.page.goto(`${url}${own.place}`);
  await office.page.goto(`${url}${own.place}`);
  await his.value("住所");
  await hers.startEditing();
  await hand.begin();
  await hand.press("e");
  await sales.page.getByRole("button", { name: "保存", exact: true }).waitFor();
  await hers.type("住所", "東京都千代田区丸の内1-2-3");
  await hers.type("部署", "購買部");
  await hers.save();
  await hers.isSaved();
  const address = sales.page.getByRole("region", { name: "登録内容" }).getByLabel("住所", { exact: true });
  await hand.click(address);
  await hand.press("Control+a");
  await hand.type("東京都千代田区丸の内1-2-30 新丸ビル5階");
  sales.expectRefusal("409 PATCH /api/customers/:no");
  await hand.press("Enter");
  await his.conflict.isShown();
  const shown = await his.conflict.says();
  for (const value of ["元の値", "東京都千代田区丸の内1-2-3", "新丸ビル5階", "購買部"]) expect(shown).toContain(value);
  expect(await sales.accessibilityTroubles()).toEqual([]);
  await hand.press("Control+Enter");
  await his.isSaved();
  const cost = await hand.spent();
  expect(await his.value("住所")).toContain("新丸ビル5階");
  expect(await his.value("部署")).toBe("購買部");
  expect(cost).toEqual(writtenCost("9", cost));
});

test("9: and both edits are undone where they were made", async () => {
  const { page } = sales;
  await notice(page)
    .act(/保存しました/, "元に戻す")
    .click();
  await expect.poll(() => personScreen(page).value("住所")).toBe("東京都千代田区丸の内1-2-3");
});

test("on a phone a person is found, called and noted by thumb, on screens that fit", async () => {
  const window = await journey.openAt(`${url}/customers`, { viewport: phone, besides: sales });
  const { page } = window;
  const list = customerListScreen(page);
  await list.settles();
  await list.search(colleagues.name);
  await list.settles();
  await page.getByRole("grid", { name: "顧客" }).getByRole("row").filter({ hasText: colleagues.name }).first().tap();
  const panel = page.getByRole("complementary", { name: "顧客" });
  await panel.getByRole("heading", { level: 2 }).waitFor();
  const acts = useActs(page);
  const handed = await acts.handedTo("tel", async () => {
    await panel.getByRole("group", { name: "伏せたまま使う" }).getByRole("button", { name: "電話" }).tap();
    await acts.purposes.getByRole("button", { name: "営業活動" }).tap();
  });
  expect(handed).toMatch(/^tel:0\d{9,10}$/);
  expect(await window.accessibilityTroubles()).toEqual([]);

  await page.goto(`${url}${own.place}`);
  await page.getByRole("main").locator("header").getByRole("button", { name: "対応を記録" }).tap();
  const box = noteBox(page);
  await box.isOpen();
  await page.keyboard.insertText("電話で在庫を確認した。");
  await page.getByRole("form", { name: "対応を記録" }).getByRole("button", { name: "明日" }).tap();
  await page.getByRole("textbox", { name: "次にすること" }).fill("納期を回答する");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(phone.width);
  await page.getByRole("form", { name: "対応を記録" }).getByRole("button", { name: "保存" }).tap();
  expect(await box.entry("電話で在庫を確認した。")).toContain("納期を回答する");
  await window.close();
});
