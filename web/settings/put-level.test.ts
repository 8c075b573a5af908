import { expect, it } from "vitest";
import type { RoleDefinition } from "#shared/rights.ts";
import { grantOf, putLevel } from "#web/settings/put-level.ts";

const empty: RoleDefinition = { key: "guide", labelJa: "案内", labelEn: "Guide", grants: [], verbs: [], purposes: [] };

it("adds a grant with the one cell and nothing beside it", () => {
  const role = putLevel(empty, "customer", "own", "personal", "read", true);
  expect(grantOf(role, "customer", "own")).toEqual({
    kind: "customer",
    scope: "own",
    levels: { open: "none", internal: "none", personal: "read", sensitive: "none" },
    masked: ["personal"],
  });
  expect(grantOf(role, "customer", "all")).toBeUndefined();
});
it("changes a cell in its place and leaves other grants alone", () => {
  const both = putLevel(putLevel(empty, "customer", "own", "open", "write", false), "company", "all", "open", "read", false);
  const changed = putLevel(both, "customer", "own", "internal", "read", false);
  expect(changed.grants.map((grant) => grant.kind)).toEqual(["customer", "company"]);
  expect(grantOf(changed, "customer", "own")?.levels).toMatchObject({ open: "write", internal: "read" });
});
it("drops a grant that gives nothing, and its mask with it", () => {
  const role = putLevel(empty, "customer", "own", "personal", "read", true);
  expect(putLevel(role, "customer", "own", "personal", "none", true)).toEqual(empty);
});
