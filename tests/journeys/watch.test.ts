import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { launchBrowser, type TestBrowser } from "../support/browser.ts";

let browser: TestBrowser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

test("the watch that the journeys rely on sees a broken policy, an error, a refusal, a trace and an unreadable page", async () => {
  const window = await browser.open();
  const { page } = window;
  await page.goto(inject("demo").url);
  await page.getByRole("heading", { level: 1, name: "ログイン" }).waitFor();
  expect(browser.takeTroubles()).toEqual([]);
  await page.evaluate(async () => {
    document.head.append(Object.assign(document.createElement("style"), { textContent: "h1 { color: red }" }));
    console.error("something is wrong");
    document.title = "高橋";
    localStorage.setItem("seen", "タカハシ");
    await (await fetch("/api/customers/1", { headers: { "x-kuraban": "1" } })).text();
    setTimeout(() => {
      throw new Error("thrown later");
    });
    document.querySelector("main")?.append(document.createElement("button"));
  });
  await expect.poll(() => window.troubles.length).toBe(5);
  const troubles = browser.takeTroubles();
  for (const part of [
    "console: content security policy: style-src-elem",
    "Content Security Policy directive",
    "console: something is wrong",
    "page: thrown later",
    "reply: 401 GET /api/customers/:no",
  ]) {
    expect(troubles.filter((trouble) => trouble.includes(part))).toHaveLength(1);
  }
  expect(await window.accessibilityTroubles()).toEqual([expect.stringContaining("button-name")]);
  const traces = await browser.traces();
  expect(traces).toContain("title: 高橋");
  expect(traces.some((trace) => trace.includes("タカハシ"))).toBe(true);
  expect(traces).toContain(`${inject("demo").url}/api/customers/1`);
});
