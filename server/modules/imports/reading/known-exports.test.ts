import { describe, expect, it } from "vitest";
import { findHeader } from "./find-header.ts";
import { guessMapping } from "./guess-mapping.ts";
import { joinParts } from "./join-parts.ts";
import { recogniseExport } from "./known-exports.ts";
import { standardFields } from "#shared/fields.ts";

/** Headers as the products write them, and one person whom nobody is. */
const files: Record<string, { source: string; header: string; row: string; values: Record<string, string> }> = {
  "Salesforce, Japanese report": {
    source: "salesforce",
    header: "敬称,姓,名,役職,取引先名,町名・番地(郵送先),市区郡(郵送先),都道府県(郵送先),郵便番号(郵送先),国(郵送先),電話,Fax,携帯,メール,取引先 所有者",
    row: "様,架空,太郎,部長,株式会社見本,芝公園1-2-3,港区,東京都,105-0011,日本,03-1111-2222,03-1111-2223,090-1111-2222,taro@mihon.example,営業 一郎",
    values: {
      fullName: "架空　太郎",
      jobTitle: "部長",
      companyName: "株式会社見本",
      address: "東京都港区芝公園1-2-3",
      postalCode: "105-0011",
      phone: "03-1111-2222",
      fax: "03-1111-2223",
      mobile: "090-1111-2222",
      mail: "taro@mihon.example",
      owner: "営業 一郎",
    },
  },
  "Salesforce, English report": {
    source: "salesforce",
    header:
      "Salutation,First Name,Last Name,Title,Account Name,Mailing Street,Mailing City,Mailing State/Province,Mailing Zip/Postal Code,Mailing Country,Phone,Fax,Mobile,Email,Account Owner",
    row: "Mr.,太郎,架空,部長,株式会社見本,芝公園1-2-3,港区,東京都,105-0011,Japan,03-1111-2222,,090-1111-2222,taro@mihon.example,営業 一郎",
    values: {
      fullName: "架空　太郎",
      jobTitle: "部長",
      companyName: "株式会社見本",
      address: "東京都港区芝公園1-2-3",
      postalCode: "105-0011",
      phone: "03-1111-2222",
      mobile: "090-1111-2222",
      mail: "taro@mihon.example",
      owner: "営業 一郎",
    },
  },
  "kintone, list of customers": {
    source: "kintone",
    header: "レコード番号,更新者,作成者,更新日時,作成日時,会社名,部署名,担当者名,郵便番号,住所,TEL,FAX,メールアドレス,備考",
    row: "1,運用 花子,運用 花子,2026/11/20 10:00,2026/11/01 9:00,株式会社見本,営業部,架空 太郎,1050011,東京都港区芝公園1-2-3,03-1111-2222,03-1111-2223,taro@mihon.example,お得意",
    values: {
      fullName: "架空 太郎",
      companyName: "株式会社見本",
      section: "営業部",
      postalCode: "1050011",
      address: "東京都港区芝公園1-2-3",
      phone: "03-1111-2222",
      fax: "03-1111-2223",
      mail: "taro@mihon.example",
      notes: "お得意",
    },
  },
  "HubSpot, Japanese": {
    source: "hubspot",
    header:
      "レコードID - コンタクト,名,姓,Eメール,電話番号,コンタクトの担当者,会社名,役職,リードステータス,最終アクティビティー日,作成日,都道府県/地域,市区町村,番地,郵便番号,国/地域",
    row: "51,太郎,架空,taro@mihon.example,03-1111-2222,営業 一郎,株式会社見本,部長,新規,2026-11-01 09:00,2026-10-01 09:00,東京都,港区,芝公園1-2-3,105-0011,日本",
    values: {
      fullName: "架空　太郎",
      mail: "taro@mihon.example",
      phone: "03-1111-2222",
      owner: "営業 一郎",
      companyName: "株式会社見本",
      jobTitle: "部長",
      address: "東京都港区芝公園1-2-3",
      postalCode: "105-0011",
    },
  },
  "HubSpot, English": {
    source: "hubspot",
    header: "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lead Status,Create Date,Associated Company",
    row: "51,太郎,架空,taro@mihon.example,03-1111-2222,営業 一郎,New,2026-10-01 09:00,株式会社見本",
    values: { fullName: "架空　太郎", mail: "taro@mihon.example", phone: "03-1111-2222", owner: "営業 一郎", companyName: "株式会社見本" },
  },
  Sansan: {
    source: "sansan",
    header: "名刺交換日,会社名,部署名,役職,姓,名,e-mail,郵便番号,住所,TEL会社,TEL部門,TEL直通,Fax,携帯電話,URL,名刺所有者",
    row: "2026/10/01,株式会社見本,営業部,部長,架空,太郎,taro@mihon.example,105-0011,東京都港区芝公園1-2-3,03-1111-2222,,03-1111-2299,03-1111-2223,090-1111-2222,https://mihon.example,営業 一郎",
    values: {
      companyName: "株式会社見本",
      section: "営業部",
      jobTitle: "部長",
      fullName: "架空　太郎",
      mail: "taro@mihon.example",
      postalCode: "105-0011",
      address: "東京都港区芝公園1-2-3",
      phone: "03-1111-2222",
      fax: "03-1111-2223",
      mobile: "090-1111-2222",
      owner: "営業 一郎",
    },
  },
  Eight: {
    source: "eight",
    header:
      "会社名,部署名,役職,氏名,e-mail,郵便番号,住所,TEL会社,TEL部門,TEL直通,Fax,携帯電話,URL,名刺交換日,Eightでつながっている人,再データ化中の名刺,'?'を含んだデータ",
    row: "株式会社見本,営業部,部長,架空 太郎,taro@mihon.example,105-0011,東京都港区芝公園1-2-3,03-1111-2222,,,03-1111-2223,090-1111-2222,https://mihon.example,2026/10/01,1,,",
    values: {
      companyName: "株式会社見本",
      section: "営業部",
      jobTitle: "部長",
      fullName: "架空 太郎",
      mail: "taro@mihon.example",
      postalCode: "105-0011",
      address: "東京都港区芝公園1-2-3",
      phone: "03-1111-2222",
      fax: "03-1111-2223",
      mobile: "090-1111-2222",
    },
  },
  "弥生, customers' ledger": {
    source: "yayoi",
    header:
      "得意先コード,得意先名称,フリガナ,略称,郵便番号,住所1,住所2,部署名,役職名,ご担当者,敬称,TEL,FAX,メールアドレス,取引区分,税転嫁,与信限度額,担当者コード,担当者名",
    row: "0012,株式会社見本,カブシキガイシャミホン,見本,105-0011,東京都港区芝公園1-2-3,見本ビル3F,営業部,部長,架空 太郎,様,03-1111-2222,03-1111-2223,taro@mihon.example,掛売上,請求時,1000000,7,営業 一郎",
    values: {
      memberNumber: "0012",
      companyName: "株式会社見本",
      postalCode: "105-0011",
      address: "東京都港区芝公園1-2-3 見本ビル3F",
      section: "営業部",
      jobTitle: "部長",
      fullName: "架空 太郎",
      phone: "03-1111-2222",
      fax: "03-1111-2223",
      mail: "taro@mihon.example",
      owner: "営業 一郎",
    },
  },
  "Google Contacts": {
    source: "google",
    header:
      "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,Website 1 - Label,Website 1 - Value",
    row: "太郎,,架空,タロウ,,カクウ,,,,,株式会社見本,部長,営業部,1980-04-01,お得意,https://photo.example/1,* myContacts,Work,taro@mihon.example,Home,taro@home.example,Work,03-1111-2222,Work,東京都港区芝公園1-2-3,芝公園1-2-3,港区,,東京都,105-0011,JP,見本ビル3F,Work,https://mihon.example",
    values: {
      fullName: "架空　太郎",
      kana: "カクウ　タロウ",
      companyName: "株式会社見本",
      jobTitle: "部長",
      section: "営業部",
      birthDate: "1980-04-01",
      notes: "お得意",
      mail: "taro@mihon.example",
      phone: "03-1111-2222",
      address: "東京都港区芝公園1-2-3 見本ビル3F",
      postalCode: "105-0011",
    },
  },
  "Outlook, Japanese": {
    source: "outlook",
    header:
      "肩書き,名,ミドル ネーム,姓,敬称,会社名,部署,役職,番地 (会社),番地 2 (会社),番地 3 (会社),市区町村 (会社),都道府県 (会社),郵便番号 (会社),国 (会社)/地域,番地 (自宅),市区町村 (自宅),都道府県 (自宅),郵便番号 (自宅),国 (自宅)/地域,秘書の電話,会社 FAX,会社電話,会社電話 2,会社代表電話,自宅 FAX,自宅電話,携帯電話,メモ,誕生日,電子メール アドレス,電子メールの種類,電子メール表示名,電子メール 2 アドレス,名 フリガナ,姓 フリガナ,会社名フリガナ,Web ページ",
    row: ",太郎,,架空,様,株式会社見本,営業部,部長,芝公園1-2-3,見本ビル3F,,港区,東京都,105-0011,日本,,,,,,,03-1111-2223,03-1111-2222,,,,,090-1111-2222,お得意,1980/4/1,taro@mihon.example,SMTP,架空 太郎,,タロウ,カクウ,ミホン,",
    values: {
      fullName: "架空　太郎",
      kana: "カクウ　タロウ",
      companyName: "株式会社見本",
      section: "営業部",
      jobTitle: "部長",
      address: "東京都港区芝公園1-2-3 見本ビル3F",
      postalCode: "105-0011",
      fax: "03-1111-2223",
      phone: "03-1111-2222",
      mobile: "090-1111-2222",
      notes: "お得意",
      birthDate: "1980/4/1",
      mail: "taro@mihon.example",
    },
  },
  "Outlook, English, at home": {
    source: "outlook",
    header:
      "First Name,Middle Name,Last Name,Title,Suffix,Given Yomi,Surname Yomi,E-mail Address,E-mail 2 Address,Home Phone,Business Phone,Mobile Phone,Business Fax,Company Main Phone,Manager's Name,Assistant's Name,Job Title,Department,Company,Business Street,Business City,Business State,Business Postal Code,Home Street,Home City,Home State,Home Postal Code,Home Country/Region,Birthday,Notes",
    row: "花子,,見本,Ms.,,ハナコ,ミホン,hanako@home.example,,,,090-3333-4444,,,,,,,,,,,,梅田1-2-3,大阪市北区,大阪府,530-0001,Japan,1984/2/29,",
    values: {
      fullName: "見本　花子",
      kana: "ミホン　ハナコ",
      mail: "hanako@home.example",
      mobile: "090-3333-4444",
      address: "大阪府大阪市北区梅田1-2-3",
      postalCode: "530-0001",
      birthDate: "1984/2/29",
    },
  },
};

describe("exports of other products", () => {
  it.each(Object.keys(files))("of %s are recognised and map themselves", (name) => {
    const { source, header, row, values } = files[name] as (typeof files)[string];
    const headers = header.split(",");
    const cells = row.split(",");
    expect(cells).toHaveLength(headers.length);
    const rows = [headers, cells, cells].map((each, at) => ({ row: at + 1, cells: each }));
    expect(findHeader(rows).headerRow).toBe(1);
    expect(recogniseExport(headers)?.source).toBe(source);
    const columns = new Map<string, number[]>();
    for (const { column, field } of guessMapping(headers, [cells, cells])) if (field !== null) columns.set(field, [...(columns.get(field) ?? []), column]);
    const got = [...columns].map(([field, of]) => {
      const type = standardFields.find((each) => each.kind === "customer" && each.key === field)?.type ?? "text";
      return [
        field,
        joinParts(
          type,
          of.map((column) => cells[column] as string),
        ),
      ] as const;
    });
    expect(Object.fromEntries(got.filter(([, value]) => value !== ""))).toEqual(values);
  });

  it("are not seen where there are none: a list of one's own belongs to nobody", () => {
    expect(
      recogniseExport(["顧客番号", "氏名", "フリガナ", "会社名", "部署", "役職", "メール", "電話", "携帯", "FAX", "郵便番号", "住所", "備考"]),
    ).toBeUndefined();
    expect(recogniseExport(["First Name", "Last Name", "Company", "Email", "Phone", "Title", "Notes"])).toBeUndefined();
    expect(recogniseExport(["得意先コード", "得意先名", "住所", "電話", "作成日", "更新日時"])).toBeUndefined();
  });
});
