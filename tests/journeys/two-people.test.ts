import { randomBytes } from "node:crypto";
import { expect, inject, test } from "vitest";
import type { Window } from "../support/browser.ts";
import { demoAccount, enterDemo, startJourney } from "../support/journey.ts";
import { customerListScreen } from "../support/screens/customer-list-screen.ts";
import { personScreen } from "../support/screens/person-screen.ts";
import { signInScreen } from "../support/screens/sign-in-screen.ts";

const journey = startJourney();
const { url } = inject("demo");
/** Nobody else of the sample company is called so. Letters alone: digits would be looked for among phones and numbers. */
const code = [...randomBytes(6)].map((byte) => "ABCDEFGHJKLMNPQRSTUVWXYZ"[byte % 24]).join("");
let sales: Window;
let office: Window;
let place = "";

test("営業 enters a new customer, who is at once found by name", async () => {
  sales = await enterDemo(journey, "sales");
  const { page, accessibilityTroubles } = sales;
  await customerListScreen(page).open();
  await page.getByRole("link", { name: "新規登録" }).click();
  await page.getByRole("heading", { level: 1, name: "顧客の新規登録" }).waitFor();
  expect(await accessibilityTroubles()).toEqual([]);
  for (const [field, text] of [
    ["氏名", `椿　${code}`],
    ["会社", "椿製作所"],
    ["電話", "03-6789-0123"],
    ["備考", "展示会で名刺交換"],
  ] as const)
    await page.getByLabel(field, { exact: true }).fill(text);
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: `椿　${code}` }).waitFor();
  place = new URL(page.url()).pathname;
  await customerListScreen(page).open();
  await customerListScreen(page).search(code);
  expect(await customerListScreen(page).total()).toBe(1);
});

test("a card number is refused where it is typed, and the rest that was typed stays", async () => {
  const { page } = sales;
  sales.expectRefusal("422 PATCH /api/customers/:no");
  await page.goto(`${url}${place}`);
  const person = personScreen(page);
  await person.startEditing();
  await person.type("役職", "課長");
  await person.type("備考", "支払い 4111 1111 1111 1111");
  await person.save();
  await page.getByText("カード番号と思われる値は保存できません").first().waitFor();
  expect(await page.getByLabel("役職", { exact: true }).inputValue()).toBe("課長");
  await person.type("備考", "展示会で名刺交換");
  await person.save();
  await person.isSaved();
  expect(await person.value("役職")).toBe("課長");
});

test("of two who edit at once the second sees both values, chooses, and loses nothing", async () => {
  office = await enterDemo(journey, "office");
  const [hers, his] = [personScreen(office.page), personScreen(sales.page)];
  await office.page.goto(`${url}${place}`);
  await hers.startEditing();
  await his.startEditing();
  await hers.type("役職", "部長");
  await hers.type("電話", "03-6789-0199");
  await hers.type("部署", "購買部");
  await his.type("役職", "工場長");
  await his.type("電話", "03-6789-0188");
  await his.type("備考", "来週訪問");
  await hers.save();
  await hers.isSaved();

  sales.expectRefusal("409 PATCH /api/customers/:no");
  await his.save();
  await his.conflict.isShown();
  expect(await sales.accessibilityTroubles()).toEqual([]);
  const shown = await his.conflict.says();
  for (const value of ["部長", "工場長", "03-6789-0199", "03-6789-0188"]) expect(shown).toContain(value);
  // What only the other changed is told as well.
  expect(shown).toContain("購買部");
  await his.conflict.keep("役職", "相手の値");
  await his.conflict.keep("電話", "あなたの値");
  await his.conflict.save();
  await his.isSaved();
  expect(await his.value("役職")).toBe("部長");
  expect(await his.value("電話")).toContain("03-6789-0188");
  expect(await his.value("部署")).toBe("購買部");
  expect(await his.value("備考")).toContain("来週訪問");
});

test("the history tells both edits, with before and after", async () => {
  const history = await personScreen(sales.page).history();
  for (const value of ["課長", "部長", "03-6789-0123", "03-6789-0199", "03-6789-0188", "佐々木 翔", "渡邉 由美子"]) expect(history).toContain(value);
});

test("leaving an edit asks before what was typed is lost, and Escape keeps it", async () => {
  const { page } = sales;
  const person = personScreen(page);
  await person.startEditing();
  await person.type("備考", "まだ保存していない");
  await page.getByRole("navigation", { name: "主なメニュー" }).getByRole("link", { name: "会社", exact: true }).click();
  await page.getByRole("dialog", { name: "編集をやめますか" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  expect(await page.getByLabel("備考", { exact: true }).inputValue()).toBe("まだ保存していない");
  await page.getByRole("button", { name: "やめる", exact: true }).click();
  await page.getByRole("dialog", { name: "編集をやめますか" }).getByRole("button", { name: "入力を捨てる" }).click();
  expect(await person.value("備考")).toContain("来週訪問");
});

test("a customer goes to the trash without a question, and one click brings them back", async () => {
  const { page } = office;
  const [person, list] = [personScreen(page), customerListScreen(page)];
  await page.goto(`${url}${place}`);
  await person.moveToTrash();
  await person.undoTrash();
  expect(await person.value("電話")).toContain("03-6789-0188");
  await person.moveToTrash();
  expect(await office.accessibilityTroubles()).toEqual([]);
  await list.open();
  await list.search(code);
  await list.findsNothing();
  await list.search("");
  await list.filter("状態", "ごみ箱");
  await list.openFully(code);
  await person.restore();
  await list.open();
  await list.search(code);
  expect(await list.total()).toBe(1);
});

test("a machine left alone hides everything, and the same person finds the same place again", async () => {
  const window = await journey.openAt(url, { hasClock: true });
  const { page } = window;
  await signInScreen(page).signIn(demoAccount("office"));
  await customerListScreen(page).open();
  await customerListScreen(page).openFully(0);
  const name = await personScreen(page).name();
  const address = page.url();
  // The page hears at once that nobody is signed in any more, or asks.
  for (const asked of ["standing", "watch", "viewed-today"]) window.expectRefusal(`401 GET /api/session/${asked}`);
  await page.clock.fastForward("01:00:00");
  await signInScreen(page).isOpen();
  expect(await signInScreen(page).says()).toContain("離席のため画面を閉じました");
  expect(await page.locator("body").innerText()).not.toContain(name);
  expect(await page.content()).not.toContain(name);
  expect(await window.accessibilityTroubles()).toEqual([]);
  await page.clock.setFixedTime(new Date());
  await page.clock.resume();
  await signInScreen(page).signIn(demoAccount("office"));
  await page.getByRole("heading", { level: 1, name }).waitFor();
  expect(page.url()).toBe(address);
});
