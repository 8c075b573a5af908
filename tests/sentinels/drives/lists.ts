import type { Asked, Drive, Scene } from "../drive-routes.ts";

const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const asked = (customerNos: readonly number[], fields: readonly string[]): Asked => ({
  url: "/api/lists",
  body: { name: "ご案内の送付", purpose: "delivery", reason: "年末のご挨拶", fields, customerNos, endsOn: day(3) },
});
const posted = ["fullName", "kana", "postalCode", "address", "mobile", "mail", "companyName", "notes"];

/** A list that the caller can draw; where the caller may not make one, a number of nobody's. */
async function drawable(scene: Scene): Promise<number> {
  const reply = await scene.send("POST", asked([scene.own, scene.unowned, scene.colleagues], posted));
  return Number(reply.body["listNo"] ?? 999_999);
}

export const listDrives: Readonly<Record<string, Drive>> = {
  "GET /api/list-policy": () => [{ url: "/api/list-policy" }],
  "PUT /api/list-policy": () => [{ url: "/api/list-policy", body: { freePersons: 20, days: 30 } }],
  "POST /api/lists": (scene) => [asked([scene.own, scene.far], posted), asked([scene.own], ["fullName", "bankAccount"]), asked([scene.far], posted)],
  "GET /api/lists": () => [{ url: "/api/lists" }],
  "GET /api/lists/:listNo": async (scene) => [{ url: `/api/lists/${await drawable(scene)}` }, { url: "/api/lists/1" }],
  // A file takes a second to encrypt: each role once, not each pair.
  "POST /api/lists/:listNo/download": async (scene) => [
    { url: `/api/lists/${scene.caller.roles.length === 1 ? await drawable(scene) : 1}/download`, body: {} },
  ],
  "POST /api/lists/:listNo/password": async (scene) => [{ url: `/api/lists/${await drawable(scene)}/password`, body: {} }, { url: "/api/lists/1/password" }],
  "POST /api/lists/:listNo/dispose": () => [{ url: "/api/lists/999999/dispose", body: {} }],
};
