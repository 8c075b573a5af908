import fc from "fast-check";
import { fieldClasses, kinds, levels, purposes, scopes, verbs } from "#shared/rights.ts";
import type { Grant, RoleDefinition } from "#shared/rights.ts";

const anyLevel = fc.constantFrom(...levels);

const anyGrant: fc.Arbitrary<Grant> = fc.record({
  kind: fc.constantFrom(...kinds),
  scope: fc.constantFrom(...scopes),
  levels: fc.record({ open: anyLevel, internal: anyLevel, personal: anyLevel, sensitive: anyLevel }),
  masked: fc.subarray([...fieldClasses]),
});

/** Any role that the contract admits, with up to five grants. */
export const anyRole: fc.Arbitrary<RoleDefinition> = fc.record({
  key: fc.stringMatching(/^[a-z][a-z0-9-]{1,8}$/),
  labelJa: fc.constant("役割"),
  labelEn: fc.constant("Role"),
  grants: fc.array(anyGrant, { maxLength: 5 }),
  verbs: fc.subarray([...verbs]),
  purposes: fc.subarray([...purposes]),
});
