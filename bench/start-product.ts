import { setTimeout } from "node:timers/promises";
import type { OpenStorehouse } from "#server/app/open-storehouse.ts";
import { webFolder } from "#server/app/run-server.ts";
import type { Route } from "#server/core/door/index.ts";
import { insertCustomers } from "#server/modules/customers/index.ts";
import { actAsBench, addBenchAccount, foundBench, signInBench } from "./bench-accounts.ts";
import { benchCustomers } from "./bench-customers.ts";
import { openBenchHouse } from "./bench-house.ts";

/** What the product's process says once it listens. Holds a password: it goes to the parent's pipe and nowhere else. */
export interface OursReady {
  readonly port: number;
  readonly sellerCookie: string;
  readonly importerCookie: string;
  readonly ownerUrl: string;
  readonly postgresPid: number;
  readonly accountNo: number;
  readonly ownCell: number;
  readonly otherCell: number;
}

export interface ProductSettings {
  /** Empty folder for data and keys. */
  readonly folder: string;
  readonly customers: number;
  readonly hasWeb: boolean;
  /** Routes that only the bench has, made of the product's. */
  readonly addRoutes?: (routes: readonly Route[]) => readonly Route[];
}

/** The product as `./kuraban start` wires it, on loopback, without the bound on requests a minute, filled through its own vault. */
export async function startProduct({ folder, customers, hasWeb, addRoutes }: ProductSettings): Promise<{ ready: OursReady; stop: () => Promise<void> }> {
  const house = await openBenchHouse({
    say: (what) => void process.stderr.write(`${what}\n`),
    folder,
    ...(hasWeb ? { webFolder } : {}),
    ...(addRoutes === undefined ? {} : { addRoutes }),
  });
  const { open } = house;
  const { own, other } = await foundBench(open, { head: "本社", own: "東京営業部", other: "大阪営業部" });
  const accountNo = await addBenchAccount(open, { role: "sales", departmentNo: own.departmentNo });
  const importerNo = await addBenchAccount(open, { role: "office", departmentNo: own.departmentNo });
  await fillProduct(open, customers, { accountNo, ownCell: own.cellNo, otherCell: other.cellNo });
  const sellerCookie = await signInBench(open, accountNo);
  const importerCookie = await signInBench(open, importerNo);
  house.startWork();
  await untilCompared(open);
  return {
    ready: {
      port: await house.listen(),
      sellerCookie,
      importerCookie,
      ownerUrl: open.ownerUrl,
      postgresPid: open.server!.pid(),
      accountNo,
      ownCell: own.cellNo,
      otherCell: other.cellNo,
    },
    stop: () => house.close(),
  };
}

/** Filling leaves every customer to be compared with the others: work that an ordinary day does not have. */
async function untilCompared(open: OpenStorehouse): Promise<void> {
  while ((await open.pools.app.query("select from duplicate_queue limit 1")).rowCount !== 0) {
    await setTimeout(250);
  }
}

async function fillProduct(open: OpenStorehouse, count: number, scope: { accountNo: number; ownCell: number; otherCell: number }): Promise<void> {
  const step = 1000;
  for (let from = 0; from < count; from += step) {
    const part = [...benchCustomers(Math.min(step, count - from), from)];
    await actAsBench(open, "customer.created", async (context) => {
      await insertCustomers(
        context,
        part.map(({ isOwn, values }) => ({
          ownerNo: isOwn ? scope.accountNo : null,
          cellNo: isOwn ? scope.ownCell : scope.otherCell,
          companyNo: null,
          values: { ...values },
        })),
        { indexed: true },
      );
    });
  }
}
