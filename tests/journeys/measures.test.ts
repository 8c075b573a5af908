import { expect, test } from "vitest";
import type { Window } from "../support/browser.ts";
import { phone } from "../support/browser.ts";
import { demoAccount, enterDemo, startJourney } from "../support/journey.ts";
import { customerListScreen } from "../support/screens/customer-list-screen.ts";
import { countOfToday, measuresScreen } from "../support/screens/measures-screen.ts";
import { personScreen } from "../support/screens/person-screen.ts";
import { signInScreen } from "../support/screens/sign-in-screen.ts";

const journey = startJourney();
let officer: Window;
let office: Window;
let manager: Window;
let place = "";

test("個人情報保護管理者 sees what a measure would do, in numbers, before it is done", async () => {
  officer = await enterDemo(journey, "privacy-officer", { viewport: phone });
  await measuresScreen(officer.page).open();
  expect(await officer.accessibilityTroubles()).toEqual([]);
  await measuresScreen(officer.page).choose("サービス全体を止める");
  expect(await measuresScreen(officer.page).effect()).toMatch(/\d+人が使えなくなります/);
  expect(await officer.accessibilityTroubles()).toEqual([]);
  await measuresScreen(officer.page).giveUp();
});

test("under read-only a page that stands open says so, and what is typed stays until it can be saved", async () => {
  office = await enterDemo(journey, "office");
  await customerListScreen(office.page).open();
  await office.page.getByRole("link", { name: "新規登録" }).click();
  await office.page.getByLabel("氏名", { exact: true }).fill("試験　応急");
  await measuresScreen(officer.page).take("閲覧だけにする", "訓練ではない確認");
  await office.page.getByText("いまは閲覧だけができます").first().waitFor();
  await office.page.getByRole("button", { name: "保存", exact: true }).click();
  expect(await office.page.getByLabel("氏名", { exact: true }).inputValue()).toBe("試験　応急");
  expect(new URL(office.page.url()).pathname).toBe("/customers/new");
  await measuresScreen(officer.page).lift("閲覧だけにする");
  await office.page.getByRole("status").filter({ hasText: "いまは閲覧だけができます" }).waitFor({ state: "detached" });
  await office.page.getByRole("button", { name: "保存", exact: true }).click();
  await office.page.getByRole("heading", { level: 1, name: "試験　応急" }).waitFor();
  place = new URL(office.page.url()).pathname;
});

test("a stop takes every value off the screens of others, and gives them back when it is lifted", async () => {
  manager = await enterDemo(journey, "manager");
  await office.page.getByRole("heading", { level: 1, name: "試験　応急" }).waitFor();
  for (const window of [office, manager]) window.expectRefusal(countOfToday(503));
  await measuresScreen(officer.page).take("サービス全体を止める", "不正アクセスの疑い");
  for (const { page } of [office, manager]) {
    await page.getByRole("heading", { level: 1, name: "ただいま停止しています" }).waitFor();
  }
  expect(await office.page.content()).not.toContain("試験　応急");
  expect(await manager.accessibilityTroubles()).toEqual([]);
  await manager.page.getByRole("button", { name: "承認する" }).first().click();
  await manager.page.getByRole("heading", { name: "承認を待つ応急措置" }).waitFor({ state: "detached" });
  await measuresScreen(officer.page).lift("サービス全体を止める");
  await office.page.getByRole("heading", { level: 1, name: "試験　応急" }).waitFor();
  await manager.page.getByRole("navigation", { name: "主なメニュー" }).waitFor();
});

test("a cut session's page shows the sign-in at once and keeps nothing of what it showed", async () => {
  await personScreen(office.page).value("氏名");
  office.expectRefusal(countOfToday(401));
  await measuresScreen(officer.page).take("ログインを切る", "端末の紛失", { 役割: "営業事務" });
  expect(await signInScreen(office.page).isOpen()).toBe(true);
  expect(await signInScreen(office.page).says()).toContain("応急措置により、ログインが切られました");
  expect(await office.page.content()).not.toContain("試験　応急");
  await signInScreen(office.page).signIn(demoAccount("office"));
  await office.page.goto(new URL(place, office.page.url()).href);
  await office.page.getByRole("heading", { level: 1, name: "試験　応急" }).waitFor();
});
