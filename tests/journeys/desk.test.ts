import { expect, test } from "vitest";
import { sentinelValues } from "#server/modules/sample/index.ts";
import { phone, type Window } from "../support/browser.ts";
import { startCompanyJourney } from "../support/company-journey.ts";
import { longestVerification } from "../support/screens/incident-screen.ts";

const { enter } = startCompanyJourney([["privacy-officer"], ["desk-operator"], ["sales"]]);
const caller = sentinelValues("customer", 2) as Record<string, string>;
let officer: Window;
let operator: Window;

test("the officer opens the desk of a drill on one sheet: number, hours, operators and their term", async () => {
  const { page: sales } = await enter(2);
  await sales.getByRole("link", { name: "顧客", exact: true }).first().click();
  await sales.getByRole("grid").or(sales.getByRole("table")).first().waitFor();
  officer = await enter(0);
  const { page } = officer;
  await page.getByRole("link", { name: "事案", exact: true }).first().click();
  await page.getByRole("button", { name: "訓練を始める" }).click();
  await page.getByRole("button", { name: "範囲を計算する" }).click();
  await page.getByRole("region", { name: "開始からの時間" }).getByText("次は、速報の草案を作ります。").waitFor({ timeout: longestVerification });
  await page.getByRole("tab", { name: "窓口" }).click();
  await page.getByRole("button", { name: "窓口を開く" }).click();
  const sheet = page.getByRole("dialog", { name: "窓口を開く" });
  await sheet.getByLabel("電話番号").fill("0120-000-222");
  await sheet.getByLabel("氏名").fill("受付 一子");
  await sheet.getByLabel("メールアドレス").fill("uketsuke@example.jp");
  await sheet.getByRole("checkbox", { name: sentinelValues("account", 1)["staffName"] as string }).check();
  expect(await officer.accessibilityTroubles()).toEqual([]);
  await sheet.getByRole("button", { name: "窓口を開く" }).click();
  await page.getByText("窓口を開きました").waitFor();
  await page.getByRole("region", { name: "招待リンク" }).getByText("/#/invite/").waitFor();
  await page.getByText("受付中").waitFor();
  expect(await page.getByRole("list", { name: "オペレーター" }).getByRole("listitem").count()).toBe(2);
  expect(await officer.accessibilityTroubles()).toEqual([]);
});

test("an operator finds the desk and nothing else, on the phone too", async () => {
  operator = await enter(1, { viewport: phone });
  const { page } = operator;
  await page.getByRole("heading", { level: 1, name: "訓練 第1号の窓口" }).waitFor();
  expect(await page.getByRole("navigation", { name: "主なメニュー" }).getByRole("link").allInnerTexts()).toEqual(["窓口"]);
  expect(await operator.accessibilityTroubles()).toEqual([]);
});

test("two registered values tell who is calling, without being shown; a wrong one says only that it could not be confirmed", async () => {
  const { page } = operator;
  await page.getByRole("button", { name: "電話", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "受付 第1号" }).waitFor();
  const identity = page.getByRole("region", { name: "本人の確認" });
  await identity.getByLabel("一つめの内容").fill(caller["fullName"] as string);
  await identity.getByLabel("二つめの内容").fill("1901-02-03");
  await identity.getByRole("button", { name: "照合する" }).click();
  await identity.getByText("確認できません", { exact: true }).waitFor();
  expect(await operator.accessibilityTroubles()).toEqual([]);
  await identity.getByLabel("二つめの内容").fill(caller["birthDate"] as string);
  await identity.getByRole("button", { name: "照合する" }).click();
  const answer = page.getByRole("region", { name: "お答え" });
  await answer.getByText("対象", { exact: true }).waitFor();
  await answer.getByText("氏名", { exact: true }).waitFor();
  await answer.getByText("お客様の情報は、対象に含まれております", { exact: false }).waitFor();
  expect(await operator.accessibilityTroubles()).toEqual([]);
  for (const value of [caller["fullName"], caller["mobile"], caller["address"]]) expect(await page.content()).not.toContain(value);
});

test("a report of harm stands in the history, and the officer sees the count on the incident's page", async () => {
  const { page } = operator;
  await page.getByRole("tab", { name: "被害の申し出" }).click();
  await page.getByLabel("被害の種類").selectOption("suspicious-call");
  await page.getByLabel("内容", { exact: true }).fill("知らない会社から電話があった");
  await page.getByRole("button", { name: "書く" }).click();
  await page.getByText("記録しました").waitFor();
  await page.getByRole("region", { name: "経過" }).getByText("知らない会社から電話があった").waitFor();
  await page.getByRole("button", { name: "受付を終える" }).click();
  await page.getByRole("button", { name: "再開" }).waitFor();

  const counts = officer.page.getByRole("region", { name: "件数", exact: true });
  await counts.getByRole("button", { name: "事実に反映" }).click();
  await officer.page.getByText("いまの件数を事実に反映しました").waitFor();
  await expect.poll(() => counts.locator("dl").innerText(), { timeout: 20_000 }).toMatch(/問い合わせ\s*1[\s\S]*被害の申し出\s*1/);
  await officer.page.getByRole("tab", { name: "事実" }).click();
  await officer.page.getByRole("region", { name: "窓口への問い合わせ" }).getByText("1", { exact: true }).first().waitFor();
});
