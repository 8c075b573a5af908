import { randomUUID } from "node:crypto";
import type { Storehouse } from "#server/core/door/index.ts";
import type { ProblemCode } from "#shared/problems.ts";

export interface RefusedRequests {
  /** A request that reached no route was refused. */
  note(code: ProblemCode, address: string): void;
  /** Records what is still waiting. */
  stop(): Promise<void>;
}

/** So much of what was refused in a short time from one address is one event: whoever floods the house does not flood the ledger. */
const gatheredMs = 10_000;
/** Addresses and codes that are told apart at a time; what comes from further ones is counted together. */
const mostApart = 1_000;

interface Refused {
  readonly code: ProblemCode;
  readonly address: string | undefined;
  readonly at: Date;
  count: number;
}

/**
 * Records requests that were refused before they reached a route, where nobody knows who asked or for what: by their number.
 * Nothing of what was asked stands in the event; a path may hold what somebody typed.
 */
export function recordRefused(storehouse: Storehouse): RefusedRequests {
  const waiting = new Map<string, Refused>();
  let timer: NodeJS.Timeout | undefined;
  const tell = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const told = [...waiting.values()];
    waiting.clear();
    for (const { code, address, at, count } of told) {
      await storehouse.door
        .append({
          type: "request.refused",
          at,
          principal: "anyone",
          accountNo: null,
          sessionId: null,
          requestId: randomUUID(),
          outcome: "refused",
          ...(address === undefined ? {} : { address }),
          policyVersion: storehouse.policy?.version ?? 0,
          facts: { code, count },
          releases: [],
          writes: [],
          sealed: [],
        })
        .catch(() => storehouse.door.unrecorded?.());
    }
  };
  return {
    note(code, address) {
      const isApart = waiting.size < mostApart;
      const key = isApart || waiting.has(`${code} ${address}`) ? `${code} ${address}` : code;
      const known = waiting.get(key);
      if (known === undefined) waiting.set(key, { code, address: key === code ? undefined : address, at: storehouse.clock(), count: 1 });
      else known.count += 1;
      timer ??= setTimeout(() => void tell(), gatheredMs).unref();
    },
    stop: tell,
  };
}
