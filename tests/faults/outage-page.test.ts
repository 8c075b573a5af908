import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStorehouse } from "#server/app/open-storehouse.ts";
import type { EmbeddedServer } from "#server/platform/database/embedded-server.ts";
import { standardFields } from "#shared/fields.ts";
import { askOverHttp } from "../support/ask-over-http.ts";
import { launchBrowser, type TestBrowser, type Window } from "../support/browser.ts";
import { runKuraban, type RunningKuraban } from "../support/run-kuraban.ts";
import { personScreen } from "../support/screens/person-screen.ts";
import { seedStorehouse, type Caller, type Seeded } from "../support/seed-storehouse.ts";
import { buildWeb } from "../support/start-product.ts";
import { makeTemporaryFolder, startServerIn } from "../support/throwaway-server.ts";

/** The database goes away and comes back under somebody who is in the middle of typing. */
const { folder, remove } = makeTemporaryFolder();
const keysFolder = join(folder, "keys");
let server: EmbeddedServer;
let house: Seeded;
let product: RunningKuraban;
let browser: TestBrowser;

beforeAll(async () => {
  buildWeb();
  server = await startServerIn(folder);
  const place = { dataFolder: join(folder, "node"), keysFolder, databaseUrl: server.ownerUrl };
  const open = await openStorehouse({ place, onTrouble: () => undefined, appConnections: 2 });
  house = await seedStorehouse(open.storehouse, [["manager"]]).finally(() => open.close());
  product = await runKuraban(place.dataFolder, { node: { databaseUrl: server.ownerUrl, keysFolder } });
  browser = await launchBrowser();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  await server?.stop();
  remove();
});

const outage = (page: Page) => page.getByRole("alertdialog", { name: "ただいま表示を止めています" });

async function enter(window: Window, path: string): Promise<void> {
  const [name, value] = (house.callers[0] as Caller).cookie.split("=") as [string, string];
  await window.context.addCookies([{ name, value, url: product.url }]);
  const asked = ["GET /api/session", "GET /api/session/watch", "GET /api/session/standing", "GET /api/session/viewed-today", "GET /api/health"];
  for (const refused of [...asked, "PATCH /api/customers/:no"]) window.expectRefusal(`503 ${refused}`);
  await window.page.goto(`${product.url}${path}`);
}

test("while the database is away screens and programs are told so; what was being typed stays, and when it is back all goes on by itself", async () => {
  const customerNo = house.customerNos[0] as number;
  const path = `/customers/${customerNo}`;
  const label = standardFields.find((field) => field.kind === "customer" && field.key === "section")?.ja ?? "";
  const typing = await browser.open();
  await enter(typing, path);
  const person = personScreen(typing.page);
  const confirm = typing.page.getByRole("button", { name: "確認しました" });
  await confirm
    .or(typing.page.getByRole("region", { name: "登録内容" }))
    .first()
    .waitFor();
  if (await confirm.isVisible()) await confirm.click();
  await person.startEditing();
  await person.type(label, "書きかけの部署");

  await server.stop();
  // By the key: the page may have noticed by itself already, and covers its buttons then.
  await typing.page.keyboard.press("Enter");
  await outage(typing.page).waitFor();
  expect(await outage(typing.page).innerText()).toMatch(/復旧すると自動で再開します/);
  const coming = await browser.open();
  await enter(coming, path);
  await outage(coming.page).waitFor();
  const reply = await askOverHttp(product.url, { method: "GET", path: `/api${path}`, cookie: (house.callers[0] as Caller).cookie });
  expect([reply.status, reply.body["code"], reply.headers["retry-after"]]).toEqual([503, "storehouse-unavailable", "3"]);
  expect(reply.body["detail"]).toMatch(/自動で再開します/);

  server = await startServerIn(folder);
  await outage(typing.page).waitFor({ state: "hidden" });
  await outage(coming.page).waitFor({ state: "hidden" });
  await coming.page.getByRole("region", { name: "登録内容" }).waitFor();
  await person.save();
  await person.isSaved();
  expect(await person.value(label)).toBe("書きかけの部署");
  expect(await person.version()).toBe(2);
  expect(browser.takeTroubles()).toEqual([]);
}, 180_000);
