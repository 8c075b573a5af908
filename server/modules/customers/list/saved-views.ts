import { randomBytes } from "node:crypto";
import { sealText, SealedText, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import type { BodyOf, ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import type {
  changeSavedView as changeEndpoint,
  createSavedView as createEndpoint,
  listSavedViews as listEndpoint,
  removeSavedView as removeEndpoint,
  sharings,
} from "#shared/working-list.ts";
import { typedSearch } from "../open-view.ts";
import { knownColumns } from "./list-layout.ts";

type Typed = BodyOf<typeof createEndpoint>;

interface Row {
  saved_view_no: number;
  account_no: number;
  sharing: (typeof sharings)[number];
  cell_no: number | null;
  request: Pick<Typed, "filters" | "sort" | "columns">;
  sealed_name: Buffer;
  query_no: number | null;
  sealed_search: Buffer | null;
}

const mostViews = 100;

/** The caller's own views and those shared with the caller, the oldest first. Row-level security decides which. */
export async function listSavedViews(context: Context): Promise<Draft<ReplyOf<typeof listEndpoint>>> {
  const rows = await context.db.query<Row>(
    `select saved_view_no, account_no, sharing, cell_no, request, sealed_name, query_no, sealed_search
       from saved_views order by saved_view_no limit ${mostViews}`,
  );
  return {
    views: rows.map((row) => ({
      savedViewNo: row.saved_view_no,
      accountNo: row.account_no,
      name: new SealedText(
        { kind: "account", no: row.account_no },
        row.sealed_name,
        "viewName",
        row.sharing === "own" ? { authorNo: row.account_no } : { staff: true },
      ),
      sharing: row.sharing,
      cellNo: row.cell_no,
      search: row.query_no === null ? null : typedSearch(row.query_no, row.sealed_search, row.account_no),
      ...row.request,
    })),
  };
}

/**
 * Keeps a view. The name is sealed under its author's key, typed words under a key of their own.
 * @throws Problem invalid-input: typed words in a view to be shared (`shared-words`), a department that is not the caller's
 * (`cellNo`), or too many views
 */
export async function createSavedView(context: Context, input: Input<typeof createEndpoint>): Promise<Draft<ReplyOf<typeof createEndpoint>>> {
  const accountNo = context.actor.accountNo as number;
  const stored = storedForm(context, accountNo, input.body);
  const [count] = await context.db.query<{ views: number }>("select count(*)::integer as views from saved_views where account_no = $1", [accountNo]);
  if ((count?.views ?? 0) >= mostViews) {
    throw new Problem("invalid-input", { reason: "too-many-views" });
  }
  const [row] = await context.db.query<{ no: number }>(
    `insert into saved_views (account_no, sharing, cell_no, request, sealed_name, query_no, sealed_search, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning saved_view_no as no`,
    [accountNo, ...stored, context.now],
  );
  return told(context, (row as { no: number }).no, input.body);
}

/** Changes one's own view. @throws Problem not-found: there is none, or it is somebody else's */
export async function changeSavedView(context: Context, input: Input<typeof changeEndpoint>): Promise<Draft<ReplyOf<typeof changeEndpoint>>> {
  const accountNo = context.actor.accountNo as number;
  const { savedViewNo } = input.params;
  const rows = await context.db.query(
    `update saved_views set sharing = $3, cell_no = $4, request = $5, sealed_name = $6, query_no = $7, sealed_search = $8
      where saved_view_no = $1 and account_no = $2 returning saved_view_no`,
    [savedViewNo, accountNo, ...storedForm(context, accountNo, input.body)],
  );
  if (rows.length === 0) {
    throw new Problem("not-found");
  }
  return told(context, savedViewNo, input.body);
}

export async function removeSavedView(context: Context, input: Input<typeof removeEndpoint>): Promise<Draft<ReplyOf<typeof removeEndpoint>>> {
  const { savedViewNo } = input.params;
  const rows = await context.db.query("delete from saved_views where saved_view_no = $1 and account_no = $2 returning saved_view_no", [
    savedViewNo,
    context.actor.accountNo,
  ]);
  if (rows.length === 0) {
    throw new Problem("not-found");
  }
  context.journal.fact("savedView", savedViewNo);
  return { kind: "removed" };
}

function storedForm(context: Context, accountNo: number, { name, sharing, cellNo, search, filters, sort, columns }: Typed): unknown[] {
  const words = search.trim();
  if (sharing !== "own" && words !== "") {
    throw new Problem("invalid-input", { reason: "shared-words" });
  }
  if ((sharing === "department") !== (cellNo !== null) || (cellNo !== null && !context.actor.cells.includes(cellNo))) {
    throw new Problem("invalid-input", { field: "cellNo" });
  }
  const sealedName = sealText(context.door.vault, { kind: "account", no: accountNo }, "internal", 1, { viewName: name });
  const known = knownColumns(context);
  const request = JSON.stringify({ filters, sort, columns: columns?.filter((column) => known.has(column)) ?? null });
  if (words === "") {
    return [sharing, cellNo, request, sealedName, null, null];
  }
  const queryNo = randomBytes(5).readUIntBE(0, 5);
  const blob = sealText(context.door.vault, { kind: "query", no: queryNo }, "personal", 1, { query: words });
  context.journal.sealed({ label: "query", subject: { kind: "query", no: queryNo }, fieldClass: "personal", blob });
  return [sharing, cellNo, request, sealedName, queryNo, blob];
}

function told(context: Context, savedViewNo: number, { sharing, cellNo }: Typed): { savedViewNo: number } {
  context.journal.fact("savedView", savedViewNo);
  context.journal.fact("sharing", sharing);
  if (cellNo !== null) {
    context.journal.fact("cell", cellNo);
  }
  return { savedViewNo };
}
