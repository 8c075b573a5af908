import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { pdfText } from "../pdf-text.ts";
import { awaitQuiet } from "../quiet.ts";

/** A fact as it is stated: how sure, what, and whence. `value` names an item of a closed list, or is typed. */
export interface Stated {
  readonly certainty?: "確定" | "推定" | "不明";
  readonly value: string;
  readonly source?: string;
}

/** The whole ledger is read anew, on a busy machine. */
export const longestVerification = 120_000;

/** 事案: one incident with its sections, from opening to the last report. */
export function incidentScreen(page: Page) {
  const dialog = (name?: string): Locator => page.getByRole("dialog", name === undefined ? {} : { name });
  const tier = (name: string): Locator => page.getByRole("button", { name: new RegExp(`^${name}\\s*[\\d,]+`) });
  const at = {
    /** What colleagues reported and what was noticed. */
    async openSignals(): Promise<void> {
      await page.goto(new URL("/incidents?tab=signals", page.url()).href);
      await page.getByRole("region", { name: "職員からの報告" }).waitFor();
    },
    /** Out of a report of which these are some words; resolves on the page of the incident with its number. */
    async openFromReport(words: string, playbook: string): Promise<number> {
      const report = page.getByRole("region", { name: "職員からの報告" }).getByRole("listitem").filter({ hasText: words });
      await report.getByRole("button", { name: "事案を開く" }).click();
      return at.confirmOpening(playbook);
    },
    async openFromButton(what: string, playbook: string): Promise<number> {
      await page.goto(new URL("/incidents", page.url()).href);
      await page.getByRole("button", { name: "事案を開く" }).click();
      await dialog("事案を開く").getByLabel("何が起きたか(1文で)").fill(what);
      return at.confirmOpening(playbook);
    },
    async confirmOpening(playbook: string): Promise<number> {
      await dialog("事案を開く").getByLabel("原因").selectOption({ label: playbook });
      await dialog("事案を開く").getByRole("button", { name: "事案を開く" }).click();
      await page.waitForURL(/\/incidents\/\d+$/);
      await page.getByRole("list", { name: "対応の段階" }).waitFor();
      return Number(/\d+$/.exec(page.url())?.[0]);
    },
    async section(name: string): Promise<void> {
      await page.getByRole("tab", { name: new RegExp(`^${name}`) }).click();
    },
    async state(fact: string, { certainty = "確定", value, source = "" }: Stated): Promise<void> {
      const line = page.getByRole("tabpanel", { name: "事実" });
      await line.getByRole("button", { name: new RegExp(`: ${fact}$`) }).click();
      await dialog(fact).getByText(certainty, { exact: true }).click();
      const content = dialog(fact).getByLabel("内容", { exact: true });
      await content.waitFor();
      if ((await content.evaluate((element) => element.tagName)) === "SELECT") await content.selectOption({ label: value });
      else await content.fill(value);
      if (source !== "") await dialog(fact).getByLabel("出所").fill(source);
      await dialog(fact).getByRole("button", { name: "保存" }).click();
      await dialog(fact).waitFor({ state: "detached" });
    },
    /** A cause by its kind; `fill` names what it was. */
    async addCause(kind: string, fill: (cause: Locator) => Promise<unknown>): Promise<void> {
      await page.getByRole("button", { name: "原因を加える" }).click();
      await dialog("原因を加える").getByLabel("種類").selectOption({ label: kind });
      await fill(dialog("原因を加える"));
      await dialog("原因を加える").getByRole("button", { name: "加える", exact: true }).click();
      await dialog("原因を加える").waitFor({ state: "detached" });
    },
    /** Resolves when the ledger under the numbers is verified. */
    async computeScope(): Promise<{ readonly confirmed: number; readonly possible: number; readonly excluded: number }> {
      await page.getByRole("button", { name: /^(範囲を計算する|計算し直す)$/ }).click();
      await page.getByText("記録簿は検証済み").waitFor({ timeout: longestVerification });
      const count = async (name: string) => Number(/[\d,]+/.exec(await tier(name).innerText())?.[0]?.replaceAll(",", ""));
      return { confirmed: await count("確認"), possible: await count("可能性"), excluded: await count("除外") };
    },
    /** The people of a tier, as far as they stand on the first page. */
    async people(name: string): Promise<string[]> {
      await tier(name).click();
      const list = page.getByRole("list", { name: new RegExp(`^${name} `) });
      await list.getByRole("listitem").first().waitFor();
      await awaitQuiet(page);
      return list.getByRole("listitem").allInnerTexts();
    },
    /** Whether to report: resolves once it says so. */
    async isJudged(...words: readonly string[]): Promise<void> {
      const region = page.getByRole("region", { name: "報告が必要か" });
      await words.reduce((found, hasText) => found.filter({ hasText }), region).waitFor();
    },
    /** Makes anew what would read otherwise. */
    async makeDrafts(): Promise<void> {
      await page.getByRole("button", { name: /^(草案を作る|変わった\d+件を作り直す)$/ }).click();
      await page.getByText("最新です", { exact: true }).first().waitFor();
    },
    papers: page.getByRole("list", { name: "必要な文書" }),
    async openPaper(name: string): Promise<string> {
      await at.papers.getByRole("link", { name, exact: true }).click();
      await page.getByRole("article").waitFor();
      return page.getByRole("article").innerText();
    },
    async askApproval(reason: string): Promise<void> {
      await page.getByRole("button", { name: "承認を申請" }).click();
      await dialog("承認を申請")
        .getByLabel(/^承認する人への連絡/)
        .fill(reason);
      await dialog("承認を申請").getByRole("button", { name: "承認を申請" }).click();
      await dialog("承認を申請").waitFor({ state: "detached" });
    },
    /** What leaves, as it reads. */
    async pdf(): Promise<string> {
      await page.reload();
      const file = page.waitForEvent("download");
      await page.getByRole("button", { name: "PDF", exact: true }).click();
      return pdfText(readFileSync(await (await file).path()));
    },
    async backToPapers(): Promise<void> {
      await page.getByRole("link", { name: "文書の一覧へ" }).click();
      await at.papers.waitFor();
    },
    async close(): Promise<void> {
      await page.getByRole("button", { name: "事案を終了する" }).click();
      await dialog("事案を終了する").getByRole("button", { name: "事案を終了する" }).click();
      await page.getByText("事案を終了しました").first().waitFor();
    },
  };
  return at;
}
