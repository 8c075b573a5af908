import Fastify from "fastify";
import pg from "pg";
import { columnOf, valueColumns } from "./twin/plain-row.ts";
import { benchColumns } from "./bench-customers.ts";

// The floor beneath the twin: Fastify and one SELECT of a page or a record, no session, no scope, no shape of its own.
// Settings come as one JSON line on stdin.
let text = "";
for await (const piece of process.stdin) text += String(piece);
const { url, connections } = JSON.parse(text) as { url: string; connections: number };
const pool = new pg.Pool({ connectionString: url, max: connections, min: connections, idleTimeoutMillis: 0 });
const app = Fastify({ logger: false });
const columns = ["customer_no", "owner_no", "cell_no", "company_no", "updated_at", ...benchColumns.map(columnOf)].join(", ");

app.get("/page", async (request, reply) => {
  const { numbers } = request.query as { numbers: string };
  const { rows } = await pool.query({
    name: "page",
    text: `select ${columns} from customers where customer_no = any($1)`,
    values: [numbers.split(",").map(Number)],
  });
  return reply.header("content-type", "application/json; charset=utf-8").send(JSON.stringify(rows));
});
app.get("/detail/:no", async (request, reply) => {
  const { rows } = await pool.query({
    name: "detail",
    text: `select customer_no, owner_no, cell_no, company_no, version, state, created_at, updated_at, ${valueColumns.join(", ")} from customers where customer_no = $1`,
    values: [Number((request.params as { no: string }).no)],
  });
  return reply.header("content-type", "application/json; charset=utf-8").send(JSON.stringify(rows[0]));
});
await app.listen({ host: "127.0.0.1", port: 0 });
process.stdout.write(`${JSON.stringify({ port: (app.server.address() as { port: number }).port })}\n`);
process.once("SIGTERM", () => void app.close().then(() => pool.end()));
