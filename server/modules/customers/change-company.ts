import { rowHash, sealChanges, type Context, type Draft, type Input, type SealedRecord } from "#server/core/door/index.ts";
import type { changeCompany as changeEndpoint, createCompany as createEndpoint } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import { demandRequired } from "./demand-required.ts";
import { companyColumns, companyRecord, demandCompanies, insertCompany, type CompanyRow } from "./companies.ts";

/** A company: clear facts, and the sealed record that only the door opens. */
export interface CompanyFound {
  readonly companyNo: number;
  readonly state: "active" | "trashed" | "merged";
  readonly version: number;
  readonly record: SealedRecord;
}

/**
 * One company for reading or for changing. `lock` holds the row until the end of the transaction.
 * @throws Problem not-permitted: the caller sees no companies; not-found
 */
export async function companyFor(context: Context, companyNo: number, lock: "read" | "change" = "read"): Promise<CompanyFound> {
  if (context.actor.principal === "account") {
    demandCompanies(context);
  }
  const [row] = await context.db.query<CompanyRow>(
    `select ${companyColumns}, 0 as customers from companies c where c.company_no = $1${lock === "change" ? " for update" : ""}`,
    [companyNo],
    `company-${lock}`,
  );
  if (row === undefined) {
    throw new Problem("not-found");
  }
  return { companyNo, state: row.state, version: row.version, record: companyRecord(row) };
}

export async function createCompany(context: Context, input: Input<typeof createEndpoint>): Promise<Draft<ReplyOf<typeof createEndpoint>>> {
  if (Object.values(input.body.values).every((value) => value === null || value.trim() === "")) {
    throw new Problem("invalid-input", { field: "values" });
  }
  demandRequired(context, "company", { ownerNo: null, cellNo: null }, input.body.values, true);
  return { companyNo: await insertCompany(context, input.body.values), version: 1 };
}

/** Changes values of a company; the event holds what they were, sealed, and the hash of the new row. */
export async function changeCompany(context: Context, input: Input<typeof changeEndpoint>): Promise<Draft<ReplyOf<typeof changeEndpoint>>> {
  const { companyNo, state, version, record } = await companyFor(context, input.params.companyNo, "change");
  if (version !== input.body.version || state !== "active") {
    throw new Problem("conflict", { version });
  }
  demandRequired(context, "company", { ownerNo: null, cellNo: null }, input.body.values, false);
  const next = version + 1;
  const change = sealChanges(context, {
    kind: "company",
    no: companyNo,
    ownerNo: null,
    cellNo: null,
    version: next,
    former: record,
    values: input.body.values,
  });
  if (change.changed.length === 0) {
    context.journal.touched("company", companyNo);
    return { companyNo, version };
  }
  await context.db.query(
    `update companies set version = $2, sealed_open = $3, sealed_internal = $4, sealed_personal = $5, sealed_sensitive = $6, updated_at = $7 where company_no = $1`,
    [companyNo, next, ...change.blobs, context.now],
    "company-update",
  );
  await context.db.query("update company_search set tokens = $2 where company_no = $1", [companyNo, change.tokens], "company-search-update");
  context.journal.wrote(
    "company",
    companyNo,
    rowHash({ kind: "company", no: companyNo, version: next, state, ownerNo: null, cellNo: null, companyNo: null, blobs: change.blobs }),
  );
  context.journal.fact("version", next);
  context.journal.fact(
    "fields",
    change.changed.map((field) => field.no),
  );
  change.facts.forEach((fact) => context.journal.sealed(fact));
  return { companyNo, version: next };
}
