import { sentinelValues } from "#server/modules/sample/index.ts";
import type { Asked, Drive, Scene } from "../drive-routes.ts";

const four = ({ own, colleagues, unowned, far }: Scene): number[] => [own, colleagues, unowned, far];
const companies = ({ house }: Scene): number[] => [...house.companyIndex.keys()];
/** Numbers of rows that everybody tries: the first ones, one of the middle, and one that does not exist. */
const rows = ({ house, own }: Scene): number[] => [1, 4, house.companyIndex.size + 1 + house.customerNos.indexOf(own), 999_999];

/** What is typed of a customer is what stands there already, so that a sentinel says whose it is wherever it turns up. */
const said = ({ house }: Scene, kind: "customer" | "company", no: number, key: string): string =>
  sentinelValues(kind, (kind === "customer" ? house.customerIndex : house.companyIndex).get(no) as number, "attached")[key] as string;

const noteAbout = (scene: Scene, kind: "customer" | "company", no: number): Asked => {
  const text = said(scene, kind, no, "contactNote");
  return { url: `/api/${kind === "customer" ? "customers" : "companies"}/${no}/notes`, body: { kind: "visit", text, action: { text, dueOn: "2026-01-06" } } };
};

export const activityDrives: Readonly<Record<string, Drive>> = {
  "POST /api/customers/:customerNo/notes": (scene) => (scene.caller.roles.length > 1 ? [scene.own] : four(scene)).map((no) => noteAbout(scene, "customer", no)),
  "POST /api/companies/:companyNo/notes": (scene) =>
    companies(scene)
      .slice(0, 1)
      .map((no) => noteAbout(scene, "company", no)),
  "PATCH /api/notes/:noteNo": (scene) => rows(scene).map((no) => ({ url: `/api/notes/${no}`, body: { version: 99, text: "改めた" } })),
  "POST /api/notes/:noteNo/trash": (scene) => rows(scene).map((no) => ({ url: `/api/notes/${no}/trash`, body: { version: 99 } })),
  "POST /api/notes/:noteNo/restore": (scene) => rows(scene).map((no) => ({ url: `/api/notes/${no}/restore` })),
  "POST /api/notes/:noteNo/action": (scene) => rows(scene).map((no) => ({ url: `/api/notes/${no}/action`, body: { dueOn: "2026-01-05" } })),
  "GET /api/actions": () => [{ url: "/api/actions" }, { url: "/api/actions?days=0&limit=100" }],
  "GET /api/home/changes": () => [{ url: "/api/home/changes" }],
  "GET /api/customers/:customerNo/timeline": (scene) =>
    four(scene).flatMap((no) => [{ url: `/api/customers/${no}/timeline` }, { url: `/api/customers/${no}/timeline?sorts=call,visit,purchase` }]),
  "GET /api/companies/:companyNo/timeline": (scene) => companies(scene).map((no) => ({ url: `/api/companies/${no}/timeline` })),
  "GET /api/customers/:customerNo/purchases": (scene) => four(scene).map((no) => ({ url: `/api/customers/${no}/purchases` })),
  "GET /api/companies/:companyNo/purchases": (scene) => companies(scene).map((no) => ({ url: `/api/companies/${no}/purchases` })),
  "POST /api/customers/:customerNo/purchases": (scene) =>
    four(scene).map((no) => ({
      url: `/api/customers/${no}/purchases`,
      body: { boughtOn: "2026-01-07", purchase: { product: said(scene, "customer", no, "purchase"), amount: "500" } },
    })),
  "PATCH /api/purchases/:purchaseNo": (scene) => rows(scene).map((no) => ({ url: `/api/purchases/${no}`, body: { version: 99, boughtOn: "2026-01-08" } })),
  "POST /api/purchases/:purchaseNo/trash": (scene) => rows(scene).map((no) => ({ url: `/api/purchases/${no}/trash`, body: { version: 99 } })),
  "POST /api/purchases/:purchaseNo/restore": (scene) => rows(scene).map((no) => ({ url: `/api/purchases/${no}/restore` })),
  "GET /api/companies/:companyNo/people": (scene) => companies(scene).map((no) => ({ url: `/api/companies/${no}/people?limit=100` })),
  "POST /api/companies": () => [{ url: "/api/companies", body: { values: { companyName: "新しい会社" } } }],
  "PATCH /api/companies/:companyNo": (scene) =>
    companies(scene).map((no) => ({
      url: `/api/companies/${no}`,
      body: { version: 1, values: { companyName: sentinelValues("company", scene.house.companyIndex.get(no) as number)["companyName"] } },
    })),
};
