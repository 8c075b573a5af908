import { createHash, createHmac, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { withDatabase } from "#server/platform/database/database-url.ts";
import { benchCustomers } from "../bench-customers.ts";
import { copyArray, copyLine } from "./copy-line.ts";
import { plainRow, scopesOf, valueColumns, type PlainRow } from "./plain-row.ts";
import { twinIndexes, twinTables } from "./tables.ts";

/** The account both sides ask as, and the cells that customers lie in. */
export interface BenchScope {
  readonly accountNo: number;
  readonly ownCell: number;
  readonly otherCell: number;
}

/** Makes a database of its own beside the product's, in the same server, so that both share its memory and its disk. */
export async function createTwinDatabase(ownerUrl: string, name: string): Promise<string> {
  const owner = new pg.Client(ownerUrl);
  await owner.connect();
  try {
    await owner.query(`drop database if exists ${name} with (force)`);
    // pg_trgm takes letters by the ctype of the database: under plain C, Japanese has none.
    await owner.query(`create database ${name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'`);
  } finally {
    await owner.end();
  }
  return withDatabase(ownerUrl, name);
}

export interface TwinCustomer {
  readonly customerNo: number;
  readonly ownerNo: number | null;
  readonly cellNo: number;
  /** By field key. */
  readonly values: Readonly<Record<string, string | null>>;
}

/** Fills the twin with the bench's first `count` customers and builds its indexes. */
export function fillTwin(url: string, count: number, scope: BenchScope): Promise<void> {
  return fillTwinWith(url, scope, function* () {
    for (const { customerNo, isOwn, values } of benchCustomers(count)) {
      yield { customerNo, ownerNo: isOwn ? scope.accountNo : null, cellNo: isOwn ? scope.ownCell : scope.otherCell, values: { ...values } };
    }
  });
}

/** Makes the tables in an empty database, fills them with any customers (asked for twice) and builds the indexes. */
export async function fillTwinWith(url: string, scope: BenchScope, customers: () => Iterable<TwinCustomer>): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(twinTables);
    await client.query("insert into accounts (account_no, cells) values ($1, $2)", [scope.accountNo, [scope.ownCell]]);
    const columns = ["customer_no", "owner_no", "cell_no", ...valueColumns, "mail_key", "phone_key", "mobile_key", "person_key"];
    const copy = (target: string, line: Line): Promise<void> =>
      pipeline(Readable.from(copyLines(customers(), line), { objectMode: false }), client.query(copyFrom(`copy ${target} from stdin`)));
    await copy(`customers (${columns.join(", ")})`, customerLine);
    await copy("customer_search", searchLine);
    await client.query("select setval(pg_get_serial_sequence('customers', 'customer_no'), (select coalesce(max(customer_no), 1) from customers))");
    await client.query("set maintenance_work_mem = '512MB'");
    await client.query(twinIndexes);
    await client.query("alter table customer_search alter column bigrams set statistics 1000");
    await client.query("vacuum (freeze, analyze) customers, customer_search");
  } finally {
    await client.end();
  }
}

type Line = (customer: TwinCustomer, row: PlainRow) => readonly (string | number | null)[];
const customerLine: Line = ({ customerNo, ownerNo, cellNo }, row) => [
  customerNo,
  ownerNo,
  cellNo,
  ...row.values,
  row.mailKey,
  row.phoneKey,
  row.mobileKey,
  row.personKey,
];
const searchLine: Line = ({ customerNo, ownerNo, cellNo }, row) => [customerNo, copyArray(scopesOf(ownerNo, cellNo)), row.searchText, copyArray(row.bigrams)];

function* copyLines(customers: Iterable<TwinCustomer>, line: Line): Generator<string> {
  let lines: string[] = [];
  for (const customer of customers) {
    lines.push(copyLine(line(customer, plainRow(customer.values))));
    if (lines.length === 200) {
      yield lines.join("");
      lines = [];
    }
  }
  yield lines.join("");
}

/** A session of the account: the value of its cookie, token and HMAC-SHA-256 of it. */
export async function openTwinSession(url: string, accountNo: number, cookieKey: Buffer): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query("insert into sessions (token_hash, account_no, expires_at) values ($1, $2, now() + interval '1 day')", [
      createHash("sha256").update(token).digest(),
      accountNo,
    ]);
  } finally {
    await client.end();
  }
  return `${token}.${createHmac("sha256", cookieKey).update(token).digest("base64url")}`;
}
