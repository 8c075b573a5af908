import { sentinelValues } from "#server/modules/sample/index.ts";
import type { Drive, Scene } from "../drive-routes.ts";

function typed({ house }: Scene, customerNo: number): Readonly<Record<string, string>> {
  const { fullName, kana, mail, mobile } = sentinelValues("customer", house.customerIndex.get(customerNo) as number);
  return { fullName: fullName as string, kana: kana as string, mail: mail as string, mobile: mobile as string };
}

/** Pairs of numbers that nobody may make one of: versions that no row has, and a row with itself. */
export const duplicateDrives: Readonly<Record<string, Drive>> = {
  "POST /api/duplicates/alike": (scene) =>
    [scene.own, scene.colleagues, scene.far].map((no) => ({ url: "/api/duplicates/alike", body: { values: typed(scene, no) } })),
  "POST /api/duplicates/pairs": () => [
    { url: "/api/duplicates/pairs", body: { kind: "customer" } },
    { url: "/api/duplicates/pairs", body: { kind: "company", state: "not-duplicate" } },
  ],
  "GET /api/duplicates/customers/:customerNo": ({ own, far }) => [own, far].map((no) => ({ url: `/api/duplicates/customers/${no}` })),
  "GET /api/duplicates/companies/:companyNo": ({ house }) =>
    [...house.companyIndex.keys()].slice(0, 1).map((no) => ({ url: `/api/duplicates/companies/${no}` })),
  "POST /api/duplicates/compare": ({ own, colleagues, far, house }) => [
    { url: "/api/duplicates/compare", body: { kind: "customer", numbers: [own, colleagues] } },
    { url: "/api/duplicates/compare", body: { kind: "customer", numbers: [own, far] } },
    { url: "/api/duplicates/compare", body: { kind: "company", numbers: [...house.companyIndex.keys()].slice(0, 2) } },
  ],
  "POST /api/duplicates/apart": ({ own, colleagues }) => [
    { url: "/api/duplicates/apart", body: { kind: "customer", numbers: [own, colleagues], areApart: true } },
  ],
  "POST /api/duplicates/merge": ({ own, colleagues, far }) =>
    [colleagues, far].map((no) => ({
      url: "/api/duplicates/merge",
      body: { kind: "customer", winner: { no: own, version: 99 }, losers: [{ no, version: 99 }], choices: { fullName: no } },
    })),
  "POST /api/duplicates/merges/:mergeNo/undo": () => [{ url: "/api/duplicates/merges/999999/undo", body: {} }],
};
