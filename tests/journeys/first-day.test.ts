import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nextCode } from "../support/authenticator.ts";
import type { Window } from "../support/browser.ts";
import { startJourney } from "../support/journey.ts";
import { bar } from "../support/screens/bar.ts";
import { enrolmentScreen } from "../support/screens/enrolment-screen.ts";
import { settingsScreen } from "../support/screens/settings-screen.ts";
import { setUpScreen } from "../support/screens/set-up-screen.ts";
import { signInScreen, type Person } from "../support/screens/sign-in-screen.ts";
import { startProduct, type Product } from "../support/start-product.ts";
import { makeTemporaryFolder } from "../support/throwaway-server.ts";

const { folder, remove } = makeTemporaryFolder();
const journey = startJourney();
let product: Product;
const windows: Record<string, Window> = {};

beforeAll(async () => {
  product = await startProduct("start", join(folder, "company"));
});
afterAll(async () => {
  await product.stop();
  remove();
});

const administrator: Person & { name: string; recoveryCodes: readonly string[] } = { name: "森 大輔", email: "mori@hokuto.example", password: "さくらの木の下で七人", totpSecret: "", recoveryCodes: [] };
const officer: typeof administrator = { name: "藤田 恵子", email: "fujita@hokuto.example", password: "correct umbrella meadow", totpSecret: "", recoveryCodes: [] };
let recoveryKey = "";
const links: { administrator: string; officer: string } = { administrator: "", officer: "" };

test("the link from the terminal founds the organisation with two people, and gives a recovery key to print", async () => {
  const window = await journey.openAt(product.setUp ?? "");
  const screen = setUpScreen(window.page);
  expect(await window.accessibilityTroubles()).toEqual([]);
  await screen.found("北斗電機株式会社", { name: administrator.name, mail: administrator.email }, { name: officer.name, mail: officer.email });
  recoveryKey = await screen.keepRecoveryKey();
  expect(recoveryKey.length).toBeGreaterThan(20);
  expect(await window.accessibilityTroubles()).toEqual([]);
  Object.assign(links, await screen.links());
  expect(new Set([links.administrator, links.officer]).size).toBe(2);
  await window.close();
});

test("a used set-up link is dead", async () => {
  const window = await journey.openAt(product.setUp ?? "", {}, ["404 POST /api/invitations/open"]);
  await setUpScreen(window.page).saysThatTheLinkIsDead();
  await window.close();
});

test("administrator and officer each enrol with a password, an authenticator and recovery codes", async () => {
  for (const [person, link] of [[administrator, links.administrator], [officer, links.officer]] as const) {
    const window = await journey.openAt(link);
    const screen = enrolmentScreen(window.page);
    expect(await screen.says()).toContain("北斗電機株式会社");
    expect(await window.accessibilityTroubles()).toEqual([]);
    window.expectRefusal("422 POST /api/invitations/enrol");
    await screen.choosePassword("hokuto19850401");
    await window.page.getByText("このパスワードは推測されやすいため使えません").waitFor();
    await screen.choosePassword(person.password);
    person.totpSecret = await screen.readSecret();
    expect(await window.accessibilityTroubles()).toEqual([]);
    window.expectRefusal("401 POST /api/invitations/finish");
    await screen.proveFactor("000000");
    await window.page.getByText("メールアドレス、パスワード、確認コードのいずれかが違います。").waitFor();
    await screen.proveFactor(await nextCode(person.totpSecret));
    person.recoveryCodes = await screen.keepRecoveryCodes();
    expect(person.recoveryCodes.length).toBeGreaterThanOrEqual(8);
    expect(await window.accessibilityTroubles()).toEqual([]);
    await screen.goToSignIn();
    await window.close();
  }
});

test("a used invitation is dead", async () => {
  const window = await journey.openAt(links.officer, {}, ["404 POST /api/invitations/open"]);
  await enrolmentScreen(window.page).saysThatTheLinkIsDead();
  await window.close();
});

test("both sign in with their codes, and each sees the places of their office alone", async () => {
  windows.administrator = await journey.openAt(product.url);
  expect(await windows.administrator.accessibilityTroubles()).toEqual([]);
  await signInScreen(windows.administrator.page).signIn(administrator);
  expect(await bar(windows.administrator.page).destinations()).toEqual(["ホーム", "記録簿", "設定"]);
  windows.officer = await journey.openAt(product.url);
  await signInScreen(windows.officer.page).signIn(officer);
  expect(await bar(windows.officer.page).destinations()).toEqual(["ホーム", "顧客", "会社", "記録簿", "設定"]);
});

test("a recovery code opens the door once and never again", async () => {
  const window = await journey.openAt(product.url);
  const screen = signInScreen(window.page);
  const [code = ""] = officer.recoveryCodes;
  await screen.presentPassword(officer.email, officer.password);
  await screen.presentRecoveryCode(code);
  await bar(window.page).signOut();
  await screen.presentPassword(officer.email, officer.password);
  window.expectRefusal("401 POST /api/session/code");
  await screen.presentRecoveryCode(code);
  await window.page.getByText("メールアドレス、パスワード、確認コードのいずれかが違います。").waitFor();
  await window.close();
});

interface Member extends Person {
  readonly name: string;
  readonly department: string;
  readonly role: string;
}
const office: Member = { name: "渡辺 百合", email: "watanabe@hokuto.example", password: "青い自転車と夏の海と雲", totpSecret: "", department: "大阪営業部", role: "営業事務" };
const sales: Member = { name: "佐々木 翔", email: "sasaki@hokuto.example", password: "lantern quiet harbour nine", totpSecret: "", department: "東京営業部", role: "営業" };

test("the administrator builds departments and invites staff, and gets no link to whoever will read customers", async () => {
  const { page, accessibilityTroubles } = windows.administrator as Window;
  const settings = settingsScreen(page);
  for (const name of ["大阪営業部", "東京営業部"]) await settings.addDepartment(name, "北斗電機株式会社");
  for (const member of [office, sales]) {
    const says = await settings.invite({ name: member.name, mail: member.email, department: member.department, roles: [member.role] });
    expect(says).toContain("同意");
    expect(says).not.toContain("/#/invite/");
  }
  expect(await accessibilityTroubles()).toEqual([]);
});

test("the officer consents and hands the invitations over, and both enrol and sign in", async () => {
  const { page, accessibilityTroubles } = windows.officer as Window;
  const settings = settingsScreen(page);
  await settings.open("同意");
  expect(await accessibilityTroubles()).toEqual([]);
  for (const [key, member] of [["office", office], ["sales", sales]] as const) {
    const window = await journey.openAt(await settings.consentTo(member.name));
    member.totpSecret = (await enrolmentScreen(window.page).enrol(member.password)).totpSecret;
    await signInScreen(window.page).signIn(member);
    windows[key] = window;
  }
  expect(await bar((windows.office as Window).page).destinations()).toEqual(["ホーム", "顧客", "会社", "取り込み", "設定"]);
  expect(await bar((windows.sales as Window).page).destinations()).toEqual(["ホーム", "顧客", "会社", "設定"]);
});

test("the first list is empty and says how to begin", async () => {
  const { page, accessibilityTroubles } = windows.office as Window;
  await bar(page).goTo("顧客");
  await page.getByText("顧客はまだ登録されていません").waitFor();
  expect(await accessibilityTroubles()).toEqual([]);
});
