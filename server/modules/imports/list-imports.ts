import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { listImports as listEndpoint, showImport as showEndpoint } from "#shared/imports.ts";
import { importFor, importOut, newestImports } from "./import-records.ts";

const mostListed = 200;

/** The caller's own imports, newest first. */
export async function listImports(context: Context): Promise<Draft<ReplyOf<typeof listEndpoint>>> {
  const rows = await newestImports(context, mostListed);
  return { imports: rows.map((row) => importOut(context, row)) };
}

export async function showImport(context: Context, input: Input<typeof showEndpoint>): Promise<Draft<ReplyOf<typeof showEndpoint>>> {
  const out = importOut(context, await importFor(context, input.params.importNo));
  return input.query.named === "no" ? { ...out, fileName: null } : out;
}
