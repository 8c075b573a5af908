import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** Farthest way by Tab from one control to the next that a job may ask for. */
const farthest = 40;

/** A person who has no pointer: goes to a control by Tab, and notes where the focus could not be seen on the way. */
export function keyboard(page: Page) {
  /** Every control that had the focus and was out of sight or behind something else, by its name. */
  const unseen = new Set<string>();
  const look = async (): Promise<void> => {
    const hidden = await page.evaluate(() => {
      const here = document.activeElement;
      if (here === null || here === document.body) return "the page itself";
      const { left, top, width, height } = here.getBoundingClientRect();
      const [x, y] = [left + Math.min(width, 8) / 2, top + height / 2];
      const met = document.elementFromPoint(x, y);
      const isSeen = met !== null && (here.contains(met) || met.contains(here) || met.closest("label")?.contains(here) === true);
      return isSeen ? undefined : `${here.tagName} ${here.getAttribute("aria-label") ?? (here as HTMLElement).innerText}`;
    });
    if (hidden !== undefined) unseen.add(hidden);
  };
  const has = (wanted: Locator): Promise<boolean> => wanted.evaluate((element) => element === document.activeElement).catch(() => false);
  const at = {
    unseen,
    has,
    /** Presses Tab (or Shift+Tab) until the control has the focus; resolves with how many presses it took. */
    async goTo(wanted: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<number> {
      await wanted.waitFor();
      for (let presses = 0; presses <= farthest; presses += 1) {
        if (await has(wanted)) return presses;
        await page.keyboard.press(key);
        await look();
      }
      throw new Error(`not reached by ${key}: ${await wanted.innerText()}`);
    },
    async press(wanted: Locator, key = "Enter"): Promise<number> {
      const presses = await at.goTo(wanted);
      await page.keyboard.press(key);
      return presses;
    },
    /** Writes where the focus has come to by itself, as in a dialog that opens on its first field. */
    async write(wanted: Locator, text: string): Promise<void> {
      await expect.poll(() => has(wanted)).toBe(true);
      await page.keyboard.type(text);
    },
    /** An item of a closed list that has the focus, by the arrow keys. */
    async choose(list: Locator, label: string): Promise<void> {
      const chosen = () => list.evaluate((element) => (element as HTMLSelectElement).selectedOptions[0]?.label);
      await page.keyboard.press("Home");
      for (let presses = 0; presses < 100 && (await chosen()) !== label; presses += 1) await page.keyboard.press("ArrowDown");
    },
  };
  return at;
}
