import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from "vitest";
import { launchBrowser, type TestBrowser, type Window, type WindowOptions } from "./browser.ts";
import { signInScreen } from "./screens/sign-in-screen.ts";
import type { DemoAccount } from "./start-product.ts";

export interface Journey {
  /** A new window at an address. `refusals` belong to the story: see {@link Window.expectRefusal}. */
  openAt(url: string, options?: WindowOptions, refusals?: readonly string[]): Promise<Window>;
  /** See {@link TestBrowser.traces}. */
  traces(): Promise<string[]>;
}

/**
 * A browser for the tests of one file, which stand on each other: after a failed one the rest is passed over. Whatever
 * went wrong in any window fails the test in which it happened; pictures of a failure lie in .tmp/journeys.
 */
export function startJourney(): Journey {
  let browser: TestBrowser;
  let isBroken = false;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  beforeEach(({ skip }) => skip(isBroken, "an earlier step failed"));
  afterEach(async ({ task }) => {
    if (isBroken) return;
    const troubles = browser.takeTroubles();
    isBroken = task.result?.state === "fail" || troubles.length > 0;
    if (isBroken) await browser.photograph(task.name);
    expect(troubles).toEqual([]);
  });
  afterAll(() => browser.close());
  return {
    async openAt(url, options = {}, refusals = []) {
      const window = await browser.open(options);
      for (const refusal of refusals) window.expectRefusal(refusal);
      await window.page.goto(url);
      return window;
    },
    traces: () => browser.traces(),
  };
}

export type DemoRole = "privacy-officer" | "system-administrator" | "manager" | "sales" | "office";

export function demoAccount(role: DemoRole): DemoAccount {
  const account = inject("demo").accounts.find((one) => one.role === role);
  if (account === undefined) throw new Error(`the demo has no account of ${role}`);
  return account;
}

/** A window of the demo in which the member of staff with this role is signed in. */
export async function enterDemo(journey: Journey, role: DemoRole, options: WindowOptions = {}): Promise<Window> {
  const window = await journey.openAt(inject("demo").url, options);
  await signInScreen(window.page).signIn(demoAccount(role));
  return window;
}
