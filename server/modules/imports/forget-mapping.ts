import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { forgetMapping as endpoint } from "#shared/imports.ts";
import { Problem } from "#shared/problems.ts";
import { importFor } from "./import-records.ts";
import { forgetHeaders } from "./learned-headers.ts";
import { proposeMapping } from "./preview-import.ts";
import { forgetSaved, kindFingerprint } from "./saved-mappings.ts";

/** Forgets what earlier corrections taught about the headers of this file, and how such a file was mapped last. */
export async function forgetMapping(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const row = await importFor(context, input.params.importNo, "change");
  if (row.state !== "awaits-mapping") {
    throw new Problem("conflict", { state: row.state });
  }
  const { preview, headerToken } = await proposeMapping(context, row, input.body);
  const forgotten = headerToken === null ? 0 : await forgetHeaders(context, preview.headers, row.kind);
  if (headerToken !== null) {
    await forgetSaved(context, kindFingerprint(row.kind, preview.fingerprint));
  }
  context.journal.fact("import", row.import_no);
  context.journal.fact("headers", forgotten);
  return { forgotten };
}
