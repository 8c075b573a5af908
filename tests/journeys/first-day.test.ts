import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeDirtyFile } from "#server/modules/sample/index.ts";
import { nextCode } from "../support/authenticator.ts";
import type { Window } from "../support/browser.ts";
import { startJourney } from "../support/journey.ts";
import { bar } from "../support/screens/bar.ts";
import { customerListScreen } from "../support/screens/customer-list-screen.ts";
import { enrolmentScreen } from "../support/screens/enrolment-screen.ts";
import { importScreen } from "../support/screens/import-screen.ts";
import { ledgerScreen } from "../support/screens/ledger-screen.ts";
import { personScreen } from "../support/screens/person-screen.ts";
import { settingsScreen } from "../support/screens/settings-screen.ts";
import { setUpScreen } from "../support/screens/set-up-screen.ts";
import { signInScreen, type Person } from "../support/screens/sign-in-screen.ts";
import { runProduct, startProduct, type Product } from "../support/start-product.ts";
import { makeTemporaryFolder } from "../support/throwaway-server.ts";
import { awaitQuiet } from "../support/quiet.ts";

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

type Enrolling = { -readonly [Key in keyof Person]: Person[Key] } & { readonly name: string; recoveryCodes?: readonly string[] };
const administrator: Enrolling = { name: "森 大輔", email: "mori@hokuto.example", password: "さくらの木の下で七人", totpSecret: "" };
const officer: Enrolling = { name: "藤田 恵子", email: "fujita@hokuto.example", password: "correct umbrella meadow", totpSecret: "" };
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
  for (const [person, link] of [
    [administrator, links.administrator],
    [officer, links.officer],
  ] as const) {
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
  expect(await bar(windows.administrator.page).destinations()).toEqual(["ホーム", "記録簿", "応急措置", "設定"]);
  windows.officer = await journey.openAt(product.url);
  await signInScreen(windows.officer.page).signIn(officer);
  expect(await bar(windows.officer.page).destinations()).toEqual([
    "ホーム",
    "顧客",
    "会社",
    "本人の請求",
    "持ち出し",
    "承認",
    "記録簿",
    "事案",
    "応急措置",
    "設定",
  ]);
});

test("a recovery code opens the door once and never again", async () => {
  const window = await journey.openAt(product.url);
  const screen = signInScreen(window.page);
  const [code = ""] = officer.recoveryCodes ?? [];
  await screen.presentPassword(officer.email, officer.password);
  await screen.presentRecoveryCode(code);
  await bar(window.page).signOut();
  await screen.presentPassword(officer.email, officer.password);
  window.expectRefusal("401 POST /api/session/code");
  await screen.presentRecoveryCode(code);
  await window.page.getByText("メールアドレス、パスワード、確認コードのいずれかが違います。").waitFor();
  await window.close();
});

interface Member extends Enrolling {
  readonly department: string;
  readonly role: string;
}
const office: Member = {
  name: "渡辺 百合",
  email: "watanabe@hokuto.example",
  password: "青い自転車と夏の海と雲",
  totpSecret: "",
  department: "大阪営業部",
  role: "営業事務",
};
const sales: Member = {
  name: "辻 健太",
  email: "tsuji@hokuto.example",
  password: "lantern quiet harbour nine",
  totpSecret: "",
  department: "大阪営業部",
  role: "営業",
};
const far: Member = {
  name: "佐々木 翔",
  email: "sasaki@hokuto.example",
  password: "paper crane over rivers",
  totpSecret: "",
  department: "東京営業部",
  role: "営業",
};

test("the administrator builds departments and invites staff, and gets no link to whoever will read customers", async () => {
  const { page, accessibilityTroubles } = windows.administrator as Window;
  const settings = settingsScreen(page);
  for (const name of ["大阪営業部", "東京営業部"]) await settings.addDepartment(name, "北斗電機株式会社");
  for (const member of [office, sales, far]) {
    const says = await settings.invite({ name: member.name, mail: member.email, department: member.department, roles: [member.role] });
    expect(says).toContain("同意");
    expect(says).not.toContain("/#/invite/");
  }
  expect(await accessibilityTroubles()).toEqual([]);
});

test("the officer consents and hands the invitations over, and all enrol and sign in", async () => {
  const { page, accessibilityTroubles } = windows.officer as Window;
  const settings = settingsScreen(page);
  await settings.open("同意");
  expect(await accessibilityTroubles()).toEqual([]);
  for (const [key, member] of [
    ["office", office],
    ["sales", sales],
    ["far", far],
  ] as const) {
    const window = await journey.openAt(await settings.consentTo(member.name));
    member.totpSecret = (await enrolmentScreen(window.page).enrol(member.password)).totpSecret;
    await signInScreen(window.page).signIn(member);
    windows[key] = window;
  }
  expect(await bar((windows.office as Window).page).destinations()).toEqual(["ホーム", "顧客", "会社", "取り込み", "持ち出し", "設定"]);
  expect(await bar((windows.sales as Window).page).destinations()).toEqual(["ホーム", "顧客", "会社", "持ち出し", "設定"]);
});

test("the first list is empty and says how to begin", async () => {
  const { page, accessibilityTroubles } = windows.office as Window;
  await bar(page).goTo("顧客");
  await page.getByText("顧客はまだ登録されていません").waitFor();
  expect(await accessibilityTroubles()).toEqual([]);
});

const file = writeDirtyFile({ seed: 11, people: 120 });
const takahashi = file.rows[0]?.values ?? {};
const doubled = file.problems.filter(({ code }) => code === "duplicate-in-file").length;

test("an untouched CP932 file goes through the wizard: its header is found below the titles and its columns are guessed", async () => {
  const { page, accessibilityTroubles } = windows.office as Window;
  const wizard = importScreen(page);
  await wizard.open();
  expect(await accessibilityTroubles()).toEqual([]);
  await wizard.choose({ name: file.fileName, bytes: file.bytes });
  await wizard.awaitMapping();
  expect(await wizard.headerRow()).toBe(file.headerRow);
  expect(await wizard.previewRows()).toBe(20);
  expect(await wizard.mapping()).toEqual({
    "顧客No.": "顧客番号",
    お名前: "氏名",
    ﾌﾘｶﾞﾅ: "フリガナ",
    会社名: "会社",
    所属: "部署",
    役職: "役職",
    "E-mail": "メール",
    TEL: "電話",
    携帯: "携帯",
    FAX: "FAX",
    "〒": "郵便番号",
    ご住所: "住所",
    生年月日: "生年月日",
    性別: "性別",
    備考: "備考",
    // Whoever may not write a field imports none.
    振込口座: "取り込まない",
  });
  expect(await accessibilityTroubles()).toEqual([]);
});

test("every person of the file goes in once, and each flaw is shown at its cell", async () => {
  const { page, accessibilityTroubles } = windows.office as Window;
  const wizard = importScreen(page);
  await wizard.chooseDepartment("大阪営業部");
  await wizard.start();
  await wizard.awaitEnd();
  expect(await wizard.numbers()).toMatchObject({ 行数: file.rows.length + doubled, 追加: file.rows.length, 更新: 0, 重複: doubled });
  const bank = file.header.indexOf("振込口座");
  const expected = file.problems.filter(({ column }) => column !== bank);
  const shown = await wizard.problems();
  expect(shown.map((line) => Number(line.split(/\s/)[0]))).toEqual(expected.map(({ row }) => row));
  expect(shown.filter((line) => line.includes("カード番号"))).toHaveLength(expected.filter(({ code }) => code === "card-number").length);
  expect(await accessibilityTroubles()).toEqual([]);
});

test("a flaw is mended in its row", async () => {
  const { page } = windows.office as Window;
  const wrong = file.problems.find(({ code }) => code === "bad-date");
  await importScreen(page).correct(wrong?.row ?? 0, "昭和60年2月28日");
});

test("髙橋 is found by タカハシ, by 高橋 and by the last four digits, with the reason of each hit", async () => {
  const { page, accessibilityTroubles } = windows.sales as Window;
  const list = customerListScreen(page);
  await list.open();
  expect(await list.total()).toBe(file.rows.length);
  for (const [typed, reason] of [
    ["タカハシ", "フリガナ"],
    ["高橋", "氏名"],
    ["4321", "下4桁一致"],
  ] as const) {
    await list.search(typed);
    const found = (await list.rows()).find((row) => row.includes("髙橋　一郎"));
    expect(found).toContain(reason);
    expect(found).toContain("090-••••-4321");
  }
  expect(await accessibilityTroubles()).toEqual([]);
});

test("a masked number is revealed for a purpose, for a while, and says that it was recorded", async () => {
  const { page, accessibilityTroubles } = windows.sales as Window;
  await customerListScreen(page).openFully("髙橋　一郎");
  const person = personScreen(page);
  expect(await person.value("携帯")).toContain("090-••••-4321");
  await person.startRevealing("携帯");
  expect(await person.purposesOffered()).toEqual(["問い合わせ対応", "営業活動", "配送・納品", "契約手続き", "登録内容の訂正"]);
  expect(await accessibilityTroubles()).toEqual([]);
  await person.state("営業活動");
  expect(await person.value("携帯")).toContain("090-1234-4321");
  expect(await person.value("携帯")).toContain("記録しました");
  // The others stay masked.
  expect(await person.value("電話")).toContain("•");
});

test("the ledger shows the reveal to the officer: who, whom, what for", async () => {
  const { page, accessibilityTroubles } = windows.officer as Window;
  const ledger = ledgerScreen(page);
  await ledger.open();
  await ledger.filterByKind("伏せ字を表示");
  const [row] = await ledger.rows();
  expect(row).toContain(sales.name);
  const event = await ledger.look(0);
  expect(event).toContain("営業活動");
  expect(event).toContain("携帯");
  expect(await accessibilityTroubles()).toEqual([]);
});

test("the customer's own record of looks names who saw what", async () => {
  const address = new URL((windows.sales as Window).page.url());
  const { page, accessibilityTroubles } = windows.officer as Window;
  await page.goto(`${product.url}${address.pathname}`);
  const person = personScreen(page);
  expect(await person.value("携帯")).toContain("090-••••-4321");
  const exposures = await person.exposures();
  expect(exposures).toContain(sales.name);
  expect(exposures).toContain("営業活動");
  expect(await accessibilityTroubles()).toEqual([]);
});

test("営業 of another department finds nothing, by no word and by no address", async () => {
  const address = new URL((windows.sales as Window).page.url());
  const window = windows.far as Window;
  const list = customerListScreen(window.page);
  await bar(window.page).goTo("顧客");
  await window.page.getByRole("searchbox", { name: "顧客を検索" }).waitFor();
  for (const typed of ["タカハシ", "高橋", "4321", "090-1234-4321", takahashi.mail ?? ""]) {
    await list.search(typed);
    await list.findsNothing();
    expect(await list.total()).toBe(0);
  }
  window.expectRefusal("404 GET /api/customers/:no");
  await window.page.goto(`${product.url}${address.pathname}`);
  await window.page.getByText("見つかりません").first().waitFor();
});

/** Who of the file stands in these texts: names, readings, mails, numbers, addresses and typed words, as written and without spaces and hyphens. */
function peopleIn(texts: readonly string[]): string[] {
  const written = file.rows
    .flatMap(({ values }) => [values.fullName, values.kana, values.mail, values.phone, values.mobile, values.address])
    .filter((value) => value !== undefined);
  const spelt = new Set([...written, "タカハシ", "高橋", "髙橋", ...written.map((value) => value.replaceAll(/[\s　-]/g, ""))]);
  return [...spelt].filter((value) => texts.some((text) => text.includes(value)));
}

test("the administrator sees no person in any place", async () => {
  const window = windows.administrator as Window;
  window.expectRefusal("403 POST /api/customers/views");
  window.expectRefusal("403 GET /api/list-layout");
  window.expectRefusal("403 GET /api/customers/:no");
  window.expectRefusal("403 POST /api/companies/views");
  const address = new URL((windows.sales as Window).page.url()).pathname;
  const seen: string[] = [];
  window.page.on(
    "response",
    (response) =>
      void response.text().then(
        (text) => seen.push(text),
        () => undefined,
      ),
  );
  for (const place of ["/", "/customers", address, "/companies", "/ledger", "/record", "/settings/people", "/settings/roles", "/settings/consents"]) {
    await window.page.goto(`${product.url}${place}`);
    await window.page.getByRole("navigation", { name: "主なメニュー" }).waitFor();
    await awaitQuiet(window.page);
    seen.push(await window.page.locator("body").innerText());
  }
  expect(peopleIn(seen)).toEqual([]);
  // The same eye does find them where they may be seen.
  expect(peopleIn([await (windows.sales as Window).page.locator("body").innerText()])).toContain("髙橋　一郎");
});

test("no personal value stood in an address, in a title, or in what a browser keeps", async () => {
  const traces = (await journey.traces()).flatMap((trace) => [trace, decodeURIComponent(trace.replaceAll(/%(?![0-9a-f]{2})/gi, "%25"))]);
  expect(traces.length).toBeGreaterThan(100);
  expect(traces.filter((trace) => /\/customers\?.*view=|title: 顧客 - 蔵番/.test(trace)).length).toBeGreaterThan(3);
  expect(peopleIn(traces)).toEqual([]);
});

test("backup and restore bring the same people back elsewhere, with a ledger that verifies", async () => {
  const [backups, elsewhere, keyFile] = [join(folder, "backups"), join(folder, "elsewhere"), join(folder, "recovery-key")];
  const written = await runProduct(["backup", "--to", backups, "--data", product.dataFolder, "--json"]);
  expect(written.stderr).toBe("");
  expect(written.code).toBe(0);
  writeFileSync(keyFile, recoveryKey, { mode: 0o600 });
  const restored = await runProduct(["restore", "--from", backups, "--data", elsewhere, "--recovery-key-file", keyFile, "--json"]);
  expect(restored.stderr).toBe("");
  expect(JSON.parse(restored.stdout)).toMatchObject({ customers: file.rows.length });
  const verified = await runProduct(["ledger", "verify", "--data", elsewhere, "--json"]);
  expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, findings: [] });
  const other = await startProduct("start", elsewhere);
  try {
    expect(other.setUp).toBeNull();
    const window = await journey.openAt(other.url);
    await signInScreen(window.page).signIn(office);
    const list = customerListScreen(window.page);
    await list.open();
    expect(await list.total()).toBe(file.rows.length);
    await list.search("タカハシ 4321");
    expect(await list.rows()).toHaveLength(1);
    await list.openFully(0);
    expect(await personScreen(window.page).value("携帯")).toContain("090-1234-4321");
    await window.close();
  } finally {
    await other.stop();
  }
});

test("the whole import is undone with one click, and nobody of it is found any more", async () => {
  const { page } = windows.office as Window;
  await importScreen(page).undo();
  const list = customerListScreen(page);
  await bar(page).goTo("顧客");
  await page.getByText("顧客はまだ登録されていません").waitFor();
  await list.search("タカハシ");
  await list.findsNothing();
});
