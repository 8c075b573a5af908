import type { Cause, Erasure, Guard, Route, Storehouse } from "#server/core/door/index.ts";
import { declareEvents, type EventDeclarations } from "#server/core/ledger/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as accounts from "#server/modules/accounts/index.ts";
import * as backup from "#server/modules/backup/index.ts";
import * as customers from "#server/modules/customers/index.ts";
import * as imports from "#server/modules/imports/index.ts";
import * as records from "#server/modules/records/index.ts";
import { houseRoutes } from "./health.ts";

/** What a module contributes. The centre enumerates modules; everything else is declared in them. */
export interface Module {
  readonly name: string;
  readonly routes: () => Route[];
  readonly events: EventDeclarations;
  /** Synchronous checks at the door before a reply leaves. */
  readonly guards?: readonly Guard[];
  /** What to destroy with a person. */
  readonly erasures?: readonly Erasure[];
  /** How a cause of an incident becomes a question to the ledger. */
  readonly causes?: readonly Cause[];
  /** Background work by the name of its job. Payloads hold numbers only. */
  readonly tasks?: (storehouse: Storehouse) => Tasks;
}

const house = declareEvents({
  "storehouse.opened": { description: "A node opened the storehouse: which keys were unwrapped" },
  "storehouse.health": { description: "Somebody asked whether the storehouse is open" },
  "storehouse.closed": { description: "A node closed the storehouse in order" },
});

/** Every module of the product, lowest first. */
export const modules: readonly Module[] = [
  { name: "house", routes: houseRoutes, events: house },
  {
    name: "accounts",
    routes: () => accounts.accountRoutes({ countReach: customers.countReach }),
    events: accounts.events,
    tasks: accounts.accountTasks,
    causes: accounts.causes,
  },
  {
    name: "customers",
    routes: customers.customerRoutes,
    events: customers.events,
    tasks: customers.customerTasks,
    erasures: [customers.eraseCustomerRows],
    causes: customers.causes,
  },
  { name: "imports", routes: imports.importRoutes, events: imports.events, tasks: imports.importTasks },
  { name: "records", routes: records.recordRoutes, events: records.events, tasks: records.recordTasks },
  { name: "backup", routes: () => [], events: backup.events },
];
