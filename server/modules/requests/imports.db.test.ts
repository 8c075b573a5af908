import { afterAll, beforeAll, expect, test } from "vitest";
import { eraseCustomer } from "#server/app/erase-customer.ts";
import { openBlobText } from "#server/core/vault/opening.ts";
import { importTasks } from "#server/modules/imports/index.ts";
import type { Job } from "#server/platform/jobs/index.ts";
import { openImportHouse, type ImportHouse } from "#tests/support/import-house.ts";

let house: ImportHouse;
beforeAll(async () => {
  house = await openImportHouse();
}, 60_000);
afterAll(() => house.close());

const file = (section: string): Buffer =>
  Buffer.from(`氏名,メール,携帯,部署\r\n停止 太郎,teishi@example.jp,090-1111-2222,${section}\r\n消去 花子,shokyo@example.jp,12-34,${section}\r\n`);

test("an import leaves a suspended person alone in every mode, neither changed nor taken in anew, and says so in a row to check", async () => {
  const first = await house.importAll(house.near, file("営業部"));
  expect(first).toMatchObject({ added: 2 });
  const [suspended] = (await house.find(house.near, "teishi@example.jp")) as [number];
  expect(await house.importAll(house.near, file("購買部"), { duplicates: "update" })).toMatchObject({ updated: 2, added: 0 });
  expect((await house.values(house.near, suspended))["section"]).toBe("購買部");

  expect((await house.send(house.near, "POST", `/api/customers/${suspended}/suspend`, { reason: "ご本人の申し出" })).status).toBe(200);
  for (const duplicates of ["update", "add"] as const) {
    const done = await house.importAll(house.near, file(`総務部${duplicates}`), { duplicates });
    const { problems } = await house.problems(house.near, done.importNo);
    expect([duplicates, problems.filter((problem) => problem.row === 2).map((problem) => problem.code)]).toEqual([duplicates, ["duplicate-in-store"]]);
  }
  expect((await house.values(house.near, suspended))["section"]).toBe("購買部");
  expect(await house.find(house.near, "teishi@example.jp")).toEqual([suspended]);
});

test("what an import still holds of an erased person is gone, and its key with it, so that an older backup opens none of it", async () => {
  const done = await house.importAll(house.near, Buffer.from("氏名,メール,携帯\r\n残り 次郎,nokori@example.jp,12-34\r\n"));
  const [customerNo] = (await house.find(house.near, "nokori@example.jp")) as [number];
  const kept = async (): Promise<Buffer[]> =>
    (await house.database.owner.query<{ sealed_cells: Buffer }>("select sealed_cells from import_rows where import_no = $1", [done.importNo])).rows.map(
      (row) => row.sealed_cells,
    );
  const backup = await kept();
  const subject = { kind: "import", no: done.importNo } as const;
  expect(backup.map((blob) => openBlobText(house.open.vault, subject, blob)).join()).toContain("残り 次郎");

  await eraseCustomer(house.open, customerNo);
  const { rows: jobs } = await house.database.owner.query<{ payload: { importNo: number } }>("select payload from jobs where task = 'import.tidy-one'");
  expect(jobs.map((job) => job.payload.importNo)).toEqual([done.importNo]);
  const job: Job = { payload: { importNo: done.importNo }, attempt: 1, signal: new AbortController().signal, remember: async () => true };
  await importTasks(house.open.storehouse)["import.tidy-one"]?.run(job);

  expect(await kept()).toEqual([]);
  expect(() => backup.map((blob) => openBlobText(house.open.vault, subject, blob))).toThrow();
});
