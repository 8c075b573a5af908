import { randomUUID } from "node:crypto";
import { actAs } from "#server/core/door/index.ts";
import { addActiveAccount, foundSampleOrganisation, hashPassword, startSession } from "#server/modules/accounts/index.ts";
import { importRunTasks } from "#server/modules/imports/index.ts";
import { startJobs } from "#server/platform/jobs/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { ImportKind, Mapping, listRowProblems, previewImport, showImport } from "#shared/imports.ts";
import { openHouse, type TestHouse } from "./open-house.ts";
import { request, type Reply } from "./request.ts";

export type ImportOut = ReplyOf<typeof showImport>;
export type PreviewOut = ReplyOf<typeof previewImport>;
export type ProblemsOut = ReplyOf<typeof listRowProblems>;

/** A member of staff who may import, signed in. */
export interface Importer {
  readonly accountNo: number;
  readonly cellNo: number;
  readonly cookie: string;
}

/** A house with two departments of importers, and what tests do with imports over the product's own routes. */
export interface ImportHouse extends TestHouse {
  readonly near: Importer;
  readonly far: Importer;
  addImporter(given: { name: string; department: "near" | "far"; roles: readonly string[] }): Promise<Importer>;
  upload(who: Importer, bytes: Buffer, name?: string, kind?: ImportKind): Promise<Reply>;
  preview(who: Importer, importNo: number): Promise<PreviewOut>;
  /** Uploads, maps as proposed with `changes`, starts, runs to the end. */
  importAll(who: Importer, bytes: Buffer, changes?: Partial<Mapping>, kind?: ImportKind): Promise<ImportOut>;
  start(who: Importer, importNo: number, mapping: Mapping): Promise<Reply>;
  /** Runs the background work until the import rests. */
  settle(who: Importer, importNo: number): Promise<ImportOut>;
  /** Runs the background work until `isDone`. */
  work(isDone: () => Promise<boolean>): Promise<void>;
  /** Where an import stands in the database, whosever it is. */
  stateOf(importNo: number): Promise<{ state: string; failure: string | null }>;
  show(who: Importer, importNo: number): Promise<ImportOut>;
  problems(who: Importer, importNo: number): Promise<ProblemsOut>;
  /** Numbers of the customers whom a search finds. */
  find(who: Importer, search: string): Promise<number[]>;
  values(who: Importer, customerNo: number): Promise<Record<string, unknown>>;
  send(who: Importer, method: string, url: string, body?: unknown): Promise<Reply>;
}

export async function openImportHouse(): Promise<ImportHouse> {
  const house = await openHouse();
  const { storehouse } = house.open;
  const act = <Result>(event: string, what: Parameters<typeof actAs<Result>>[4]): Promise<Result> => actAs(storehouse, "system", event, randomUUID(), what);
  const cells = await act("organisation.founded", (context) =>
    foundSampleOrganisation(context, {
      name: "取込商会",
      departments: [
        { key: "near", parent: null, name: "近部" },
        { key: "far", parent: null, name: "遠部" },
      ],
    }),
  );
  const passwordHash = await hashPassword("import house 2026");
  const addImporter: ImportHouse["addImporter"] = async ({ name, department, roles }) => {
    const { departmentNo, cellNo } = cells.get(department) as { departmentNo: number; cellNo: number };
    const { accountNo } = await act("account.added", (context) =>
      addActiveAccount(context, {
        name,
        mail: `${randomUUID()}@example.jp`,
        passwordHash,
        totpSecret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
        departmentNo,
        roles,
      }),
    );
    const token = await act("session.started", (context) => startSession(context, { accountNo, address: "127.0.0.1", device: "test" }));
    return { accountNo, cellNo, cookie: `kuraban-session=${token}` };
  };
  const send: ImportHouse["send"] = (who, method, url, body) => request(house, { method, url, cookie: who.cookie, body });
  const mustGet = async <Out>(who: Importer, method: string, url: string, body?: unknown): Promise<Out> => {
    const reply = await send(who, method, url, body);
    if (reply.status !== 200) {
      throw new Error(`${method} ${url}: ${reply.status} ${String(reply.body["code"])}`);
    }
    return reply.body as Out;
  };

  const made: ImportHouse = {
    ...house,
    near: await addImporter({ name: "近 太郎", department: "near", roles: ["office"] }),
    far: await addImporter({ name: "遠 花子", department: "far", roles: ["office"] }),
    addImporter,
    send,
    upload: (who, bytes, name = "顧客一覧.csv", kind = "customers") =>
      request(house, {
        method: "POST",
        url: `/api/imports?kind=${kind}`,
        cookie: who.cookie,
        body: bytes,
        headers: { "content-type": "application/octet-stream", "x-file-name": encodeURIComponent(name) },
      }),
    preview: (who, importNo) => mustGet(who, "GET", `/api/imports/${importNo}/preview`),
    start: (who, importNo, mapping) => send(who, "POST", `/api/imports/${importNo}/start`, mapping),
    show: (who, importNo) => mustGet(who, "GET", `/api/imports/${importNo}`),
    async importAll(who, bytes, changes = {}, kind = "customers") {
      const uploaded = await made.upload(who, bytes, undefined, kind);
      if (uploaded.status !== 200) {
        throw new Error(`upload: ${uploaded.status} ${String(uploaded.body["code"])}`);
      }
      const importNo = uploaded.body["importNo"] as number;
      const { mapping } = await made.preview(who, importNo);
      await mustGet(who, "POST", `/api/imports/${importNo}/start`, { ...mapping, ...changes });
      return made.settle(who, importNo);
    },
    async settle(who, importNo) {
      await made.work(async () => !["running", "undoing"].includes((await made.stateOf(importNo)).state));
      return made.show(who, importNo);
    },
    async work(isDone) {
      const jobs = startJobs({ pool: house.database.app, tasks: importRunTasks(storehouse), concurrency: 1, pollMs: 50 });
      try {
        while (!(await isDone())) {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      } finally {
        await jobs.stop();
      }
    },
    async stateOf(importNo) {
      const { rows } = await house.database.owner.query<{ state: string; failure: string | null }>("select state, failure from imports where import_no = $1", [
        importNo,
      ]);
      return rows[0] as { state: string; failure: string | null };
    },
    problems: (who, importNo) => mustGet(who, "GET", `/api/imports/${importNo}/problems?limit=200`),
    async find(who, search) {
      const { rows } = await mustGet<{ rows: { customerNo: number }[] }>(who, "POST", "/api/customers/views", { search, first: 100 });
      return rows.map((row) => row.customerNo);
    },
    values: async (who, customerNo) => (await mustGet<{ values: Record<string, unknown> }>(who, "GET", `/api/customers/${customerNo}`)).values,
  };
  return made;
}

/** Rows as CSV in UTF-8. */
export function csvOf(rows: readonly (readonly string[])[]): Buffer {
  return Buffer.from(
    `${rows.map((row) => row.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")).join("\r\n")}\r\n`,
    "utf8",
  );
}
