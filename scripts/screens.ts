import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeDirtyFile } from "#server/modules/sample/index.ts";
import { launchBrowser, phone, type Window, type WindowOptions } from "#tests/support/browser.ts";
import { customerListScreen } from "#tests/support/screens/customer-list-screen.ts";
import { enrolmentScreen } from "#tests/support/screens/enrolment-screen.ts";
import { importScreen } from "#tests/support/screens/import-screen.ts";
import { ledgerScreen } from "#tests/support/screens/ledger-screen.ts";
import { personScreen } from "#tests/support/screens/person-screen.ts";
import { settingsScreen } from "#tests/support/screens/settings-screen.ts";
import { setUpScreen } from "#tests/support/screens/set-up-screen.ts";
import { signInScreen } from "#tests/support/screens/sign-in-screen.ts";
import { buildWeb, startProduct, type Product } from "#tests/support/start-product.ts";
import { makeTemporaryFolder } from "#tests/support/throwaway-server.ts";
import { reducePng } from "./reduce-png.ts";

/**
 * Writes pictures of every screen to docs/screens: as on a desk and on a phone, light and dark, the main ones in English.
 * To be run after the screens changed: `node scripts/screens.ts`, with Chromium installed.
 */
const folder = fileURLToPath(new URL("../docs/screens", import.meta.url));
const forms: readonly (readonly [string, WindowOptions])[] = [
  ["desk", {}],
  ["desk-dark", { colorScheme: "dark" }],
  ["phone", { viewport: phone }],
  ["phone-dark", { viewport: phone, colorScheme: "dark" }],
  ["desk-en", { language: "en" }],
];
type Role = "sales" | "office" | "privacy-officer" | "system-administrator";

/** A screen, who looks at it, where it is, and what is done there first. Main ones are shown in every form. */
interface Shot {
  readonly name: string;
  readonly role: Role;
  readonly path: string;
  readonly act?: (window: Window) => Promise<void>;
  readonly isMain?: boolean;
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

function shotsOf(person: number, imported: number): readonly Shot[] {
  return [
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
    { name: "record", role: "sales", path: "/record" },
    { name: "people", role: "system-administrator", path: "/settings/people" },
    { name: "person-of-staff", role: "system-administrator", path: "/settings/people?peek=account-11" },
    { name: "departments", role: "system-administrator", path: "/settings/departments" },
    { name: "rights", role: "system-administrator", path: "/settings/roles?role=sales", isMain: true },
    { name: "consents", role: "privacy-officer", path: "/settings/consents" },
    { name: "fields", role: "privacy-officer", path: "/settings/fields" },
    { name: "own", role: "sales", path: "/settings/own" },
    { name: "keys", role: "sales", path: "/customers", act: ({ page }) => page.keyboard.press("?") },
  ];
}

/** A colleague's customer, masked, with the question for the purpose. */
async function revealColleagues({ page }: Window): Promise<void> {
  const list = customerListScreen(page);
  const masked = (await list.rows()).findIndex((row) => /0\d+-•+-/.test(row));
  await list.openFully(masked);
  await page.keyboard.press("r");
  await page.getByRole("dialog").waitFor();
}

async function takeInside(demo: Product): Promise<void> {
  const browser = await launchBrowser();
  const signedIn = new Map<string, Window>();
  for (const account of demo.accounts ?? []) {
    const window = await browser.open();
    await window.page.goto(demo.url);
    await signInScreen(window.page).signIn(account);
    signedIn.set(account.role, window);
  }
  const imported = await importTwice(signedIn.get("office") as Window);
  await askForConsent(signedIn.get("system-administrator") as Window);
  for (const [form, options] of forms) {
    const windows = new Map<Role, Window>();
    for (const shot of shotsOf(3, imported)) {
      if ((form === "desk-en" || form === "phone-dark") && shot.isMain !== true) continue;
      const window =
        windows.get(shot.role) ?? (await browser.open({ ...options, ...(signedIn.has(shot.role) ? { besides: signedIn.get(shot.role) as Window } : {}) }));
      windows.set(shot.role, window);
      await window.page.goto(`${demo.url}${shot.path}`);
      await settle(window);
      await shot.act?.(window);
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
    await outside.close();
  }
  await browser.close();
}

async function takeAll(): Promise<void> {
  buildWeb();
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".png"))) rmSync(join(folder, file));
  const place = makeTemporaryFolder();
  try {
    const company = await startProduct("start", join(place.folder, "company"));
    await takeOutside(company).finally(() => company.stop());
    const demo = await startProduct("demo", join(place.folder, "demo"));
    await takeInside(demo).finally(() => demo.stop());
  } finally {
    place.remove();
  }
}

await takeAll();
