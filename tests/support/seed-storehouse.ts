import { randomUUID } from "node:crypto";
import { actAs, type Storehouse } from "#server/core/door/index.ts";
import { addActiveAccount, foundSampleOrganisation, hashPassword, startSession } from "#server/modules/accounts/index.ts";
import { insertNote, insertPurchases, noteSubject } from "#server/modules/activities/index.ts";
import { addField, insertCompany, insertCustomer } from "#server/modules/customers/index.ts";
import { ownSentinelFields, sentinelsOf, sentinelValues, type Sentinel } from "#server/modules/sample/index.ts";

/** A member of staff of the seeded house, signed in. */
export interface Caller {
  readonly name: string;
  readonly roles: readonly string[];
  readonly accountNo: number;
  readonly index: number;
  cookie: string;
}

export interface Seeded {
  readonly callers: readonly Caller[];
  readonly sentinels: readonly Sentinel[];
  /** Customer number → index of its sentinels, and back. */
  readonly customerIndex: ReadonlyMap<number, number>;
  readonly customerNos: readonly number[];
  readonly companyIndex: ReadonlyMap<number, number>;
  readonly accountIndex: ReadonlyMap<number, number>;
  readonly cells: ReadonlyMap<string, { departmentNo: number; cellNo: number }>;
  /** Keys of the fields of the house's own. */
  readonly ownFields: readonly string[];
  /** Owner of each customer, by customer number. */
  readonly ownerOf: ReadonlyMap<number, number | null>;
  readonly cellOf: ReadonlyMap<number, number>;
  signIn(caller: Caller): Promise<void>;
}

export interface Seeding {
  readonly unowned?: number;
  readonly far?: number;
  /** Each caller owns a customer of `far` as well. */
  readonly hasOwnFar?: boolean;
  /** The house has a field of its own of each type, and every customer a value in each. */
  readonly hasOwnFields?: boolean;
  /** Each customer has a note with a next action due in 2026 and a purchase, each company a note, all with sentinels. */
  readonly hasActivities?: boolean;
  /** Other values than the sentinels for a customer, the `index`th to be seeded. */
  readonly valuesOf?: (index: number, place: { readonly ownerNo: number | null; readonly isFar: boolean }) => Readonly<Record<string, string | null>>;
}

export const password = "sentinel house 2026";
export const totpSecret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/**
 * Fills an empty storehouse with sentinels. Each caller belongs to department `near` and owns one customer there; other
 * customers of `near` have no owner; those of `far` belong to nobody present.
 */
export async function seedStorehouse(storehouse: Storehouse, roleSets: readonly (readonly string[])[], given: Seeding = {}): Promise<Seeded> {
  const sentinels: Sentinel[] = [];
  const act = <Result>(event: string, what: Parameters<typeof actAs<Result>>[4]): Promise<Result> => actAs(storehouse, "system", event, randomUUID(), what);

  const cells = await act("organisation.founded", (context) =>
    foundSampleOrganisation(context, {
      name: "番人商会",
      departments: [
        { key: "near", parent: null, name: "近部" },
        { key: "far", parent: null, name: "遠部" },
      ],
    }),
  );
  const near = cells.get("near") as { departmentNo: number; cellNo: number };
  const far = cells.get("far") as { departmentNo: number; cellNo: number };

  const callers: Caller[] = [];
  const passwordHash = await hashPassword(password);
  const accountIndex = new Map<number, number>();
  for (const [index, roles] of roleSets.entries()) {
    const values = sentinelValues("account", index);
    sentinels.push(...sentinelsOf("account", index));
    const { accountNo } = await act("account.added", (context) =>
      addActiveAccount(context, {
        name: values["staffName"] as string,
        mail: values["staffMail"] as string,
        passwordHash,
        totpSecret,
        departmentNo: near.departmentNo,
        roles,
      }),
    );
    accountIndex.set(accountNo, index);
    callers.push({ name: roles.join("+") || "nothing", roles, accountNo, index, cookie: "" });
  }

  const hasOwnFields = given.hasOwnFields === true;
  for (const field of hasOwnFields ? ownSentinelFields : []) {
    await act("field.added", (context) => addField(context, { params: { kind: field.kind }, body: field }));
  }

  const companyIndex = new Map<number, number>();
  for (let index = 0; index < 3; index += 1) {
    sentinels.push(...sentinelsOf("company", index));
    companyIndex.set(await act("company.created", (context) => insertCompany(context, sentinelValues("company", index))), index);
  }

  const customerIndex = new Map<number, number>();
  const customerNos: number[] = [];
  const ownerOf = new Map<number, number | null>();
  const cellOf = new Map<number, number>();
  const places = [
    ...callers.map((caller) => ({ ownerNo: caller.accountNo as number | null, cellNo: near.cellNo })),
    ...Array.from({ length: given.unowned ?? 3 }, () => ({ ownerNo: null, cellNo: near.cellNo })),
    ...Array.from({ length: given.far ?? 3 }, () => ({ ownerNo: null, cellNo: far.cellNo })),
    ...(given.hasOwnFar === true ? callers.map((caller) => ({ ownerNo: caller.accountNo, cellNo: far.cellNo })) : []),
  ];
  await act("customer.created", async (context) => {
    for (const [index, place] of places.entries()) {
      sentinels.push(...sentinelsOf("customer", index), ...(hasOwnFields ? sentinelsOf("customer", index, "own") : []));
      const { customerNo } = await insertCustomer(context, {
        ...place,
        companyNo: [...companyIndex.keys()][index % 3] ?? null,
        values: given.valuesOf?.(index, { ownerNo: place.ownerNo, isFar: place.cellNo === far.cellNo }) ?? {
          ...sentinelValues("customer", index),
          ...(hasOwnFields ? sentinelValues("customer", index, "own") : {}),
        },
      });
      customerIndex.set(customerNo, index);
      customerNos.push(customerNo);
      ownerOf.set(customerNo, place.ownerNo);
      cellOf.set(customerNo, place.cellNo);
    }
  });

  if (given.hasActivities === true) {
    const attached = (kind: "customer" | "company", index: number): Sentinel[] =>
      sentinelsOf(kind, index, "attached").filter(({ field }) => field === "contactNote" || field === "purchase");
    // Customers of nobody, of the far department too, are in the hands of callers who may not see them (any more).
    const note = async (kind: "customer" | "company", no: number, index: number, responsibleNo: number | null): Promise<void> => {
      const text = sentinelValues(kind, index, "attached")["contactNote"] as string;
      await act("note.added", async (context) =>
        insertNote(context, await noteSubject(context, kind, no), {
          kind: "call",
          happenedAt: context.now,
          authorNo: responsibleNo,
          text,
          action: { text, dueOn: "2026-01-05", responsibleNo },
        }),
      );
    };
    for (const [companyNo, index] of companyIndex) {
      sentinels.push(...attached("company", index));
      await note("company", companyNo, index, callers[index]?.accountNo ?? null);
    }
    for (const [customerNo, index] of customerIndex) {
      sentinels.push(...attached("customer", index));
      await note("customer", customerNo, index, ownerOf.get(customerNo) ?? callers[index % Math.max(1, callers.length)]?.accountNo ?? null);
    }
    await act("purchases.added", (context) =>
      insertPurchases(
        context,
        [...customerIndex].map(([customerNo, index]) => ({
          customerNo,
          boughtOn: "2026-01-04",
          purchase: { product: sentinelValues("customer", index, "attached")["purchase"] as string, quantity: "1", amount: "1000", note: "" },
        })),
      ),
    );
  }

  const seeded: Seeded = {
    callers,
    sentinels,
    customerIndex,
    customerNos,
    ownFields: hasOwnFields ? ownSentinelFields.map((field) => field.key) : [],
    companyIndex,
    accountIndex,
    cells,
    ownerOf,
    cellOf,
    async signIn(caller) {
      const token = await act("session.started", (context) => startSession(context, { accountNo: caller.accountNo, address: "127.0.0.1", device: "test" }));
      caller.cookie = `kuraban-session=${token}`;
    },
  };
  for (const caller of callers) {
    await seeded.signIn(caller);
  }
  return seeded;
}
