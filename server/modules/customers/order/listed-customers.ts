import type { Context } from "#server/core/door/index.ts";

/** Customers of a list, ascending by number, each with the version in which its row stands. */
export interface ListedCustomers {
  readonly numbers: Int32Array;
  /** Below zero for a person whose use is suspended: what is seen of them is another matter. */
  readonly versions: Int32Array;
}

/** The customers that conditions over clear columns keep. Packed, because numbers as text cost more than all the rest. */
export async function listVersions(context: Pick<Context, "db">, condition: string, values: readonly unknown[]): Promise<ListedCustomers> {
  const [row] = await context.db.query<{ listed: Buffer | null }>(
    `select string_agg(int4send(customer_no) || int4send(case when use_suspended_at is null then version else -version end), ''::bytea order by customer_no) as listed
       from customers where ${condition}`,
    values,
  );
  const packed = row?.listed ?? Buffer.alloc(0);
  const count = packed.length / 8;
  const numbers = new Int32Array(count);
  const versions = new Int32Array(count);
  for (let index = 0; index < count; index++) {
    numbers[index] = packed.readInt32BE(index * 8);
    versions[index] = packed.readInt32BE(index * 8 + 4);
  }
  return { numbers, versions };
}
