import type { Drive, Scene } from "../drive-routes.ts";

const asked = { kind: "disclosure", receivedOn: "2026-11-20", channel: "letter", identityCheck: "document", text: "自分の情報を知りたい" };
const people = ({ own, colleagues, unowned, far }: Scene): number[] => [own, colleagues, unowned, far];

async function recorded(scene: Scene, customerNo: number): Promise<number> {
  const reply = await scene.send("POST", { url: `/api/customers/${customerNo}/person-requests`, body: asked });
  return Number(reply.body["requestNo"] ?? 999_999);
}

async function disclosures(scene: Scene, form: "pdf" | "json"): Promise<{ url: string; body: object }[]> {
  const numbers = scene.caller.roles.length > 1 ? [scene.far] : [scene.own, scene.far];
  return Promise.all(
    numbers.map(async (no) => ({ url: `/api/customers/${no}/disclosure/${form}`, body: { purpose: "person-request", requestNo: await recorded(scene, no) } })),
  );
}

/** Nobody is suspended for good here, and no erasure is allowed: the other drives need everybody. */
export const personRequestDrives: Readonly<Record<string, Drive>> = {
  "GET /api/person-requests": async (scene) => {
    await recorded(scene, scene.own);
    return [{ url: "/api/person-requests" }, { url: "/api/person-requests?state=all" }];
  },
  "POST /api/customers/:customerNo/person-requests": (scene) => people(scene).map((no) => ({ url: `/api/customers/${no}/person-requests`, body: asked })),
  "POST /api/person-requests/:requestNo/move": async (scene) => {
    const requestNo = await recorded(scene, scene.own);
    const step = (version: number, more: object) => ({ url: `/api/person-requests/${requestNo}/move`, body: { version, step: more } });
    return [
      step(1, { kind: "identity", identityCheck: "call-back" }),
      step(2, { kind: "decide", decision: "granted", answer: "お送りします" }),
      step(3, { kind: "answer" }),
      { url: "/api/person-requests/999999/move", body: { version: 1, step: { kind: "withdraw" } } },
    ];
  },
  "GET /api/customers/:customerNo/person-file": (scene) => people(scene).map((no) => ({ url: `/api/customers/${no}/person-file` })),
  // Own customers of those with two roles are looked at by nobody else afterwards.
  "POST /api/customers/:customerNo/suspend": async (scene) => {
    if (scene.caller.roles.length > 1) {
      await scene.send("POST", { url: `/api/customers/${scene.own}/suspend`, body: { reason: "ご本人の申し出" } });
      await scene.send("GET", { url: `/api/customers/${scene.own}` });
    }
    return [{ url: "/api/customers/999999/suspend", body: { reason: "x" } }];
  },
  "POST /api/customers/:customerNo/lift-suspension": (scene) =>
    people(scene).map((no) => ({ url: `/api/customers/${no}/lift-suspension`, body: { reason: "撤回" } })),
  "POST /api/customers/:customerNo/disclosure/pdf": (scene) => disclosures(scene, "pdf"),
  "POST /api/customers/:customerNo/disclosure/json": (scene) => disclosures(scene, "json"),
  "POST /api/customers/:customerNo/erase": (scene) => [
    { url: "/api/customers/999999/erase", body: { because: "asked-by-person", reason: "x" } },
    ...(scene.caller.roles.length === 1 ? [{ url: `/api/customers/${scene.far}/erase`, body: { because: "no-longer-needed", reason: "取引終了" } }] : []),
  ],
  "GET /api/erasures": () => [{ url: "/api/erasures" }],
  "POST /api/erasures/:erasureNo/certificate": () => [{ url: "/api/erasures/999999/certificate" }, { url: "/api/erasures/1/certificate" }],
  "GET /api/disposals/due": () => [{ url: "/api/disposals/due" }],
  "POST /api/disposals": () => [{ url: "/api/disposals", body: { reason: "trash-term-over", expectedPersons: 1, comment: "年次の廃棄" } }],
  "GET /api/use-purposes": () => [{ url: "/api/use-purposes" }],
  "POST /api/use-purposes": () => [{ url: "/api/use-purposes", body: { ja: "商品のご案内", en: "News of products", opt: "in" } }],
  "PUT /api/use-purposes/:purposeNo": () => [{ url: "/api/use-purposes/999999", body: { ja: "無", en: "none", opt: "out" } }],
  "POST /api/customers/:customerNo/consents": (scene) =>
    people(scene).map((no) => ({ url: `/api/customers/${no}/consents`, body: { purposeNo: 1, stance: "given", how: "form" } })),
  "GET /api/person-policy": () => [{ url: "/api/person-policy" }],
  "PUT /api/person-policy": () => [{ url: "/api/person-policy", body: { answerDays: 14, retentionYears: null } }],
};
