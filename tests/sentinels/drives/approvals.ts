import type { Drive } from "../drive-routes.ts";

/** Requests of the lists that the drive itself asked for wait here: everybody may see how each is judged. */
export const approvalDrives: Readonly<Record<string, Drive>> = {
  "GET /api/approvals": () => [{ url: "/api/approvals" }],
  "GET /api/approvals/count": () => [{ url: "/api/approvals/count" }],
  "POST /api/approvals/:requestNo/decide": () => [
    { url: "/api/approvals/999999/decide", body: { decision: "refuse" } },
    { url: "/api/approvals/1/decide", body: { decision: "approve", comment: "" } },
  ],
  "POST /api/approvals/:requestNo/withdraw": () => [{ url: "/api/approvals/999999/withdraw" }, { url: "/api/approvals/1/withdraw" }],
};
