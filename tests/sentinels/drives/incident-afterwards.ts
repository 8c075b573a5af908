import { dayAfter, dayInJapan } from "#shared/day-in-japan.ts";
import type { Drive, Scene } from "../drive-routes.ts";

const later = dayAfter(dayInJapan(new Date()), 30);

/** An incident with a scope that holds everybody the caller was shown; where the caller may have none, one that is not there. */
const known = new WeakMap<Scene["house"], string>();
async function incident(scene: Scene): Promise<string> {
  const found = known.get(scene.house);
  if (found !== undefined) return found;
  const body = { playbook: "insider", knownAt: new Date().toISOString(), what: "退職者による持ち出し" };
  const opened = await scene.send("POST", { url: "/api/incidents", body });
  const at = `/api/incidents/${String(opened.body["incidentNo"] ?? 999_999)}`;
  if (opened.body["incidentNo"] === undefined) return at;
  await scene.send("POST", { url: `${at}/scope`, body: { causes: [{ kind: "account", values: scene.house.callers.map((one) => one.accountNo) }] } });
  known.set(scene.house, at);
  return at;
}

async function planned(scene: Scene): Promise<{ readonly at: string; readonly no: number }> {
  const at = await incident(scene);
  const added = await scene.send("POST", {
    url: `${at}/preventions`,
    body: { what: "持ち出しに二人の承認を求める", ownerNo: scene.caller.accountNo, dueOn: later },
  });
  return { at, no: Number(added.body["preventionNo"] ?? 999_999) };
}

export const incidentAfterwardsDrives: Readonly<Record<string, Drive>> = {
  "GET /api/incidents/:incidentNo/preventions": async (scene) => [{ url: `${(await planned(scene)).at}/preventions` }],
  "POST /api/incidents/:incidentNo/preventions": async (scene) => [
    { url: `${await incident(scene)}/preventions`, body: { what: "教育をやり直す", ownerNo: scene.caller.accountNo, dueOn: later } },
  ],
  "PATCH /api/incidents/:incidentNo/preventions/:preventionNo": async (scene) => {
    const { at, no } = await planned(scene);
    return [{ url: `${at}/preventions/${no}`, body: { version: 1, state: "dropped", reason: "別の策に含めた" } }];
  },
  "POST /api/incidents/:incidentNo/preventions/:preventionNo/prove": async (scene) => {
    const { at, no } = await planned(scene);
    await scene.send("POST", { url: `/api/preventions/${no}/carried-out`, body: { version: 1, note: "済み" } });
    return [{ url: `${at}/preventions/${no}/prove`, body: { version: 2, how: "test", evidence: "試した" } }];
  },
  "GET /api/preventions": async (scene) => {
    await planned(scene);
    return [{ url: "/api/preventions" }];
  },
  "POST /api/preventions/:preventionNo/carried-out": async (scene) => [
    { url: `/api/preventions/${(await planned(scene)).no}/carried-out`, body: { version: 1, note: "設定を変えた" } },
  ],
  "POST /api/incidents/:incidentNo/redress": async (scene) => [
    { url: `${await incident(scene)}/redress`, body: { kind: "voucher", amount: 500, tiers: ["confirmed", "possible"] } },
    { url: `${await incident(scene)}/redress`, body: { kind: "call", amount: 0, note: "電話でおわびした", customerNos: [scene.own] } },
    { url: `${await incident(scene)}/redress`, body: { kind: "legal", amount: 300_000 } },
  ],
  "POST /api/incidents/:incidentNo/redress/list": async (scene) => {
    const at = await incident(scene);
    await scene.send("POST", { url: `${at}/redress`, body: { kind: "call", amount: 0, note: "電話でおわびした", customerNos: [scene.own] } });
    await scene.send("POST", { url: `${at}/redress`, body: { kind: "voucher", amount: 500, tiers: ["confirmed", "possible"] } });
    return [
      { url: `${at}/redress/list`, body: {} },
      { url: `${at}/redress/list`, body: { kind: "call", state: "planned", limit: 5 } },
    ];
  },
  "PATCH /api/incidents/:incidentNo/redress": async (scene) => [
    { url: `${await incident(scene)}/redress`, body: { allOf: { kind: "voucher", state: "planned" }, state: "sent", onDay: later } },
  ],
  "GET /api/incidents/:incidentNo/costs": async (scene) => [{ url: `${await incident(scene)}/costs` }],
  "GET /api/incidents/:incidentNo/lessons": async (scene) => [{ url: `${await incident(scene)}/lessons` }],
  "POST /api/incidents/:incidentNo/lessons": async (scene) => [
    { url: `${await incident(scene)}/lessons`, body: { kind: "lesson", text: "退職の前に持ち出しを見る" } },
    { url: `${await incident(scene)}/lessons`, body: { kind: "discipline", text: "けん責", accountNo: scene.caller.accountNo } },
  ],
  "POST /api/incidents/:incidentNo/summary": async (scene) => [{ url: `${(await planned(scene)).at}/summary`, body: {} }],
};
