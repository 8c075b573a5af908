import type { Policy } from "#server/core/access/policy.ts";
import type { Release } from "#server/core/ledger/index.ts";

/** Fields that an event released, by key, each with the most that was shown of it anywhere in these groups. */
export function releasedFields(policy: Policy, releases: readonly Release[]): { field: string; how: "partial" | "full" }[] {
  const most = new Map<number, 1 | 2>();
  for (const { fields } of releases) {
    for (const [fieldNo, how] of fields) {
      most.set(fieldNo, Math.max(how, most.get(fieldNo) ?? 1) as 1 | 2);
    }
  }
  return [...most].map(([fieldNo, how]) => ({
    field: policy.fields.find((field) => field.no === fieldNo)?.key ?? `field ${fieldNo}`,
    how: how === 2 ? "full" : "partial",
  }));
}
