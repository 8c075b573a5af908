import { levelOf, unrelated } from "#server/core/access/compile.ts";
import { fieldOf } from "#server/core/access/policy.ts";
import { examineExact, type Context } from "#server/core/door/index.ts";
import { fold, queryTokens } from "#server/core/vault/index.ts";
import { findCompanyCandidates, insertCompanies } from "#server/modules/customers/index.ts";

/** Companies met so far by name as written, for the length of a run. */
export type KnownCompanies = Map<string, number>;

/** More names than this are looked up again. */
const mostKnown = 50_000;

/**
 * The companies of the given names, by name as written: found by their exact folded name, else created where the importer
 * may. `known` grows only by `keep`, to be called when the transaction has committed.
 */
export async function resolveCompanies(
  context: Context,
  names: Iterable<string>,
  given: { importNo: number; accountNo: number | null; known: KnownCompanies },
): Promise<{ companies: ReadonlyMap<string, number>; created: number; keep: () => void }> {
  const companies = new Map<string, number>();
  const foldedOf = new Map<string, string>();
  const unknown = new Map<string, string>();
  for (const name of names) {
    const no = given.known.get(name);
    if (no !== undefined) {
      companies.set(name, no);
    } else if (!foldedOf.has(name)) {
      const folded = fold("name", name);
      foldedOf.set(name, folded);
      if (folded !== "" && !unknown.has(folded)) {
        unknown.set(folded, name);
      }
    }
  }
  const found = new Map<string, number>();
  if (unknown.size > 0) {
    const tokens = exactTokens(context, unknown.values());
    const candidates = await findCompanyCandidates(context, tokens);
    for (const [folded, [no]] of examineExact(context, "company", "companyName", unknown.values(), candidates, given.accountNo)) {
      if (no !== undefined) {
        found.set(folded, no);
        unknown.delete(folded);
      }
    }
  }
  let created = 0;
  if (unknown.size > 0 && mayCreate(context, given.accountNo)) {
    const folded = [...unknown.keys()];
    const numbers = await insertCompanies(
      context,
      [...unknown.values()].map((companyName) => ({ companyName })),
      given.importNo,
    );
    folded.forEach((name, index) => found.set(name, numbers[index] as number));
    created = numbers.length;
  }
  for (const [name, folded] of foldedOf) {
    const no = found.get(folded);
    if (no !== undefined) {
      companies.set(name, no);
    }
  }
  return {
    companies,
    created,
    keep: () => {
      if (given.known.size + foldedOf.size > mostKnown) {
        given.known.clear();
      }
      for (const name of foldedOf.keys()) {
        const no = companies.get(name);
        if (no !== undefined) {
          given.known.set(name, no);
        }
      }
    },
  };
}

function mayCreate(context: Context, accountNo: number | null): boolean {
  const field = fieldOf(context.policy, "company", "companyName");
  return accountNo === null || (field !== undefined && levelOf(context.actor.rights, "company", unrelated, field.class).level === "write");
}

function exactTokens(context: Context, names: Iterable<string>): number[] {
  const field = fieldOf(context.policy, "company", "companyName");
  const tokens: number[] = [];
  for (const name of names) {
    for (const searchKey of context.door.vault.searchKeys().all) {
      tokens.push(...(field === undefined ? [] : (queryTokens(searchKey, field, name, "exact") ?? [])));
    }
  }
  return tokens;
}
