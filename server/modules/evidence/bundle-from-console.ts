import { randomUUID } from "node:crypto";
import { actAs, type Storehouse } from "#server/core/door/index.ts";
import { bundleEvidence, bytesOf } from "./bundle.ts";

/** The bundle of an incident for the command line: numbers alone. The event is durable before the first byte. @throws Problem as {@link bundleEvidence} */
export async function bundleFromConsole(
  storehouse: Storehouse,
  incidentNo: number,
): Promise<{ readonly items: number; readonly pieces: AsyncGenerator<Buffer> }> {
  const given = { params: { incidentNo }, body: { purpose: "端末からの書き出し", withNames: false, withTexts: false, withBrought: false, password: null } };
  const built = await actAs(storehouse, "console", "evidence.bundled", randomUUID(), (context) => bundleEvidence(context, given as never));
  // Without names and texts there is no handle in it.
  return { items: built.items.length, pieces: bytesOf(storehouse, built as never) };
}
