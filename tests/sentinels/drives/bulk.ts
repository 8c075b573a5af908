import type { Asked, Drive, Scene } from "../drive-routes.ts";

const all = ({ own, colleagues, unowned, far }: Scene): number[] => [own, colleagues, unowned, far];

const started = (customerNos: readonly number[], goal: object): Asked => ({
  url: "/api/customers/bulk",
  body: { kind: "change", customerNos, expected: { persons: customerNos.length }, ...goal },
});

async function operation(scene: Scene): Promise<number> {
  const reply = await scene.send("POST", started([scene.own], { values: { section: "改めた部署" } }));
  return Number(reply.body["operationNo"] ?? 999_999);
}

/** Sections are what the drive may change: the comparison of replies and ledger leaves them out. */
export const bulkDrives: Readonly<Record<string, Drive>> = {
  "POST /api/customers/bulk/preview": (scene) => [
    { url: "/api/customers/bulk/preview", body: { kind: "change", customerNos: all(scene), values: { section: "改めた部署" } } },
    { url: "/api/customers/bulk/preview", body: { kind: "hand-over", portfolioOf: scene.caller.accountNo, ownerNo: scene.caller.accountNo } },
    { url: "/api/customers/bulk/preview", body: { kind: "trash", customerNos: all(scene) } },
  ],
  "POST /api/customers/bulk": (scene) => [
    started(all(scene), { values: { section: "改めた部署" } }),
    started([scene.own, 999_999], { values: { noSuchField: "x" } }),
  ],
  "GET /api/customers/bulk": () => [{ url: "/api/customers/bulk" }],
  "GET /api/customers/bulk/:operationNo": async (scene) => [{ url: `/api/customers/bulk/${await operation(scene)}` }, { url: "/api/customers/bulk/1" }],
  "POST /api/customers/bulk/:operationNo/undo": () => [{ url: "/api/customers/bulk/999999/undo" }, { url: "/api/customers/bulk/1/undo" }],
  "GET /api/trash": () => [{ url: "/api/trash" }],
  "GET /api/trash/rules": () => [{ url: "/api/trash/rules" }],
  "PUT /api/trash/rules": () => [{ url: "/api/trash/rules", body: { days: 30, alone: 10 } }],
  "POST /api/companies/:companyNo/trash": ({ house }) =>
    [...house.companyIndex.keys()].map((no) => ({ url: `/api/companies/${no}/trash`, body: { version: 1 } })),
  "POST /api/companies/:companyNo/restore": ({ house }) => [...house.companyIndex.keys()].map((no) => ({ url: `/api/companies/${no}/restore` })),
  "POST /api/customers/:customerNo/undo": (scene) => all(scene).map((no) => ({ url: `/api/customers/${no}/undo`, body: { version: 2 } })),
};
