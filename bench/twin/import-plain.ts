import { createWriteStream } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Pool, PoolClient } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { likeliestSheet, openTable, prepareRowPlan, previewTable } from "#server/modules/imports/reading/index.ts";
import { copyArray, copyLine } from "./copy-line.ts";
import { plainRow, scopesOf, valueColumns, type PlainRow } from "./plain-row.ts";

interface Progress {
  state: "awaits-mapping" | "running" | "done" | "failed";
  rowsDone: number;
  added: number;
  duplicates: number;
  readonly folder: string;
}

const batchRows = 2000;

/**
 * The twin's import: the file is read, mapped and normalised by the product's own reading; duplicates within the file and
 * against the store (mail, phone, mobile, or name with address) are skipped; rows go in by COPY, a transaction for each
 * 2,000, with every index in place. Reading goes on while the database works.
 */
export function registerImports(
  app: FastifyInstance,
  pool: Pool,
  findSession: (request: FastifyRequest) => Promise<{ accountNo: number; cells: readonly number[] } | undefined>,
): void {
  const imports: Progress[] = [];
  app.addContentTypeParser("application/octet-stream", (_request, _payload, done) => done(null, undefined));
  app.post("/api/imports", { bodyLimit: 512 * 1024 * 1024 }, async (request, reply) => {
    if ((await findSession(request)) === undefined) return reply.code(401).send("{}");
    const folder = await mkdtemp(join(tmpdir(), "twin-import-"));
    await pipeline(request.raw, createWriteStream(join(folder, "file")));
    return { importNo: imports.push({ state: "awaits-mapping", rowsDone: 0, added: 0, duplicates: 0, folder }) };
  });
  app.post("/api/imports/:importNo/start", async (request, reply) => {
    const session = await findSession(request);
    const progress = imports[Number((request.params as { importNo: string }).importNo) - 1];
    if (session === undefined || progress === undefined) return reply.code(401).send("{}");
    progress.state = "running";
    importFile(pool, progress, session.accountNo, session.cells[0]!).then(
      () => (progress.state = "done"),
      () => (progress.state = "failed"),
    );
    return { kind: "running" };
  });
  app.get("/api/imports/:importNo", async (request, reply) => {
    if ((await findSession(request)) === undefined) return reply.code(401).send("{}");
    const { folder: _, ...progress } = imports[Number((request.params as { importNo: string }).importNo) - 1]!;
    return progress;
  });
}

async function importFile(pool: Pool, progress: Progress, ownerNo: number, cellNo: number): Promise<void> {
  const file = await open(join(progress.folder, "file"));
  const client = await pool.connect();
  try {
    const { size } = await file.stat();
    const table = await openTable({
      size,
      read: async (offset, length) => {
        const bytes = Buffer.alloc(Math.min(length, size - offset));
        await file.read(bytes, 0, bytes.length, offset);
        return bytes;
      },
    });
    const sheet = likeliestSheet(table);
    const { headerRow, guesses } = await previewTable(table, sheet);
    const plan = prepareRowPlan({ headerRow, columns: guesses.map(({ column, field }) => ({ column, field })), is1904: table.is1904 });
    const seen = new Set<string>();
    let batch: PlainRow[] = [];
    let writing: Promise<void> = Promise.resolve();
    const flush = async (): Promise<void> => {
      const rows = batch;
      batch = [];
      await writing;
      writing = writeBatch(client, progress, rows, ownerNo, cellNo);
      // A failure is met where the next batch waits for this one.
      writing.catch(() => undefined);
    };
    for await (const { rows } of table.rows(sheet)) {
      for (const sourceRow of rows) {
        const planned = plan(sourceRow);
        if (planned.kind !== "planned") continue;
        const row = plainRow(planned.values);
        const keys = keysOf(row);
        if (keys.some((key) => seen.has(key))) {
          progress.duplicates += 1;
          continue;
        }
        for (const key of keys) seen.add(key);
        batch.push(row);
        if (batch.length === batchRows) await flush();
      }
    }
    await flush();
    await writing;
    table.close();
  } finally {
    client.release();
    await file.close();
    await rm(progress.folder, { recursive: true });
  }
}

const keysOf = (row: PlainRow): string[] =>
  [row.mailKey, row.phoneKey, row.mobileKey, row.personKey].flatMap((key, index) => (key === null ? [] : [`${index === 2 ? 1 : index}${key}`]));

const duplicatesQuery = `
  select distinct n.at
    from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality as n (mail, phone, mobile, person, at)
   where exists (select from customers c where c.mail_key = n.mail) or exists (select from customers c where c.phone_key = n.phone)
      or exists (select from customers c where c.mobile_key = n.mobile) or exists (select from customers c where c.person_key = n.person)`;

async function writeBatch(client: PoolClient, progress: Progress, rows: readonly PlainRow[], ownerNo: number, cellNo: number): Promise<void> {
  if (rows.length === 0) return;
  await client.query("begin");
  const known = await client.query<{ at: string }>({
    name: "duplicates",
    text: duplicatesQuery,
    values: [rows.map((row) => row.mailKey), rows.map((row) => row.phoneKey), rows.map((row) => row.mobileKey), rows.map((row) => row.personKey)],
  });
  const duplicates = new Set(known.rows.map((row) => Number(row.at) - 1));
  const fresh = rows.filter((_, index) => !duplicates.has(index));
  const reserved = await client.query<{ no: number }>({
    name: "numbers",
    text: "select nextval(pg_get_serial_sequence('customers', 'customer_no'))::integer as no from generate_series(1, $1)",
    values: [fresh.length],
  });
  const numbers = reserved.rows.map((row) => row.no);
  const copy = (target: string, lines: string[]): Promise<void> =>
    pipeline(Readable.from([lines.join("")], { objectMode: false }), client.query(copyFrom(`copy ${target} from stdin`)));
  await copy(
    `customers (customer_no, owner_no, cell_no, ${valueColumns.join(", ")}, mail_key, phone_key, mobile_key, person_key)`,
    fresh.map((row, index) => copyLine([numbers[index]!, ownerNo, cellNo, ...row.values, row.mailKey, row.phoneKey, row.mobileKey, row.personKey])),
  );
  await copy(
    "customer_search",
    fresh.map((row, index) => copyLine([numbers[index]!, copyArray(scopesOf(ownerNo, cellNo)), row.searchText, copyArray(row.bigrams)])),
  );
  await client.query("commit");
  progress.rowsDone += rows.length;
  progress.added += fresh.length;
  progress.duplicates += duplicates.size;
}
