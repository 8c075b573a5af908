import { afterAll, beforeAll, expect, test } from "vitest";
import { csvOf, openImportHouse, type ImportHouse } from "#tests/support/import-house.ts";

let house: ImportHouse;
beforeAll(async () => {
  house = await openImportHouse();
});
afterAll(() => house.close());

const header = ["顧客番号", "氏名", "フリガナ", "会社名", "メール", "電話", "携帯", "住所", "備考"];
const person = (no: number, more: Partial<Record<string, string>> = {}): string[] => {
  const of: Record<string, string> = {
    顧客番号: `N${no}`,
    氏名: `髙橋　${["一郎", "二郎", "三郎", "四郎", "五郎"][no % 5]}${no}`,
    フリガナ: "タカハシ　イチロウ",
    会社名: `株式会社山田電機${no % 3}`,
    メール: `person${no}@example.co.jp`,
    電話: "",
    携帯: `090-${String(1000 + no)}-${String(2000 + no)}`,
    住所: `東京都港区芝公園${no}-1`,
    備考: "",
    ...more,
  };
  return header.map((name) => of[name] ?? "");
};

test("a list goes in, and its people are found with their companies", async () => {
  const done = await house.importAll(house.near, csvOf([header, ...Array.from({ length: 12 }, (_, index) => person(100 + index))]));
  expect(done).toMatchObject({
    state: "done",
    rowsTotal: 12,
    rowsDone: 12,
    added: 12,
    updated: 0,
    duplicates: 0,
    problems: 0,
    mayUndo: true,
    accountNo: house.near.accountNo,
  });
  const [customerNo] = await house.find(house.near, "person105@example.co.jp");
  expect(await house.values(house.near, customerNo as number)).toMatchObject({ fullName: "髙橋　一郎105", memberNumber: "N105", mobile: "090-1105-2105" });
  expect(await house.find(house.near, "タカハシ")).toHaveLength(12);
  const companies = await house.send(house.near, "POST", "/api/companies/views", { search: "山田電機1" });
  expect(companies.body).toMatchObject({ total: 1, rows: [{ customers: 4 }] });
});

test("the same list again changes nothing when duplicates are skipped, and says so row by row", async () => {
  const rows = [person(200), person(201)];
  await house.importAll(house.near, csvOf([header, ...rows]));
  const again = await house.importAll(house.near, csvOf([header, ...rows, person(202), person(202)]));
  expect(again).toMatchObject({ added: 1, updated: 0, skipped: 3, duplicates: 3, problems: 3 });
  expect((await house.problems(house.near, again.importNo)).problems.map(({ row, column, code, outcome }) => ({ row, column, code, outcome }))).toEqual([
    { row: 2, column: null, code: "duplicate-in-store", outcome: "row-skipped" },
    { row: 3, column: null, code: "duplicate-in-store", outcome: "row-skipped" },
    { row: 5, column: null, code: "duplicate-in-file", outcome: "row-skipped" },
  ]);
  expect(await house.find(house.near, "N200")).toHaveLength(1);
});

test("in the mode update the file's values are put over the customer's, others stay, and the history shows both", async () => {
  await house.importAll(house.near, csvOf([header, person(300, { 備考: "前の備考" })]));
  const changed = await house.importAll(house.near, csvOf([header, person(300, { 住所: "大阪府大阪市北区梅田1-2-3", 備考: "" })]), { duplicates: "update" });
  expect(changed).toMatchObject({ added: 0, updated: 1, duplicates: 1, problems: 0 });
  const [customerNo] = await house.find(house.near, "N300");
  expect(await house.values(house.near, customerNo as number)).toMatchObject({ address: "大阪府大阪市北区梅田1-2-3", notes: "前の備考" });
  const { body } = await house.send(house.near, "GET", `/api/customers/${customerNo}/history`);
  const [edit] = body["edits"] as { type: string; fields: { field: string; before: unknown; after: unknown }[] }[];
  expect(edit).toMatchObject({ type: "import.batch", fields: [{ field: "address", before: "東京都港区芝公園300-1", after: "大阪府大阪市北区梅田1-2-3" }] });
});

test("in the mode add everybody goes in", async () => {
  const done = await house.importAll(house.near, csvOf([header, person(310), person(310)]), { duplicates: "add" });
  expect(done).toMatchObject({ added: 2, duplicates: 1, problems: 0 });
});

test("one telephone shared by two names makes two people; one name and telephone written otherwise is one", async () => {
  const done = await house.importAll(
    house.near,
    csvOf([
      ["氏名", "電話"],
      ["渡邊　一", "03-3000-0001"],
      ["渡邉　二", "03-3000-0001"],
      ["渡辺一", "０３（３０００）０００１"],
    ]),
  );
  expect(done).toMatchObject({ added: 2, duplicates: 1 });
});

test("another department finds nobody of it, and neither sees the import nor its file", async () => {
  const done = await house.importAll(house.near, csvOf([header, person(400)]));
  expect(await house.find(house.far, "person400@example.co.jp")).toEqual([]);
  for (const [method, path] of [
    ["GET", ""],
    ["GET", "/preview"],
    ["GET", "/problems"],
    ["POST", "/undo"],
  ] as const) {
    expect((await house.send(house.far, method, `/api/imports/${done.importNo}${path}`)).status).toBe(404);
  }
  const { body } = await house.send(house.far, "GET", "/api/imports");
  expect((body["imports"] as { importNo: number }[]).filter(({ importNo }) => importNo === done.importNo)).toEqual([]);
});

test("a customer of another department is no duplicate: its existence does not show", async () => {
  await house.importAll(house.near, csvOf([header, person(410)]));
  expect(await house.importAll(house.far, csvOf([header, person(410)]))).toMatchObject({ added: 1, duplicates: 0 });
});

test("a field that the importer may not write is left out of the proposal and refused in a mapping", async () => {
  const file = csvOf([
    ["氏名", "電話", "振込口座"],
    ["口座　太郎", "03-3000-0100", "普通 1234567"],
  ]);
  const { importNo } = (await house.upload(house.near, file)).body as { importNo: number };
  const { mapping, columns } = await house.preview(house.near, importNo);
  expect(mapping.columns.find(({ column }) => column === 2)?.field).toBeNull();
  expect(columns[2]).toMatchObject({ header: "振込口座", reason: "none" });
  const forced = { ...mapping, columns: mapping.columns.map((one) => (one.column === 2 ? { ...one, field: "bankAccount" } : one)) };
  expect(await house.start(house.near, importNo, forced)).toMatchObject({ status: 403, body: { code: "not-permitted", facts: { field: "bankAccount" } } });
  expect((await house.start(house.near, importNo, { ...mapping, cellNo: house.far.cellNo })).status).toBe(403);
  expect((await house.start(house.near, importNo, { ...mapping, columns: [{ column: 0, field: "none-such" }] })).body["code"]).toBe("invalid-input");
  expect((await house.start(house.near, importNo, mapping)).status).toBe(200);
  expect(await house.settle(house.near, importNo)).toMatchObject({ state: "done", added: 1 });
});

test("a mapping that was corrected is proposed for the next file with such headers, to its author alone", async () => {
  const file = (no: number): Buffer =>
    csvOf([
      ["氏名", "電話", "ひとこと"],
      [`覚　${no}`, `03-3000-${String(2000 + no)}`, "メモ"],
    ]);
  const first = (await house.upload(house.near, file(1))).body as { importNo: number };
  const { mapping } = await house.preview(house.near, first.importNo);
  const corrected = { ...mapping, columns: mapping.columns.map((one) => (one.column === 2 ? { ...one, field: "notes" } : one)) };
  await house.start(house.near, first.importNo, corrected);
  await house.settle(house.near, first.importNo);
  const second = (await house.upload(house.near, file(2))).body as { importNo: number };
  const proposal = await house.preview(house.near, second.importNo);
  expect(proposal.mapping.columns).toEqual(corrected.columns);
  expect(proposal.columns.map(({ reason }) => reason)).toEqual(["saved", "saved", "saved"]);
  const other = (await house.upload(house.far, file(3))).body as { importNo: number };
  expect((await house.preview(house.far, other.importNo)).columns[2]?.reason).not.toBe("saved");
});

test("owner and department by their names; who is unknown is reported and the row kept", async () => {
  const done = await house.importAll(
    house.near,
    csvOf([
      ["氏名", "電話", "営業担当", "担当部署"],
      ["担当　一", "03-3000-3001", "近　太郎", "近部"],
      ["担当　二", "03-3000-3002", "誰　某", "近部"],
      ["担当　三", "03-3000-3003", "", "遠部"],
    ]),
  );
  expect(done).toMatchObject({ added: 3, problems: 2 });
  const { problems } = await house.problems(house.near, done.importNo);
  expect(problems.map(({ row, column, field, code, value }) => ({ row, column, field, code, value }))).toEqual([
    { row: 3, column: 2, field: "owner", code: "unknown-owner", value: "誰　某" },
    { row: 4, column: 3, field: "department", code: "unknown-department", value: "遠部" },
  ]);
  const { body } = await house.send(house.near, "GET", `/api/customers/${(await house.find(house.near, "03-3000-3001"))[0]}`);
  expect(body).toMatchObject({ ownerNo: house.near.accountNo, cellNo: house.near.cellNo });
});

test("the job acts with the rights of the moment: of an account that was disabled nothing goes in", async () => {
  const leaver = await house.addImporter({ name: "去 人", department: "near", roles: ["office"] });
  const { importNo } = (await house.upload(leaver, csvOf([header, person(500)]))).body as { importNo: number };
  const { mapping } = await house.preview(leaver, importNo);
  await house.start(leaver, importNo, mapping);
  await house.database.owner.query("update accounts set state = 'disabled' where account_no = $1", [leaver.accountNo]);
  await house.work(async () => (await house.stateOf(importNo)).state !== "running");
  expect(await house.stateOf(importNo)).toEqual({ state: "failed", failure: "not-permitted" });
  expect(await house.find(house.near, "N500")).toEqual([]);
});

test("people of an entrusted list are the company's: new ones, and those who were there already", async () => {
  const first = csvOf([
    ["氏名", "携帯"],
    ["預り　一郎", "090-7777-0001"],
  ]);
  const of = async (bytes: Buffer, consignorNo?: number): Promise<number> => {
    const { importNo } = (await house.upload(house.near, bytes)).body as { importNo: number };
    const { mapping } = await house.preview(house.near, importNo);
    await house.start(house.near, importNo, { ...mapping, ...(consignorNo === undefined ? {} : { consignorNo }) });
    await house.settle(house.near, importNo);
    return importNo;
  };
  await of(first);
  const { rows: companies } = await house.database.owner.query<{ no: number }>(
    "insert into companies (version, created_at, updated_at) values (1, now(), now()) returning company_no as no",
  );
  const companyNo = companies[0]!.no;
  const importNo = await of(
    csvOf([
      ["氏名", "携帯"],
      ["預り　一郎", "090-7777-0001"],
      ["預り　二郎", "090-7777-0002"],
    ]),
    companyNo,
  );
  const { rows } = await house.database.owner.query<{ import_no: number }>("select import_no from entrusted_customers where company_no = $1", [companyNo]);
  expect(rows).toEqual([{ import_no: importNo }, { import_no: importNo }]);

  // Undone: who was here before is not the company's any more, and who was added goes into the trash with the mark.
  await house.send(house.near, "POST", `/api/imports/${importNo}/undo`);
  expect(await house.settle(house.near, importNo)).toMatchObject({ state: "undone" });
  const left = await house.database.owner.query<{ state: string }>(
    "select c.state from entrusted_customers e join customers c using (customer_no) where e.company_no = $1",
    [companyNo],
  );
  expect(left.rows).toEqual([{ state: "trashed" }]);
  expect((await house.send(house.near, "GET", `/api/companies/${companyNo}/entrusted`)).body).toMatchObject({ people: 0, imports: [] });
});

test("undoing an import takes the mark of the entrusting company from whom it puts back, and leaves it where somebody went on with the record", async () => {
  const rows = [1, 2].map((no) => [`預け　${no}郎`, `090-7778-000${no}`, `azuke${no}@example.jp`]);
  const of = async (bytes: Buffer, more: object): Promise<number> => {
    const { importNo } = (await house.upload(house.near, bytes)).body as { importNo: number };
    const { mapping } = await house.preview(house.near, importNo);
    await house.start(house.near, importNo, { ...mapping, ...more });
    await house.settle(house.near, importNo);
    return importNo;
  };
  await of(csvOf([["氏名", "携帯", "メール"], ...rows]), {});
  const { rows: companies } = await house.database.owner.query<{ no: number }>(
    "insert into companies (version, created_at, updated_at) values (1, now(), now()) returning company_no as no",
  );
  const companyNo = companies[0]!.no;
  const importNo = await of(csvOf([["氏名", "携帯", "メール", "役職"], ...rows.map((row) => [...row, "部長"])]), {
    consignorNo: companyNo,
    duplicates: "update",
  });
  const [putBack, goneOn] = (await Promise.all([1, 2].map((no) => house.find(house.near, `azuke${no}@example.jp`)))).map(([no]) => no as number);
  const { version } = (await house.send(house.near, "GET", `/api/customers/${goneOn}`)).body as { version: number };
  expect((await house.send(house.near, "PATCH", `/api/customers/${goneOn}`, { version, values: { jobTitle: "社長" } })).status).toBe(200);
  await house.send(house.near, "POST", `/api/imports/${importNo}/undo`);
  expect(await house.settle(house.near, importNo)).toMatchObject({ state: "undone" });
  const left = await house.database.owner.query<{ customer_no: number; import_no: number | null }>(
    "select customer_no, import_no from entrusted_customers where company_no = $1",
    [companyNo],
  );
  expect(left.rows).toEqual([{ customer_no: goneOn, import_no: null }]);
  expect((await house.send(house.near, "GET", `/api/customers/${putBack}`)).status).toBe(200);
});
