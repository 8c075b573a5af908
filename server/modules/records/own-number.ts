import type { Context } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";

/** The caller's own account. @throws Problem not-signed-in */
export function ownNumber({ actor }: Context): number {
  if (actor.accountNo === null) {
    throw new Problem("not-signed-in");
  }
  return actor.accountNo;
}
