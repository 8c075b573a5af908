import { canWrite, levelOf, unrelated } from "#server/core/access/compile.ts";
import { rowHash, tokensAfterMove, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import { fieldClasses } from "#shared/rights.ts";
import type { restoreCompany as restoreEndpoint, trashCompany as trashEndpoint } from "#shared/trash.ts";
import { beyondScope } from "./beyond-scope.ts";
import { companyFor, type CompanyFound } from "./change-company.ts";

/**
 * Moves a company to the trash that nobody belongs to, in whatever department.
 * @throws Problem conflict {reason: "has-customers", customers}: how many of those whom the caller sees belong to it
 */
export async function trashCompany(context: Context, input: Input<typeof trashEndpoint>): Promise<Draft<ReplyOf<typeof trashEndpoint>>> {
  const company = await companyFor(context, input.params.companyNo, "change");
  demandWritable(context);
  if (company.version !== input.body.version || company.state !== "active") {
    throw new Problem("conflict", { version: company.version });
  }
  const count = async (): Promise<number> => {
    const [row] = await context.db.query<{ customers: number }>(
      "select count(*)::integer as customers from customers where company_no = $1 and state = 'active'",
      [company.companyNo],
    );
    return row?.customers ?? 0;
  };
  const customers = await count();
  if (customers > 0 || (await beyondScope(context, count)) > 0) {
    throw new Problem("conflict", { reason: "has-customers", customers });
  }
  return { kind: "trashed", version: await setCompanyState(context, company, "trashed") };
}

export async function restoreCompany(context: Context, input: Input<typeof restoreEndpoint>): Promise<Draft<ReplyOf<typeof restoreEndpoint>>> {
  const company = await companyFor(context, input.params.companyNo, "change");
  demandWritable(context);
  if (company.state !== "trashed") {
    throw new Problem("conflict", { version: company.version });
  }
  return { kind: "restored", version: await setCompanyState(context, company, "active") };
}

function demandWritable({ actor }: Context): void {
  if (!fieldClasses.some((name) => canWrite(levelOf(actor.rights, "company", unrelated, name)))) {
    throw new Problem("not-permitted", { verb: "delete" });
  }
}

async function setCompanyState(context: Context, { companyNo, version: former, record }: CompanyFound, state: "active" | "trashed"): Promise<number> {
  const version = former + 1;
  await context.db.query(
    "update companies set state = $2, version = $3, updated_at = $4, trashed_at = case when $2 = 'trashed' then $4::timestamptz end where company_no = $1",
    [companyNo, state, version, context.now],
    "company-state",
  );
  if (state === "trashed") {
    await context.db.query("delete from company_search where company_no = $1", [companyNo], "company-search-delete");
  } else {
    const tokens = tokensAfterMove(context, record, { ownerNo: null, cellNo: null });
    await context.db.query("insert into company_search (company_no, tokens) values ($1, $2)", [companyNo, tokens], "company-search-insert");
  }
  const blobs = fieldClasses.map((_, index) => record.blobs[index] ?? null);
  context.journal.wrote("company", companyNo, rowHash({ kind: "company", no: companyNo, version, state, ownerNo: null, cellNo: null, companyNo: null, blobs }));
  context.journal.fact("version", version);
  return version;
}
