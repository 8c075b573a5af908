import { createHash, createHmac, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import copyStreams from "pg-copy-streams";
import { withDatabase } from "#server/platform/database/database-url.ts";
import { benchCustomers } from "../bench-customers.ts";
import { plainRow, valueColumns } from "./plain-row.ts";
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

/** Fills the twin with the bench's first `count` customers and builds its indexes. */
export async function fillTwin(url: string, count: number, scope: BenchScope): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(twinTables);
    await client.query("insert into accounts (account_no, cells) values ($1, $2)", [scope.accountNo, [scope.ownCell]]);
    const columns = ["customer_no", "owner_no", "cell_no", ...valueColumns, "search_text", "bigrams", "mail_key", "phone_key", "mobile_key", "person_key"];
    const copy = client.query(copyStreams.from(`copy customers (${columns.join(", ")}) from stdin`));
    await pipeline(Readable.from(copyLines(count, scope), { objectMode: false }), copy);
    await client.query("select setval(pg_get_serial_sequence('customers', 'customer_no'), greatest($1, 1))", [count]);
    await client.query("set maintenance_work_mem = '512MB'");
    await client.query(twinIndexes);
    await client.query("alter table customers alter column bigrams set statistics 1000");
    await client.query("vacuum (freeze, analyze) customers");
  } finally {
    await client.end();
  }
}

const escapes: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const cell = (value: string | number | null): string => (value === null ? "\\N" : String(value).replace(/[\\\n\r\t]/g, (one) => escapes[one]!));
const array = (items: readonly string[]): string => `{${items.map((item) => `"${item.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;

function* copyLines(count: number, scope: BenchScope): Generator<string> {
  let lines: string[] = [];
  for (const { customerNo, isOwn, values } of benchCustomers(count)) {
    const row = plainRow(values as unknown as Record<string, string | null>);
    const cells = [customerNo, isOwn ? scope.accountNo : null, isOwn ? scope.ownCell : scope.otherCell, ...row.values, row.searchText, array(row.bigrams), row.mailKey, row.phoneKey, row.mobileKey, row.personKey];
    lines.push(`${cells.map(cell).join("\t")}\n`);
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
    await client.query("insert into sessions (token_hash, account_no, expires_at) values ($1, $2, now() + interval '1 day')", [createHash("sha256").update(token).digest(), accountNo]);
  } finally {
    await client.end();
  }
  return `${token}.${createHmac("sha256", cookieKey).update(token).digest("base64url")}`;
}
