import { beforeAll, expect, inject, test } from "vitest";
import { phone, type Window } from "../support/browser.ts";
import { enterDemo, startJourney } from "../support/journey.ts";

const journey = startJourney();
const { url } = inject("demo");
let office: Window;
beforeAll(async () => {
  office = await enterDemo(journey, "office");
});

test("F1 opens the help of this screen beside the work, a word finds its article, and it reads well for everybody", async () => {
  const { page } = office;
  await page.goto(`${url}/customers`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.press("F1");
  const help = page.getByRole("complementary", { name: "ヘルプ" });
  await help.getByRole("heading", { name: "この画面" }).waitFor();
  expect((await help.getByRole("list").first().getByRole("button").allInnerTexts())[0]).toBe("顧客を探す");
  await help.getByRole("textbox", { name: "ヘルプを検索" }).fill("ますく");
  await help.getByRole("button", { name: "伏せ字と「表示」" }).click();
  await help.getByRole("heading", { level: 2, name: "伏せ字と「表示」" }).waitFor();
  expect(await office.accessibilityTroubles()).toEqual([]);
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "detached" });
});

test("? shows the keys that work on this screen, and not those of others among them", async () => {
  const { page } = office;
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "キーボード操作" });
  await sheet.waitFor();
  const here = await sheet.locator("section").first().innerText();
  expect(here).toContain("この画面");
  expect(here).toContain("選択");
  expect(here).not.toContain("1週間後");
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "detached" });
});

test("a refusal says what to do next and leads to its article", async () => {
  const { page } = office;
  office.expectRefusal("404 GET /api/customers/:no");
  office.expectRefusal("404 GET /api/customers/:no/timeline");
  await page.goto(`${url}/customers/2147480000`);
  const notice = page.getByRole("alert").first();
  await notice.getByRole("button", { name: "なぜ?" }).click();
  await page.getByText(/次にできること: 番号を確かめてください/).waitFor();
  await page.getByRole("button", { name: "ヘルプで詳しく読む" }).click();
  await page.getByRole("complementary", { name: "ヘルプ" }).getByRole("heading", { name: "「できません」と出たとき" }).waitFor();
});

test("on a phone the thumb reaches home, customers, the search and the rest, in the light and in the dark", async () => {
  for (const colorScheme of ["light", "dark"] as const) {
    const window = await journey.openAt(url, { viewport: phone, colorScheme, besides: office });
    const { page } = window;
    const bar = page.getByRole("navigation", { name: "主なメニュー" });
    await bar.waitFor();
    const places = await bar.locator("a, button").all();
    expect(places.length).toBeLessThanOrEqual(5);
    for (const place of places) {
      const box = await place.boundingBox();
      expect(box?.width).toBeGreaterThanOrEqual(60);
      expect(box?.height).toBeGreaterThanOrEqual(44);
    }
    await bar.getByRole("button", { name: "そのほか" }).click();
    const more = page.getByRole("dialog", { name: "そのほか" });
    await more.getByRole("link", { name: "設定" }).waitFor();
    expect(await window.accessibilityTroubles()).toEqual([]);
    await more.getByRole("link", { name: "設定" }).click();
    await page.getByRole("heading", { level: 1, name: "設定" }).waitFor();
    await more.waitFor({ state: "detached" });
    await window.close();
  }
});

test("a part that does not come is asked for again, a newer version is named and gone over to once, and what was typed stays meanwhile", async () => {
  const window = await journey.openAt(`${url}/customers/new`, { besides: office });
  const { page, context } = window;
  const typed = page.getByRole("textbox", { name: "氏名", exact: true });
  await typed.fill("書きかけ");

  let asked = 0;
  await context.route("**/assets/help-panel-*.js", (route) => ((asked += 1) <= 2 ? route.abort("internetdisconnected") : route.continue()));
  await page.keyboard.press("F1");
  const help = page.getByRole("complementary", { name: "ヘルプ" });
  await help.getByRole("heading", { name: "この画面" }).waitFor();
  expect(asked).toBeGreaterThan(2);
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "detached" });

  await context.route("**/assets/command-palette-*.js", (route) => route.abort("internetdisconnected"));
  await page.keyboard.press("Control+k");
  const bar = page.getByRole("status");
  await bar.filter({ hasText: "サーバーにつながりません。" }).waitFor();
  await context.unroute("**/assets/command-palette-*.js");
  await bar.getByRole("button", { name: "もう一度" }).click();
  const palette = page.getByRole("dialog").getByRole("combobox");
  await palette.waitFor();
  await bar.filter({ hasText: "サーバーにつながりません。" }).waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await palette.waitFor({ state: "detached" });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("kura");
  expect(await palette.inputValue()).toBe("kura");
  await page.keyboard.press("Escape");
  await palette.waitFor({ state: "detached" });
  expect(await typed.inputValue()).toBe("書きかけ");

  await context.route(`${url}/`, async (route) => {
    if (route.request().resourceType() !== "fetch") return route.continue();
    const answer = await route.fetch();
    return route.fulfill({ response: answer, body: (await answer.text()).replace(/\/assets\/index-[^"]+\.js/, "/assets/index-newer.js") });
  });
  await context.route("**/assets/settings-*.js", (route) => {
    window.expectRefusal(`404 GET ${new URL(route.request().url()).pathname}`);
    return route.fulfill({ status: 404 });
  });
  const newer = bar.filter({ hasText: "新しい版になりました。" });
  const menu = page.getByRole("navigation", { name: "主なメニュー" });
  const walkTo = async (name: string, heading: RegExp) => {
    await menu.getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
  };
  const mark = () => page.evaluate(() => void Object.assign(globalThis, { isSamePage: true }));
  const isSamePage = () => page.evaluate(() => "isSamePage" in globalThis).catch(() => undefined);
  await mark();
  await menu.getByRole("link", { name: "設定", exact: true }).click();
  await newer.waitFor();
  expect(await typed.inputValue()).toBe("書きかけ");
  await walkTo("ホーム", /^20\d\d年/);
  expect(await isSamePage()).toBe(true);
  await walkTo("顧客", /^顧客$/);
  await expect.poll(isSamePage).toBe(false);

  await mark();
  await menu.getByRole("link", { name: "設定", exact: true }).click();
  await newer.waitFor();
  await walkTo("ホーム", /^20\d\d年/);
  await walkTo("顧客", /^顧客$/);
  expect(await isSamePage()).toBe(true);
  await newer.getByRole("button", { name: "読み込み直す" }).click();
  await expect.poll(isSamePage).toBe(false);
  await window.close();
});

test("after use the device keeps the parts of the screens and one page, no answer and no value, and without a connection it says so", async () => {
  const { page, context } = office;
  await page.goto(`${url}/customers`);
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active?.state !== "activated") await new Promise((done) => active?.addEventListener("statechange", done, { once: true }));
  });
  await page.goto(`${url}/`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.goto(`${url}/customers`);
  await page.getByRole("grid").waitFor();
  const kept = await page.evaluate(async () => {
    const found: string[] = [];
    for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
    return found;
  });
  expect(kept).toEqual(expect.arrayContaining(["/offline.html", "/offline.css", "/favicon.svg"]));
  expect(kept.filter((path) => path.startsWith("/assets/")).length).toBeGreaterThan(3);
  expect(kept.filter((path) => !/^\/(assets\/[A-Za-z0-9._-]+\.(js|css)|offline\.(html|css)|favicon\.svg)$/.test(path))).toEqual([]);

  await context.setOffline(true);
  await page.goto(`${url}/customers`);
  await page.getByRole("heading", { level: 1, name: "いまは接続できません" }).waitFor();
  await context.setOffline(false);
  await page.getByRole("link", { name: /もう一度開く/ }).click();
  await page.getByRole("navigation", { name: "主なメニュー" }).waitFor();
});

test("the product can be put on a device: a manifest with its icons", async () => {
  const { page } = office;
  const manifest = (await (await page.request.get(`${url}/manifest.webmanifest`)).json()) as {
    display: string;
    icons: { src: string; sizes: string; type: string }[];
  };
  expect(manifest.display).toBe("standalone");
  for (const { src, type } of manifest.icons) {
    const reply = await page.request.get(`${url}${src}`);
    expect([src, reply.status(), reply.headers()["content-type"]?.split(";")[0]]).toEqual([src, 200, type]);
  }
});
