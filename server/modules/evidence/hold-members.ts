import { queryOver, type Context } from "#server/core/door/index.ts";
import { beyondScope, keptFor, numbersMergedInto } from "#server/modules/customers/index.ts";
import { movesOf, standingIn, tiersOfScope, type ScopeRow } from "#server/modules/incidents/index.ts";

const numbersAtOnce = 10_000;

/** All numbers of the persons for whom these stand: whoever is merged with somebody who is held is held with them. */
export async function everyNumber(context: Pick<Context, "db">, nos: readonly number[]): Promise<Map<number, number>> {
  return beyondScope(context, async () => {
    const query = queryOver(context.db);
    const kept = await keptFor(query, "customer", nos);
    const persons = [...new Set(kept.values())];
    const merged = await numbersMergedInto(query, "customer", persons);
    return new Map([...persons.map((no) => [no, no] as const), ...kept, ...merged]);
  });
}

/** People of a run who stand in these tiers today. */
export async function personsIn(context: Pick<Context, "db">, scope: ScopeRow, tiers: readonly string[]): Promise<number[]> {
  const all = await tiersOfScope(context, scope.scope_no);
  const standing = standingIn(scope, all, await movesOf(context, scope.incident_no));
  return [...all.existed].filter((no) => tiers.includes(standing.tierOf(no) ?? "excluded"));
}

/** Numbers of the lists, or of the imports, that the causes of a run name. */
export function namedIn(scope: Pick<ScopeRow, "causes">, kind: "list" | "import"): number[] {
  return scope.causes.filter((cause) => cause.kind === kind).flatMap(({ values }) => values.filter((value) => typeof value === "number"));
}

export async function existingLists({ db }: Pick<Context, "db">, nos: readonly number[]): Promise<number[]> {
  const rows = await beyondScope({ db }, () =>
    db.query<{ no: number }>("select list_no as no from lists where list_no = any($1) order by 1", [[...new Set(nos)]]),
  );
  return rows.map(({ no }) => no);
}

/** Persons with all of their numbers. */
export async function addPersons(context: Pick<Context, "db">, holdNo: number, persons: readonly number[]): Promise<void> {
  for (let from = 0; from < persons.length; from += numbersAtOnce) {
    const numbers = await everyNumber(context, persons.slice(from, from + numbersAtOnce));
    await addMembers(context, holdNo, "customer", [...numbers.keys()]);
  }
}

export async function addMembers({ db }: Pick<Context, "db">, holdNo: number, kind: "customer" | "list" | "import", nos: readonly number[]): Promise<void> {
  if (nos.length === 0) return;
  await db.query("insert into evidence_hold_members (hold_no, kind, no) select $1, $2, unnest($3::integer[]) on conflict do nothing", [holdNo, kind, nos]);
}
