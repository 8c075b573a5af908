import { closest, levelOf } from "#server/core/access/compile.ts";
import { rightsOf } from "#server/core/access/policy.ts";
import { classNumber, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { reclassEffect as endpoint } from "#shared/fields.ts";
import { demandField } from "./change-fields.ts";

/** How many active accounts would read a field, or read it no more, in another class. Counts people, names nobody. */
export async function reclassEffect(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { policy } = context;
  const field = demandField(policy, input.params.kind, input.params.key);
  const accounts = await context.db.query<{ account_no: number }>("select account_no from accounts where state = 'active'");
  let gain = 0;
  let lose = 0;
  for (const { account_no: accountNo } of accounts) {
    const rights = rightsOf(policy, accountNo);
    const isRead = (name: typeof field.class): boolean => levelOf(rights, field.kind, closest, name).level !== "none";
    if (classNumber(field.class) !== classNumber(input.query.class)) {
      gain += !isRead(field.class) && isRead(input.query.class) ? 1 : 0;
      lose += isRead(field.class) && !isRead(input.query.class) ? 1 : 0;
    }
  }
  return { gain, lose };
}
