import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { plainColumns, type ListLayout, type saveLayout as saveEndpoint, type showLayout as showEndpoint } from "#shared/working-list.ts";

/** How the caller arranged the list. */
export async function showLayout(context: Context): Promise<Draft<ReplyOf<typeof showEndpoint>>> {
  const [row] = await context.db.query<{ layout: ListLayout }>("select layout from list_layouts where account_no = $1", [context.actor.accountNo]);
  return { layout: row?.layout ?? null };
}

/** Only keys of columns are kept, so that nothing typed ever stands in the layout. */
export async function saveLayout(context: Context, input: Input<typeof saveEndpoint>): Promise<Draft<ReplyOf<typeof saveEndpoint>>> {
  const known = knownColumns(context);
  const { columns, widths, density, firstViewNo } = input.body;
  const layout: ListLayout = {
    columns: [...new Set(columns)].filter((key) => known.has(key)),
    widths: Object.fromEntries(Object.entries(widths).filter(([key]) => known.has(key))),
    density,
    firstViewNo,
  };
  await context.db.query("insert into list_layouts (account_no, layout) values ($1, $2) on conflict (account_no) do update set layout = excluded.layout", [
    context.actor.accountNo,
    JSON.stringify(layout),
  ]);
  context.journal.fact("columns", layout.columns);
  return { layout };
}

/** What a list may have for columns. Any other key was typed, and is not kept. */
export function knownColumns({ policy }: Pick<Context, "policy">): ReadonlySet<string> {
  return new Set<string>([...plainColumns, ...policy.fields.filter((field) => field.kind === "customer").map((field) => field.key)]);
}
