import { randomUUID } from "node:crypto";
import { actAs, actFor, type Context, type Storehouse } from "#server/core/door/index.ts";

/**
 * A step of an import's work: on behalf of the account whose import it is, with its rights as they stand now; of one from the
 * command line, as the console.
 */
export function actForImporter<Result>(
  storehouse: Storehouse,
  accountNo: number | null,
  event: string,
  act: (context: Context) => Promise<Result>,
): Promise<Result> {
  return accountNo === null ? actAs(storehouse, "console", event, randomUUID(), act) : actFor(storehouse, accountNo, event, randomUUID(), act);
}
