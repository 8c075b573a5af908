import { visibleTo } from "#server/core/access/sql-scope.ts";
import type { Context } from "#server/core/door/index.ts";
import { mostAtOnce, type previewBulk } from "#shared/bulk.ts";
import type { BodyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import type { ViewCache } from "../view-cache.ts";
import { viewFor } from "../view-rows.ts";

type Selection = Pick<BodyOf<typeof previewBulk>, "customerNos" | "viewId" | "portfolioOf">;

/**
 * The numbers of the customers that were meant, ascending, each once.
 * @throws Problem invalid-input when none or several ways are given, or more than 10,000 are meant
 */
export async function selectedNumbers(context: Context, selection: Selection, cache: ViewCache): Promise<number[]> {
  const { customerNos, viewId, portfolioOf } = selection;
  if ([customerNos, viewId, portfolioOf].filter((way) => way !== undefined).length !== 1) {
    throw new Problem("invalid-input", { field: "customerNos" });
  }
  const numbers = new Set(customerNos ?? (viewId === undefined ? await portfolio(context, portfolioOf as number) : await ofView(context, viewId, cache)));
  if (numbers.size > mostAtOnce) {
    throw new Problem("invalid-input", { field: "customerNos", most: mostAtOnce });
  }
  return [...numbers].toSorted((a, b) => a - b);
}

async function ofView(context: Context, viewId: string, cache: ViewCache): Promise<Iterable<number>> {
  return (await viewFor(context, viewId, cache, mostAtOnce + 1)).numbers;
}

async function portfolio(context: Context, ownerNo: number): Promise<number[]> {
  const scope = visibleTo(context.actor.rights, "customer", { startAt: 3 });
  const rows = await context.db.query<{ customer_no: number }>(
    `select customer_no from customers where owner_no = $1 and state = 'active' and ${scope.text} order by customer_no limit $2`,
    [ownerNo, mostAtOnce + 1, ...scope.values],
  );
  return rows.map((row) => row.customer_no);
}
