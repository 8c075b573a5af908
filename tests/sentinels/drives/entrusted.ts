import type { Drive, Scene } from "../drive-routes.ts";

const company = ({ house }: Scene): number => [...house.companyIndex.keys()][0] ?? 1;

export const entrustedDrives: Readonly<Record<string, Drive>> = {
  "GET /api/companies/:companyNo/entrusted": (scene) => [{ url: `/api/companies/${company(scene)}/entrusted` }, { url: "/api/companies/999999/entrusted" }],
  "POST /api/companies/:companyNo/entrusted": (scene) => [
    { url: `/api/companies/${company(scene)}/entrusted`, body: { customerNos: [scene.own, scene.far, scene.unowned], isEntrusted: true } },
    { url: `/api/companies/${company(scene)}/entrusted`, body: { customerNos: [scene.own], isEntrusted: false } },
    { url: `/api/companies/${company(scene)}/entrusted`, body: { isEntrusted: true } },
  ],
};
