import { expect, inject, test } from "vitest";
import { sampleCustomerCount, sampleDepartments, sampleDuplicateCount, sampleOrganisation, sampleStaff } from "#server/modules/sample/index.ts";
import { phone, type Window } from "../support/browser.ts";
import { enterDemo, startJourney, type DemoRole } from "../support/journey.ts";
import { bar } from "../support/screens/bar.ts";
import { customerListScreen } from "../support/screens/customer-list-screen.ts";
import { ledgerScreen } from "../support/screens/ledger-screen.ts";
import { personScreen } from "../support/screens/person-screen.ts";
import { settingsScreen } from "../support/screens/settings-screen.ts";
import { awaitQuiet } from "../support/quiet.ts";

const journey = startJourney();
const { url } = inject("demo");
let officer: Window;
let administrator: Window;
let sales: Window;
let office: Window;

const mask = /•/;
/** What stands on English screens in Japanese: names of the sample company and the way back to Japanese. */
const sampleWords = new RegExp(
  [
    sampleOrganisation,
    ...sampleDepartments.map(({ name }) => name),
    ...sampleStaff.flatMap(({ name }) => [name, name.replace(" ", "")]),
    "日本語",
    "株式会社",
    "有限会社",
  ].join("|"),
);

test("営業 sees the own customers in full and the colleagues' ones masked, and no ledger", async () => {
  sales = await enterDemo(journey, "sales");
  expect(await bar(sales.page).destinations()).toEqual(["ホーム", "顧客", "会社", "持ち出し", "設定"]);
  expect(await sales.accessibilityTroubles()).toEqual([]);
  const list = customerListScreen(sales.page);
  await list.open();
  const all = await list.total();
  await list.filter("担当", "自分");
  const own = await list.total();
  expect(own).toBeGreaterThan(10);
  expect(all).toBeGreaterThan(own);
  for (const row of await list.rows()) expect(mask.test(row), row).toBe(row.includes("利用停止"));
  expect(await sales.accessibilityTroubles()).toEqual([]);
});

test("営業事務 sees the customers of all offices, with bank accounts masked", async () => {
  office = await enterDemo(journey, "office");
  expect(await bar(office.page).destinations()).toEqual(["ホーム", "顧客", "会社", "取り込み", "持ち出し", "設定"]);
  const list = customerListScreen(office.page);
  await list.open();
  expect(await list.total()).toBeGreaterThan(1500);
  for (const row of await list.rows()) expect(mask.test(row), row).toBe(row.includes("利用停止"));
  await list.look(0);
  expect(await office.accessibilityTroubles()).toEqual([]);
});

test("個人情報保護管理者 sees everyone masked, reads the ledger, and finds that it verifies", async () => {
  officer = await enterDemo(journey, "privacy-officer");
  expect(await bar(officer.page).destinations()).toEqual(["ホーム", "顧客", "会社", "本人の請求", "持ち出し", "承認", "記録簿", "事案", "応急措置", "設定"]);
  const list = customerListScreen(officer.page);
  await list.open();
  // Other journeys add people of their own.
  expect(await list.total()).toBeGreaterThanOrEqual(sampleCustomerCount + sampleDuplicateCount);
  for (const row of await list.rows()) expect(row).toMatch(mask);
  const ledger = ledgerScreen(officer.page);
  await ledger.open();
  expect((await ledger.rows()).length).toBeGreaterThan(10);
  expect(await ledger.look(0)).not.toBe("");
  expect(await officer.accessibilityTroubles()).toEqual([]);
  expect(await ledger.verify()).toContain("すべて一致しました");
});

test("システム管理者 sees staff and rights, and no place with customers", async () => {
  administrator = await enterDemo(journey, "system-administrator");
  expect(await bar(administrator.page).destinations()).toEqual(["ホーム", "記録簿", "応急措置", "設定"]);
  expect((await settingsScreen(administrator.page).people()).length).toBeGreaterThan(15);
  expect(await administrator.accessibilityTroubles()).toEqual([]);
  expect(await settingsScreen(administrator.page).sections()).toEqual(["職員", "部門", "権限", "同意", "記録簿の送り先", "古い記録", "調査用ファイル", "自分"]);
});

test("the matrix of rights shows what a change would mean in people before it is saved", async () => {
  const { page } = administrator;
  await settingsScreen(page).open("権限");
  await page.getByRole("link", { name: "営業", exact: true }).click();
  await page.getByRole("combobox", { name: "顧客 全社 個人" }).selectOption({ label: "閲覧" });
  await page.getByText(/対象の職員 \d+人/).waitFor();
  await page.getByText("個人情報保護管理者の同意が必要です").first().waitFor();
  expect(await administrator.accessibilityTroubles()).toEqual([]);
});

test("whoever has no place with customers gets no one by an address either", async () => {
  administrator.expectRefusal("403 POST /api/customers/views");
  administrator.expectRefusal("403 GET /api/list-layout");
  administrator.expectRefusal("403 GET /api/customers/:no");
  await administrator.page.goto(`${url}/customers/1`);
  await administrator.page.getByText("この操作の権限がありません").first().waitFor();
  expect(await administrator.page.locator("[data-personal]").count()).toBe(0);
});

test("the list is worked by keys alone: search, move, look, reveal, close", async () => {
  const { page } = officer;
  const list = customerListScreen(page);
  await list.open();
  const { keyboard } = page;
  await keyboard.press("/");
  await page.waitForFunction(() => document.activeElement?.getAttribute("type") === "search");
  const before = page.url();
  await keyboard.type("サトウ");
  await page.waitForURL((address) => address.href !== before);
  await list.settles();
  await awaitQuiet(page);
  const rows = await list.rows();
  expect(rows.length).toBeGreaterThan(3);
  for (const row of rows) expect(row).toMatch(/フリガナ (前方|部分)一致/);
  await keyboard.press("Enter");
  await keyboard.press("j");
  await keyboard.press("j");
  await keyboard.press("k");
  await keyboard.press("Enter");
  const panel = page.getByRole("complementary", { name: "顧客" });
  await panel.getByRole("heading", { level: 2 }).waitFor();
  expect(rows[0]).toContain(await panel.getByRole("heading", { level: 2 }).innerText());
  await keyboard.press("r");
  await page.getByRole("dialog", { name: "閲覧の目的" }).waitFor();
  await keyboard.press("Escape");
  await page.getByRole("dialog", { name: "閲覧の目的" }).waitFor({ state: "hidden" });
  expect(await list.hasPanel()).toBe(true);
  await keyboard.press("Escape");
  await panel.waitFor({ state: "hidden" });
  await keyboard.press("?");
  await page.getByRole("dialog", { name: "キーボード操作" }).waitFor();
  expect(await officer.accessibilityTroubles()).toEqual([]);
  await keyboard.press("Escape");
});

test("Enter that ends a conversion of the input method neither searches nor submits", async () => {
  const { page } = officer;
  await customerListScreen(page).search("");
  const before = page.url();
  const client = await officer.context.newCDPSession(page);
  await page.getByRole("searchbox", { name: "顧客を検索" }).focus();
  await client.send("Input.imeSetComposition", { text: "たかはし", selectionStart: 4, selectionEnd: 4 });
  // Longer than the pause after which typed words are asked for.
  await page.waitForTimeout(700);
  expect(page.url()).toBe(before);
  await client.send("Input.insertText", { text: "高橋" });
  await page.waitForURL((address) => address.href !== before);
  await customerListScreen(page).settles();
  expect(await page.getByRole("searchbox", { name: "顧客を検索" }).inputValue()).toBe("高橋");
});

test("Back opens the list before, and a reload shows the same list", async () => {
  const { page } = officer;
  const list = customerListScreen(page);
  const found = await list.total();
  await list.sortBy("フリガナ");
  const sorted = await list.rows();
  await page.reload();
  await list.settles();
  expect(await list.rows()).toEqual(sorted);
  expect(await page.getByRole("searchbox", { name: "顧客を検索" }).inputValue()).toBe("高橋");
  await page.goBack();
  await list.settles();
  expect(await list.total()).toBe(found);
});

const places: readonly (readonly [Exclude<DemoRole, "manager">, string])[] = [
  ["office", "/"],
  ["office", "/customers"],
  ["office", "/customers/1"],
  ["office", "/companies"],
  ["office", "/import"],
  ["privacy-officer", "/ledger"],
  ["privacy-officer", "/record"],
  ["system-administrator", "/settings/people"],
  ["system-administrator", "/settings/roles"],
];
const signedIn = (role: Exclude<DemoRole, "manager">): Window => ({ office, sales, "privacy-officer": officer, "system-administrator": administrator })[role];

/** Visits all places in one window a person; gives what an eye, a thumb or a screen reader would stumble over. */
async function tour(
  options: Parameters<typeof journey.openAt>[1] & object,
  inspect: (window: Window, place: string) => Promise<readonly string[]>,
): Promise<string[]> {
  const found: string[] = [];
  const windows = new Map<DemoRole, Window>();
  for (const [role, place] of places) {
    const window = windows.get(role) ?? (await journey.openAt(url, { ...options, besides: signedIn(role) }));
    windows.set(role, window);
    await window.page.goto(`${url}${place}`);
    await window.page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
    await awaitQuiet(window.page);
    found.push(...(await inspect(window, place)).map((trouble) => `${place}: ${trouble}`));
  }
  for (const window of windows.values()) await window.close();
  return found;
}

test("on a phone every place fits the width and is accessible, and the list has no columns", async () => {
  const found = await tour({ viewport: phone }, async (window, place) => {
    const width = await window.page.evaluate(() => document.documentElement.scrollWidth);
    const columns = place === "/customers" ? await window.page.getByRole("columnheader").count() : 0;
    return [...(width > phone.width ? [`${width} px wide`] : []), ...(columns === 0 ? [] : [`${columns} columns`]), ...(await window.accessibilityTroubles())];
  });
  expect(found).toEqual([]);
});

test("in the dark every place has contrast enough", async () => {
  expect(await tour({ colorScheme: "dark" }, (window) => window.accessibilityTroubles(["color-contrast", "link-in-text-block"]))).toEqual([]);
});

test("in English every place speaks English, to a screen reader too", async () => {
  const found = await tour({ language: "en" }, async (window) => {
    const names = await window.page
      .locator("h1, h2, nav, label, th, [role=columnheader], button, [role=tab], legend")
      .evaluateAll((all) =>
        all.filter((one) => one.querySelector("[data-personal]") === null).map((one) => one.getAttribute("aria-label") ?? one.textContent ?? ""),
      );
    const japanese = [...names, await window.page.title()].filter((text) => /[ぁ-んァ-ヶ一-龠]/.test(text) && !sampleWords.test(text));
    return [...japanese, ...(await window.accessibilityTroubles(["html-has-lang", "html-lang-valid", "button-name", "label", "aria-input-field-name"]))];
  });
  expect(found).toEqual([]);
});

test("a page that does not exist says so and leads home", async () => {
  const window = await journey.openAt(`${url}/nowhere`, { besides: office });
  await window.page.getByRole("heading", { level: 1, name: "ページが見つかりません" }).waitFor();
  expect(await window.accessibilityTroubles()).toEqual([]);
  await window.page.getByRole("link", { name: "ホームへ" }).click();
  await window.page.waitForURL(`${url}/`);
  await window.close();
});

test("the count of people seen today rises by whom the list showed, and one's own record tells it", async () => {
  const window = await journey.openAt(`${url}/record?view=list`, { besides: sales });
  const { page } = window;
  await page.getByRole("grid", { name: "自分の記録" }).getByRole("gridcell").first().waitFor();
  expect(await bar(page).viewedToday()).toBeGreaterThan(0);
  expect(await page.getByRole("grid", { name: "自分の記録" }).innerText()).toContain("顧客");
  await window.close();
});

test("printing shows no person, only a sentence", async () => {
  const { page } = office;
  await page.goto(`${url}/customers/1`);
  const name = await personScreen(page).name();
  await page.emulateMedia({ media: "print" });
  expect(await page.getByText("個人情報は画面から印刷できません").isVisible()).toBe(true);
  expect(await page.getByText(name, { exact: true }).first().isVisible()).toBe(false);
  await page.emulateMedia({ media: "screen" });
});
