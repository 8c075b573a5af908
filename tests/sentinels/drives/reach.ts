import { reachKinds } from "#shared/reach.ts";
import type { Drive } from "../drive-routes.ts";

export const reachDrives: Readonly<Record<string, Drive>> = {
  "GET /api/reach/:kind": () => reachKinds.map((kind) => ({ url: `/api/reach/${kind}` })),
  "GET /api/largest-reach": () => [{ url: "/api/largest-reach" }],
  "POST /api/reach/count": () => [{ url: "/api/reach/count", body: {} }],
};
