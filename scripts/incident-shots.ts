import type { Window } from "#tests/support/browser.ts";
import { incidentScreen } from "#tests/support/screens/incident-screen.ts";
import { measuresScreen } from "#tests/support/screens/measures-screen.ts";
import type { Shot } from "./shot.ts";

/** Opens an incident with a scope, facts and drafts for the pictures; its number. */
export async function prepareIncident({ page }: Window): Promise<number> {
  const incident = incidentScreen(page);
  const no = await incident.openFromButton("営業のアカウントに、海外からのログインがあった", "不正アクセス");
  await incident.section("範囲");
  await incident.addCause("利用者", (cause) => cause.getByLabel("利用者").selectOption({ label: "佐々木 翔" }));
  await incident.computeScope();
  await incident.section("事実");
  await incident.state("事態の概要", { value: "営業1名のアカウントに海外のIPアドレスからログインがあり、顧客の情報が閲覧された" });
  await incident.state("不正アクセスの手口", { certainty: "推定", value: "使い回したパスワード", source: "本人の申告" });
  await incident.section("草案");
  await incident.makeDrafts();
  return no;
}

/** The bad day: an incident from its opening to its papers, measures, old months of the ledger, signed statements. */
export function incidentShots(incidentNo: number, person: number): readonly Shot[] {
  const officer = { role: "privacy-officer" } as const;
  const at = (section: string): string => `/incidents/${incidentNo}/${section}`;
  return [
    { ...officer, name: "incidents", path: "/incidents", isMain: true },
    { ...officer, name: "incident-open", path: "/incidents", act: ({ page }) => page.getByRole("button", { name: "事案を開く" }).click() },
    { ...officer, name: "incident", path: `/incidents/${incidentNo}`, isMain: true },
    { ...officer, name: "incident-facts", path: at("facts") },
    { ...officer, name: "incident-measures", path: at("measures") },
    { ...officer, name: "incident-scope", path: at("scope"), isMain: true },
    {
      ...officer,
      name: "incident-people",
      path: at("scope"),
      act: ({ page }) =>
        incidentScreen(page)
          .people("確認")
          .then(() => undefined),
    },
    { ...officer, name: "incident-drafts", path: at("drafts"), isMain: true },
    { ...officer, name: "incident-paper", path: `${at("drafts")}?paper=preliminary` },
    // The sample company's own incident: its preliminary report was filed, a notice planned, the desk called.
    { ...officer, name: "incident-handed", path: "/incidents/1/drafts?paper=preliminary" },
    { ...officer, name: "incident-notices", path: "/incidents/1/notices" },
    { ...officer, name: "incident-consignors", path: at("consignors") },
    { ...officer, name: "incident-desk", path: "/incidents/1/desk" },
    { ...officer, name: "incident-evidence", path: at("evidence") },
    { ...officer, name: "incident-afterwards", path: at("afterwards") },
    { ...officer, name: "incident-timeline", path: at("timeline") },
    { ...officer, name: "signals", path: "/incidents?tab=signals" },
    { ...officer, name: "playbooks", path: "/incidents?tab=playbooks" },
    { ...officer, name: "reach", path: "/reach", isMain: true },
    { ...officer, name: "measures", path: "/measures", isMain: true },
    { ...officer, name: "measure-take", path: "/measures", act: ({ page }) => measuresScreen(page).choose("サービス全体を止める") },
    { ...officer, name: "archives", path: "/settings/archives" },
    { ...officer, name: "statement", path: `/customers/${person}?tab=exposures`, act: takeStatement },
    { role: "sales", name: "statement-own", path: "/record", act: takeStatement },
  ];
}

async function takeStatement({ page }: Window): Promise<void> {
  await page
    .getByRole("button", { name: /証明を作る$/ })
    .first()
    .click();
  await page.getByRole("dialog").waitFor();
}
