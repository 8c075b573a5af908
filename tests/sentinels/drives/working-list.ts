import { sentinelValues } from "#server/modules/sample/index.ts";
import type { Asked, Drive, Scene } from "../drive-routes.ts";

const plain = { filters: {}, sort: { by: "number", descending: false }, columns: null };

/** A view that holds the name of a customer, kept for its author alone. */
function keptView({ house, own }: Scene): Asked {
  const search = sentinelValues("customer", house.customerIndex.get(own) as number)["fullName"];
  return { url: "/api/saved-views", body: { ...plain, name: "わたしの一覧", sharing: "own", cellNo: null, search } };
}

async function openedByCompany(scene: Scene): Promise<string> {
  const reply = await scene.send("POST", { url: "/api/customers/views", body: { sort: { by: "company", descending: false } } });
  return String(reply.body["viewId"] ?? "00000000-0000-4000-8000-000000000000");
}

export const workingListDrives: Readonly<Record<string, Drive>> = {
  "GET /api/list-layout": () => [{ url: "/api/list-layout" }],
  "PUT /api/list-layout": () => [
    { url: "/api/list-layout", body: { columns: ["fullName", "noSuchColumn"], widths: { fullName: 200 }, density: "compact", firstViewNo: null } },
  ],
  "GET /api/saved-views": async (scene) => {
    await scene.send("POST", keptView(scene));
    return [{ url: "/api/saved-views" }];
  },
  "POST /api/saved-views": (scene) => [
    keptView(scene),
    { url: "/api/saved-views", body: { ...plain, name: "みんなの一覧", sharing: "all", cellNo: null, search: "" } },
    { ...keptView(scene), body: { ...(keptView(scene).body as object), sharing: "all" } },
  ],
  "PUT /api/saved-views/:savedViewNo": (scene) => [{ ...keptView(scene), url: "/api/saved-views/1" }],
  "DELETE /api/saved-views/:savedViewNo": () => [{ url: "/api/saved-views/1" }],
  "GET /api/stars": () => [{ url: "/api/stars" }],
  "PUT /api/stars": ({ own, far }) => [
    { url: "/api/stars", body: { customerNos: [own], isStarred: true } },
    { url: "/api/stars", body: { customerNos: [far], isStarred: true } },
  ],
  "POST /api/customers/counts": () =>
    ["owner", "cell", "company", "import", "state", "updated"].map((by) => ({ url: "/api/customers/counts", body: { by, filters: { updatedWithin: 30 } } })),
  "GET /api/customers/views/:viewId/numbers": async (scene) => [{ url: `/api/customers/views/${await openedByCompany(scene)}/numbers` }],
  "GET /api/customers/views/:viewId/groups": async (scene) => [{ url: `/api/customers/views/${await openedByCompany(scene)}/groups` }],
  "POST /api/companies/names": ({ house }) => [{ url: "/api/companies/names", body: { companyNos: [...house.companyIndex.keys()].slice(0, 3) } }],
};
