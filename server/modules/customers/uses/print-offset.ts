import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { changePrintOffset as changeEndpoint, PrintOffset, printTestPage as testEndpoint } from "#shared/uses.ts";

/** How far the caller's printer is beside the mark; none where nobody said so. */
export async function offsetOf(context: Context): Promise<PrintOffset> {
  const [row] = await context.db.query<{ right: number; down: number }>(
    'select right_tenths as "right", down_tenths as down from print_offsets where account_no = $1',
    [context.actor.accountNo],
  );
  return { right: (row?.right ?? 0) / 10, down: (row?.down ?? 0) / 10 };
}

export async function changePrintOffset(context: Context, input: Input<typeof changeEndpoint>): Promise<Draft<PrintOffset>> {
  const { right, down } = input.body;
  await context.db.query(
    `insert into print_offsets (account_no, right_tenths, down_tenths) values ($1, $2, $3)
     on conflict (account_no) do update set right_tenths = excluded.right_tenths, down_tenths = excluded.down_tenths`,
    [context.actor.accountNo, Math.round(right * 10), Math.round(down * 10)],
  );
  context.journal.fact("right", right);
  context.journal.fact("down", down);
  return { right, down };
}

/** A page to hold against the paper: frames and rulers, nobody's address. */
export async function printTestPage(context: Context, input: Input<typeof testEndpoint>): Promise<Draft<ReplyOf<typeof testEndpoint>>> {
  return { at: context.now.toISOString(), layout: input.body.layout, offset: await offsetOf(context) };
}
