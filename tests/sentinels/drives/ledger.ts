import type { Drive, Scene } from "../drive-routes.ts";

/** A filter that finds what concerns the scene, and one of whatever is there. */
const filters = ({ far, caller }: Scene): readonly object[] => [{ customerNo: far }, { accountNo: caller.accountNo, group: "seen" }];
const lastDay = (): object => ({ from: new Date(Date.now() - 86_400_000).toISOString(), to: new Date(Date.now() + 60_000).toISOString() });

/** Numbers of the caller's newest events of lists and of single customers. */
async function ownEvents(scene: Scene): Promise<readonly number[]> {
  const reply = await scene.send("POST", { url: "/api/ledger/own", body: { types: ["customers.listed", "customer.viewed", "companies.listed"], limit: 3 } });
  return ((reply.body["events"] as { eventNo: number }[] | undefined) ?? []).map(({ eventNo }) => eventNo);
}

export const ledgerDrives: Readonly<Record<string, Drive>> = {
  "POST /api/ledger/events": (scene) => [
    { url: "/api/ledger/events", body: { limit: 100 } },
    { url: "/api/ledger/events", body: { customerNo: scene.far } },
    { url: "/api/ledger/events", body: { limit: 100, withNames: true, types: ["customer.viewed", "company.viewed", "customer.changed"] } },
  ],
  "POST /api/ledger/own": () => [
    { url: "/api/ledger/own", body: { limit: 100 } },
    { url: "/api/ledger/own", body: { limit: 100, withNames: true } },
  ],
  "POST /api/ledger/density": (scene) => filters(scene).map((body) => ({ url: "/api/ledger/density", body })),
  "POST /api/ledger/own/density": () => [{ url: "/api/ledger/own/density", body: { group: "seen" } }],
  "POST /api/ledger/replay": async (scene) => [
    { url: "/api/ledger/replay", body: { ...lastDay(), accountNo: scene.caller.accountNo, withNames: true } },
    { url: "/api/ledger/replay", body: { eventNo: (await ownEvents(scene))[0] ?? 1, isEverybody: true, withNames: true } },
  ],
  "POST /api/ledger/own/replay": async (scene) => [
    { url: "/api/ledger/own/replay", body: { ...lastDay(), withNames: true } },
    { url: "/api/ledger/own/replay", body: { eventNo: (await ownEvents(scene))[0] ?? 1 } },
  ],
  "POST /api/ledger/events/:eventNo/shown": async (scene) => (await ownEvents(scene)).map((no) => ({ url: `/api/ledger/events/${no}/shown`, body: {} })),
  "POST /api/ledger/own/:eventNo/shown": async (scene) =>
    [...(await ownEvents(scene)), 1].map((no) => ({ url: `/api/ledger/own/${no}/shown`, body: { limit: 100 } })),
  "GET /api/ledger/questions": () => [{ url: "/api/ledger/questions" }],
  "POST /api/ledger/questions": () => [
    { url: "/api/ledger/questions", body: { name: "夜間の閲覧", isShared: true, filter: { isOffHours: true, group: "seen" } } },
    { url: "/api/ledger/questions", body: { name: "自分用", isShared: false, filter: { outcome: "refused" } } },
  ],
  "DELETE /api/ledger/questions/:questionNo": () => [{ url: "/api/ledger/questions/999999" }],
  "POST /api/ledger/lines": (scene) => filters(scene).map((body) => ({ url: "/api/ledger/lines", body })),
};
