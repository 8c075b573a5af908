import * as accounts from "./accounts.ts";
import * as customers from "./customers.ts";
import type { Endpoint } from "./endpoint.ts";
import * as fields from "./fields.ts";
import * as imports from "./imports.ts";
import * as ledger from "./ledger.ts";
import * as session from "./session.ts";
import * as system from "./system.ts";

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === "object" && value !== null && "access" in value && "bodyKind" in value;
}

/** Every endpoint of the product. A test compares this list with the routes that the server has. */
export const endpoints: readonly Endpoint[] = [session, accounts, fields, customers, imports, ledger, system].flatMap((room) =>
  Object.values<unknown>(room).filter(isEndpoint),
);
