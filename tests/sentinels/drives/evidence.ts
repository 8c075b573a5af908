import type { Asked, Drive, Scene } from "../drive-routes.ts";

interface Kept {
  readonly at: string;
  readonly item: string;
}

/** An incident with something that was brought in; where the caller may have none, numbers of nobody's. */
const known = new WeakMap<Scene["house"], Kept>();

async function kept(scene: Scene): Promise<Kept> {
  const found = known.get(scene.house);
  if (found !== undefined) return found;
  const { body } = await scene.send("POST", {
    url: "/api/incidents",
    body: { playbook: "unauthorised-access", knownAt: new Date().toISOString(), what: "見慣れない端末からの閲覧" },
  });
  const at = `/api/incidents/${String(body["incidentNo"] ?? 999_999)}/evidence`;
  const brought = await scene.send("POST", broughtTo(at));
  const made = { at, item: `/api/incident-evidence/${String(brought.body["itemNo"] ?? 999_999)}` };
  if (brought.body["itemNo"] !== undefined) known.set(scene.house, made);
  return made;
}

const broughtTo = (at: string): Asked => ({
  url: `${at}/brought`,
  body: Buffer.from("2026-11-20 02:11:07 10.0.0.8 GET /export\n"),
  headers: { "content-type": "application/octet-stream", "x-file-name": encodeURIComponent("proxy.log") },
});

const onItem =
  (what: string, body?: unknown): Drive =>
  async (scene) => [
    { url: `${(await kept(scene)).item}/${what}`, body: body ?? {} },
    { url: `/api/incident-evidence/999999/${what}`, body: body ?? {} },
  ];

export const evidenceDrives: Readonly<Record<string, Drive>> = {
  "GET /api/incidents/:incidentNo/evidence": async (scene) => [{ url: (await kept(scene)).at }, { url: "/api/incidents/999999/evidence" }],
  "POST /api/incidents/:incidentNo/evidence/snapshots": async (scene) => [{ url: `${(await kept(scene)).at}/snapshots`, body: {} }],
  "POST /api/incidents/:incidentNo/evidence/brought": async (scene) => [broughtTo((await kept(scene)).at), broughtTo("/api/incidents/999999/evidence")],
  "POST /api/incident-evidence/:itemNo/describe": onItem("describe", { source: "中継サーバー", finder: "情報システム部", foundAt: null }),
  "POST /api/incident-evidence/:itemNo/look": onItem("look"),
  "POST /api/incident-evidence/:itemNo/copy": onItem("copy", { purpose: "調査会社での解析" }),
  "POST /api/incident-evidence/:itemNo/hand-over": onItem("hand-over", { to: "調査会社", purpose: "解析" }),
  "POST /api/incident-evidence/:itemNo/verify": onItem("verify"),
  "POST /api/incidents/:incidentNo/evidence/custody.pdf": async (scene) => [{ url: `${(await kept(scene)).at}/custody.pdf`, body: {} }],
  "POST /api/incidents/:incidentNo/evidence/bundle": async (scene) => [
    { url: `${(await kept(scene)).at}/bundle`, body: { purpose: "警察への提出" } },
    { url: `${(await kept(scene)).at}/bundle`, body: { purpose: "警察への提出", withNames: true } },
  ],
  "POST /api/incidents/:incidentNo/evidence/holds": async (scene) => [
    { url: `${(await kept(scene)).at}/holds`, body: { reason: "調査のため" } },
    { url: `${(await kept(scene)).at}/holds`, body: { runNo: 999_999, reason: "調査のため" } },
  ],
  "POST /api/incident-evidence-holds/:holdNo/lift": () => [{ url: "/api/incident-evidence-holds/999999/lift", body: { reason: "調査の終了" } }],
  "GET /api/customers/:customerNo/hold": ({ own, far }) => [own, far, 999_999].map((no) => ({ url: `/api/customers/${no}/hold` })),
};
