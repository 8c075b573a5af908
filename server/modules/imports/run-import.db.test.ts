import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyStorehouse } from "#server/modules/records/index.ts";
import { importRunTasks, importTasks } from "#server/modules/imports/index.ts";
import { startJobs } from "#server/platform/jobs/index.ts";
import { csvOf, openImportHouse, type ImportHouse } from "#tests/support/import-house.ts";

let house: ImportHouse;
let files: string;
beforeAll(async () => {
  house = await openImportHouse();
  files = join(house.folder, "data", "files");
});
afterAll(() => house.close());

/** A file of `count` people with a phone each, of which every tenth names a company. */
function people(from: number, count: number): Buffer {
  const rows = Array.from({ length: count }, (_, index) => {
    const no = from + index;
    return [`巻数　第${no}`, `090-${String(1000 + Math.floor(no / 9000))}-${String(1000 + (no % 9000))}`, no % 10 === 0 ? `第${no % 700}商会` : ""];
  });
  return csvOf([["氏名", "携帯", "会社名"], ...rows]);
}

async function started(bytes: Buffer): Promise<number> {
  const { importNo } = (await house.upload(house.near, bytes)).body as { importNo: number };
  const { mapping } = await house.preview(house.near, importNo);
  await house.start(house.near, importNo, mapping);
  return importNo;
}

async function count(sql: string, values: unknown[] = []): Promise<number> {
  return Number((await house.database.owner.query<{ count: string }>(`select count(*) from ${sql}`, values)).rows[0]?.count);
}

test("the uploaded file stands sealed on the disk, and is gone when the import is done", async () => {
  const bytes = people(0, 300);
  const { importNo } = (await house.upload(house.near, bytes)).body as { importNo: number };
  const path = join(files, `import-${importNo}`);
  const stored = readFileSync(path);
  expect(stored.length).toBeGreaterThan(bytes.length);
  expect(stored.includes(Buffer.from("巻数", "utf8"))).toBe(false);
  const { mapping } = await house.preview(house.near, importNo);
  await house.start(house.near, importNo, mapping);
  expect(await house.settle(house.near, importNo)).toMatchObject({ state: "done", added: 300 });
  expect(existsSync(path)).toBe(false);
});

test("an import whose node stops between two batches goes on where it was, without doubling anybody", async () => {
  const importNo = await started(people(10_000, 12_000));
  let seen = 0;
  for (let round = 0; round < 40 && (await house.stateOf(importNo)).state === "running"; round += 1) {
    const jobs = startJobs({ pool: house.database.app, tasks: importRunTasks(house.open.storehouse), concurrency: 1, pollMs: 20 });
    const before = seen;
    while (seen === before && (await house.stateOf(importNo)).state === "running") {
      await new Promise((resolve) => setTimeout(resolve, 5));
      seen = (await house.show(house.near, importNo)).rowsDone;
    }
    await jobs.stop();
  }
  expect(await house.show(house.near, importNo)).toMatchObject({ state: "done", rowsTotal: 12_000, rowsDone: 12_000, added: 12_000, duplicates: 0 });
  expect(await count("customers where import_no = $1", [importNo])).toBe(12_000);
  // Thirty of the seventy names were companies already.
  expect(await count("companies")).toBe(70);
  expect(await count("companies where import_no = $1", [importNo])).toBe(40);
  expect(await count("customer_search s join customers c using (customer_no) where c.import_no = $1", [importNo])).toBe(12_000);
}, 120_000);

test("two nodes that take the same batch at once write it once", async () => {
  const importNo = await started(people(30_000, 400));
  const task = importRunTasks(house.open.storehouse)["import.run"];
  const job = { payload: { importNo }, attempt: 1, signal: new AbortController().signal, remember: async () => true };
  await Promise.allSettled([task?.run(job), task?.run(job)]);
  expect(await house.settle(house.near, importNo)).toMatchObject({ state: "done", added: 400 });
  expect(await count("customers where import_no = $1", [importNo])).toBe(400);
});

test("a row far down that makes the file unreadable fails the import before anything is written", async () => {
  const wide = ["", "", ...Array.from({ length: 600 }, () => "x")].join(",");
  const bytes = Buffer.concat([people(60_000, 12_000), Buffer.from(`${wide}\r\n`), people(72_000, 10)]);
  const importNo = await started(bytes);
  expect(await house.settle(house.near, importNo)).toMatchObject({ state: "failed", problem: "too-many-columns", rowsDone: 0, mayUndo: false });
  expect(await count("customers where import_no = $1", [importNo])).toBe(0);
  expect(readdirSync(files)).toEqual([]);
});

test("an import that loses its rights on the way is undone by itself", async () => {
  const other = await house.addImporter({ name: "途 中", department: "near", roles: ["office"] });
  const { importNo } = (await house.upload(other, people(50_000, 11_000))).body as { importNo: number };
  const { mapping } = await house.preview(other, importNo);
  await house.start(other, importNo, mapping);
  let isDisabled = false;
  await house.work(async () => {
    const { state } = await house.stateOf(importNo);
    if (!isDisabled && (await count("customers where import_no = $1", [importNo])) > 0) {
      await house.database.owner.query("update accounts set state = 'disabled' where account_no = $1", [other.accountNo]);
      isDisabled = true;
    }
    return state !== "running" && state !== "undoing";
  });
  expect(await house.stateOf(importNo)).toEqual({ state: "failed", failure: "not-permitted" });
  expect(await count("customers where import_no = $1 and state = 'active'", [importNo])).toBe(0);
  expect(await count("customer_search s join customers c using (customer_no) where c.import_no = $1", [importNo])).toBe(0);
}, 60_000);

test("undo: what was added goes to the trash, what was changed gets its former values back, what others changed since stays", async () => {
  const header = ["氏名", "携帯", "会社名", "備考"];
  await house.importAll(house.near, csvOf([header, ["戻　一", "090-7000-0001", "", "元の備考"], ["戻　二", "090-7000-0002", "", "元の備考"]]));
  const done = await house.importAll(
    house.near,
    csvOf([
      header,
      ["戻　一", "090-7000-0001", "", "新しい備考"],
      ["戻　二", "090-7000-0002", "", "新しい備考"],
      ["戻　三", "090-7000-0003", "戻商会", ""],
      ["戻　四", "090-7000-0004", "", ""],
    ]),
    { duplicates: "update" },
  );
  expect(done).toMatchObject({ added: 2, updated: 2 });
  const no = async (search: string): Promise<number> => (await house.find(house.near, search))[0] as number;
  const [second, fourth] = [await no("090-7000-0002"), await no("090-7000-0004")];
  for (const [customerNo, version] of [
    [second, 2],
    [fourth, 1],
  ]) {
    expect((await house.send(house.near, "PATCH", `/api/customers/${customerNo}`, { version, values: { notes: "人が直した" } })).status).toBe(200);
  }
  expect((await house.send(house.near, "POST", `/api/imports/${done.importNo}/undo`)).body).toEqual({ kind: "undoing" });
  expect(await house.settle(house.near, done.importNo)).toMatchObject({ state: "undone", mayUndo: false });
  expect(await house.values(house.near, await no("090-7000-0001"))).toMatchObject({ notes: "元の備考" });
  expect(await house.values(house.near, second)).toMatchObject({ notes: "人が直した" });
  expect(await house.find(house.near, "090-7000-0003")).toEqual([]);
  expect(await house.find(house.near, "090-7000-0004")).toEqual([fourth]);
  expect((await house.send(house.near, "POST", "/api/companies/views", { search: "戻商会" })).body["total"]).toBe(0);
  expect((await house.send(house.near, "POST", `/api/imports/${done.importNo}/undo`)).status).toBe(409);
});

test("every row that imports and undos wrote stands in the ledger as it stands in the store", async () => {
  await house.open.sequencer.sequenceNow();
  const result = await verifyStorehouse(house.open.storehouse, "console");
  expect(result.findings).toEqual([]);
  expect(result.rowsSwept).toBeGreaterThan(15_000);
}, 60_000);

test("what is personal of an import is erased when its term is over, its key first; the customers stay", async () => {
  const done = await house.importAll(
    house.near,
    csvOf([
      ["氏名", "携帯"],
      ["期限　太郎", "090-7100-0001"],
      ["", "12-34"],
    ]),
  );
  expect(done.problems).toBe(1);
  const waiting = (await house.upload(house.near, people(80_000, 10))).body as { importNo: number };
  await house.database.owner.query("update imports set finished_at = finished_at - interval '91 days' where import_no = $1", [done.importNo]);
  await house.database.owner.query("update imports set created_at = created_at - interval '8 days' where import_no = $1", [waiting.importNo]);
  const tidy = importTasks(house.open.storehouse)["import.tidy"];
  await tidy?.run({ payload: {}, attempt: 1, signal: new AbortController().signal, remember: async () => true });
  expect(await count("import_problems where import_no = $1", [done.importNo])).toBe(0);
  expect(await house.show(house.near, done.importNo)).toMatchObject({ state: "done", fileName: null, mayUndo: false });
  expect(house.open.vault.isErased({ kind: "import", no: done.importNo })).toBe(true);
  expect(await house.find(house.near, "090-7100-0001")).toHaveLength(1);
  expect(await house.stateOf(waiting.importNo)).toEqual({ state: "failed", failure: "expired" });
  expect(existsSync(join(files, `import-${waiting.importNo}`))).toBe(false);
});
