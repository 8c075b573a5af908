import { expect, it } from "vitest";
import { readPeek } from "#web/parts/use-peek.ts";

it("reads a kind and a number and nothing else", () => {
  expect(readPeek("customer-12")).toEqual({ kind: "customer", no: 12 });
  for (const odd of ["customer-0", "customer-髙橋", "person-1", "customer", "", undefined, 7, "event-1e5"]) expect(readPeek(odd)).toBeUndefined();
});
