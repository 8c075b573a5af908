import type { Drive } from "../drive-routes.ts";

const day = { from: () => new Date(Date.now() - 86_400_000).toISOString(), to: () => new Date(Date.now() - 1_000).toISOString() };

/** Each writes the whole ledger: each role once, not each pair. */
export const ledgerExportDrives: Readonly<Record<string, Drive>> = {
  "POST /api/ledger/export": ({ caller }) =>
    caller.roles.length === 1 ? [{ url: "/api/ledger/export", body: {} }] : [{ url: "/api/ledger/export", body: { purpose: "none" } }],
  "GET /api/ledger/verifier": () => [{ url: "/api/ledger/verifier" }],
  "POST /api/ledger/verifier": () => [{ url: "/api/ledger/verifier", body: {} }],
  "POST /api/customers/:customerNo/seen-statement.json": ({ own, far }) =>
    [own, far].map((no) => ({ url: `/api/customers/${no}/seen-statement.json`, body: { from: day.from(), to: day.to() } })),
  "POST /api/customers/:customerNo/seen-statement.pdf": ({ own, caller }) => [
    { url: `/api/customers/${caller.roles.length === 1 ? own : 999_999}/seen-statement.pdf`, body: { from: day.from(), to: day.to() } },
  ],
  "POST /api/ledger/not-seen-statement": ({ own, far, caller }) =>
    caller.roles.length === 1
      ? [
          { url: "/api/ledger/not-seen-statement", body: { customerNos: [own, far], from: day.from(), to: day.to() } },
          { url: "/api/ledger/not-seen-statement", body: { accountNo: 1, customerNos: [999_999], from: day.from(), to: day.to() } },
        ]
      : [{ url: "/api/ledger/not-seen-statement", body: { customerNos: [far], from: day.to(), to: day.from() } }],
  "POST /api/ledger/not-seen-statement.pdf": ({ caller }) => [
    { url: "/api/ledger/not-seen-statement.pdf", body: { customerNos: [caller.roles.length === 1 ? 999_999 : 0], from: day.from(), to: day.to() } },
  ],
};
