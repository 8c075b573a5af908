import { describe, expect, it } from "vitest";
import { fillPath, isOutage, readRefusal } from "#web/call.ts";

describe("fillPath", () => {
  it("fills parameters percent-encoded and leaves out what was not asked", () => {
    expect(fillPath("/api/a/:no/b/:key", { no: 7, key: "x/y" }, { limit: 50, before: undefined })).toBe("/api/a/7/b/x%2Fy?limit=50");
  });
  it("refuses a path with a parameter missing", () => {
    expect(() => fillPath("/api/a/:no", {}, {})).toThrow("needs no");
  });
});

describe("readRefusal", () => {
  it("takes the code from the reply, from its type, or from the status", () => {
    expect(readRefusal(409, { code: "conflict", facts: { version: 3 } })).toMatchObject({ code: "conflict", facts: { version: 3 } });
    expect(readRefusal(422, { type: "https://kuraban.example/problems/card-number", field: "notes" })).toMatchObject({
      code: "card-number",
      facts: { field: "notes" },
    });
    expect(readRefusal(503, null).code).toBe("storehouse-unavailable");
    expect(readRefusal(401, { code: "something-else" }).code).toBe("not-signed-in");
  });
  it("keeps a wrong password apart from an ended session", () => {
    expect(readRefusal(401, { code: "wrong-credentials" }).code).toBe("wrong-credentials");
  });
});

it("waits by itself only when the storehouse, the ledger or the way to them is away", () => {
  expect(isOutage("unreachable")).toBe(true);
  expect(isOutage("ledger-unavailable")).toBe(true);
  expect(isOutage("unexpected")).toBe(false);
});
