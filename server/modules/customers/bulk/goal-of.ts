import { hasVerb } from "#server/core/access/compile.ts";
import { recordFieldOf } from "#server/core/access/policy.ts";
import type { Context } from "#server/core/door/index.ts";
import type { BulkKind, previewBulk } from "#shared/bulk.ts";
import type { BodyOf } from "#shared/endpoint.ts";
import { findCardNumbers } from "#shared/find-card-number.ts";
import { Problem } from "#shared/problems.ts";
import type { Goal } from "./operation-records.ts";

/**
 * The verbs that an operation asks for; asked again for each batch of one that goes on in the background.
 * @throws Problem not-permitted
 */
export function demandVerbs({ actor }: Pick<Context, "actor">, kind: BulkKind): void {
  for (const verb of kind === "trash" || kind === "restore" ? (["bulk", "delete"] as const) : (["bulk"] as const)) {
    if (!hasVerb(actor.rights, verb)) {
      throw new Problem("not-permitted", { verb });
    }
  }
}

/**
 * What an operation is to make of each, checked before anybody is looked at.
 * @throws Problem invalid-input, card-number, not-permitted (the trash asks for the verb `delete` too)
 */
export async function goalOf(context: Context, body: BodyOf<typeof previewBulk>): Promise<Goal> {
  const { kind, ownerNo, cellNo, companyNo, values = {} } = body;
  const fields = Object.keys(values);
  const isMove = ownerNo !== undefined || cellNo !== undefined;
  demandVerbs(context, kind);
  if (kind === "trash" || kind === "restore") {
    if (isMove || companyNo !== undefined || fields.length > 0) {
      throw new Problem("invalid-input", { field: "kind" });
    }
    return {};
  }
  if (
    kind === "hand-over"
      ? typeof ownerNo !== "number" || companyNo !== undefined || fields.length > 0
      : !isMove && companyNo === undefined && fields.length === 0
  ) {
    throw new Problem("invalid-input", { field: "kind" });
  }
  demandValues(context, values);
  await demandTargets(context, body);
  return {
    ...(ownerNo === undefined ? {} : { ownerNo }),
    ...(cellNo === undefined ? {} : { cellNo }),
    ...(companyNo === undefined ? {} : { companyNo }),
    ...(fields.length === 0 ? {} : { fields }),
  };
}

function demandValues(context: Context, values: Readonly<Record<string, string | null>>): void {
  for (const [key, value] of Object.entries(values)) {
    const field = recordFieldOf(context.policy, "customer", key);
    if (field === undefined) {
      // The key was typed, too: it is not said back.
      throw new Problem("invalid-input", { field: "values" });
    }
    if (field.isRequired && (value ?? "").trim() === "") {
      throw new Problem("invalid-input", { field: key, reason: "required" });
    }
    if (value !== null && findCardNumbers(value).length > 0) {
      throw new Problem("card-number", { field: key });
    }
  }
}

/** Who is to own them is there; so is the department, and a company that the caller sees. */
async function demandTargets(context: Context, { ownerNo, cellNo, companyNo }: BodyOf<typeof previewBulk>): Promise<void> {
  const demand = async (field: string, no: number | null | undefined, sql: string): Promise<void> => {
    if (typeof no === "number" && (await context.db.query(sql, [no])).length === 0) {
      throw new Problem("invalid-input", { field });
    }
  };
  await demand("ownerNo", ownerNo, "select 1 from accounts where account_no = $1 and state = 'active'");
  await demand("cellNo", cellNo, "select 1 from cells where cell_no = $1");
  await demand("companyNo", companyNo, "select 1 from companies where company_no = $1 and state = 'active'");
}
