import { describe, expect, it } from "vitest";
import { filterOf, isSameQuestion, momentOf, searchOf } from "#web/ledger/ledger-ask.ts";

describe("what the URL asks of the ledger", () => {
  it("takes a day as the whole of it in Japan, and a minute as it is", () => {
    expect(filterOf({ from: "2026-11-20", to: "2026-11-30" })).toEqual({ from: "2026-11-20T00:00:00+09:00", to: "2026-12-01T00:00:00+09:00" });
    expect(filterOf({ from: "2026-11-20T09:05", to: "2026-11-20T09:10" })).toEqual({ from: "2026-11-20T09:05:00+09:00", to: "2026-11-20T09:10:00+09:00" });
    expect(momentOf(new Date("2026-11-20T15:30:59Z"))).toBe("2026-11-21T00:30");
  });

  it("drops what is no known code", () => {
    expect(filterOf({ group: "髙橋", outcome: "perhaps", purpose: "fun", off: 2 })).toEqual({});
  });

  it("comes back from a kept question as it was", () => {
    const search = { group: "seen", account: 3, customer: 12, outcome: "refused", purpose: "audit", off: 1, large: 1, type: "customer.viewed" };
    expect(searchOf(filterOf(search))).toEqual(search);
    expect(isSameQuestion(search, { ...search, from: "2026-11-20", names: 1 })).toBe(true);
    expect(isSameQuestion(search, { ...search, account: 4 })).toBe(false);
  });
});
