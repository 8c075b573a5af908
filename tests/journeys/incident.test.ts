import { expect, test } from "vitest";
import type { Window } from "../support/browser.ts";
import { startCompanyJourney, staffName } from "../support/company-journey.ts";
import { approvalsScreen } from "../support/screens/approvals-screen.ts";
import { incidentScreen, longestVerification } from "../support/screens/incident-screen.ts";
import { notice } from "../support/screens/notice.ts";
import { reportScreen } from "../support/screens/report-screen.ts";

const { journey, url, enter } = startCompanyJourney([["privacy-officer"], ["sales"], ["manager"]], { unowned: 12 });
let officer: Window;

test("a colleague reports without signing in, and holds a receipt", async () => {
  const window = await journey.openAt(url());
  const report = reportScreen(window.page);
  await report.open();
  expect(await window.accessibilityTroubles()).toEqual([]);
  expect(await report.report("営業の端末が勝手に動き、顧客の画面が次々に開いた", "内線 210")).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/);
});

test("somebody views many people, and the privacy officer is told of it as soon as the threshold says so", async () => {
  const { page: sales } = await enter(1);
  await sales.getByRole("link", { name: "顧客", exact: true }).first().click();
  await sales.getByRole("grid").or(sales.getByRole("table")).first().waitFor();
  officer = await enter(0);
  const { page } = officer;
  await page.getByRole("link", { name: "事案", exact: true }).click();
  await page.getByRole("tab", { name: "検知の設定" }).click();
  const rule = page.locator("form").filter({ hasText: "1時間の大量閲覧" });
  await rule.getByLabel("しきい値").fill("5");
  await rule.getByRole("button", { name: "保存" }).click();
  await page.getByText("保存しました").first().waitFor();
  expect(await officer.accessibilityTroubles()).toEqual([]);
  const alerts = page.getByRole("region", { name: "検知" });
  await expect
    .poll(
      async () => {
        await page.goto(`${url()}/incidents?tab=signals`);
        await page.getByRole("region", { name: "職員からの報告" }).getByText("営業の端末が勝手に動き").waitFor();
        return alerts.getByText(staffName(1)).count();
      },
      { timeout: 20_000 },
    )
    .toBe(1);
  expect(await officer.accessibilityTroubles()).toEqual([]);
});

test("the alert becomes an incident in a click, with its account, its clocks and the tasks of its playbook", async () => {
  const { page } = officer;
  await page.getByRole("region", { name: "検知" }).getByRole("button", { name: "事案を開く" }).click();
  const dialog = page.getByRole("dialog", { name: "事案を開く" });
  expect(await dialog.getByLabel("何が起きたか(1文で)").inputValue()).toContain("1時間の大量閲覧を検知した");
  await dialog.getByRole("button", { name: "事案を開く" }).click();
  await page.getByRole("heading", { level: 1, name: "事案 第1号" }).waitFor();
  await page.getByText(staffName(1)).first().waitFor();
  await page.getByText("速報", { exact: false }).first().waitFor();
  await page.getByText("侵入に使われたアカウントの接続を切り、凍結する").first().waitFor();
  expect(await officer.accessibilityTroubles()).toEqual([]);
});

test("tasks are ticked, a fact is stated and stated anew, and what happened is written down", async () => {
  const { page } = officer;
  await page.getByRole("tab", { name: /^やること/ }).click();
  const task = page.getByRole("listitem").filter({ hasText: "責任者に報告する" });
  await task.getByRole("checkbox", { name: "済み" }).click();
  await page.getByText("済みにしました").waitFor();
  await task.waitFor({ state: "detached" });
  const incident = incidentScreen(page);
  await incident.section("事実");
  const section = page.getByRole("region", { name: "3. 本人の数" });
  await incident.state("本人の数", { certainty: "推定", value: "20", source: "記録簿" });
  await section.getByText("20", { exact: true }).waitFor();
  await incident.state("本人の数", { value: "13", source: "記録簿" });
  await section.getByText("13", { exact: true }).waitFor();
  await section.getByText("2版").waitFor();
  expect(await officer.accessibilityTroubles()).toEqual([]);
  await page.getByRole("tab", { name: "経過" }).click();
  await page.getByLabel("起きたこと").fill("本人に電話し、使っていないことを確かめた");
  await page.getByRole("button", { name: "経過を書く" }).click();
  const told = page.getByRole("region", { name: "経過" });
  await told.getByRole("listitem").filter({ hasText: "本人に電話し" }).waitFor();
  await told.getByRole("listitem").filter({ hasText: "事実を記録" }).first().waitFor();
  expect(await officer.accessibilityTroubles()).toEqual([]);
});

test("what the account was shown is the scope; the 速報 leaves when a second person has read it, and the 確報 once the cause is known", async () => {
  const { page } = officer;
  const incident = incidentScreen(page);
  await incident.section("範囲");
  // The cause is what the alert knew already.
  const { confirmed, possible } = await incident.computeScope();
  expect(confirmed).toBeGreaterThan(5);
  expect(possible).toBe(0);
  await incident.section("草案");
  await incident.isJudged("報告対象", "(60日)");
  await incident.makeDrafts();
  expect(await incident.openPaper("漏えい等報告書(速報)")).toContain("13人");
  await incident.askApproval("速報");
  const { page: second } = await enter(2);
  const approve = async (words: string): Promise<void> => {
    await approvalsScreen(second).open();
    await approvalsScreen(second).request(words).getByRole("button", { name: "承認する" }).click();
    await approvalsScreen(second).decision.getByRole("button", { name: "承認する" }).click();
    await notice(second).says("承認しました");
    await notice(second).clear();
  };
  await approve("速報");
  expect(await incident.pdf()).toContain("個人データの漏えい等に関する報告書(速報)");
  await incident.section("事実");
  await incident.state("不正アクセスの手口", { value: "使い回したパスワードで入られた", source: "調査会社の報告" });
  await incident.section("草案");
  await incident.makeDrafts();
  const final = await incident.openPaper("漏えい等報告書(確報)");
  for (const words of ["□速報 ■確報", "使い回したパスワード", "■不正アクセス", "■3号"]) expect(final).toContain(words);
  await incident.askApproval("確報");
  await approve("確報");
  expect(await incident.pdf()).toContain("使い回したパスワード");
});

test("the incident moves on, stays in sight wherever one is, and is closed", async () => {
  const { page } = officer;
  await page.getByRole("button", { name: "初動対応" }).click();
  await page.getByText("段階を「初動対応」にしました").waitFor();
  await page.getByRole("link", { name: "ホーム", exact: true }).first().click();
  const bar = page.getByRole("navigation", { name: "事案" });
  await bar.getByText("初動対応").waitFor();
  await bar.getByRole("link").first().click();
  await page.getByRole("button", { name: "事案を終了する" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "事案を終了する" }).click();
  await page.getByText("事案を終了しました").waitFor();
  await bar.getByText("初動対応").waitFor({ state: "detached" });
  await bar.getByText("未確認 1件").waitFor();
});

test("a drill leads from one click to the preliminary draft in at most twelve acts, timed, and says everywhere that it is one", async () => {
  const { page } = officer;
  await page.getByRole("link", { name: "事案", exact: true }).first().click();
  await page.getByRole("button", { name: "訓練を始める" }).click();
  await page.getByRole("heading", { level: 1, name: "訓練 第2号" }).waitFor();
  const times = page.getByRole("region", { name: "開始からの時間" });
  await times.getByText("次は、範囲を計算します。").waitFor();
  await page.getByRole("button", { name: "範囲を計算する" }).click();
  await times.getByText("次は、速報の草案を作ります。").waitFor({ timeout: longestVerification });
  await page.getByRole("button", { name: "草案を作る" }).first().click();
  await times.getByText("速報の草案ができました").waitFor();
  const steps = /草案までの操作\s*(\d+)回/.exec(await times.innerText())?.[1];
  expect(Number(steps)).toBeGreaterThan(0);
  expect(Number(steps)).toBeLessThanOrEqual(12);
  expect(await officer.accessibilityTroubles()).toEqual([]);
});
