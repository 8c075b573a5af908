import type { Drive } from "../drive-routes.ts";

export const archiveDrives: Readonly<Record<string, Drive>> = {
  "GET /api/ledger/archives": () => [{ url: "/api/ledger/archives" }],
  "PUT /api/ledger/archives/policy": () => [{ url: "/api/ledger/archives/policy", body: { afterMonths: 12 } }],
};
