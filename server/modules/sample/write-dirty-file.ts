import iconv from "iconv-lite";
import type { rowProblemCodes } from "#shared/imports.ts";
import { customerMaker, type CustomerValues, type SampleCustomer } from "./generate-customers.ts";

type RowProblemCode = (typeof rowProblemCodes)[number];

/** What one row of the file means once it is read as it should be. Values are those of the clean record. */
export interface ExpectedRow {
  /** 1-based, as a spreadsheet shows it; a cell with line breaks is one row. */
  readonly row: number;
  readonly ordinal: number;
  readonly dirt: readonly string[];
  /** The fields that must arrive with these values (spaces and hyphens of phones may differ by the reader's style). */
  readonly values: Partial<Record<keyof CustomerValues, string>>;
}

export interface DirtyFile {
  readonly fileName: string;
  /** CP932, CRLF. */
  readonly bytes: Buffer;
  /** 1-based row of the header; rows above it are titles. */
  readonly headerRow: number;
  readonly header: readonly string[];
  /** Rows that are people, each once, first occurrence. */
  readonly rows: readonly ExpectedRow[];
  /** One for each thing that a reader must say, sorted by row. `column` is 0-based; `null` for the whole row. */
  readonly problems: readonly { readonly row: number; readonly column: number | null; readonly code: RowProblemCode }[];
  /** Empty, sub-total and total rows: neither people nor problems. */
  readonly passedOver: readonly number[];
}

const columns = [
  ["顧客No.", "memberNumber"],
  ["お名前", "fullName"],
  ["ﾌﾘｶﾞﾅ", "kana"],
  ["会社名", "companyName"],
  ["所属", "section"],
  ["役職", "jobTitle"],
  ["E-mail", "mail"],
  ["TEL", "phone"],
  ["携帯", "mobile"],
  ["FAX", "fax"],
  ["〒", "postalCode"],
  ["ご住所", "address"],
  ["生年月日", "birthDate"],
  ["性別", "gender"],
  ["備考", "notes"],
  ["備考", "notes"],
  ["振込口座", "bankAccount"],
] as const satisfies readonly (readonly [string, keyof CustomerValues])[];

const halfKana = new Map(
  [..."アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンァィゥェォャュョッー　"].map((kana, index) => [
    kana,
    [..."ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｬｭｮｯｰ "][index]!,
  ]),
);
/** タカハシ　ゴロウ → ﾀｶﾊｼ ｺﾞﾛｳ. */
export function toHalfWidthKana(text: string): string {
  return [...text.normalize("NFD")].map((one) => halfKana.get(one) ?? (one === "\u3099" ? "ﾞ" : one === "\u309a" ? "ﾟ" : one)).join("");
}
const toFullWidth = (text: string): string => text.replace(/[!-~]/g, (one) => String.fromCodePoint(one.codePointAt(0)! + 0xfee0));
const toHiragana = (text: string): string => text.replace(/[ァ-ヶ]/g, (one) => String.fromCodePoint(one.codePointAt(0)! - 0x60));

/** 1950-04-23 → 昭和25年4月23日. Eras by their first day: 昭和 1926-12-25, 平成 1989-01-08, 令和 2019-05-01. */
function inEra(isoDate: string, style: "long" | "short"): string {
  const [year = 0, month = 0, date = 0] = isoDate.split("-").map(Number);
  const [name, letter, first] =
    isoDate >= "2019-05-01" ? (["令和", "R", 2019] as const) : isoDate >= "1989-01-08" ? (["平成", "H", 1989] as const) : (["昭和", "S", 1926] as const);
  const inYears = year - first + 1;
  return style === "long" ? `${name}${inYears === 1 ? "元" : inYears}年${month}月${date}日` : `${letter}${inYears}.${month}.${date}`;
}
/** Days since 1899-12-30, as Excel counts them. */
const excelSerial = (isoDate: string): string => String(Math.round((Date.parse(`${isoDate}T00:00:00Z`) - Date.UTC(1899, 11, 30)) / 86_400_000));

type Cells = Partial<Record<keyof CustomerValues, string>>;
interface Dirt {
  readonly name: string;
  readonly dress: (
    clean: Cells,
    cells: Cells & { more?: string },
  ) => { problem?: readonly [keyof CustomerValues, RowProblemCode]; loses?: keyof CustomerValues; gains?: Cells } | void;
}

/** Numbers that pass as cards (IIN, length, Luhn) and belong to nobody: the networks publish them for tests. */
const cards = ["4111 1111 1111 1111", "５５５５－５５５５－５５５５－４４４４", "3530111333300000", "378282246310005"] as const;

const ways: readonly Dirt[] = [
  { name: "half-width kana", dress: (clean, cells) => void (cells.kana = toHalfWidthKana(clean.kana ?? "")) },
  {
    name: "phone without leading zero",
    dress: (clean, cells) =>
      void (clean.mobile !== undefined && (cells.mobile = clean.mobile.replaceAll("-", "").slice(1)),
      clean.phone !== undefined && (cells.phone = clean.phone.replaceAll("-", "").slice(1))),
  },
  {
    name: "full-width digits and mail signs",
    dress: (clean, cells) =>
      void (clean.mail !== undefined && (cells.mail = toFullWidth(clean.mail)), clean.phone !== undefined && (cells.phone = toFullWidth(clean.phone))),
  },
  {
    name: "postal code without hyphen, date in era",
    dress: (clean, cells) =>
      void ((cells.postalCode = clean.postalCode?.replace("-", "") ?? ""), clean.birthDate !== undefined && (cells.birthDate = inEra(clean.birthDate, "long"))),
  },
  {
    name: "postal mark, Excel serial date",
    dress: (clean, cells) =>
      void ((cells.postalCode = `〒${clean.postalCode}`), clean.birthDate !== undefined && (cells.birthDate = excelSerial(clean.birthDate))),
  },
  {
    name: "line break and comma in a cell",
    dress: (_, cells) => ((cells.notes = '午前中は不在, 午後に電話\r\n"至急"と伝言あり'), { gains: { notes: '午前中は不在, 午後に電話\n"至急"と伝言あり' } }),
  },
  {
    name: "card number in the notes",
    dress: (clean, cells) => (
      (cells.notes = `支払い ${cards[Number(clean.memberNumber?.slice(-1)) % cards.length]!}`),
      { problem: ["notes", "card-number"], loses: "notes" }
    ),
  },
  {
    name: "slashes in the date, NEC and IBM signs",
    dress: (clean, cells) => (
      clean.birthDate !== undefined && (cells.birthDate = clean.birthDate.split("-").map(Number).join("/")),
      (cells.notes = "①展示会 ②﨑谷様より紹介 ㈱ ㈹"),
      { gains: { notes: "①展示会 ②﨑谷様より紹介 ㈱ ㈹" } }
    ),
  },
  { name: "impossible date", dress: (_, cells) => ((cells.birthDate = "1985/02/31"), { problem: ["birthDate", "bad-date"], loses: "birthDate" }) },
  { name: "mail without domain", dress: (_, cells) => ((cells.mail = "jimusho@"), { problem: ["mail", "bad-mail"], loses: "mail" }) },
  { name: "formula injection", dress: (_, cells) => ((cells.notes = "=cmd|' /C calc'!A0"), { gains: { notes: "=cmd|' /C calc'!A0" } }) },
  { name: "phone that is none", dress: (_, cells) => ((cells.fax = "12-34"), { problem: ["fax", "bad-phone"], loses: "fax" }) },
  { name: "postal code that is none", dress: (_, cells) => ((cells.postalCode = "1234"), { problem: ["postalCode", "bad-postal"], loses: "postalCode" }) },
  {
    name: "hiragana reading, short date in era, gender as one letter",
    dress: (clean, cells) => (
      clean.birthDate !== undefined && (cells.birthDate = inEra(clean.birthDate, "short")),
      (cells.gender = clean.gender?.slice(0, 1) ?? ""),
      (cells.kana = toHiragana(clean.kana ?? "")),
      undefined
    ),
  },
  {
    name: "spaces around",
    dress: (clean, cells) => void ((cells.fullName = `　${clean.fullName} `), clean.mail !== undefined && (cells.mail = ` ${clean.mail} `)),
  },
  { name: "two notes columns", dress: (_, cells) => ((cells.notes = "前半"), (cells.more = "後半"), { gains: { notes: "前半後半" } }) },
  { name: "clean", dress: () => undefined },
];
export const dirtKinds: readonly string[] = ways.map((way) => way.name);

const fitsCp932 = (customer: SampleCustomer): boolean =>
  Object.values(customer.values).every((value) => value === null || iconv.decode(iconv.encode(value, "cp932"), "cp932") === value);

const quote = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/**
 * The customer list as a company really has it: CP932 from Excel with two title rows, every kind of dirt that an
 * importer meets, sub-totals, a total, empty rows and repeated people. Deterministic; `rows` says what must come out.
 * The first person is always 髙橋　一郎 of 株式会社北斗電機, 大阪, with a mobile number ending in 4321.
 */
export function writeDirtyFile(given: { readonly seed: number; readonly people: number }): DirtyFile {
  const make = customerMaker(given.seed);
  const lines: string[][] = [
    ["顧客一覧表(社外秘)", ...Array.from({ length: columns.length - 1 }, () => "")],
    ["", "", "作成: 営業事務　２０２６年１１月", ...Array.from({ length: columns.length - 3 }, () => "")],
    columns.map(([header]) => header),
  ];
  const headerRow = lines.length;
  const rows: ExpectedRow[] = [];
  const problems: { row: number; column: number | null; code: RowProblemCode }[] = [];
  const passedOver: number[] = [];
  const written: string[][] = [];

  let ordinal = 0;
  for (let person = 0; person < given.people; ordinal += 1) {
    const customer = person === 0 ? takahashi(make(0)) : make(ordinal);
    if (!fitsCp932(customer)) continue;
    const clean: Cells = Object.fromEntries(columns.flatMap(([, key]) => (customer.values[key] === null ? [] : [[key, customer.values[key]]])));
    const cells: Cells & { more?: string } = { ...clean };
    const way = ways[person % ways.length]!;
    const outcome = way.dress(clean, cells) ?? {};
    const line = columns.map(([, key], column) => (column === 15 ? (cells.more ?? "") : (cells[key] ?? "")));
    lines.push(line);
    written.push(line);
    const values = { ...clean, ...outcome.gains };
    if (outcome.loses !== undefined) delete values[outcome.loses];
    rows.push({ row: lines.length, ordinal: customer.ordinal, dirt: [way.name], values });
    if (outcome.problem !== undefined) {
      const [key, code] = outcome.problem;
      problems.push({ row: lines.length, column: columns.findIndex(([, field]) => field === key), code });
    }
    person += 1;
    const blank = columns.map(() => "");
    if (person % 23 === 0) {
      lines.push(blank);
      passedOver.push(lines.length);
    }
    if (person % 29 === 0) {
      lines.push(["", "小計", ...blank.slice(3), `${person}件`]);
      passedOver.push(lines.length);
    }
    if (person % 31 === 0) {
      // The same person again, as copied: the mail, phone or name and address say so.
      const again = written[person - 31]!;
      lines.push([...again]);
      problems.push({ row: lines.length, column: null, code: "duplicate-in-file" });
      for (const known of problems.filter((one) => one.row === rows[person - 31]!.row)) problems.push({ ...known, row: lines.length });
    }
  }
  lines.push(columns.map(() => ""));
  passedOver.push(lines.length);
  lines.push(["", "合計", ...columns.slice(3).map(() => ""), `${given.people}件`]);
  passedOver.push(lines.length);

  return {
    fileName: "顧客一覧_営業部(最新).csv",
    bytes: iconv.encode(`${lines.map((line) => line.map(quote).join(",")).join("\r\n")}\r\n`, "cp932"),
    headerRow,
    header: columns.map(([header]) => header),
    rows,
    problems: problems.sort((a, b) => a.row - b.row || (a.column ?? -1) - (b.column ?? -1)),
    passedOver,
  };
}

function takahashi(base: SampleCustomer): SampleCustomer {
  return {
    ...base,
    values: {
      ...base.values,
      fullName: "髙橋　一郎",
      kana: "タカハシ　イチロウ",
      companyName: "㈱北斗電機",
      section: "購買部",
      jobTitle: "課長",
      mail: "i.takahashi@hokuto-denki.example.co.jp",
      phone: "06-6345-0198",
      mobile: "090-1234-4321",
      postalCode: "530-0001",
      address: "大阪府大阪市北区梅田1-2-3",
      birthDate: "1972-08-15",
      gender: "男性",
    },
  };
}
