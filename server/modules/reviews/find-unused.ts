import { canRead, hasVerb, levelOf, relations, type Rights } from "#server/core/access/compile.ts";
import { rightsOf, type Policy } from "#server/core/access/policy.ts";
import type { AccountFound } from "#shared/reviews.ts";
import { fieldClasses, verbs, type Kind } from "#shared/rights.ts";
import { isNone, lossOf, reachOf, rightsWith, type Place } from "./reach.ts";
import type { TellingTypes } from "./uses-by-account.ts";

export interface AccountUse {
  readonly accountNo: number;
  readonly state: AccountFound["state"];
  readonly lastSeenAt: Date | null;
  /** Distinct customers shown to it. */
  readonly seen: number;
  /** Last time of each type of event. */
  readonly types: ReadonlyMap<string, Date>;
}

/**
 * What an account reaches, what of it was used since `from`, and what could be taken away: roles of which it used nothing that they
 * alone give it, or the account, where nobody was there since. A verb that no event tells of is not held against its holder; nor is
 * reading, where the account saw anybody at all.
 */
export function findUnused(policy: Policy, places: readonly Place[], telling: TellingTypes, use: AccountUse, from: Date): AccountFound {
  const { accountNo } = use;
  const rights = rightsOf(policy, accountNo);
  const held = policy.rolesOf.get(accountNo) ?? [];
  const lastOf = (types: readonly string[]): Date | null =>
    types.reduce<Date | null>((last, type) => {
      const at = use.types.get(type);
      return at !== undefined && (last === null || at > last) ? at : last;
    }, null);
  const ofVerb = (verb: (typeof verbs)[number]): readonly string[] => telling.ofVerb.get(verb) ?? [];
  const roles = held.map((role) => {
    const without = rightsWith(
      policy,
      accountNo,
      held.filter((other) => other !== role),
    );
    const ownVerbs = verbs.filter((verb) => hasVerb(rights, verb) && !hasVerb(without, verb));
    const usesVerb = ownVerbs.some((verb) => ofVerb(verb).length === 0 || lastOf(ofVerb(verb)) !== null);
    const usesCustomers = readsMore(rights, without, "customer") && use.seen > 0;
    const usesCompanies = readsMore(rights, without, "company") && lastOf(telling.ofCompanies) !== null;
    return { role, isUnused: !usesVerb && !usesCustomers && !usesCompanies, loses: lossOf(places, [{ before: rights, after: without }]) };
  });
  const isAway = use.lastSeenAt === null || use.lastSeenAt < from;
  return {
    state: use.state,
    departmentNo: policy.departmentOf.get(accountNo) ?? null,
    lastSeenAt: use.lastSeenAt?.toISOString() ?? null,
    reach: reachOf(places, rights),
    seen: use.seen,
    verbs: verbs
      .filter((verb) => hasVerb(rights, verb))
      .map((verb) => ({ verb, lastAt: lastOf(ofVerb(verb))?.toISOString() ?? null, isMeasured: ofVerb(verb).length > 0 })),
    roles,
    proposes: { roles: isAway ? [] : roles.filter(({ isUnused }) => isUnused).map(({ role }) => role), account: isAway && use.state === "active" },
  };
}

/** Whether `rights` read or unmask something of a kind, in some relation, that `without` do not. */
function readsMore(rights: Rights, without: Rights, kind: Kind): boolean {
  return relations.some((relation) =>
    fieldClasses.some((fieldClass) => {
      const [more, less] = [levelOf(rights, kind, relation, fieldClass), levelOf(without, kind, relation, fieldClass)];
      return (canRead(more) && !canRead(less)) || (!more.masked && less.masked) || (more.level === "write" && less.level !== "write");
    }),
  );
}

/** Each role that somebody holds: who used it, and whom its holders would lose together without it. */
export function findRoles(policy: Policy, places: readonly Place[], accounts: ReadonlyMap<number, AccountFound>) {
  return [...policy.roles.keys()].flatMap((role) => {
    const holders = [...accounts].filter(([, found]) => found.roles.some((one) => one.role === role));
    if (holders.length === 0) {
      return [];
    }
    const ofRole = holders.map(([accountNo, found]) => ({ accountNo, held: found.roles.find((one) => one.role === role)! }));
    const changes = ofRole.map(({ accountNo }) => ({
      before: rightsOf(policy, accountNo),
      after: rightsWith(
        policy,
        accountNo,
        (policy.rolesOf.get(accountNo) ?? []).filter((other) => other !== role),
      ),
    }));
    return [
      {
        role,
        staff: holders.length,
        usedBy: ofRole.filter(({ held }) => !held.isUnused).length,
        losing: ofRole.filter(({ held }) => !isNone(held.loses)).length,
        loses: lossOf(places, changes),
      },
    ];
  });
}
