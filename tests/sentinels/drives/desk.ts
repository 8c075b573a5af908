import { sentinelValues } from "#server/modules/sample/index.ts";
import type { Drive, Scene } from "../drive-routes.ts";

const until = (): string => new Date(Date.now() + 20 * 86_400_000).toISOString();

/** What a caller states who is this customer: registered values, whatever the operator may read. */
function statedOf({ house }: Scene, customerNo: number): { kind: string; value: string }[] {
  const values = sentinelValues("customer", house.customerIndex.get(customerNo) as number);
  return [
    { kind: "name", value: values["fullName"] as string },
    { kind: "mail", value: values["mail"] as string },
  ];
}

const operatorsOf = ({ house }: Scene): number[] => house.callers.filter((caller) => caller.name === "desk-operator").map((caller) => caller.accountNo);

/** The desk of the first incident, which is opened by the first who may. */
export const deskDrives: Readonly<Record<string, Drive>> = {
  "GET /api/incidents/:incidentNo/desk": () => [{ url: "/api/incidents/1/desk" }, { url: "/api/incidents/999999/desk" }],
  "POST /api/incidents/:incidentNo/desk": (scene) => [
    {
      url: "/api/incidents/1/desk",
      body: {
        name: "お客様窓口",
        phone: "0120-000-000",
        mail: "",
        hours: "平日9時から18時",
        page: "",
        invite: [{ name: "受付 一子", mail: `uketsuke-${scene.caller.accountNo}@example.jp` }],
        accountNos: operatorsOf(scene),
        until: until(),
      },
    },
  ],
  "POST /api/incidents/:incidentNo/desk/operators": (scene) => [
    { url: "/api/incidents/1/desk/operators", body: { invite: [], accountNos: operatorsOf(scene), until: until() } },
  ],
  "PUT /api/incidents/:incidentNo/desk/operators/:accountNo": (scene) => [
    { url: `/api/incidents/1/desk/operators/${operatorsOf(scene)[0] ?? 1}`, body: { until: until() } },
  ],
  "POST /api/incidents/:incidentNo/desk/operators/:accountNo/release": ({ caller }) => [
    { url: `/api/incidents/1/desk/operators/${caller.accountNo}/release`, body: { reason: "確認した" } },
  ],
  "POST /api/incidents/:incidentNo/desk/close": () => [{ url: "/api/incidents/999999/desk/close", body: {} }],
  "PUT /api/incident-desk-policy": () => [{ url: "/api/incident-desk-policy", body: { mostFailed: 50, mostPersons: 500, mostFailedOfPerson: 50 } }],
  "POST /api/incidents/:incidentNo/desk/counts": () => [{ url: "/api/incidents/1/desk/counts", body: {} }],
  "GET /api/incident-desks": () => [{ url: "/api/incident-desks" }],
  "GET /api/incident-desks/:incidentNo/scripts": () => [{ url: "/api/incident-desks/1/scripts" }],
  "POST /api/incident-desks/:incidentNo/cases": () => [{ url: "/api/incident-desks/1/cases", body: { channel: "call", caller: "self" } }],
  "GET /api/incident-desks/:incidentNo/cases": () =>
    ["own", "call-backs", "escalated", "all"].map((queue) => ({ url: `/api/incident-desks/1/cases?queue=${queue}` })),
  "GET /api/incident-desk-cases/:caseNo": async (scene) => [{ url: `/api/incident-desk-cases/${await caseOf(scene)}` }],
  "POST /api/incident-desk-cases/:caseNo/check": async (scene) => {
    const url = `/api/incident-desk-cases/${await caseOf(scene)}/check`;
    const [name, mail] = statedOf(scene, scene.far) as [object, object];
    return [
      { url, body: { stated: [name, mail] } },
      { url, body: { stated: [name, { kind: "birth-date", value: "1900-01-01" }] } },
    ];
  },
  "POST /api/incident-desk-cases/:caseNo/call-back": async (scene) => [
    { url: `/api/incident-desk-cases/${await caseOf(scene)}/call-back`, body: { stated: statedOf(scene, scene.unowned).slice(1) } },
  ],
  "POST /api/incident-desk-cases/:caseNo/call-back/reached": async (scene) => {
    const caseNo = await caseOf(scene);
    await scene.send("POST", { url: `/api/incident-desk-cases/${caseNo}/call-back`, body: { stated: statedOf(scene, scene.colleagues).slice(1) } });
    return [{ url: `/api/incident-desk-cases/${caseNo}/call-back/reached`, body: { isPerson: true } }];
  },
  "POST /api/incident-desk-cases/:caseNo/entries": async (scene) => {
    const url = `/api/incident-desk-cases/${await caseOf(scene)}/entries`;
    return [
      { url, body: { kind: "note", text: "お怒りの様子" } },
      { url, body: { kind: "harm", text: "不審な電話があった", harmKind: "suspicious-call", harmOn: null, harmAmount: "none" } },
    ];
  },
};

async function caseOf(scene: Scene): Promise<number> {
  const reply = await scene.send("POST", { url: "/api/incident-desks/1/cases", body: { channel: "call", caller: "self" } });
  return Number(reply.body["caseNo"] ?? 999_999);
}
