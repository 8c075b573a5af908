import type { z } from "zod";
import type { Actor } from "#server/core/context/context.ts";
import { buildReply } from "./build-reply.ts";
import type { Context } from "./context.ts";
import type { ReleasedRecord } from "./field-marks.ts";
import { releasing } from "./release.ts";
import type { Draft } from "./sealed-record.ts";
import type { Storehouse } from "./storehouse.ts";
import { actingFor, recordedAct } from "./transaction.ts";

/**
 * A release that no request waits for: background work that an account set going sends something to each of many people. It goes
 * through the door as a reply would: the use case returns handles, what `reply` does not list is dropped, rights and purpose are the
 * account's as they stand now, the guards are asked, and the event that says what is released stands in the transaction of whatever
 * the use case wrote. The built reply is given out only after that transaction is durable.
 * @throws Problem not-permitted when the account is not active any more, or frozen; what the use case and the door throw
 */
export async function releaseFor<Schema extends z.ZodType>(
  storehouse: Storehouse,
  given: { readonly accountNo: number; readonly event: string; readonly requestId: string; readonly reply: Schema },
  useCase: (context: Context) => Promise<Draft<z.output<Schema>>>,
): Promise<z.output<Schema>> {
  let released: readonly ReleasedRecord[] = [];
  return recordedAct(
    storehouse,
    "system",
    given.event,
    given.requestId,
    async (context, entries) => {
      const acting = await actingFor(context, given.accountNo);
      const draft = await useCase(acting);
      const reader: Actor = { principal: "account", accountNo: given.accountNo, sessionId: "", rights: acting.actor.rights, cells: acting.actor.cells };
      const release = releasing({ vault: storehouse.door.vault, policy: context.policy, actor: reader, purpose: () => entries.statedPurpose });
      const built = buildReply(given.reply, draft, release) as z.output<Schema>;
      released = release.released();
      for (const guard of storehouse.door.guards) {
        guard({ actor: reader, now: context.now, type: entries.type, purpose: entries.statedPurpose, released });
      }
      return built;
    },
    () => released,
  );
}
