import type { Context } from "#server/core/door/index.ts";
import type { ScopeWay } from "#shared/incident-scope.ts";
import type { JudgedScope } from "../law/read-facts.ts";
import { movesOf, scopeColumns, summaryOf, type ScopeRow } from "../scope/scope-records.ts";

/** Ways of which the ledger says which fields they let out. */
const waysByField: ReadonlySet<ScopeWay> = new Set(["released", "masked"]);

/** The newest run of the scope as the law reads it, with what the officer moved; null before the first. */
export async function latestScope(context: Context, incidentNo: number): Promise<JudgedScope | null> {
  const [row] = await context.db.query<ScopeRow>(`select ${scopeColumns} from incident_scopes where incident_no = $1 order by scope_no desc limit 1`, [
    incidentNo,
  ]);
  if (row === undefined) {
    return null;
  }
  const summary = await summaryOf(context, row, await movesOf(context, incidentNo));
  const sensitive = new Set(context.policy.fields.filter((field) => field.kind === "customer" && field.class === "sensitive").map((field) => field.key));
  return {
    runNo: summary.runNo,
    asOfEvent: summary.asOfEvent,
    isVerified: summary.isVerified,
    isPending: summary.verification.state === "pending",
    confirmed: summary.confirmed,
    possible: summary.possible,
    foundByLedger: summary.computed.confirmed + summary.computed.possible,
    released: summary.ways.find(({ way }) => way === "released")?.people ?? 0,
    sensitive: summary.sensitive,
    isEveryFieldKnown: summary.ways.every(({ way, people }) => people === 0 || waysByField.has(way)),
    fields: summary.fields.map((one) => ({ ...one, isSensitive: sensitive.has(one.field) })),
  };
}
