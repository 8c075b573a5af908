import type { PolicyOfThen } from "./policy-of-then.ts";

/** Whoever holds one of these roles, or belongs to one of these departments or one below it. */
export type Body = { readonly roles: readonly string[] } | { readonly departmentNos: readonly number[] };

type Memberships = Pick<PolicyOfThen, "since" | "until" | "rolesOf" | "departmentOf" | "departments">;

/** The accounts of a body under a policy; ascending. */
export function membersUnder(policy: Memberships, body: Body): number[] {
  const found =
    "roles" in body
      ? [...policy.rolesOf].flatMap(([accountNo, roles]) => (roles.some((role) => body.roles.includes(role)) ? [accountNo] : []))
      : [...policy.departmentOf].flatMap(([accountNo, departmentNo]) => (isBelow(policy, departmentNo, body.departmentNos) ? [accountNo] : []));
  return found.toSorted((a, b) => a - b);
}

function isBelow({ departments }: Memberships, departmentNo: number | null, above: readonly number[]): boolean {
  const seen = new Set<number>();
  for (let at = departmentNo; at !== null && !seen.has(at); at = departments.get(at)?.parentNo ?? null) {
    if (above.includes(at)) return true;
    seen.add(at);
  }
  return false;
}

/** Accounts that were members from a time on until another; undefined: as far as it is known, or still. */
export interface Span {
  readonly accountNos: readonly number[];
  readonly from: Date | undefined;
  /** Exclusive. */
  readonly to: Date | undefined;
}

/** Spans of time in which accounts were members of a body, within a window; neighbouring ones of the same accounts joined. `policies`: oldest first. */
export function spansOf(policies: readonly Memberships[], body: Body, window: { readonly from: Date | undefined; readonly to: Date | undefined }): Span[] {
  const spans: { accountNos: readonly number[]; from: number; to: number }[] = [];
  for (const policy of policies) {
    const accountNos = membersUnder(policy, body);
    const from = policy.since?.getTime() ?? -Infinity;
    const to = policy.until?.getTime() ?? Infinity;
    const last = spans[spans.length - 1];
    if (last?.to === from && last.accountNos.join() === accountNos.join()) last.to = to;
    else spans.push({ accountNos, from, to });
  }
  const [least, most] = [window.from?.getTime() ?? -Infinity, window.to?.getTime() ?? Infinity];
  const dateOf = (ms: number): Date | undefined => (Number.isFinite(ms) ? new Date(ms) : undefined);
  return spans.flatMap(({ accountNos, from, to }) => {
    const [begin, end] = [Math.max(least, from), Math.min(most, to)];
    return accountNos.length === 0 || begin >= end ? [] : [{ accountNos, from: dateOf(begin), to: dateOf(end) }];
  });
}
