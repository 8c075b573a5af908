import { createHash, createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import cookie from "@fastify/cookie";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import pg from "pg";
import { registerImports } from "./import-plain.ts";
import { customerFields, columnOf } from "./plain-row.ts";
import { planPlainSearch, reasonsOf } from "./search-plain.ts";

export interface TwinOptions {
  readonly url: string;
  readonly cookieKey: Buffer;
  readonly connections: number;
}

interface Session {
  readonly accountNo: number;
  readonly cells: readonly number[];
}

interface View {
  readonly accountNo: number;
  readonly numbers: Int32Array | readonly number[];
  readonly columns: readonly string[];
  readonly reasons: ReadonlyMap<number, unknown>;
}

/** PostgreSQL cuts the name of a statement at 63 bytes: columns stand in it by their place. */
const pageName = (columns: readonly string[]): string => `page ${columns.map((key) => customerFields.findIndex((field) => field.key === key)).join(" ")}`;
const sessionRow =
  "select s.account_no, a.cells from sessions s join accounts a using (account_no) where s.token_hash = $1 and s.expires_at > now() and not s.is_revoked and a.is_active";
const clearColumns = ["customer_no", "owner_no", "cell_no", "company_no", "updated_at"];
const listed = new Map(customerFields.map((field) => [field.key, columnOf(field.key)]));
/** Of class sensitive: a 営業 account has no right to them. */
const hiddenFields = new Set(customerFields.filter((field) => field.class === "sensitive").map((field) => field.key));
const hidden = { hidden: true };

/**
 * Ways to run a search, because the planner's guess for a LIKE is often ten times off. The bench tries each on every
 * shape of query and measures the fastest: `gather` takes scope and term from the index, `sift` the term alone, `walk`
 * goes by number until the page is full.
 */
export const searchWays = {
  gather: ["h.scopes && (array[-$1::int] || $2::int[])", "h.customer_no + 0"],
  sift: ["coalesce(h.scopes && (array[-$1::int] || $2::int[]), false)", "h.customer_no + 0"],
  walk: ["coalesce(h.scopes && (array[-$1::int] || $2::int[]), false)", "h.customer_no"],
} as const;
export type SearchWay = keyof typeof searchWays;

/**
 * The plain twin: what the product does over HTTP for its lists, details and searches, in clear. A signed cookie and the
 * session's row on every request, the same scope (own or one of the account's cells), the same reply. Where one statement
 * can carry the session's check with it, it does: nothing is left undone that would make it faster.
 */
export async function serveTwin(options: TwinOptions): Promise<{ app: FastifyInstance; pool: pg.Pool }> {
  const pool = new pg.Pool({ connectionString: options.url, max: options.connections, min: options.connections, idleTimeoutMillis: 0 });
  const app = Fastify({ logger: false, bodyLimit: 256 * 1024 }) as unknown as FastifyInstance;
  await app.register(cookie);
  const views = new Map<string, View>();

  /** The hash of a token whose signature holds; a forged one costs no query. */
  const tokenHash = (request: FastifyRequest): Buffer | undefined => {
    const [token = "", signature = ""] = (request.cookies["twin-session"] ?? "").split(".");
    const given = Buffer.from(signature, "base64url");
    const right = createHmac("sha256", options.cookieKey).update(token).digest();
    return given.length === right.length && timingSafeEqual(given, right) ? createHash("sha256").update(token).digest() : undefined;
  };
  const findSession = async (hash: Buffer): Promise<Session | undefined> => {
    const { rows } = await pool.query({ name: "session", text: sessionRow, values: [hash], rowMode: "array" });
    return rows[0] === undefined ? undefined : { accountNo: rows[0][0], cells: rows[0][1] };
  };
  const send = (reply: FastifyReply, body: unknown): FastifyReply => reply.header("content-type", "application/json; charset=utf-8").send(JSON.stringify(body));
  const refuse = (reply: FastifyReply, status: number): FastifyReply => reply.code(status).send("{}");

  const rowOf = (row: unknown[], columns: readonly string[], reasons: unknown): object => {
    const values: Record<string, unknown> = {};
    columns.forEach((key, index) => (values[key] = hiddenFields.has(key) ? hidden : row[index + clearColumns.length]));
    // Nobody of the bench asked for a suspension, is in the trash or was merged: the twin spares itself those columns.
    return {
      customerNo: row[0],
      ownerNo: row[1],
      cellNo: row[2],
      companyNo: row[3],
      isSuspended: false,
      updatedAt: (row[4] as Date).toISOString(),
      values,
      reasons,
    };
  };
  const select = (columns: readonly string[]): string => [...clearColumns, ...columns.map((key) => listed.get(key)!)].map((column) => `c.${column}`).join(", ");

  /** Session check and page in one statement and one round trip. */
  const pageOf = async (hash: Buffer, columns: readonly string[], numbers: Int32Array | readonly number[]): Promise<Map<number, unknown[]>> => {
    const { rows } = await pool.query({
      name: pageName(columns),
      text: `with s as materialized (${sessionRow}) select ${select(columns)} from s cross join customers c where c.customer_no = any($2) and (c.owner_no = s.account_no or c.cell_no = any(s.cells))`,
      values: [hash, [...numbers]],
      rowMode: "array",
    });
    return new Map(rows.map((row: unknown[]) => [row[0] as number, row]));
  };

  app.post("/api/customers/views", async (request, reply) => {
    const hash = tokenHash(request);
    const session = hash === undefined ? undefined : await findSession(hash);
    if (session === undefined) return refuse(reply, 401);
    const { search = "", columns = [], first = 50 } = request.body as { search?: string; columns?: string[]; first?: number };
    const known = columns.filter((key) => listed.has(key));
    const viewId = randomUUID();
    const typed = search.trim();
    if (typed === "") {
      const { rows } = await pool.query({
        name: "numbers-of-account",
        text: "select array_agg(customer_no order by customer_no) from customers where state = 'active' and (owner_no = $1 or cell_no = any($2))",
        values: [session.accountNo, session.cells],
        rowMode: "array",
      });
      const numbers = Int32Array.from(((rows as unknown[][])[0]?.[0] as number[] | null) ?? []);
      views.set(viewId, { accountNo: session.accountNo, numbers, columns: known, reasons: new Map() });
      const page = await pageOf(hash!, known, numbers.subarray(0, first));
      return send(reply, {
        viewId,
        total: numbers.length,
        isComplete: true,
        search: null,
        rows: [...numbers.subarray(0, first)].flatMap((no) => (page.has(no) ? [rowOf(page.get(no)!, known, [])] : [])),
      });
    }
    const { way = "gather" } = request.query as { way?: SearchWay };
    const hits = await findHits(session, typed, known, Math.max(first, 1), way in searchWays ? way : "gather");
    views.set(viewId, {
      accountNo: session.accountNo,
      numbers: hits.rows.map((hit) => hit.row[0] as number),
      columns: known,
      reasons: new Map(hits.rows.map((hit) => [hit.row[0] as number, hit.reasons])),
    });
    if (views.size > 500) views.delete(views.keys().next().value!);
    return send(reply, {
      viewId,
      total: hits.rows.length,
      isComplete: hits.isComplete,
      search: null,
      rows: hits.rows.slice(0, first).map((hit) => rowOf(hit.row, known, hit.reasons)),
    });
  });

  /**
   * The first `most` hits by number. Planned anew for each term, because a generic plan would serve rare and common words
   * alike.
   */
  const findHits = async (session: Session, typed: string, columns: readonly string[], most: number, way: SearchWay) => {
    const plan = planPlainSearch(typed, 5);
    const found: { row: unknown[]; reasons: unknown }[] = [];
    if (plan.condition === undefined) return { rows: found, isComplete: true };
    const [scope, order] = searchWays[way];
    for (let after = 0; ;) {
      const { rows } = await pool.query({
        text: `select ${select(columns)}, f.search_text from (select h.customer_no, h.search_text from customer_search h where h.customer_no > $3 and ${scope} and ${plan.condition} order by ${order} limit $4) f join customers c using (customer_no) where c.owner_no = $1 or c.cell_no = any($2) order by f.customer_no`,
        values: [session.accountNo, session.cells, after, most + 1, ...plan.parameters],
        rowMode: "array",
      });
      for (const row of rows as unknown[][]) {
        const reasons = reasonsOf(plan, row.at(-1) as string);
        if (reasons !== undefined) found.push({ row, reasons });
      }
      if (rows.length <= most) return { rows: found.slice(0, most), isComplete: found.length <= most };
      if (found.length > most) return { rows: found.slice(0, most), isComplete: false };
      after = (rows.at(-1) as unknown[])[0] as number;
    }
  };

  app.get("/api/customers/views/:viewId/rows", async (request, reply) => {
    const hash = tokenHash(request);
    const view = views.get((request.params as { viewId: string }).viewId);
    if (hash === undefined) return refuse(reply, 401);
    if (view === undefined) return refuse(reply, 404);
    const { offset = "0", limit = "50" } = request.query as { offset?: string; limit?: string };
    const numbers = view.numbers.slice(Number(offset), Number(offset) + Number(limit));
    const page = await pageOf(hash, view.columns, numbers);
    if (page.size === 0 && (await findSession(hash)) === undefined) return refuse(reply, 401);
    const rows: object[] = [];
    for (const no of numbers) if (page.has(no)) rows.push(rowOf(page.get(no)!, view.columns, view.reasons.get(no) ?? []));
    return send(reply, { total: view.numbers.length, rows });
  });

  const everyKey = customerFields.map((field) => field.key);
  app.get("/api/customers/:customerNo", async (request, reply) => {
    const hash = tokenHash(request);
    if (hash === undefined) return refuse(reply, 401);
    const { rows } = await pool.query({
      name: "detail",
      text: `with s as materialized (${sessionRow}) select ${select(everyKey)}, c.version, c.state, c.created_at from s cross join customers c where c.customer_no = $2 and (c.owner_no = s.account_no or c.cell_no = any(s.cells))`,
      values: [hash, Number((request.params as { customerNo: string }).customerNo)],
      rowMode: "array",
    });
    const row = rows[0] as unknown[] | undefined;
    if (row === undefined) return refuse(reply, (await findSession(hash)) === undefined ? 401 : 404);
    const [version, state, createdAt] = row.slice(-3);
    const values: Record<string, unknown> = {};
    everyKey.forEach((key, index) => (values[key] = hiddenFields.has(key) ? hidden : row[index + clearColumns.length]));
    return send(reply, {
      customerNo: row[0],
      version,
      state,
      mergedInto: null,
      trashDaysLeft: null,
      ownerNo: row[1],
      cellNo: row[2],
      companyNo: row[3],
      createdAt: (createdAt as Date).toISOString(),
      isSuspended: false,
      updatedAt: (row[4] as Date).toISOString(),
      values,
      may: { write: true, delete: false, reveal: true, seeLedger: false },
    });
  });

  registerImports(app, pool, async (request) => {
    const hash = tokenHash(request);
    return hash === undefined ? undefined : findSession(hash);
  });
  return { app, pool };
}
