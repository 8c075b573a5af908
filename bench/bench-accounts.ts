import { randomBytes, randomUUID } from "node:crypto";
import type { OpenStorehouse } from "#server/app/open-storehouse.ts";
import { actAs, type Context } from "#server/core/door/index.ts";
import { addActiveAccount, foundSampleOrganisation, hashPassword, startSession } from "#server/modules/accounts/index.ts";

export const actAsBench = <Result>(open: OpenStorehouse, event: string, act: (context: Context) => Promise<Result>): Promise<Result> =>
  actAs(open.storehouse, "system", event, randomUUID(), act);

/** Founds the bench's company, of the departments named, the first of them over the others; by name, where its people and customers stand. */
export async function foundBench<Name extends string>(
  open: OpenStorehouse,
  names: Readonly<Record<Name, string>>,
): Promise<Record<Name, { readonly departmentNo: number; readonly cellNo: number }>> {
  const [head, ...others] = Object.keys(names) as [Name, ...Name[]];
  const cells = await actAsBench(open, "organisation.founded", (context) =>
    foundSampleOrganisation(context, {
      name: "bench",
      departments: [{ key: head, parent: null, name: names[head] }, ...others.map((key) => ({ key, parent: head, name: names[key] }))],
    }),
  );
  return Object.fromEntries([head, ...others].map((key) => [key, cells.get(key)!])) as Record<Name, { departmentNo: number; cellNo: number }>;
}

/** An account of a role, with a password that nobody keeps. */
export async function addBenchAccount(open: OpenStorehouse, { role, departmentNo }: { role: string; departmentNo: number }): Promise<number> {
  const passwordHash = await hashPassword(randomBytes(24).toString("hex"));
  const { accountNo } = await actAsBench(open, "account.added", (context) =>
    addActiveAccount(context, {
      name: role,
      mail: `${role}-${randomBytes(4).toString("hex")}@bench.example`,
      passwordHash,
      totpSecret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
      departmentNo,
      roles: [role],
    }),
  );
  return accountNo;
}

/** The cookie of a session on loopback. */
export async function signInBench(open: OpenStorehouse, accountNo: number): Promise<string> {
  const token = await actAsBench(open, "session.started", (context) => startSession(context, { accountNo, address: "127.0.0.1", device: "bench" }));
  return `kuraban-session=${token}`;
}
