import { examineOwnWords, type Context, type SealedRecord } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import { hashPassword, isOneOf } from "./password-hash.ts";
import { leastRest, weaknessOf } from "./password-rules.ts";

/** How many former passwords are kept to be refused. */
export const formerKept = 5;

/**
 * The hash of a password that somebody chose for an account.
 * @throws Problem weak-password {reason: too-short, guessable, own-words, date-or-phone, used-before}, too-many-requests
 */
export async function choosePassword(context: Context, given: { password: string; record: SealedRecord; former: readonly string[] }): Promise<string> {
  const [organisation] = await context.db.query<{ name: string }>("select name from organisation");
  const weakness = weaknessOf(given.password, organisation?.name ?? "");
  if (weakness !== undefined) throw new Problem("weak-password", { reason: weakness });
  const length = [...given.password.normalize("NFKC")].length;
  const rest = examineOwnWords(context, given.record, given.password);
  if (rest < leastRest && rest < length) throw new Problem("weak-password", { reason: "own-words" });
  if (await isOneOf(given.former, given.password)) throw new Problem("weak-password", { reason: "used-before" });
  return hashPassword(given.password);
}
