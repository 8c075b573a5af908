import { chromium, type Page } from "playwright-core";
import { benchCustomers } from "./bench-customers.ts";
import { round } from "./measure.ts";
import type { Side } from "./start-side.ts";

const desktop = { width: 1280, height: 800 };
const times = 40;
const longestMs = 20_000;

/** Runs in the page. From the key or wheel that arrives next to the frame after the one in which `isThere` holds. */
function installWatch(): void {
  const holder = window as unknown as Record<string, unknown>;
  holder["shifts"] = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[]) {
      if (!entry.hadRecentInput) holder["shifts"] = (holder["shifts"] as number) + entry.value;
    }
  }).observe({ type: "layout-shift", buffered: true });
  const firstRow = (): string => document.querySelector("[role=rowgroup] + [role=rowgroup] [role=row]")?.textContent ?? "";
  const isWaiting = (): boolean => document.querySelector("[role=gridcell] > span[class*=waiting], [aria-busy=true]") !== null;
  const place = (): string => `${location.search}|${firstRow()}`;
  const tests: Readonly<Record<string, (before: string) => boolean>> = {
    // A list with the same first row is another list all the same: its handle stands in the address.
    list: (before) => location.search !== before.split("|")[0] && !isWaiting() && document.querySelector("[role=gridcell]") !== null,
    row: (before) => (document.querySelector("[role=grid]")?.getAttribute("aria-activedescendant") ?? "") !== before,
    // Neighbours in the order of their names may have the same one: the address tells whose panel it is.
    panel: (before) =>
      location.search !== before && (document.querySelector("aside h2")?.textContent ?? "") !== "" && document.querySelector("aside dl") !== null,
    page: () => document.querySelector("main h1") !== null && document.querySelector("main dl") !== null,
    scrolled: (before) => String(document.querySelector("[role=grid]")?.scrollTop) !== before && !isWaiting(),
    note: () => document.activeElement instanceof HTMLTextAreaElement,
  };
  const states: Readonly<Record<string, () => string>> = {
    list: place,
    row: () => document.querySelector("[role=grid]")?.getAttribute("aria-activedescendant") ?? "",
    panel: () => location.search,
    page: () => "",
    scrolled: () => String(document.querySelector("[role=grid]")?.scrollTop),
    note: () => "",
  };
  holder["watch"] = (what: string, event: string) => {
    const before = states[what]?.() ?? "";
    holder["measured"] = new Promise<number>((resolve) => {
      let from = 0;
      window.addEventListener(event, (given) => (from = given.timeStamp), { capture: true });
      const look = (): void => {
        if (from === 0 || tests[what]?.(before) !== true) {
          requestAnimationFrame(look);
          return;
        }
        // What was there when this frame began is on the screen when the next task after it runs.
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - from)));
      };
      requestAnimationFrame(look);
    });
  };
}

interface Watched {
  watch(what: string, event: string): void;
  readonly measured: Promise<number>;
  readonly shifts: number;
}

/** Milliseconds from what `act` does to the screen that answers. Of several keys the last one counts. */
async function measure(page: Page, what: string, event: "keydown" | "wheel", act: () => Promise<unknown>): Promise<number> {
  await page.evaluate(([watched, by]) => (window as unknown as Watched).watch(watched, by), [what, event] as const);
  await act();
  const late = page.waitForTimeout(longestMs).then(() => Number.NaN);
  const ms = await Promise.race([page.evaluate(() => (window as unknown as Watched).measured), late]);
  if (Number.isNaN(ms)) throw new Error(`the screen did not answer: ${what}`);
  return ms;
}

/**
 * Interactions of the built product in Chromium, from the event as the browser stamped it to the frame after the answer
 * stands: p50 and p95 in ms. `search-typed` includes the rest of 250 ms after the last key; `search-entered` is asked for
 * at once by Enter. Unexpected layout
 * shifts (CLS) come last: of the worst load of a page, and the sum of all.
 */
export async function measureScreen(given: { side: Side; customers: number; print: (line: object) => void }): Promise<void> {
  const { side, customers, print } = given;
  const url = `http://127.0.0.1:${side.port}`;
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-smooth-scrolling", "--disable-background-networking", "--disable-component-update"],
  });
  try {
    const context = await browser.newContext({ viewport: desktop, locale: "ja-JP", timezoneId: "Asia/Tokyo", reducedMotion: "reduce" });
    const [name = "", value = ""] = (side.headers["cookie"] ?? "").split("=");
    await context.addCookies([{ name, value, url, httpOnly: true, sameSite: "Strict" }]);
    await context.addInitScript(installWatch);
    const page = await context.newPage();
    const box = page.getByRole("searchbox", { name: "顧客を検索" });
    const told: Record<string, number[]> = {};
    const shifts: number[] = [];
    const note = (interaction: string, ms: number): void => {
      if (told[interaction] === undefined) process.stderr.write(`${interaction} …\n`);
      (told[interaction] ??= []).push(ms);
    };
    const openList = async (): Promise<void> => {
      await page.goto(`${url}/customers`);
      await page.getByRole("gridcell").first().waitFor();
      await page.waitForLoadState("networkidle");
    };
    const words = [...benchCustomers(times * 10)].flatMap(({ isOwn, values }) => {
      const word = values.kana.split("　")[0] ?? "";
      return isOwn && word.length > 1 ? [word] : [];
    });

    // Everybody reads once how their work is recorded.
    await page.goto(`${url}/`);
    await page.getByRole("button", { name: "確認しました" }).click();
    await openList();
    for (const [turn, word] of words.slice(0, times).entries()) {
      await box.fill("");
      await page.waitForTimeout(600);
      await box.focus();
      await page.keyboard.insertText(word.slice(0, -1));
      await page.keyboard.press("Shift");
      const byEnter = turn % 2 === 1;
      if (!byEnter) await page.waitForTimeout(600);
      // The last letter arrives with a key event of its own.
      const ms = await measure(page, "list", "keydown", async () => {
        if (byEnter) {
          await page.keyboard.insertText(word.slice(-1));
          await page.keyboard.press("Enter");
        } else {
          await page.keyboard.press("End");
          await page.keyboard.insertText(word.slice(-1));
        }
      });
      note(byEnter ? "search-entered" : "search-typed", ms);
    }

    await openList();
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    for (let turn = 0; turn < times; turn += 1) note("move", await measure(page, "row", "keydown", () => page.keyboard.press(turn % 4 === 3 ? "k" : "j")));
    for (let turn = 0; turn < times; turn += 1) {
      await page.keyboard.press("j");
      note("panel", await measure(page, "panel", "keydown", () => page.keyboard.press("Enter")));
    }
    await page.keyboard.press("Escape");
    const grid = page.getByRole("grid", { name: "顧客" });
    await grid.hover();
    for (let turn = 0; turn < times; turn += 1) {
      note("scroll", await measure(page, "scrolled", "wheel", () => page.mouse.wheel(0, turn % 20 < 10 ? 640 : -640)));
      await page.waitForTimeout(50);
    }
    shifts.push(await page.evaluate(() => (window as unknown as Watched).shifts));

    for (let turn = 0; turn < times / 2; turn += 1) {
      await openList();
      for (let step = 0; step <= turn; step += 1) await page.keyboard.press("j");
      await page.keyboard.press("Enter");
      await page.locator("aside dl").first().waitFor();
      note("person", await measure(page, "page", "keydown", () => page.keyboard.press("o")));
      await page.getByRole("region", { name: "経過", exact: true }).getByRole("button", { name: "対応を記録" }).waitFor();
      note("note", await measure(page, "note", "keydown", () => page.keyboard.press("n")));
      shifts.push(await page.evaluate(() => (window as unknown as Watched).shifts));
    }
    for (const [interaction, all] of Object.entries(told)) {
      const sorted = all.toSorted((a, b) => a - b);
      const at = (share: number): number => round(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN, 1);
      print({ case: "screen", interaction, customers, p50Ms: at(0.5), p95Ms: at(0.95), n: sorted.length });
    }
    print({
      case: "screen",
      interaction: "layout-shift",
      customers,
      worst: round(Math.max(...shifts), 4),
      sum: round(
        shifts.reduce((all, one) => all + one, 0),
        4,
      ),
      n: shifts.length,
    });
  } finally {
    await browser.close();
  }
}
