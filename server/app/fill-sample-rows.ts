import { randomUUID } from "node:crypto";
import { actAs, type Context } from "#server/core/door/index.ts";
import { insertPurchases } from "#server/modules/activities/index.ts";
import { addField, insertCompany, insertCustomers } from "#server/modules/customers/index.ts";
import {
  assignCustomer,
  companyCountFor,
  generateCompany,
  planDuplicates,
  sampleOwnFields,
  sampleOwnValues,
  samplePurchases,
  type SampleCustomer,
} from "#server/modules/sample/index.ts";
import type { OpenStorehouse } from "./open-storehouse.ts";

/** By which everything of the sample company is made up. */
export const sampleSeed = 20_261_121;

/** Fields of the house's own, companies and customers; their numbers by ordinal. */
export async function insertSample(
  storehouse: OpenStorehouse["storehouse"],
  until: Date,
  customers: readonly SampleCustomer[],
  cells: ReadonlyMap<string, { departmentNo: number; cellNo: number }>,
  accounts: ReadonlyMap<string, number>,
): Promise<{ customerNos: number[]; companyNos: number[] }> {
  const ownKeys = new Map<string, string>();
  for (const { name, definition } of sampleOwnFields) {
    const { key } = await actAs(storehouse, "system", "field.added", randomUUID(), (context) =>
      addField(context, { params: { kind: "customer" }, body: { ...definition, choices: [...definition.choices] } }),
    );
    ownKeys.set(name, key as string);
  }
  const companyNos: number[] = [];
  const count = companyCountFor(customers.length);
  for (let from = 0; from < count; from += 100) {
    await actAs(storehouse, "system", "company.created", randomUUID(), async (context: Context) => {
      for (let ordinal = from; ordinal < Math.min(count, from + 100); ordinal += 1) {
        companyNos.push(await insertCompany(context, { ...generateCompany(sampleSeed, ordinal).values }));
      }
    });
  }
  const customerNos: number[] = [];
  for (let from = 0; from < customers.length; from += 500) {
    const part = customers.slice(from, from + 500);
    await actAs(storehouse, "system", "customer.created", randomUUID(), async (context) => {
      const { numbers } = await insertCustomers(
        context,
        part.map((customer) => {
          const { department, owner } = assignCustomer(customer);
          return {
            ownerNo: owner === null ? null : (accounts.get(owner) ?? null),
            cellNo: cells.get(department)?.cellNo ?? 1,
            companyNo: customer.company === null ? null : (companyNos[customer.company] ?? null),
            values: {
              ...customer.values,
              ...Object.fromEntries(Object.entries(sampleOwnValues(sampleSeed, until, customer)).map(([name, value]) => [ownKeys.get(name) as string, value])),
            },
          };
        }),
        { indexed: true },
      );
      customerNos.push(...numbers);
    });
  }
  return { customerNos, companyNos };
}

/** Persons and companies that were entered twice. The search for duplicates finds them once the product is open. */
export async function insertSampleDuplicates(
  storehouse: OpenStorehouse["storehouse"],
  customers: readonly SampleCustomer[],
  cells: ReadonlyMap<string, { departmentNo: number; cellNo: number }>,
  accounts: ReadonlyMap<string, number>,
): Promise<void> {
  const plan = planDuplicates(customers, (ordinal) => generateCompany(sampleSeed, ordinal));
  const companyNos: number[] = [];
  await actAs(storehouse, "system", "company.created", randomUUID(), async (context) => {
    for (const values of plan.companies) {
      companyNos.push(await insertCompany(context, values));
    }
  });
  await actAs(storehouse, "system", "customer.created", randomUUID(), async (context) => {
    await insertCustomers(
      context,
      plan.customers.map(({ of, company, values }) => {
        const { department, owner } = assignCustomer(customers[of] as SampleCustomer);
        return {
          ownerNo: owner === null ? null : (accounts.get(owner) ?? null),
          cellNo: cells.get(department)?.cellNo ?? 1,
          companyNo: company === null ? null : (companyNos[company] ?? null),
          values: { ...values },
        };
      }),
      { indexed: true },
    );
  });
}

export async function insertSamplePurchases(
  storehouse: OpenStorehouse["storehouse"],
  until: Date,
  customers: readonly SampleCustomer[],
  customerNos: readonly number[],
): Promise<void> {
  await actAs(storehouse, "system", "purchases.added", randomUUID(), (context) =>
    insertPurchases(
      context,
      customers.flatMap((customer, index) =>
        samplePurchases(sampleSeed, until, customer).map((bought) => ({ customerNo: customerNos[index] as number, ...bought })),
      ),
    ),
  );
}
