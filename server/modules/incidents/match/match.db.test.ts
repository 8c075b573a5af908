import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eraseCustomer } from "#server/app/erase-customer.ts";
import { actAs } from "#server/core/door/index.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import { insertCustomers } from "#server/modules/customers/index.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { writeRawWorkbook } from "#tests/files/write-raw-workbook.ts";

let house: SeededHouse;
let officer: Caller;
let sales: Caller;
let incidentNo: number;
let tanaka: number;
let hanako: number;
let sato: number;
let double: number;

const people = [
  { fullName: "田中　太郎", kana: "タナカ　タロウ", phone: "03-1234-5678", address: "東京都千代田区丸の内1-2-3", birthDate: "1980-04-01" },
  { fullName: "田中　花子", kana: "タナカ　ハナコ", phone: "03-1234-5678", address: "東京都千代田区丸の内1-2-3" },
  { fullName: "佐藤　邊一", kana: "サトウ　ヘンイチ", mail: "sato@kura.example", companyName: "蔵番商事株式会社" },
  { fullName: "佐藤　邊一", kana: "サトウ　ヘンイチ", address: "大阪府大阪市北区梅田1-1-1" },
];

beforeAll(async () => {
  house = await openSeededHouse([["sales"], ["privacy-officer"]]);
  [sales, officer] = house.callers as [Caller, Caller];
  const far = house.cells.get("far")?.cellNo as number;
  const { numbers } = await actAs(house.open.storehouse, "system", "customer.created", randomUUID(), (context) =>
    insertCustomers(
      context,
      people.map((values) => ({ ownerNo: null, cellNo: far, companyNo: null, values })),
      { indexed: true },
    ),
  );
  [tanaka, hanako, sato, double] = numbers as [number, number, number, number];
  const opened = await send("POST", "/api/incidents", { playbook: "loss-theft", knownAt: new Date().toISOString(), what: "名簿の紛失" });
  incidentNo = opened.body["incidentNo"] as number;
}, 60_000);
afterAll(() => house.close());

const send = (method: string, url: string, body?: unknown, caller: Caller = officer): Promise<Reply> =>
  request(house, { method, url, cookie: caller.cookie, body });
const upload = (text: string | Buffer, caller: Caller = officer): Promise<Reply> =>
  request(house, {
    method: "POST",
    url: `/api/incidents/${incidentNo}/matches`,
    cookie: caller.cookie,
    body: Buffer.from(text as string),
    headers: { "content-type": "application/octet-stream", "x-file-name": encodeURIComponent("紛失した名簿.csv") },
  });
interface Row {
  row: number;
  listed: { key: string; text: unknown }[];
  candidates: { customerNo: number; reasons: string[]; fullName: unknown; isChosen: boolean }[];
  isDecided: boolean;
}
const rowsOf = async (matchNo: number, outcome: string): Promise<Row[]> =>
  (await send("POST", `/api/incidents/${incidentNo}/matches/${matchNo}/rows`, { outcome })).body["rows"] as Row[];
const listOf = async (matchNo: number): Promise<Record<string, unknown>> =>
  ((await send("GET", `/api/incidents/${incidentNo}/matches`)).body["matches"] as Record<string, unknown>[]).find((one) => one["matchNo"] === matchNo) ?? {};

test("a pasted list finds who is meant for all slips of the pen, asks about the rest, and says who is not here", async () => {
  const reply = await upload(
    [
      "氏名,電話,メール,住所",
      "田中太郎,０３（１２３４）５６７８,,", // for sure, though the household shares its telephone
      "田中太朗,,,千代田区丸の内１丁目２番３号", // one letter wrong, prefecture left out
      "佐藤辺一,,sato@kura.exmaple,", // a form of a kanji and a mail misspelt
      "佐藤邊一,,,", // a name that two have
      "山本次郎,06-0000-0000,,",
    ].join("\r\n"),
  );
  expect(reply.status).toBe(200);
  const matchNo = reply.body["matchNo"] as number;
  expect((await rowsOf(matchNo, "sure")).map((row) => [row.row, ...row.candidates.map((one) => one.customerNo)])).toEqual([
    [2, tanaka],
    [3, tanaka],
    [4, sato],
  ]);
  const [ambiguous] = await rowsOf(matchNo, "ambiguous");
  expect(ambiguous?.candidates.map((one) => one.customerNo)).toEqual([sato, double]);
  expect(ambiguous?.candidates[0]?.reasons).toEqual(["same-name"]);
  expect((await rowsOf(matchNo, "none")).map((row) => row.listed)).toEqual([
    [
      { key: "fullName", text: "山本次郎" },
      { key: "phone", text: "06-0000-0000" },
    ],
  ]);
  expect(await listOf(matchNo)).toMatchObject({ fileName: "紛失した名簿.csv", rowCount: 5, sure: 3, ambiguous: 1, none: 1, undecided: 1, people: 2 });
});

test("names that nobody headed are names, and a line alone may be a name and a telephone", async () => {
  const names = (await upload("田中　花子\r\n山本　次郎\r\n鈴木　三郎\r\n")).body["matchNo"] as number;
  expect((await rowsOf(names, "ambiguous")).map((row) => row.candidates.map((one) => one.customerNo))).toEqual([[hanako]]);
  const both = (await upload("田中花子\t03-1234-5678\r\n山本次郎\t06-1111-2222\r\n")).body["matchNo"] as number;
  expect((await rowsOf(both, "sure")).map((row) => row.candidates.map((one) => one.customerNo))).toEqual([[hanako]]);
});

test("the officer settles what was ambiguous, with whomever or nobody; the list comes to those people", async () => {
  const matchNo = (await upload("氏名\r\n佐藤邊一\r\n田中太郎\r\n")).body["matchNo"] as number;
  expect(await listOf(matchNo)).toMatchObject({ undecided: 2, people: 0 });
  const { version } = (await send("GET", `/api/incidents/${incidentNo}`)).body["incident"] as { version: number };
  const closing = await send("PATCH", `/api/incidents/${incidentNo}`, { version, isClosed: true });
  expect([closing.status, closing.body["facts"]]).toEqual([409, { reason: "rows-undecided" }]);
  const settled = await send("POST", `/api/incidents/${incidentNo}/matches/${matchNo}/settle`, {
    rows: [
      { row: 2, customerNos: [double, sato] },
      { row: 3, customerNos: [] },
    ],
  });
  expect(settled.body).toMatchObject({ undecided: 0, people: 2 });
  expect((await send("GET", `/api/incidents/${incidentNo}/matches/${matchNo}/people`)).body).toEqual({ customerNos: [sato, double], undecided: 0 });
  expect((await rowsOf(matchNo, "ambiguous"))[0]?.candidates.every((one) => one.isChosen)).toBe(true);
  const settle = (rows: object[]): Promise<Reply> => send("POST", `/api/incidents/${incidentNo}/matches/${matchNo}/settle`, { rows });
  expect((await settle([{ row: 2, customerNos: [999_999] }])).body["code"]).toBe("invalid-input");
  expect((await settle([{ row: 77, customerNos: [sato] }])).body["code"]).toBe("not-found");
});

test("the event of a match says how many and never who; whose names were shown, and of whom a reason told something, is in the event of the list", async () => {
  const matchNo = (await upload("氏名,電話\r\n田中太郎,03-1234-5678\r\n")).body["matchNo"] as number;
  const { events } = await listEvents(house.database.app, { types: ["incident.people-matched"], limit: 1 });
  expect(events[0]?.facts).toMatchObject({ incidentNo, matchNo, rows: 1, sure: 1, ambiguous: 0, none: 0 });
  expect(events[0]?.releases.filter((release) => release.kind === "customer")).toEqual([]);
  expect(JSON.stringify(events[0]?.facts)).not.toContain("田中");
  await rowsOf(matchNo, "sure");
  const shown = await listEvents(house.database.app, { types: ["incident.match-rows-listed"], limit: 1 });
  const [release] = shown.events[0]?.releases.filter((one) => one.kind === "customer") ?? [];
  expect([release?.numbers, release?.fields.map(([no]) => no).toSorted((a, b) => a - b)]).toEqual([[tanaka], [1, 2, 7, 8]]);
});

test("nobody else matches, reads or settles; a list that is none is refused and leaves nothing", async () => {
  for (const reply of [
    await upload("氏名\r\n田中太郎\r\n", sales),
    await send("GET", `/api/incidents/${incidentNo}/matches`, undefined, sales),
    await send("POST", `/api/incidents/${incidentNo}/matches/1/rows`, { outcome: "sure" }, sales),
    await send("POST", `/api/incidents/${incidentNo}/matches/1/settle`, { rows: [{ row: 2, customerNos: [] }] }, sales),
    await send("GET", `/api/incidents/${incidentNo}/matches/1/people`, undefined, sales),
  ]) {
    expect([reply.status, reply.body["code"]]).toEqual([403, "not-permitted"]);
  }
  const { rows: before } = await house.database.owner.query("select count(*)::integer as lists from incident_matches");
  expect((await upload("%PDF-1.4 and so on")).body["code"]).toBe("file-unreadable");
  expect((await house.database.owner.query("select count(*)::integer as lists from incident_matches")).rows).toEqual(before);
});

test("what was written of somebody who is erased dies with the person", async () => {
  const matchNo = (await upload("氏名,電話\r\n田中花子,03-1234-5678\r\n田中太郎,03-1234-5678\r\n")).body["matchNo"] as number;
  await eraseCustomer(house.open, hanako);
  const [gone, kept] = await rowsOf(matchNo, "sure");
  expect(gone).toMatchObject({ listed: [], candidates: [{ customerNo: hanako, fullName: null }] });
  expect(kept?.listed[0]?.text).toBe("田中太郎");
}, 30_000);

test("a list that was made to burst is refused with its reason and leaves nothing, and the house answers others meanwhile", async () => {
  const { matches } = (await send("GET", `/api/incidents/${incidentNo}/matches`)).body as { matches: unknown[] };
  const head = `<row r="1"><c r="A1" t="inlineStr"><is><t>氏名</t></is></c></row>`;
  const sheet = (data: string): Buffer => writeRawWorkbook({ sheets: [{ name: "a", data: head + data }] });
  const bursting: [string, Buffer | string][] = [
    ["zip-bomb", sheet("<row></row>".repeat(2 * 1024 * 1024))],
    ["zip-bomb", writeRawWorkbook({ sheets: [{ name: "a", data: head }], change: (entry) => ({ ...entry, claimedSize: 1024 ** 3 }) })],
    ["xml-malformed", sheet(`<row>${"<is>".repeat(100)}</row>`)],
    ["too-many-columns", sheet(`<row><c r="XFD2" t="inlineStr"><is><t>田中</t></is></c></row>`)],
    ["row-too-long", `氏名\n${"田".repeat(3_000_000)}`],
    ["nul-byte", `氏名\n${"田中\n".repeat(12_000)}田\0中\n`],
    ["wrong-type", "%PDF-1.7\n"],
    ["nul-byte", Buffer.concat([Buffer.from("MZ\x90\0"), Buffer.alloc(50_000)])],
  ];
  for (const [reason, bytes] of bursting) {
    const [refused, other] = await Promise.all([upload(bytes), send("GET", "/api/session", undefined, sales)]);
    expect([reason, refused.body, other.status]).toMatchObject([reason, { code: "file-unreadable", facts: { reason } }, 200]);
  }
  expect((await upload(`氏名\n${"-\n".repeat(60_000)}`)).body).toMatchObject({ code: "file-too-large" });
  expect(((await send("GET", `/api/incidents/${incidentNo}/matches`)).body as { matches: unknown[] }).matches).toHaveLength(matches.length);
});

test("a cell as long as Excel takes is read as far as a name goes, and a sheet that says it is full of rows is as long as it is", async () => {
  const long = `<row r="2"><c r="A2" t="s"><v>0</v></c></row><row r="3"><c r="A3" t="inlineStr"><is><t>田中 太郎</t></is></c></row>`;
  const bytes = writeRawWorkbook({
    strings: `<si><t>${"田".repeat(32_767)}</t></si>`,
    sheets: [{ name: "a", data: `<row r="1"><c r="A1" t="inlineStr"><is><t>氏名</t></is></c></row>${long}` }],
    change: (entry) =>
      entry.name.includes("sheet1")
        ? { ...entry, content: String(entry.content).replace("<sheetData>", `<dimension ref="A1:XFD1048576"/><sheetData>`) }
        : entry,
  });
  const reply = await upload(bytes);
  expect(reply.status).toBe(200);
  const { rows } = (await send("POST", `/api/incidents/${incidentNo}/matches/${Number(reply.body["matchNo"])}/rows`, { outcome: "none" })).body as {
    rows: Row[];
  };
  expect(rows.map(({ row, listed }) => [row, String(listed[0]?.text).length])).toEqual([[2, 200]]);
});
