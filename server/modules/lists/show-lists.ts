import { hasVerb, visibleScope } from "#server/core/access/compile.ts";
import { cellsBelow } from "#server/core/access/policy.ts";
import { queryOver, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { countByFact } from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { listLists as endpoint, showList as showEndpoint } from "#shared/lists.ts";
import { Problem } from "#shared/problems.ts";
import { listColumns, stateAt, textOfList, type ListRow } from "./list-records.ts";

const most = 500;
type Row = ReplyOf<typeof endpoint>["lists"][number];

/** The register: one's own lists, and for whoever judges requests those of the departments that they see. */
export async function listLists(context: Context): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const rows = await context.db.query<ListRow>(`select ${listColumns} from lists where owner_no = any($1) order by list_no desc limit $2`, [
    ownersInSight(context),
    most,
  ]);
  return { lists: await shownLists(context, rows) };
}

/** @throws Problem not-found: no such list, or out of sight */
export async function showList(context: Context, input: Input<typeof showEndpoint>): Promise<Draft<Row>> {
  const rows = await context.db.query<ListRow>(`select ${listColumns} from lists where list_no = $1 and owner_no = any($2)`, [
    input.params.listNo,
    ownersInSight(context),
  ]);
  const [shown] = await shownLists(context, rows);
  if (shown === undefined) {
    throw new Problem("not-found");
  }
  return shown;
}

/** Oneself; for an approver also the members of the departments whose customers the approver sees. */
function ownersInSight(context: Context): number[] {
  const { actor, policy } = context;
  const own = actor.accountNo === null ? [] : [actor.accountNo];
  if (!hasVerb(actor.rights, "approve")) {
    return own;
  }
  const scope = visibleScope(actor.rights, "customer");
  const others = [...policy.departmentOf].filter(([, departmentNo]) => {
    const cells = cellsBelow(policy, departmentNo);
    return scope.all || (scope.cells && cells.length > 0 && cells.every((cell) => actor.rights.cells.has(cell)));
  });
  return [...new Set([...own, ...others.map(([accountNo]) => accountNo)])];
}

async function shownLists(context: Context, rows: readonly ListRow[]): Promise<Draft<Row>[]> {
  const downloads = await countByFact(queryOver(context.db), { type: "list.downloaded", key: "listNo", values: rows.map((row) => row.list_no) });
  return rows.map((row) => {
    const drawn = downloads.get(row.list_no);
    return {
      listNo: row.list_no,
      state: stateAt(row, context.now),
      name: textOfList(row, "name"),
      ownerNo: row.owner_no,
      purpose: row.purpose,
      destination: row.destination,
      handler: textOfList(row, "handler"),
      fields: row.fields,
      sensitive: row.sensitive,
      persons: row.persons,
      madeAt: row.made_at.toISOString(),
      endsOn: row.ends_on,
      requestNo: row.request_no,
      disposedAt: row.disposed_at?.toISOString() ?? null,
      downloads: drawn?.count ?? 0,
      lastDownloadAt: drawn?.lastAt.toISOString() ?? null,
      isOwn: row.owner_no === context.actor.accountNo,
    };
  });
}
