import type { Locator, Page } from "playwright-core";

/** Keys pressed beside the text that a job is about, a modifier as a key of its own, and clicks or touches. */
export interface Spent {
  readonly keys: number;
  readonly clicks: number;
}

interface Counted {
  keys: number;
  clicks: number;
  isText: boolean;
}

/**
 * What a pair of hands does on one page, counted by the page itself from the events that arrive there: keys and pointers as
 * a person presses them, no others. A full load of a page starts its count at nothing; call `begin` on the screen where the
 * job begins.
 */
export function hands(page: Page) {
  let chosen = 0;
  const at = {
    async begin(): Promise<void> {
      chosen = 0;
      await page.evaluate(() => {
        const holder = window as unknown as { counted?: Counted };
        if (holder.counted !== undefined) {
          Object.assign(holder.counted, { keys: 0, clicks: 0, isText: false });
          return;
        }
        const counted: Counted = { keys: 0, clicks: 0, isText: false };
        holder.counted = counted;
        const count = (what: "keys" | "clicks") => (event: Event) => {
          if (event.isTrusted && !counted.isText) counted[what] += 1;
        };
        window.addEventListener("keydown", count("keys"), { capture: true });
        window.addEventListener("pointerdown", count("clicks"), { capture: true });
      });
    },
    /** One key, or several held together: `Control+Enter`. */
    async press(...keys: readonly string[]): Promise<void> {
      for (const key of keys) await page.keyboard.press(key);
    },
    /** What the job is about: a name, a note with its lines, a new address. Its keys are not counted. */
    async type(text: string): Promise<void> {
      const mark = (isText: boolean) =>
        page.evaluate((is) => {
          (window as unknown as { counted: Counted }).counted.isText = is;
        }, isText);
      await mark(true);
      await page.keyboard.type(text);
      await mark(false);
    },
    async click(target: Locator): Promise<void> {
      await target.click();
    },
    async tap(target: Locator): Promise<void> {
      await target.tap();
    },
    /** Takes an item of a closed list: a click on the field and one on the item. */
    async choose(list: Locator, label: string): Promise<void> {
      chosen += 2;
      await list.selectOption({ label });
    },
    async spent(): Promise<Spent> {
      const { keys, clicks } = await page.evaluate(() => (window as unknown as { counted: Counted }).counted);
      return { keys, clicks: clicks + chosen };
    },
  };
  return at;
}
