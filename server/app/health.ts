import { exempt, readsQuietly, type Context, type Draft, type Route } from "#server/core/door/index.ts";
import { awaitsSetUp } from "#server/modules/accounts/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { health as endpoint } from "#shared/system.ts";
import { version } from "./version.ts";

/** Whether the storehouse is open: the database answered, and the ledger can record. */
async function health(context: Context): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const isRecording = context.door.isRecording();
  return {
    kind: isRecording ? "open" : "closed",
    ledger: isRecording ? "recording" : "unavailable",
    version,
    needsSetUp: await awaitsSetUp(context.db),
  };
}

export const houseRoutes = (): Route[] => [exempt(readsQuietly(endpoint, "storehouse.health", health), "stopped")];
