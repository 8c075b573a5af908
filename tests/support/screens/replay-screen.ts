import type { Page } from "playwright-core";
import { awaitQuiet } from "../quiet.ts";

/** 再現, and one's own day: a story in scenes. */
export function replayScreen(page: Page) {
  const steps = page.getByRole("main").locator("[data-step]");
  const at = {
    /** Waits until the story stands with the names of the staff. */
    async stands(): Promise<void> {
      await steps.first().waitFor();
      await awaitQuiet(page);
    },
    steps: () => steps.allInnerTexts(),
    /** The step that the story is told around. */
    here: () => page.locator("[data-step][data-here]").innerText(),
    /** The step that the keys stand on. */
    active: () => page.locator("[data-step][data-active]").innerText(),
    async choose(group: "前後の長さ" | "だれの", name: string): Promise<void> {
      await page.getByRole("radiogroup", { name: group }).getByText(name, { exact: true }).click();
      await at.stands();
    },
    /** Opens what the active step showed, by the key. */
    async openActive(): Promise<string> {
      await page.keyboard.press("Enter");
      const shown = page.locator("[data-step][data-active]").getByRole("region", { name: "表示された内容" });
      await shown.waitFor();
      return shown.innerText();
    },
  };
  return at;
}
