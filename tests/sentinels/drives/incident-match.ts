import { sentinelValues } from "#server/modules/sample/index.ts";
import type { Asked, Drive, Scene } from "../drive-routes.ts";

/** An incident of whoever may open one; else one that is not there. */
async function openedIncident(scene: Scene): Promise<number> {
  const body = { playbook: "loss-theft", knownAt: new Date().toISOString(), what: "名簿の紛失" };
  return Number((await scene.send("POST", { url: "/api/incidents", body })).body["incidentNo"] ?? 999_999);
}

/** A list of the four customers by name, as somebody wrote it down: it is said back beside whom it may mean, whose names are recorded. */
async function listOf(scene: Scene): Promise<Asked> {
  const { house, own, colleagues, unowned, far } = scene;
  const rows = [own, colleagues, unowned, far].map((no) => {
    const values = sentinelValues("customer", house.customerIndex.get(no) as number);
    return values["fullName"] as string;
  });
  return {
    url: `/api/incidents/${await openedIncident(scene)}/matches`,
    body: Buffer.from(`氏名\r\n${rows.join("\r\n")}\r\n`),
    headers: { "content-type": "application/octet-stream", "x-file-name": encodeURIComponent("手書き.csv") },
  };
}

/** The address of a list that was matched. */
async function matched(scene: Scene): Promise<string> {
  const list = await listOf(scene);
  return `${list.url}/${Number((await scene.send("POST", list)).body["matchNo"] ?? 999_999)}`;
}

export const incidentMatchDrives: Readonly<Record<string, Drive>> = {
  "GET /api/incidents/:incidentNo/matches": async (scene) => {
    const list = await listOf(scene);
    await scene.send("POST", list);
    return [{ url: list.url }];
  },
  "POST /api/incidents/:incidentNo/matches": async (scene) => [await listOf(scene)],
  "POST /api/incidents/:incidentNo/matches/:matchNo/rows": async (scene) => {
    const url = await matched(scene);
    return ["sure", "ambiguous", "none"].map((outcome) => ({ url: `${url}/rows`, body: { outcome } }));
  },
  "POST /api/incidents/:incidentNo/matches/:matchNo/settle": async (scene) => [
    { url: `${await matched(scene)}/settle`, body: { rows: [{ row: 2, customerNos: [scene.own] }] } },
  ],
  "GET /api/incidents/:incidentNo/matches/:matchNo/people": async (scene) => [{ url: `${await matched(scene)}/people` }],
};
