import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, type Page, chromium } from "playwright-core";
import { awaitQuiet, watchTraffic } from "./quiet.ts";

const executablePath = "/usr/bin/chromium";
const args = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const desktop = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };
const pictures = fileURLToPath(new URL("../../.tmp/journeys", import.meta.url));
const wholeRules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** Longest wait of one step on a busy machine. */
const patience = 20_000;

export interface WindowOptions {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: "light" | "dark";
  readonly language?: "ja" | "en";
  /** A clock that the test may move: the page's own, not the product's. */
  readonly hasClock?: boolean;
  /** A window of which this is another one: its cookies are shared, so the same person is signed in. */
  readonly besides?: Window;
}

/** One person's browser window, with all that a careful eye would have noticed about it. */
export interface Window {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Everything that went wrong: errors of the page, of the console, of the content security policy, refusals. */
  readonly troubles: string[];
  /** Every address that was asked for or stood in the address bar, and every title. */
  readonly trail: ReadonlySet<string>;
  /** From here on such refusals are part of the story: `409 PATCH /api/customers/:no`, numbers and handles as `:no`. */
  expectRefusal(refusal: string): void;
  /** Rules of accessibility that the page breaks now, with their places: axe-core's for WCAG 2.2 A and AA and best practices, or the named ones. */
  accessibilityTroubles(rules?: readonly string[]): Promise<string[]>;
  /** All that the browser keeps for the product beyond its cookies. */
  kept(): Promise<string>;
  close(): Promise<void>;
}

export interface TestBrowser {
  open(options?: WindowOptions): Promise<Window>;
  /** What went wrong in any window since the last call. */
  takeTroubles(): string[];
  /** Every address and title of any window so far, and all that browsers of open windows keep beside cookies. */
  traces(): Promise<string[]>;
  /** Pictures of all open windows, for whoever asks why a step failed. */
  photograph(name: string): Promise<void>;
  close(): Promise<void>;
}

export async function launchBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({ executablePath, args });
  const windows: Window[] = [];
  const open = (): Window[] => windows.filter(({ page }) => !page.isClosed());
  return {
    async open(options = {}) {
      const window = await openWindow(browser, options);
      windows.push(window);
      return window;
    },
    takeTroubles: () => windows.flatMap(({ troubles }) => troubles.splice(0)),
    traces: async () => [...windows.flatMap(({ trail }) => [...trail]), ...(await Promise.all(open().map((window) => window.kept())))],
    async photograph(name) {
      await Promise.all(
        open().map(({ page }, index) => page.screenshot({ path: join(pictures, `${name.replaceAll(/[^a-z0-9]+/gi, "-").slice(0, 60)}-${index + 1}.png`) })),
      );
    },
    close: () => browser.close(),
  };
}

/** Being asked who one is before signing in is no trouble. */
const ordinary = ["401 GET /api/session"];

function refusalOf(status: number, method: string, url: string): string {
  const path = new URL(url).pathname.replaceAll(/\/(?:\d+|[0-9a-f]{8}-[0-9a-f-]{27})(?=\/|$)/g, "/:no");
  return `${status} ${method} ${path}`;
}

async function openWindow(browser: Browser, options: WindowOptions): Promise<Window> {
  const context = await browser.newContext({
    ...(options.besides === undefined ? {} : { storageState: await options.besides.context.storageState() }),
    viewport: options.viewport ?? desktop,
    colorScheme: options.colorScheme ?? "light",
    locale: options.language === "en" ? "en-US" : "ja-JP",
    timezoneId: "Asia/Tokyo",
    reducedMotion: "reduce",
    isMobile: options.viewport !== undefined && options.viewport.width < 500,
    hasTouch: options.viewport !== undefined && options.viewport.width < 500,
  });
  context.setDefaultTimeout(patience);
  const troubles: string[] = [];
  const trail = new Set<string>();
  const expected = new Set(ordinary);
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => console.error(`content security policy: ${event.effectiveDirective} ${event.blockedURI}`));
    new MutationObserver(() => console.debug(`title: ${document.title}`)).observe(document, { subtree: true, childList: true, characterData: true });
  });
  if (options.language === "en") await context.addInitScript(() => localStorage.setItem("kuraban-language", "en"));
  if (options.hasClock === true) await context.clock.install();
  const page = await context.newPage();
  watchTraffic(page);
  page.on("pageerror", (error) => troubles.push(`page: ${error.message}`));
  page.on("console", (message) => {
    if (message.text().startsWith("title: ")) trail.add(message.text());
    // The browser's own line about a refusal says less than the reply, which is noted below.
    else if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) troubles.push(`console: ${message.text()}`);
  });
  page.on("framenavigated", (frame) => trail.add(frame.url()));
  page.on("request", (request) => trail.add(request.url()));
  page.on("response", (response) => {
    const refusal = refusalOf(response.status(), response.request().method(), response.url());
    if (response.status() >= 400 && !expected.has(refusal)) troubles.push(`reply: ${refusal}`);
  });
  return {
    page,
    context,
    troubles,
    trail,
    expectRefusal: (refusal) => void expected.add(refusal),
    async accessibilityTroubles(rules) {
      await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
      await awaitQuiet(page);
      const axe = new AxeBuilder({ page });
      const { violations } = await (rules === undefined ? axe.withTags(wholeRules) : axe.withRules([...rules])).analyze();
      return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help} at ${node.target.join(" ")}`));
    },
    kept: () =>
      page.evaluate(async () =>
        JSON.stringify({
          local: { ...localStorage },
          session: { ...sessionStorage },
          databases: await indexedDB.databases(),
          caches: await caches.keys(),
          title: document.title,
          address: location.href,
          state: history.state as unknown,
        }),
      ),
    close: () => context.close(),
  };
}
