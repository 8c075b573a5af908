import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeDirtyFile } from "#server/modules/sample/index.ts";
import { launchBrowser, phone, type Window, type WindowOptions } from "#tests/support/browser.ts";
import { customerListScreen } from "#tests/support/screens/customer-list-screen.ts";
import { enrolmentScreen } from "#tests/support/screens/enrolment-screen.ts";
import { importScreen } from "#tests/support/screens/import-screen.ts";
import { ledgerScreen } from "#tests/support/screens/ledger-screen.ts";
import { printDialog } from "#tests/support/screens/print-dialog.ts";
import { personScreen } from "#tests/support/screens/person-screen.ts";
import { settingsScreen } from "#tests/support/screens/settings-screen.ts";
import { setUpScreen } from "#tests/support/screens/set-up-screen.ts";
import { signInScreen } from "#tests/support/screens/sign-in-screen.ts";
import { takeOutDialog } from "#tests/support/screens/take-out-dialog.ts";
import { buildWeb, startProduct, type Product, type Ready } from "#tests/support/start-product.ts";
import { makeTemporaryFolder } from "#tests/support/throwaway-server.ts";
import { incidentShots, prepareIncident } from "./incident-shots.ts";
import { reducePng } from "./reduce-png.ts";
import type { Role, Shot } from "./shot.ts";

/**
 * Writes pictures of every screen to docs/screens: as on a desk and on a phone, light and dark, the main ones in English.
 * To be run after the screens changed: `node scripts/screens.ts`, with Chromium installed; with names of screens those alone.
 */
const only = process.argv.slice(2);
const missing: string[] = [];
const folder = fileURLToPath(new URL("../docs/screens", import.meta.url));
const forms: readonly (readonly [string, WindowOptions])[] = [
  ["desk", {}],
  ["desk-dark", { colorScheme: "dark" }],
  ["phone", { viewport: phone }],
  ["phone-dark", { viewport: phone, colorScheme: "dark" }],
  ["desk-en", { language: "en" }],
];

/** Five minutes around the newest look, with what it showed. */
async function openReplay({ page }: Window): Promise<void> {
  await page
    .getByRole("link", { name: /^(前後5分を再現|Replay 5 minutes around)$/ })
    .first()
    .click();
  await page.locator("[data-step][data-here]").waitFor();
  await page.keyboard.press("Enter");
}

async function settle({ page }: Window): Promise<void> {
  await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(300);
}

async function take(window: Window, name: string): Promise<void> {
  await settle(window);
  writeFileSync(join(folder, `${name}.png`), reducePng(await window.page.screenshot()));
  process.stdout.write(`${name}\n`);
}

function shotsOf(person: number, imported: number, incidentNo: number): readonly Shot[] {
  return [
    ...incidentShots(incidentNo, person),
    { name: "home", role: "office", path: "/", isMain: true },
    { name: "customers", role: "sales", path: "/customers", isMain: true },
    { name: "customers-search", role: "sales", path: "/customers", act: ({ page }) => customerListScreen(page).search("タカハシ") },
    { name: "customers-panel", role: "sales", path: "/customers", act: ({ page }) => customerListScreen(page).look(2) },
    { name: "person", role: "office", path: `/customers/${person}`, isMain: true },
    { name: "person-masked", role: "privacy-officer", path: `/customers/${person}?tab=exposures` },
    { name: "person-purpose", role: "sales", path: "/customers", act: revealColleagues },
    { name: "person-edit", role: "office", path: `/customers/${person}`, act: ({ page }) => personScreen(page).startEditing() },
    { name: "customer-new", role: "sales", path: "/customers/new" },
    { name: "companies", role: "sales", path: "/companies" },
    { name: "company", role: "sales", path: "/companies/1" },
    { name: "import", role: "office", path: "/import" },
    { name: "import-mapping", role: "office", path: `/import/${imported + 1}` },
    { name: "import-result", role: "office", path: `/import/${imported}`, isMain: true },
    { name: "import-purchases-result", role: "office", path: `/import/${imported + 3}` },
    { name: "import-purchases", role: "office", path: `/import/${imported + 4}` },
    { name: "ledger", role: "privacy-officer", path: "/ledger", isMain: true },
    {
      name: "ledger-event",
      role: "privacy-officer",
      path: "/ledger",
      act: ({ page }) =>
        ledgerScreen(page)
          .look(3)
          .then(() => undefined),
    },
    { name: "ledger-names", role: "privacy-officer", path: "/ledger?group=seen&names=1" },
    { name: "replay", role: "privacy-officer", path: "/ledger?group=seen", isMain: true, act: openReplay },
    { name: "record", role: "sales", path: "/record", isMain: true },
    { name: "record-list", role: "sales", path: "/record?view=list" },
    { name: "people", role: "system-administrator", path: "/settings/people" },
    { name: "person-of-staff", role: "system-administrator", path: "/settings/people?peek=account-11" },
    { name: "departments", role: "system-administrator", path: "/settings/departments" },
    { name: "rights", role: "system-administrator", path: "/settings/roles?role=sales", isMain: true },
    { name: "consents", role: "privacy-officer", path: "/settings/consents" },
    { name: "fields", role: "privacy-officer", path: "/settings/fields" },
    { name: "own", role: "sales", path: "/settings/own" },
    { name: "keys", role: "sales", path: "/customers", act: ({ page }) => page.keyboard.press("?") },
    { name: "palette", role: "office", path: "/", isMain: true, act: openPalette },
    { name: "customers-chosen", role: "office", path: "/customers", act: chooseSome },
    { name: "columns", role: "office", path: "/customers", isDesk: true, act: ({ page }) => page.getByRole("button", { name: "列", exact: true }).click() },
    { name: "take-out", role: "office", path: "/customers", act: (window) => chooseSome(window).then(() => takeOutDialog(window.page).open.click()) },
    { name: "print", role: "office", path: "/customers", act: (window) => chooseSome(window).then(() => printDialog(window.page).open.click()) },
    { name: "hand-over", role: "office", path: "/customers", act: startHandOver },
    { name: "person-note", role: "sales", path: "/customers", isMain: true, act: writeNote },
    { name: "person-purchases", role: "office", path: `/customers/${person}?tab=purchases` },
    { name: "duplicates", role: "office", path: "/duplicates", isMain: true, act: openPair },
    { name: "lists", role: "office", path: "/lists" },
    { name: "list", role: "sales", path: "/lists/2" },
    { name: "approvals", role: "manager", path: "/approvals", isMain: true },
    { name: "approve", role: "manager", path: "/approvals", act: ({ page }) => page.getByRole("button", { name: "承認する" }).first().click() },
    { name: "requests", role: "privacy-officer", path: "/requests" },
    { name: "requests-terms", role: "privacy-officer", path: "/requests/terms" },
    { name: "person-requests", role: "privacy-officer", path: `/customers/${person}/person`, isMain: true },
    { name: "trash", role: "office", path: "/trash" },
    { name: "operations", role: "office", path: "/operations" },
    { name: "support", role: "system-administrator", path: "/settings/support" },
    { name: "trash-rules", role: "privacy-officer", path: "/settings/trash" },
    { name: "list-limits", role: "privacy-officer", path: "/settings/lists" },
    {
      name: "field",
      role: "privacy-officer",
      path: "/settings/fields",
      act: ({ page }) =>
        page
          .getByRole("button", { name: /^項目を/ })
          .first()
          .click(),
    },
    { name: "help", role: "sales", path: "/customers", isMain: true, act: openHelp },
  ];
}

/** A colleague's customer, masked, with the question for the purpose. */
async function revealColleagues({ page }: Window): Promise<void> {
  const list = customerListScreen(page);
  const masked = (await list.rows()).findIndex((row) => /0\d+-•+-/.test(row) && !row.includes("利用停止"));
  await list.openFully(masked);
  await page.keyboard.press("r");
  await page.getByRole("dialog").waitFor();
}

async function openPalette({ page }: Window): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("山田");
  await page.getByRole("option").first().waitFor();
}

/** The first three of the list, by their boxes; on a phone those come with their button. */
async function chooseSome({ page }: Window): Promise<void> {
  const choose = page.getByRole("button", { name: "選択", exact: true });
  if (await choose.isVisible()) await choose.click();
  const boxes = page.getByRole("gridcell").getByRole("checkbox");
  for (let at = 0; at < 3; at += 1) await boxes.nth(at).click();
  await page.getByRole("toolbar", { name: "選択した顧客の操作" }).waitFor();
}

async function startHandOver({ page }: Window): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/customers?peek=account-13`);
  await page.getByRole("button", { name: "担当する顧客をすべて引き継ぐ" }).click();
  await page.getByLabel("新しい担当者").selectOption({ index: 3 });
  await page.getByRole("button", { name: /人を引き継ぐ$/ }).waitFor();
}

/** One's own customer with a note half written. */
async function writeNote({ page }: Window): Promise<void> {
  const rows = page.getByRole("row").filter({ has: page.getByRole("gridcell") });
  await rows.first().waitFor();
  const all = await rows.allInnerTexts();
  const own = all.findIndex((row) => !row.includes("•"));
  await rows.nth(Math.max(0, own)).click({ position: { x: 200, y: 18 } });
  const open = page
    .getByRole("complementary")
    .getByRole("link")
    .filter({ hasText: /詳細を開く|Open/ });
  await open.first().click();
  await page
    .getByRole("button", { name: /対応を記録|note/i })
    .last()
    .waitFor();
  // A phone has a button in place of the key.
  const thumb = page.getByRole("main").locator("header").getByRole("button", { name: "対応を記録" });
  if (await thumb.isVisible()) await thumb.click();
  else await page.keyboard.press("n");
  const box = page.locator("form textarea").first();
  await box.fill("納期の相談があった。\n→ 見積を送る 明日");
}

async function openPair({ page }: Window): Promise<void> {
  await page.getByRole("navigation").getByRole("listitem").first().waitFor();
  await page.keyboard.press("j");
  await page.getByRole("table").waitFor();
}

async function openHelp({ page }: Window): Promise<void> {
  await page.keyboard.press("F1");
}

async function takeInside(demo: Ready): Promise<void> {
  const browser = await launchBrowser();
  const signedIn = new Map<string, Window>();
  for (const account of demo.accounts ?? []) {
    const window = await browser.open();
    await window.page.goto(demo.url);
    await signInScreen(window.page).signIn(account);
    signedIn.set(account.role, window);
  }
  const imported = await importTwice(signedIn.get("office") as Window);
  await importPurchases(signedIn.get("office") as Window);
  await askForConsent(signedIn.get("system-administrator") as Window);
  const incidentNo = await prepareIncident(signedIn.get("privacy-officer") as Window);
  for (const [form, options] of forms) {
    const windows = new Map<Role, Window>();
    for (const shot of shotsOf(3, imported, incidentNo)) {
      if ((form === "desk-en" || form === "phone-dark") && shot.isMain !== true) continue;
      if (form.startsWith("phone") && shot.isDesk === true) continue;
      if (only.length > 0 && !only.includes(shot.name)) continue;
      const window =
        windows.get(shot.role) ?? (await browser.open({ ...options, ...(signedIn.has(shot.role) ? { besides: signedIn.get(shot.role) as Window } : {}) }));
      windows.set(shot.role, window);
      await window.page.goto(`${demo.url}${shot.path}`);
      await settle(window);
      try {
        await shot.act?.(window);
      } catch (error) {
        // The other pictures are wanted all the same.
        missing.push(`${shot.name}-${form}: ${String(error).split("\n")[0]}`);
        continue;
      }
      await take(window, `${shot.name}-${form}`);
    }
    for (const window of windows.values()) await window.close();
  }
  await browser.close();
}

/** A dirty file whose member numbers are not those of the sample company. */
function dirtyFile(seed: number, people: number): Buffer {
  return Buffer.from(
    writeDirtyFile({ seed, people })
      .bytes.toString("latin1")
      .replaceAll(/C0(\d{6})/g, `T${seed}$1`),
    "latin1",
  );
}

/** One import that is done and one that waits for its mapping; gives the number of the first. */
async function importTwice({ page }: Window): Promise<number> {
  const wizard = importScreen(page);
  await wizard.open();
  await wizard.choose({ name: "顧客一覧_営業部(最新).csv", bytes: dirtyFile(3, 180) });
  await wizard.awaitMapping();
  const number = Number(/\/import\/(\d+)/.exec(page.url())?.[1]);
  await wizard.start();
  await wizard.awaitEnd();
  await wizard.open();
  await wizard.choose({ name: "名刺_展示会2026.csv", bytes: dirtyFile(8, 60) });
  await wizard.awaitMapping();
  return number;
}

/** A few people, then their purchases: one file that is done, with rows to decide, and one that waits for its mapping. */
async function importPurchases({ page }: Window): Promise<void> {
  const wizard = importScreen(page);
  const csv = (rows: readonly string[][]): Buffer => Buffer.from(`\ufeff${rows.map((row) => row.join(",")).join("\r\n")}\r\n`);
  const header = ["売上日", "伝票番号", "会員番号", "氏名", "電話", "商品名", "数量", "単価", "金額", "備考"];
  const slip = (no: number, cells: readonly string[]): string[] => [`令和6年11月${no}日`, `S-${3000 + no}`, ...cells];
  await wizard.open();
  await wizard.choose({
    name: "友の会.csv",
    bytes: csv([
      ["顧客番号", "氏名", "電話"],
      ["P7001", "四月一日 茜", "03-6789-7001"],
      ["P7002", "四月一日 空", "03-6789-7001"],
      ["P7003", "小鳥遊 葉月", "03-6789-7003"],
    ]),
  });
  await wizard.awaitMapping();
  await wizard.start();
  await wizard.awaitEnd();
  await wizard.open();
  await wizard.holds("購買履歴");
  await wizard.choose({
    name: "売上明細_11月.csv",
    bytes: csv([
      header,
      slip(1, ["P7001", "四月一日茜", "", "LED電球 60形", "４", "￥980", "￥3920", ""]),
      slip(2, ["", "", "0367897001", "延長コード 3m", "1", "1480", "1480", "配達"]),
      slip(3, ["P7003", "小鳥遊葉月", "", "空気清浄機 AP-30", "1", "32800", "", "3年保証"]),
      slip(4, ["P9999", "", "", "乾電池 単3 8本", "2", "640", "1280", ""]),
      slip(5, ["P7003", "", "", "交換フィルター", "2", "4200", "8千円", ""]),
    ]),
  });
  await wizard.awaitMapping();
  await wizard.start();
  await wizard.awaitEnd();
  await wizard.open();
  await wizard.holds("購買履歴");
  await wizard.choose({
    name: "売上明細_12月.csv",
    bytes: csv([
      header,
      slip(8, ["P7001", "四月一日茜", "", "電気ケトル 1L", "1", "6800", "6800", ""]),
      slip(9, ["P7002", "四月一日空", "", "卓上ライト", "1", "￥12800", "￥12800", "贈答"]),
    ]),
  });
  await wizard.awaitMapping();
}

async function askForConsent({ page }: Window): Promise<void> {
  await settingsScreen(page).invite({ name: "高瀬 結", mail: "y.takase@yamada-denki.example", department: "大阪営業部", roles: ["営業"] });
}

async function takeOutside(company: Product): Promise<void> {
  const browser = await launchBrowser();
  const links = { administrator: "", officer: "" };
  for (const [form, options] of forms) {
    const window = await browser.open(options);
    await window.page.goto(company.setUp ?? "");
    await take(window, `set-up-${form}`);
    await window.close();
  }
  const window = await browser.open();
  await window.page.goto(company.setUp ?? "");
  await setUpScreen(window.page).found(
    "北斗電機株式会社",
    { name: "森 大輔", mail: "mori@hokuto.example" },
    { name: "藤田 恵子", mail: "fujita@hokuto.example" },
  );
  await window.page.getByRole("heading", { name: "回復キーを印刷してください" }).waitFor();
  await take(window, "recovery-key-desk");
  await setUpScreen(window.page).keepRecoveryKey();
  Object.assign(links, await setUpScreen(window.page).links());
  await window.close();
  for (const [form, options] of forms.filter(([, { language }]) => language !== "en")) {
    const enrolling = await browser.open(options);
    await enrolling.page.goto(links.officer);
    await take(enrolling, `enrol-password-${form}`);
    await enrolmentScreen(enrolling.page).choosePassword("さくらの木の下で七人");
    await enrolmentScreen(enrolling.page).readSecret();
    await take(enrolling, `enrol-factor-${form}`);
    await enrolling.close();
  }
  for (const [form, options] of forms) {
    const outside = await browser.open(options);
    await outside.page.goto(company.url);
    await take(outside, `sign-in-${form}`);
    await outside.page.goto(`${company.url}/report`);
    await take(outside, `report-${form}`);
    await outside.close();
  }
  await browser.close();
}

async function takeAll(): Promise<void> {
  buildWeb();
  mkdirSync(folder, { recursive: true });
  if (only.length === 0) for (const file of readdirSync(folder).filter((name) => name.endsWith(".png"))) rmSync(join(folder, file));
  const place = makeTemporaryFolder();
  try {
    if (only.length === 0) {
      const company = await startProduct("start", join(place.folder, "company"));
      await takeOutside(company).finally(() => company.stop());
    }
    const given = process.env["KURABAN_TEST_DEMO"];
    if (given === undefined) {
      const demo = await startProduct("demo", join(place.folder, "demo"));
      await takeInside(demo).finally(() => demo.stop());
    } else {
      await takeInside(JSON.parse(readFileSync(given, "utf8")) as Ready);
    }
  } finally {
    place.remove();
  }
  if (missing.length > 0) throw new Error(`no picture of\n${missing.join("\n")}`);
}

await takeAll();
