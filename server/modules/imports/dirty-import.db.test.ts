import { afterAll, beforeAll, describe, expect, test } from "vitest";
import ExcelJS from "exceljs";
import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importFile, importRunTasks, type ImportResult } from "#server/modules/imports/index.ts";
import { startJobs } from "#server/platform/jobs/index.ts";
import { writeDirtyFile } from "#server/modules/sample/index.ts";
import { dirtyCsvText } from "#tests/files/dirty-list.ts";
import { writeZip } from "#tests/files/write-zip.ts";
import { csvOf, openImportHouse, type ImportHouse, type ImportOut } from "#tests/support/import-house.ts";

let house: ImportHouse;
beforeAll(async () => {
  house = await openImportHouse();
});
afterAll(() => house.close());

/** Spaces within names and the hyphens of phones are the reader's own style. */
const loosely = (value: unknown): unknown => (typeof value === "string" ? value.replace(/[\s　-]/g, "") : value);

describe("a list with every dirt, as an office has it", () => {
  const file = writeDirtyFile({ seed: 7, people: 120 });
  const people = file.rows.length;
  const doubled = file.problems.filter(({ code }) => code === "duplicate-in-file").length;
  let done: ImportOut;
  let repeated: ImportResult;
  beforeAll(async () => {
    done = await house.importAll(house.near, file.bytes);
  });

  test("every person goes in once, with the counts of what was passed over", () => {
    expect(done).toMatchObject({
      state: "done",
      encoding: expect.stringMatching(/cp932/i),
      rowsTotal: people + doubled,
      added: people,
      duplicates: doubled,
      skipped: doubled,
    });
  });
  test("each person's values are those of the clean record", async () => {
    for (const expected of file.rows.slice(0, 40)) {
      const [customerNo] = await house.find(house.near, expected.values.memberNumber as string);
      const values = await house.values(house.near, customerNo as number);
      for (const [key, value] of Object.entries(expected.values)) {
        // The office may not write bank accounts, so it imports none.
        if (key !== "bankAccount") {
          expect([key, loosely(values[key])]).toEqual([key, loosely(value)]);
        }
      }
    }
  });
  test("each problem is reported at its cell, and no other", async () => {
    const { problems } = await house.problems(house.near, done.importNo);
    const bank = file.header.indexOf("振込口座");
    expect(problems.map(({ row, column, code }) => ({ row, column, code }))).toEqual(file.problems.filter(({ column }) => column !== bank));
  });
  test("no card number stands in a reply: its digits are veiled in the problem too", async () => {
    const { problems } = await house.problems(house.near, done.importNo);
    const cards = problems.filter(({ code }) => code === "card-number");
    expect(cards.length).toBeGreaterThan(3);
    for (const { value } of cards) {
      expect(String(value).normalize("NFKC").replace(/\D/g, "").length).toBeLessThan(12);
    }
  });
  test("the people of the file are found by old and new kanji, reading and last four digits", async () => {
    for (const search of ["髙橋", "高橋", "タカハシ", "4321"]) {
      const found = await house.find(house.near, search);
      expect(found.length).toBeGreaterThan(0);
    }
  });
  test("the command line's way gives the same, and the second time everybody is known", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kuraban-file-"));
    const jobs = startJobs({ pool: house.database.app, tasks: importRunTasks(house.open.storehouse), concurrency: 1, pollMs: 50 });
    try {
      writeFileSync(join(folder, "list.csv"), file.bytes);
      repeated = await importFile(house.open.storehouse, {
        source: createReadStream(join(folder, "list.csv")),
        fileName: "list.csv",
        cellNo: house.near.cellNo,
        duplicates: "skip",
      });
    } finally {
      await jobs.stop();
      rmSync(folder, { recursive: true });
    }
    expect(repeated).toMatchObject({ rows: people + doubled, added: 0, updated: 0, duplicates: people + doubled });
  });
});

describe("a cell that was held back", () => {
  let importNo: number;
  beforeAll(async () => {
    const done = await house.importAll(
      house.near,
      csvOf([
        ["氏名", "携帯", "生年月日", "備考"],
        ["直し　一", "090-8000-0001", "1985/02/31", "=1+1"],
        ["", "090-12", "", "名前も電話もない"],
      ]),
    );
    expect(done).toMatchObject({ added: 1, skipped: 1, heldBack: 2, problems: 2 });
    importNo = done.importNo;
  });
  const correct = async (index: number, value: string) => {
    const { problems } = await house.problems(house.near, importNo);
    return house.send(house.near, "POST", `/api/imports/${importNo}/problems/${problems[index]?.problemNo}/correct`, { value });
  };

  test("is corrected in the customer that the row became", async () => {
    expect((await correct(0, "1985/02/30")).body).toEqual({ kind: "still-wrong", code: "bad-date" });
    const { body } = await correct(0, "昭和60年2月28日");
    expect(body).toMatchObject({ kind: "imported" });
    expect(await house.values(house.near, body["customerNo"] as number)).toMatchObject({ birthDate: "1985-02-28", notes: "=1+1" });
    expect((await correct(0, "1985/02/28")).status).toBe(409);
  });
  test("makes a customer of a row that was held back as a whole", async () => {
    const { body } = await correct(1, "090-8000-0002");
    expect(body).toMatchObject({ kind: "imported" });
    expect(await house.values(house.near, body["customerNo"] as number)).toMatchObject({ mobile: "090-8000-0002", notes: "名前も電話もない" });
    expect(await house.show(house.near, importNo)).toMatchObject({ added: 2, skipped: 0 });
    expect((await house.problems(house.near, importNo)).problems.map(({ state }) => state)).toEqual(["corrected", "corrected"]);
  });
  test("goes with the rest when the import is undone", async () => {
    await house.send(house.near, "POST", `/api/imports/${importNo}/undo`);
    await house.settle(house.near, importNo);
    expect([...(await house.find(house.near, "090-8000-0001")), ...(await house.find(house.near, "090-8000-0002"))]).toEqual([]);
  });
});

describe("the same list in other clothes", () => {
  test.each([
    ["UTF-8 with a byte order mark", (text: string) => Buffer.from(`\ufeff${text}`, "utf8")],
    ["UTF-16", (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")])],
  ])("goes in as %s", async (_name, encode) => {
    const done = await house.importAll(house.far, encode(dirtyCsvText()), { duplicates: "add" });
    expect(done).toMatchObject({ state: "done", added: 4 });
  });
  test("goes in from the second sheet of an Excel file, dates and numbers as they are shown there", async () => {
    const workbook = new ExcelJS.Workbook();
    workbook.addWorksheet("表紙").addRow(["顧客一覧"]);
    const sheet = workbook.addWorksheet("名簿");
    sheet.addRow(["氏名", "携帯", "生年月日", "郵便番号"]);
    for (let no = 0; no < 30; no += 1) {
      sheet.addRow([`表　${no}`, 9_060_000_000 + no, new Date(Date.UTC(1980, 3, 1 + (no % 28))), 1_050_011]);
    }
    const done = await house.importAll(house.far, Buffer.from(await workbook.xlsx.writeBuffer()));
    expect(done).toMatchObject({ state: "done", encoding: null, added: 30, problems: 0 });
    const [customerNo] = await house.find(house.far, "090-6000-0003");
    expect(await house.values(house.far, customerNo as number)).toMatchObject({ fullName: "表 3", birthDate: "1980-04-04", postalCode: "105-0011" });
  });
});

describe("what is no list", () => {
  const bomb = writeZip([{ name: "_rels/.rels", content: Buffer.alloc(64 * 1024 * 1024) }]);
  test.each([
    ["nothing", Buffer.alloc(0), "empty-file"],
    ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]), "wrong-type"],
    ["NUL bytes", Buffer.concat([Buffer.from("氏名,電話\r\n"), Buffer.alloc(3_000)]), "nul-byte"],
    ["ten thousand columns", Buffer.from(`${Array.from({ length: 10_000 }, (_, index) => `列${index}`).join(",")}\r\n`), "too-many-columns"],
    ["a zip bomb", bomb, "zip-bomb"],
    ["another zip", writeZip([{ name: "readme.txt", content: "x" }]), "other-zip"],
  ])("is refused with its reason: %s", async (_name, bytes, reason) => {
    const before = await house.database.owner.query("select import_no from imports");
    const reply = await house.upload(house.near, bytes);
    expect(reply).toMatchObject({ status: 422, body: { code: "file-unreadable", facts: { reason } } });
    expect((await house.database.owner.query("select import_no from imports")).rowCount).toBe(before.rowCount);
  });
  test("a file announced as a gigabyte is refused before it is read", async () => {
    await house.app.listen({ host: "127.0.0.1", port: 0 });
    const { port } = house.app.server.address() as AddressInfo;
    const socket = connect(port, "127.0.0.1");
    const head = [
      "POST /api/imports HTTP/1.1",
      "host: 127.0.0.1",
      "x-kuraban: 1",
      `cookie: ${house.near.cookie}`,
      "content-type: application/octet-stream",
      "x-file-name: large.csv",
      `content-length: ${2 ** 30}`,
    ];
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    socket.write("氏名,電話\r\n");
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });
  test("a body without a name, or from nobody, is refused", async () => {
    expect((await house.send(house.near, "POST", "/api/imports")).status).toBe(400);
    expect((await house.upload({ ...house.near, cookie: "kuraban-session=none" }, Buffer.from("氏名\r\n甲\r\n"))).status).toBe(401);
  });
});
