import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { nextCode } from "../support/authenticator.ts";
import { launchBrowser, type TestBrowser, type Window } from "../support/browser.ts";
import { bar } from "../support/screens/bar.ts";
import { enrolmentScreen } from "../support/screens/enrolment-screen.ts";
import { settingsScreen } from "../support/screens/settings-screen.ts";
import { setUpScreen } from "../support/screens/set-up-screen.ts";
import { signInScreen, type Person } from "../support/screens/sign-in-screen.ts";
import { startProduct, type Product } from "../support/start-product.ts";
import { makeTemporaryFolder } from "../support/throwaway-server.ts";

const { folder, remove } = makeTemporaryFolder();
let product: Product;
let browser: TestBrowser;
const windows: Record<string, Window> = {};

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct("start", join(folder, "company")), launchBrowser()]);
});
let isBroken = false;
// Each step stands on the ones before it.
beforeEach(({ skip }) => skip(isBroken, "an earlier step failed"));
afterEach(async ({ task }) => {
  const troubles = browser.takeTroubles();
  isBroken ||= task.result?.state === "fail" || troubles.length > 0;
  if (isBroken) await browser.photograph(task.name);
  expect(troubles).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  await product.stop();
  remove();
});

const administrator: Person & { name: string; recoveryCodes: readonly string[] } = { name: "森 大輔", email: "mori@hokuto.example", password: "さくらの木の下で七人", totpSecret: "", recoveryCodes: [] };
const officer: typeof administrator = { name: "藤田 恵子", email: "fujita@hokuto.example", password: "correct umbrella meadow", totpSecret: "", recoveryCodes: [] };
let recoveryKey = "";
const links: { administrator: string; officer: string } = { administrator: "", officer: "" };

async function openAt(url: string): Promise<Window> {
  const window = await browser.open();
  await window.page.goto(url);
  return window;
}

test("the link from the terminal founds the organisation with two people, and gives a recovery key to print", async () => {
  const window = await openAt(product.setUp ?? "");
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
  const window = await openAt("about:blank");
  window.expectRefusal("404 POST /api/invitations/open");
  await window.page.goto(product.setUp ?? "");
  await setUpScreen(window.page).saysThatTheLinkIsDead();
  await window.close();
});

test("administrator and officer each enrol with a password, an authenticator and recovery codes", async () => {
  for (const [person, link] of [[administrator, links.administrator], [officer, links.officer]] as const) {
    const window = await openAt(link);
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
  const window = await openAt("about:blank");
  window.expectRefusal("404 POST /api/invitations/open");
  await window.page.goto(links.officer);
  await enrolmentScreen(window.page).saysThatTheLinkIsDead();
  await window.close();
});

test("both sign in with their codes, and each sees the places of their office alone", async () => {
  windows.administrator = await openAt(product.url);
  expect(await windows.administrator.accessibilityTroubles()).toEqual([]);
  await signInScreen(windows.administrator.page).signIn(administrator);
  expect(await bar(windows.administrator.page).destinations()).toEqual(["ホーム", "記録簿", "設定"]);
  windows.officer = await openAt(product.url);
  await signInScreen(windows.officer.page).signIn(officer);
  expect(await bar(windows.officer.page).destinations()).toEqual(["ホーム", "顧客", "会社", "記録簿", "設定"]);
});

test("a recovery code opens the door once and never again", async () => {
  const window = await openAt(product.url);
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
const office: Member = { name: "渡辺 百合", email: "watanabe@hokuto.example", password: "青い自転車と夏の海", totpSecret: "", department: "大阪営業部", role: "営業事務" };
const sales: Member = { name: "佐々木 翔", email: "sasaki@hokuto.example", password: "lantern quiet harbour nine", totpSecret: "", department: "東京営業部", role: "営業" };
const invitations = new Map<Member, string>();

test("the administrator builds departments and invites staff, whose reading waits for the officer", async () => {
  const { page } = windows.administrator as Window;
  const settings = settingsScreen(page);
  for (const name of ["大阪営業部", "東京営業部"]) await settings.addDepartment(name, "北斗電機株式会社");
  for (const member of [office, sales]) {
    const { link, says } = await settings.invite({ name: member.name, mail: member.email, department: member.department, roles: [member.role] });
    expect(says).toContain("個人情報保護管理者の同意を待っています");
    invitations.set(member, link);
  }
  expect(await windows.administrator?.accessibilityTroubles()).toEqual([]);
});

test("who enrols before the officer consents signs in, and finds no place with customers", async () => {
  const window = await openAt(invitations.get(office) ?? "");
  office.totpSecret = (await enrolmentScreen(window.page).enrol(office.password)).totpSecret;
  await signInScreen(window.page).signIn(office);
  expect(await bar(window.page).destinations()).toEqual(["ホーム", "設定"]);
  await bar(window.page).signOut();
  windows.office = window;
});

test("the officer consents, and the office works with customers from then on", async () => {
  const { page } = windows.officer as Window;
  await settingsScreen(page).open("同意");
  expect(await windows.officer?.accessibilityTroubles()).toEqual([]);
  expect(await settingsScreen(page).consentToAll()).toBe(2);
  const window = windows.office as Window;
  await signInScreen(window.page).signIn(office);
  expect(await bar(window.page).destinations()).toEqual(["ホーム", "顧客", "会社", "取り込み", "設定"]);
});
