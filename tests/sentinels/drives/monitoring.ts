import type { Drive } from "../drive-routes.ts";

/** The number of the organisation's own words is one that never was: nobody's notice changes under another caller. */
export const monitoringDrives: Readonly<Record<string, Drive>> = {
  "GET /api/monitoring-notice": () => [{ url: "/api/monitoring-notice" }],
  "POST /api/monitoring-notice/acknowledge": () => [
    { url: "/api/monitoring-notice/acknowledge", body: { version: 1, noticeNo: 0 } },
    { url: "/api/monitoring-notice/acknowledge", body: { version: 1, noticeNo: 999_999 } },
  ],
  "PUT /api/monitoring-notice": () => [{ url: "/api/monitoring-notice", body: { text: "窓口は総務部です", noticeNo: 999_999 } }],
};
