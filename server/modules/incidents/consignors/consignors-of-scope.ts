import { queryOver, type Context } from "#server/core/door/index.ts";
import { consignorsOf, keptFor } from "#server/modules/customers/index.ts";
import { fieldsShown, numbersIn } from "../scope/list-people.ts";
import { movesOf, scopeColumns, standingIn, tiersOfScope, type ScopeRow } from "../scope/scope-records.ts";
import { personIn, type Tiers } from "../scope/tiers.ts";

/** The people of one company among those of a scope, as they are kept now. */
export interface EntrustedPeople {
  readonly companyNo: number;
  readonly confirmed: readonly number[];
  readonly possible: readonly number[];
}

export interface ConsignorsOfScope {
  readonly scope: ScopeRow;
  readonly tiers: Tiers;
  readonly companies: readonly EntrustedPeople[];
  /** People of both tiers whom nobody entrusted us with. */
  readonly own: number;
}

/** Null before the first run of the scope. */
export async function consignorsOfScope(context: Context, incidentNo: number): Promise<ConsignorsOfScope | null> {
  const [scope] = await context.db.query<ScopeRow>(`select ${scopeColumns} from incident_scopes where incident_no = $1 order by scope_no desc limit 1`, [
    incidentNo,
  ]);
  if (scope === undefined) return null;
  const tiers = await tiersOfScope(context, scope.scope_no);
  const standing = standingIn(scope, tiers, await movesOf(context, incidentNo));
  const query = queryOver(context.db);
  const keptOf = async (tier: "confirmed" | "possible"): Promise<Set<number>> => {
    const nos = numbersIn(tiers, standing, tier);
    const kept = await keptFor(query, "customer", nos);
    return new Set(nos.map((no) => kept.get(no) ?? no));
  };
  const confirmed = await keptOf("confirmed");
  const possible = await keptOf("possible");
  const people = [...new Set([...confirmed, ...possible])];
  const byCompany = await consignorsOf(query, people);
  const entrusted = new Set([...byCompany.values()].flat());
  return {
    scope,
    tiers,
    companies: [...byCompany].map(([companyNo, nos]) => ({
      companyNo,
      confirmed: nos.filter((no) => confirmed.has(no)),
      possible: nos.filter((no) => !confirmed.has(no)),
    })),
    own: people.length - entrusted.size,
  };
}

export interface Exposed {
  readonly fields: readonly string[];
  readonly firstAt: string | null;
  readonly lastAt: string | null;
}

/** What the ledger says got out of one person; nothing where it was by a way beyond it. */
export function exposedOf({ policy }: Pick<Context, "policy">, tiers: Tiers, no: number): Exposed {
  const person = personIn(tiers, no);
  if (person === undefined || person.events === 0) return { fields: [], firstAt: null, lastAt: null };
  return {
    fields: fieldsShown(policy, person.codes).map(({ field }) => field),
    firstAt: new Date(person.firstAt).toISOString(),
    lastAt: new Date(person.lastAt).toISOString(),
  };
}
