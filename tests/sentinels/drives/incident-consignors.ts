import type { Drive, Scene } from "../drive-routes.ts";

const nobodys = 999_999;

/** An incident that the caller may work on; where they may not, one that is not there. */
async function incident(scene: Scene): Promise<number> {
  if (scene.caller.roles.length > 1) return 1;
  const listed = await scene.send("GET", { url: "/api/incidents" });
  const [known] = (listed.body["incidents"] ?? []) as { incidentNo: number }[];
  return known?.incidentNo ?? nobodys;
}

const company = ({ house }: Scene): number => [...house.companyIndex.keys()][0] ?? 1;
const ofPack =
  (act: string, body: unknown = {}): Drive =>
  () => [{ url: `/api/consignor-packs/1/${act}`, body }];

export const incidentConsignorDrives: Readonly<Record<string, Drive>> = {
  "GET /api/incidents/:incidentNo/consignors": async (scene) => [
    { url: `/api/incidents/${await incident(scene)}/consignors` },
    { url: `/api/incidents/${nobodys}/consignors` },
  ],
  "POST /api/incidents/:incidentNo/consignors/:companyNo/packs": async (scene) => [
    { url: `/api/incidents/${await incident(scene)}/consignors/${company(scene)}/packs`, body: {} },
  ],
  "POST /api/consignor-packs/:packNo/approval": ofPack("approval", { reason: "規則9条の通知" }),
  "POST /api/consignor-packs/:packNo/pdf": ofPack("pdf"),
  "POST /api/consignor-packs/:packNo/word": ofPack("word"),
  "POST /api/consignor-packs/:packNo/list": ofPack("list"),
  "POST /api/consignor-packs/:packNo/password": ofPack("password"),
  "POST /api/consignor-packs/:packNo/sent": ofPack("sent", { on: "2026-11-01", how: "mail", receipt: "" }),
};
