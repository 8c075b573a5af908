import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { modules } from "#server/app/modules.ts";
import { openStorehouse, type OpenStorehouse } from "#server/app/open-storehouse.ts";
import { webFolder } from "#server/app/run-server.ts";
import { serve } from "#server/app/serve.ts";
import { startWork } from "#server/app/start-work.ts";
import { actAs, type Route } from "#server/core/door/index.ts";
import { addActiveAccount, foundSampleOrganisation, startSession } from "#server/modules/accounts/index.ts";
import { insertCustomers } from "#server/modules/customers/index.ts";
import { benchCustomers } from "./bench-customers.ts";

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
  const say = (what: string): void => void process.stderr.write(`${what}\n`);
  const open = await openStorehouse({
    place: { dataFolder: join(folder, "data"), keysFolder: join(folder, "data.keys"), databaseUrl: undefined },
    onTrouble: say,
  });
  const cells = await actAs(open.storehouse, "system", "organisation.founded", randomUUID(), (context) =>
    foundSampleOrganisation(context, {
      name: "bench",
      departments: [
        { key: "head", parent: null, name: "本社" },
        { key: "own", parent: "head", name: "東京営業部" },
        { key: "other", parent: "head", name: "大阪営業部" },
      ],
    }),
  );
  const [own, other] = [cells.get("own")!, cells.get("other")!];
  const accountNo = await addAccount(open, "seller", own.departmentNo, "sales");
  const importerNo = await addAccount(open, "importer", own.departmentNo, "office");
  await fillProduct(open, customers, { accountNo, ownCell: own.cellNo, otherCell: other.cellNo });
  const sellerCookie = await signIn(open, accountNo);
  const importerCookie = await signIn(open, importerNo);
  const stopWork = startWork(open);
  await untilCompared(open);
  const routes = modules.flatMap((module) => module.routes());
  const app = await serve({
    storehouse: open.storehouse,
    routes: [...routes, ...(addRoutes?.(routes) ?? [])],
    webFolder: hasWeb ? webFolder : undefined,
    tls: undefined,
    behindProxy: false,
    logLevel: "silent",
    requestsPerMinute: 1_000_000_000,
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  return {
    ready: {
      port: (app.server.address() as { port: number }).port,
      sellerCookie,
      importerCookie,
      ownerUrl: open.ownerUrl,
      postgresPid: open.server!.pid(),
      accountNo,
      ownCell: own.cellNo,
      otherCell: other.cellNo,
    },
    stop: async () => {
      await app.close();
      await stopWork();
      await open.close();
    },
  };
}

/** Filling leaves every customer to be compared with the others: work that an ordinary day does not have. */
async function untilCompared(open: OpenStorehouse): Promise<void> {
  while ((await open.pools.app.query("select from duplicate_queue limit 1")).rowCount !== 0) {
    await setTimeout(250);
  }
}

async function addAccount(open: OpenStorehouse, name: string, departmentNo: number, role: string): Promise<number> {
  const { accountNo } = await actAs(open.storehouse, "system", "account.added", randomUUID(), (context) =>
    addActiveAccount(context, {
      name,
      mail: `${name}@bench.example`,
      password: randomBytes(24).toString("hex"),
      totpSecret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
      departmentNo,
      roles: [role],
    }),
  );
  return accountNo;
}

const signIn = async (open: OpenStorehouse, accountNo: number): Promise<string> =>
  `kuraban-session=${await actAs(open.storehouse, "system", "session.started", randomUUID(), (context) => startSession(context, { accountNo, address: "127.0.0.1", device: "bench" }))}`;

async function fillProduct(open: OpenStorehouse, count: number, scope: { accountNo: number; ownCell: number; otherCell: number }): Promise<void> {
  const step = 1000;
  for (let from = 0; from < count; from += step) {
    const part = [...benchCustomers(Math.min(step, count - from), from)];
    await actAs(open.storehouse, "system", "customer.created", randomUUID(), async (context) => {
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
