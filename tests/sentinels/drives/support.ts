import type { Drive } from "../drive-routes.ts";

export const supportDrives: Readonly<Record<string, Drive>> = {
  "GET /api/first-hour": () => [{ url: "/api/first-hour" }],
  "PUT /api/first-hour": () => [
    { url: "/api/first-hour", body: { isDismissed: true } },
    { url: "/api/first-hour", body: { isDismissed: false } },
  ],
  "POST /api/support/bundle": () => [{ url: "/api/support/bundle", body: {} }],
};
