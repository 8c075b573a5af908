import { expect, test } from "vitest";
import type { Window } from "../support/browser.ts";
import { startCompanyJourney, staffName } from "../support/company-journey.ts";
import { keyboard } from "../support/keyboard.ts";
import { longestVerification } from "../support/screens/incident-screen.ts";

const { url, enter } = startCompanyJourney([["privacy-officer"], ["manager"]], { unowned: 12 });
let officer: Window;
let second: Window;

test("without a pointer, an incident is opened, its task ticked, its scope found and the 速報 drafted; the focus is always in sight", async () => {
  second = await enter(1);
  await second.page.goto(`${url()}/customers`);
  await second.page.getByRole("grid").or(second.page.getByRole("table")).first().waitFor();
  officer = await enter(0);
  const { page } = officer;
  const keys = keyboard(page);
  const dialog = page.getByRole("dialog");
  await page.goto(`${url()}/incidents`);
  await keys.press(page.getByRole("button", { name: "事案を開く" }));
  await keys.write(dialog.getByLabel("何が起きたか(1文で)"), "営業の端末が勝手に動いた");
  await keys.press(dialog.getByRole("button", { name: "事案を開く" }));
  await page.getByRole("heading", { level: 1, name: "事案 第1号" }).waitFor();

  // The sections by their numbers; whoever is on the tabs stays there.
  await page.keyboard.press("2");
  const ticked = page.getByRole("listitem").filter({ hasText: "責任者に報告する" });
  await keys.press(ticked.getByRole("checkbox", { name: "済み" }), "Space");
  await ticked.waitFor({ state: "detached" });
  await expect.poll(() => keys.has(page.getByRole("checkbox", { name: "済み" }).first())).toBe(true);

  await page.keyboard.press("5");
  await expect.poll(() => keys.has(page.getByRole("tab", { name: /^範囲/ }))).toBe(true);
  const add = page.getByRole("button", { name: "原因を加える" });
  await keys.press(add);
  const staff = dialog.getByLabel("利用者", { exact: true });
  await keys.goTo(staff);
  await keys.choose(staff, staffName(1));
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: `${staffName(1)}を外す` }).waitFor();
  await keys.press(dialog.getByRole("button", { name: "加える", exact: true }));
  await dialog.waitFor({ state: "detached" });
  await expect.poll(() => keys.has(add)).toBe(true);
  await keys.press(page.getByRole("button", { name: "範囲を計算する" }));
  const again = page.getByRole("button", { name: "計算し直す" });
  await again.waitFor();
  // The button rested while the ledger was read, and has the focus again.
  await expect.poll(() => keys.has(again)).toBe(true);
  await keys.press(page.getByRole("button", { name: /^確認\s*\d+/ }));
  await page
    .getByRole("list", { name: /^確認 / })
    .getByRole("listitem")
    .first()
    .waitFor();
  await page.getByText("記録簿は検証済み").waitFor({ timeout: longestVerification });

  await page.keyboard.press("6");
  await keys.press(page.getByRole("button", { name: "草案を作る" }));
  await page.getByText("最新です", { exact: true }).first().waitFor();
  await keys.press(page.getByRole("link", { name: "漏えい等報告書(速報)", exact: true }));
  await page.getByRole("article").waitFor();
  expect([...keys.unseen]).toEqual([]);
  expect(await officer.accessibilityTroubles()).toEqual([]);
});

test("without a pointer, its approval is asked for and given, and what is next is said", async () => {
  const { page } = officer;
  const keys = keyboard(page);
  const ask = page.getByRole("button", { name: "承認を申請" });
  await keys.press(ask.first());
  const dialog = page.getByRole("dialog", { name: "承認を申請" });
  await keys.write(dialog.getByRole("textbox"), "速報です");
  await keys.press(dialog.getByRole("button", { name: "承認を申請" }));
  await dialog.waitFor({ state: "detached" });
  await page.keyboard.press("1");
  const way = page.getByRole("navigation", { name: "報告までの流れ" });
  const preliminary = way.getByRole("link", { name: /^速報/ });
  await preliminary.getByText("承認待ち").waitFor();
  // The playbook asks to stop what goes on, and nothing was stopped yet.
  expect(await way.locator("[aria-current=step]").innerText()).toContain("応急措置");

  await second.page.goto(`${url()}/approvals`);
  await second.page.getByText("速報です").waitFor();
  await second.page.keyboard.press("y");
  const decision = second.page.getByRole("dialog", { name: "この申請を承認しますか" });
  await keyboard(second.page).press(decision.getByRole("button", { name: "承認する" }));
  await decision.waitFor({ state: "detached" });

  await page.keyboard.press("2");
  await page.keyboard.press("1");
  await preliminary.getByText("承認済").waitFor();
  expect([...keys.unseen]).toEqual([]);
  expect(await officer.accessibilityTroubles()).toEqual([]);
});
