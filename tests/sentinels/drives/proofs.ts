import { formatWitnessKey, signingKey } from "#server/core/ledger/index.ts";
import type { Drive } from "../drive-routes.ts";

export const proofDrives: Readonly<Record<string, Drive>> = {
  "GET /api/ledger/log/checkpoint": () => [{ url: "/api/ledger/log/checkpoint" }],
  "GET /api/ledger/log/epochs": () => [{ url: "/api/ledger/log/epochs" }],
  "GET /api/ledger/log/tile/:level/*": () => [{ url: "/api/ledger/log/tile/0/000.p/1" }, { url: "/api/ledger/log/tile/1/x001/000" }],
  "GET /api/ledger/log/tile/entries/*": () => [{ url: "/api/ledger/log/tile/entries/000.p/9" }, { url: "/api/ledger/log/tile/entries/000" }],
  "GET /api/ledger/proofs/inclusion": () => [{ url: "/api/ledger/proofs/inclusion?sequence=0" }, { url: "/api/ledger/proofs/inclusion?eventNo=1" }],
  "GET /api/ledger/proofs/consistency": () => [{ url: "/api/ledger/proofs/consistency?from=1" }],
  "GET /api/ledger/outlets": () => [{ url: "/api/ledger/outlets" }],
  "POST /api/ledger/outlets": ({ caller }) => [
    {
      url: "/api/ledger/outlets",
      body: {
        kind: "witness",
        verifierKey: formatWitnessKey(`witness.example/${caller.index}`, signingKey(Buffer.alloc(32, caller.index + 1)).publicKey),
        url: "http://127.0.0.1:9/",
      },
    },
  ],
  "POST /api/ledger/outlets/:outletNo/end": () => [{ url: "/api/ledger/outlets/999999/end", body: {} }],
  "GET /api/ledger/log-tokens": () => [{ url: "/api/ledger/log-tokens" }],
  "POST /api/ledger/log-tokens": ({ caller }) => [{ url: "/api/ledger/log-tokens", body: { name: `監視 ${caller.index}` } }],
  "POST /api/ledger/log-tokens/:tokenNo/withdraw": () => [{ url: "/api/ledger/log-tokens/999999/withdraw", body: {} }],
  "GET /api/ledger-monitor/checkpoint": () => [{ url: "/api/ledger-monitor/checkpoint" }],
  "GET /api/ledger-monitor/tile/:level/*": () => [{ url: "/api/ledger-monitor/tile/0/000.p/1" }],
  "GET /api/ledger-monitor/consistency": () => [{ url: "/api/ledger-monitor/consistency?from=1" }],
  "GET /api/ledger/timestamps": () => [{ url: "/api/ledger/timestamps" }],
};
