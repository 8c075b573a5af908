import type { Drive, Scene } from "../drive-routes.ts";

/** An incident that the caller may work on; where they may not, one that is not there. Pairs of roles look at the first. */
async function incident(scene: Scene): Promise<number> {
  if (scene.caller.roles.length > 1) return 1;
  const listed = await scene.send("GET", { url: "/api/incidents" });
  const [known] = (listed.body["incidents"] ?? []) as { incidentNo: number }[];
  if (known !== undefined) return known.incidentNo;
  const opened = await scene.send("POST", {
    url: "/api/incidents",
    body: { playbook: "unauthorised-access", isDrill: false, knownAt: new Date(Date.now() - 60_000).toISOString(), what: "見慣れない端末からの閲覧" },
  });
  return Number(opened.body["incidentNo"] ?? 999_999);
}

async function drafted(scene: Scene): Promise<number> {
  if (scene.caller.roles.length > 1) return 1;
  const no = await incident(scene);
  await scene.send("POST", { url: `/api/incidents/${no}/drafts`, body: {} });
  const preview = await scene.send("GET", { url: `/api/incidents/${no}/drafts/preliminary` });
  const [latest] = (preview.body["versions"] ?? []) as { draftNo: number }[];
  return latest?.draftNo ?? 999_999;
}

export const incidentDraftDrives: Readonly<Record<string, Drive>> = {
  "GET /api/incidents/:incidentNo/judgement": async (scene) => [{ url: `/api/incidents/${await incident(scene)}/judgement` }],
  "GET /api/incidents/:incidentNo/estimates": async (scene) => [
    { url: `/api/incidents/${await incident(scene)}/estimates?responsibility=high&handling=bad&callPercent=5&waves=3` },
  ],
  "GET /api/incidents/:incidentNo/drafts": async (scene) => [
    { url: `/api/incidents/${await incident(scene)}/drafts` },
    { url: "/api/incidents/999999/drafts" },
  ],
  "POST /api/incidents/:incidentNo/drafts": async (scene) => [
    { url: `/api/incidents/${await incident(scene)}/drafts`, body: {} },
    { url: `/api/incidents/${await incident(scene)}/drafts`, body: { papers: ["faq", "card-company"] } },
  ],
  "GET /api/incidents/:incidentNo/drafts/:paper": async (scene) => [
    { url: `/api/incidents/${await incident(scene)}/drafts/preliminary` },
    { url: `/api/incidents/${await incident(scene)}/drafts/person-notice` },
  ],
  "GET /api/incident-drafts/:draftNo": async (scene) => [{ url: `/api/incident-drafts/${await drafted(scene)}` }, { url: "/api/incident-drafts/1" }],
  "PUT /api/incidents/:incidentNo/drafts/:paper/passages/:key": async (scene) => [
    { url: `/api/incidents/${await incident(scene)}/drafts/press/passages/text.lead`, body: { text: "当社は本日、次の事態を確認しました。" } },
    { url: `/api/incidents/${await incident(scene)}/drafts/press/passages/text.lead`, body: { text: null } },
    { url: `/api/incidents/${await incident(scene)}/drafts/press/passages/no.such`, body: { text: "x" } },
  ],
  "POST /api/incident-drafts/:draftNo/approval": async (scene) => [
    { url: `/api/incident-drafts/${await drafted(scene)}/approval`, body: { reason: "速報の提出" } },
    { url: "/api/incident-drafts/1/approval", body: { reason: "" } },
  ],
  "POST /api/incident-drafts/:draftNo/word": async (scene) => [{ url: `/api/incident-drafts/${await drafted(scene)}/word`, body: {} }],
  "POST /api/incident-drafts/:draftNo/handings": async (scene) => [
    {
      url: `/api/incident-drafts/${await drafted(scene)}/handings`,
      body: { handedAt: new Date().toISOString(), way: "web-form", receipt: "受付-1", note: "控えを保管" },
    },
    { url: "/api/incident-drafts/1/handings", body: { handedAt: "2100-01-01T00:00:00.000Z", way: "mail" } },
  ],
  "POST /api/incident-papers/handings/:handingNo/withdraw": async () => [{ url: "/api/incident-papers/handings/1/withdraw", body: {} }],
  "POST /api/incident-drafts/:draftNo/pdf": async (scene) => [{ url: `/api/incident-drafts/${await drafted(scene)}/pdf`, body: {} }],
};
