import { expect, inject, test } from "vitest";
import type { Window } from "../support/browser.ts";
import { enterDemo, startJourney } from "../support/journey.ts";
import { bar } from "../support/screens/bar.ts";
import { customerListScreen } from "../support/screens/customer-list-screen.ts";
import { ledgerScreen } from "../support/screens/ledger-screen.ts";
import { personScreen } from "../support/screens/person-screen.ts";
import { replayScreen } from "../support/screens/replay-screen.ts";
import { awaitQuiet } from "../support/quiet.ts";

const journey = startJourney();
const { url } = inject("demo");
let sales: Window;
let officer: Window;
let place = "";
let name = "";
let seller = "";

test("営業 looks at a customer, and finds the look in the own day", async () => {
  sales = await enterDemo(journey, "sales");
  const { page, accessibilityTroubles } = sales;
  seller = await bar(page).ownName();
  await customerListScreen(page).open();
  await customerListScreen(page).openFully(1);
  place = new URL(page.url()).pathname;
  name = await personScreen(page).name();
  await bar(page).openOwnRecord();
  const story = replayScreen(page);
  await story.stands();
  expect((await story.steps()).join("\n")).toMatch(/開いて見た/);
  expect(await accessibilityTroubles()).toEqual([]);
});

test("個人情報保護管理者 finds on the customer's page who looked, and opens five minutes around it with one click", async () => {
  officer = await enterDemo(journey, "privacy-officer");
  const { page, accessibilityTroubles } = officer;
  await page.goto(`${url}${place}`);
  expect(await personScreen(page).exposures()).toContain(seller);
  expect(await accessibilityTroubles()).toEqual([]);
  // The newest look of the seller: the officer's own stands above it.
  const looker = page.getByRole("region", { name: "経過", exact: true }).getByRole("listitem").filter({ hasText: seller }).first();
  await looker.locator("summary").click();
  await looker.getByRole("link", { name: "前後5分を再現" }).first().click();
  const story = replayScreen(page);
  await story.stands();
  expect(page.url()).toMatch(/\/ledger\/replay\?event=\d+$/);
  expect(await page.getByRole("main").innerText()).toContain(seller);
  // Of this one alone: sign-in, list, and the look around which it is told.
  expect((await story.steps()).join("\n")).not.toContain("蔵を開いた");
  expect(await story.here()).toContain("顧客");
  expect(await accessibilityTroubles()).toEqual([]);
});

test("what was shown then is read by keys, with the name as it is shown now", async () => {
  const { page, accessibilityTroubles } = officer;
  const story = replayScreen(page);
  const shown = await story.openActive();
  expect(shown).toContain("すべて");
  expect(shown).toContain("氏名");
  expect(shown).toContain(name);
  const before = await story.active();
  await page.keyboard.press("k");
  expect(await story.active()).not.toBe(before);
  await page.keyboard.press("j");
  expect(await accessibilityTroubles()).toEqual([]);
});

test("the moment widens from the one account to everybody", async () => {
  const { page } = officer;
  const story = replayScreen(page);
  const ofOne = (await story.steps()).length;
  await story.choose("だれの", "全員");
  await page.waitForURL(/all=1/);
  await expect.poll(async () => (await story.steps()).length).toBeGreaterThan(ofOne);
  await awaitQuiet(page);
});

test("that it was replayed stands in the ledger, behind the question for it", async () => {
  const { page, accessibilityTroubles } = officer;
  const ledger = ledgerScreen(page);
  await ledger.open();
  await ledger.filterByKind("記録を再現して確認");
  expect((await ledger.rows())[0]).toContain(await bar(page).ownName());
  await ledger.ask("拒否された操作");
  await page.waitForURL(/outcome=refused/);
  await page.getByRole("slider", { name: "記録の件数の推移" }).press("End");
  await awaitQuiet(page);
  expect(await accessibilityTroubles()).toEqual([]);
});
