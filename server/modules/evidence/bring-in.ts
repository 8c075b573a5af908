import { sealText, type Draft, type Input, type Received, type Storehouse } from "#server/core/door/index.ts";
import { findIncident } from "#server/modules/incidents/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { bringEvidence as endpoint } from "#shared/evidence.ts";
import { Problem } from "#shared/problems.ts";
import { bindItem, keepContent } from "./keep-item.ts";

const longestName = 255;

/**
 * Takes in a file of any kind, sealed while it arrives. @throws Problem not-found, file-too-large {mostBytes}, invalid-input {field} for
 * an empty file or one without a name
 */
export async function bringEvidence(storehouse: Storehouse, input: Input<typeof endpoint>): Promise<Received<typeof endpoint>> {
  const { incidentNo } = input.params;
  const fileName = decodeName(input.header("x-file-name"));
  const { rows } = await storehouse.pool.query("select 1 from incidents where incident_no = $1", [incidentNo]);
  if (rows.length === 0) throw new Problem("not-found");
  if (Number(input.header("content-length") ?? "0") > endpoint.bodyLimit) throw new Problem("file-too-large", { mostBytes: endpoint.bodyLimit });
  const content = await keepContent(storehouse, incidentNo, input.upload as AsyncIterable<Buffer>, endpoint.bodyLimit).catch((error: unknown) => {
    // A caller who went away in the middle sent no whole file.
    throw input.upload.destroyed && !input.upload.complete && !(error instanceof Problem) ? new Problem("invalid-input", { field: "file" }) : error;
  });
  if (content.bytes === 0) throw new Problem("invalid-input", { field: "file" });
  return {
    useCase: async (context): Promise<Draft<ReplyOf<typeof endpoint>>> => {
      await findIncident(context, incidentNo);
      const sealedName = sealText(context.door.vault, { kind: "incident", no: incidentNo }, "internal", 1, { fileName: fileName.slice(0, longestName) });
      await bindItem(context, content, { incidentNo, snapshotNo: null, kind: "brought", askedBy: context.actor.accountNo, sealedName });
      return { itemNo: content.itemNo, sha256: content.sha256.toString("hex") };
    },
    discard: async () => undefined,
  };
}

function decodeName(header: string | undefined): string {
  try {
    const name = decodeURIComponent(header ?? "").trim();
    if (name !== "" && name.isWellFormed() && !/\p{Cc}/u.test(name)) return name;
  } catch {
    // Not percent-encoded: refused below.
  }
  throw new Problem("invalid-input", { field: "x-file-name" });
}
