import type { Drive } from "../drive-routes.ts";

/** Nothing that would shut the house to the drives that follow: what is taken is a drill. */
export const measureDrives: Readonly<Record<string, Drive>> = {
  "GET /api/measures": () => [{ url: "/api/measures" }, { url: "/api/measures?incidentNo=1" }],
  "POST /api/measures/preview": ({ caller }) => [
    { url: "/api/measures/preview", body: { kind: "stop", target: "service" } },
    { url: "/api/measures/preview", body: { kind: "freeze", target: "account", accountNo: caller.accountNo } },
  ],
  "POST /api/measures": () => [
    { url: "/api/measures", body: { kind: "read-only", target: "service", reason: "訓練のため", isDrill: true } },
    { url: "/api/measures", body: { kind: "freeze", target: "department", departmentNo: 1, reason: "訓練のため", isDrill: true } },
  ],
  "POST /api/measures/:measureNo/lift": () => [{ url: "/api/measures/1/lift", body: {} }],
  "PUT /api/measures/policy": () => [{ url: "/api/measures/policy", body: { mostFrozenAlone: 10 } }],
  "GET /api/session/standing": () => [{ url: "/api/session/standing" }],
  // It would not end: what it says is looked at in measures.db.test.ts.
  "GET /api/session/watch": () => [],
  "GET /api/service": () => [{ url: "/api/service" }],
};
