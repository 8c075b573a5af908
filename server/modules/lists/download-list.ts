import { hasPurpose } from "#server/core/access/compile.ts";
import { fieldOf } from "#server/core/access/policy.ts";
import { demandUnheld, sealed, SealedValues, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { accountRecords } from "#server/modules/accounts/index.ts";
import { classesOf, listCustomers } from "#server/modules/customers/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { disposeList as disposeEndpoint, downloadList as endpoint, showListPassword as passwordEndpoint } from "#shared/lists.ts";
import { Problem } from "#shared/problems.ts";
import type { Purpose } from "#shared/rights.ts";
import { demandReady, noteList, ownList, stateAt, textOfList, type ListRow } from "./list-records.ts";

/**
 * What stands in the file of one's own list, as handles: the values that the caller may take out at this moment. Persons who
 * are gone, in the trash, suspended or out of sight are left out and counted.
 * @throws Problem not-found, awaits-approval, purpose-needed; list-closed {state, reason}
 */
export async function downloadList(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const list = await ownList(context, input.params.listNo);
  noteList(context, list);
  demandReady(list, context.now);
  const members = await context.db.query<{ customer_no: number }>("select customer_no from list_members where list_no = $1 order by customer_no", [
    list.list_no,
  ]);
  const keys = list.fields.filter((key) => fieldOf(context.policy, "customer", key) !== undefined);
  demandStanding(context, list, keys);
  const customers = (
    await listCustomers(
      context,
      members.map((member) => member.customer_no),
      classesOf(context, keys),
    )
  ).filter((row) => row.state === "active" && !row.isSuspended);
  const leftOut = list.persons - customers.length;
  context.journal.purpose(list.purpose);
  context.journal.fact("leftOut", leftOut);
  for (const row of customers) {
    context.journal.touched("customer", row.customerNo);
  }
  const owner = (await accountRecords(context.db, [list.owner_no])).get(list.owner_no);
  return {
    listNo: list.list_no,
    name: textOfList(list, "name"),
    ownerName: owner === undefined ? null : sealed(owner, "staffName"),
    ownerNo: list.owner_no,
    handler: textOfList(list, "handler"),
    purpose: list.purpose,
    madeAt: list.made_at.toISOString(),
    endsOn: list.ends_on,
    persons: list.persons,
    leftOut,
    password: textOfList(list, "password"),
    columns: keys.map((key) => {
      const field = fieldOf(context.policy, "customer", key);
      return { key, label: field?.ja ?? key, type: field?.type ?? "text" };
    }),
    rows: customers.map((row) => ({ customerNo: row.customerNo, values: new SealedValues(row.record, keys, "export") })),
  };
}

/**
 * What a list was made or allowed by must still hold: its purpose is one of the caller's, and no field of it was classed
 * sensitive since, which nobody judged.
 */
function demandStanding({ policy, actor }: Context, list: ListRow, keys: readonly string[]): void {
  if (!hasPurpose(actor.rights, list.purpose as Purpose)) {
    throw new Problem("purpose-needed");
  }
  if (!list.sensitive && keys.some((key) => fieldOf(policy, "customer", key)?.class === "sensitive")) {
    throw new Problem("list-closed", { state: list.state, reason: "classed-anew" });
  }
}

/** @throws Problem not-found, awaits-approval, list-closed: the password of a file that is to be disposed of is shown no more */
export async function showListPassword(context: Context, input: Input<typeof passwordEndpoint>): Promise<Draft<ReplyOf<typeof passwordEndpoint>>> {
  const list = await ownList(context, input.params.listNo);
  context.journal.fact("listNo", list.list_no);
  demandReady(list, context.now);
  return { password: textOfList(list, "password") };
}

/** @throws Problem not-found, list-closed when there is nothing to dispose of; conflict {reason: "held"} while copies of it are to be kept */
export async function disposeList(context: Context, input: Input<typeof disposeEndpoint>): Promise<Draft<ReplyOf<typeof disposeEndpoint>>> {
  const list = await ownList(context, input.params.listNo, "change");
  noteList(context, list);
  const state = stateAt(list, context.now);
  if (state !== "ready" && state !== "ended" && state !== "withdrawn") {
    throw new Problem(state === "waiting" ? "awaits-approval" : "list-closed", { state });
  }
  await demandUnheld(context, "list", [list.list_no]);
  await context.db.query("update lists set state = 'disposed', disposed_at = $2 where list_no = $1", [list.list_no, context.now]);
  return { kind: "disposed" };
}
