import type { Drive } from "../drive-routes.ts";

export const reviewDrives: Readonly<Record<string, Drive>> = {
  "GET /api/customers/:customerNo/readers": ({ own, colleagues, unowned, far }) =>
    [own, colleagues, unowned, far].map((no) => ({ url: `/api/customers/${no}/readers` })),
  "GET /api/reviews": () => [{ url: "/api/reviews" }],
  "GET /api/reviews/takings": () => [{ url: "/api/reviews/takings" }],
  "POST /api/reviews": () => [{ url: "/api/reviews", body: {} }],
  "GET /api/reviews/:reviewNo": () => [{ url: "/api/reviews/1" }],
  "POST /api/reviews/:reviewNo/decide": ({ caller }) => [
    { url: "/api/reviews/1/decide", body: { accountNos: [caller.accountNo], decision: "keep", reason: "業務に必要" } },
  ],
  "POST /api/reviews/:reviewNo/decide-officer": () => [{ url: "/api/reviews/1/decide-officer", body: { decision: "keep", reason: "業務に必要" } }],
  "POST /api/reviews/:reviewNo/sign": () => [{ url: "/api/reviews/1/sign", body: { nextDueOn: "2099-01-01" } }],
  "POST /api/reviews/:reviewNo/pdf": () => [{ url: "/api/reviews/1/pdf", body: {} }],
};
