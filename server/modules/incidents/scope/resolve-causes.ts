import type { Policy } from "#server/core/access/policy.ts";
import type { Cause, CauseAnswer } from "#server/core/door/index.ts";
import type { Query } from "#server/core/ledger/index.ts";
import type { ScopeCause } from "#shared/incident-scope.ts";
import { Problem } from "#shared/problems.ts";
import type { AsOf } from "./as-of.ts";

/** What each cause comes to, in their order. @throws Problem invalid-input {field} for an unknown kind, values that are none of it, a time that ends before it begins */
export async function resolveCauses(
  query: Query,
  given: { readonly kinds: readonly Cause[]; readonly policy: Policy; readonly causes: readonly ScopeCause[]; readonly asOf: AsOf },
): Promise<CauseAnswer[]> {
  const answers: CauseAnswer[] = [];
  for (const cause of given.causes) {
    const kind = given.kinds.find((each) => each.kind === cause.kind);
    if (kind === undefined) throw new Problem("invalid-input", { field: "kind" });
    if (kind.takes === "none" && cause.values.length > 0) throw new Problem("invalid-input", { field: "values" });
    const [from, to] = [cause.from, cause.to].map((time) => (time === undefined ? undefined : new Date(time)));
    if (from !== undefined && to !== undefined && from >= to) throw new Problem("invalid-input", { field: "to" });
    answers.push(
      await kind.resolve({
        query,
        policy: given.policy,
        values: cause.values,
        keys: cause.keys ?? "unknown",
        from,
        to,
        asOf: given.asOf,
      }),
    );
  }
  return answers;
}
