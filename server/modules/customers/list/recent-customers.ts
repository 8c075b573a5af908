import { queryOver, type Context } from "#server/core/door/index.ts";
import { listEvents } from "#server/core/ledger/index.ts";

const mostRecent = 30;
const eventsRead = 120;

/** Numbers of the customers that the caller looked at last, the last one first: read out of the ledger's last months, stored nowhere else. */
export async function recentCustomers(context: Context): Promise<number[]> {
  const { accountNo } = context.actor;
  if (accountNo === null) {
    return [];
  }
  const { events } = await listEvents(queryOver(context.db), { accountNo, types: ["customer.viewed"], isRecent: true, limit: eventsRead });
  const numbers = events.flatMap((event) => event.releases.filter((release) => release.kind === "customer").flatMap((release) => release.numbers));
  return [...new Set(numbers)].slice(0, mostRecent);
}
