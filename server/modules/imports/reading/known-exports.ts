import type { importSources } from "#shared/imports.ts";
import { foldHeader, type HeaderMeaning } from "./header-words.ts";

export type ImportSource = (typeof importSources)[number];

/** `field`, `field part`, `field part @group`, with `~` for a second choice; "" for a column that is nothing of a customer here. */
type Meaning = string;

interface KnownExport {
  readonly source: ImportSource;
  /** So many of `marks` make it this product's file. */
  readonly least: number;
  /** Headers that hardly any other list has, separated by bars. */
  readonly marks: string;
  readonly columns: readonly (readonly [meaning: Meaning, headers: string])[];
  /** Whole families of columns that are nothing of a customer here; tried on the folded header. */
  readonly nothing?: RegExp;
  /** The reading is the firm's: it is left out where the file names a person. */
  readonly readsCompany?: true;
}

/**
 * What other products call their columns when they write their customers or contacts out, as their documentation and files
 * show it. Words that mean the same everywhere stand in header-words.ts; here stands what is a product's own.
 */
const knownExports: readonly KnownExport[] = [
  {
    source: "eight",
    least: 1,
    marks: "Eightでつながっている人|再データ化中の名刺|'?'を含んだデータ",
    columns: [
      ["phone", "TEL会社"],
      ["phone ~", "TEL部門|TEL直通"],
      ["", "名刺交換日|URL|Eightでつながっている人|再データ化中の名刺|'?'を含んだデータ"],
    ],
  },
  {
    source: "sansan",
    least: 2,
    marks: "名刺交換日|TEL会社|TEL部門|TEL直通|名刺所有者|名刺ID|名刺作成日|名刺所有者メールアドレス|Sansan登録日",
    columns: [
      ["phone", "TEL会社"],
      ["phone ~", "TEL部門|TEL直通"],
      ["owner", "名刺所有者|所有者"],
      ["", "名刺交換日|名刺ID|名刺作成日|名刺所有者メールアドレス|Sansan登録日|会社ID|人物ID|タグ|URL"],
    ],
  },
  {
    source: "salesforce",
    least: 2,
    marks:
      "Mailing Street|Mailing City|Mailing State/Province|Mailing State|Mailing Zip/Postal Code|Mailing Postal Code|Account Owner|Contact Owner|Contact ID|Account ID|Lead Source|Salutation|取引先 所有者|取引先責任者 所有者|取引先責任者 ID|取引先 ID|取引先責任者名|リードソース|町名・番地(郵送先)|市区郡(郵送先)|都道府県(郵送先)|郵便番号(郵送先)|町名・番地(請求先)|市区郡(請求先)",
    columns: [
      ["address 1", "Mailing State/Province|Mailing State|都道府県(郵送先)"],
      ["address 2", "Mailing City|市区郡(郵送先)"],
      ["address 4", "Mailing Street|Mailing Address Line 1|町名・番地(郵送先)"],
      ["postalCode", "Mailing Zip/Postal Code|Mailing Postal Code|郵便番号(郵送先)"],
      ["companyName", "Account Name|取引先名"],
      ["fullName", "取引先責任者名|Contact Name"],
      ["jobTitle", "Title|役職"],
      ["notes", "Description|説明|Contact Description"],
      ["owner", "Contact Owner|取引先責任者 所有者|取引先責任者所有者"],
      ["owner ~", "Account Owner|取引先 所有者"],
      [
        "",
        "Salutation|敬称|Mailing Country|国(郵送先)|Lead Source|リードソース|Contact ID|Account ID|取引先責任者 ID|取引先 ID|Reports To|上司|Assistant|アシスタント|Asst. Phone|Account Phone|取引先 電話",
      ],
    ],
    nothing: /^other(?!phone)|^asst|その他$|アシスタント/,
  },
  {
    source: "hubspot",
    least: 2,
    marks:
      "Record ID|Record ID - Contact|Contact owner|Lead Status|Lifecycle Stage|Create Date|Last Activity Date|Marketing contact status|Associated Company|レコードID|レコードID - コンタクト|コンタクトの担当者|コンタクト担当者|リードステータス|ライフサイクルステージ|最終アクティビティー日|最終アクティビティー日時|マーケティングコンタクトのステータス|マーケティングコンタクトステータス|関連付けられた会社",
    columns: [
      ["owner", "Contact owner|コンタクトの担当者|コンタクト担当者"],
      ["companyName", "Company Name|会社名"],
      ["companyName ~", "Associated Company|Primary Company|関連付けられた会社"],
      ["address 1", "State/Region|都道府県/地域"],
      ["address 2", "City|市区町村"],
      ["address 4", "Street Address|番地|住所"],
      [
        "",
        "Record ID|Record ID - Contact|レコードID|レコードID - コンタクト|Lead Status|リードステータス|Lifecycle Stage|ライフサイクルステージ|Create Date|作成日|Last Activity Date|最終アクティビティー日|最終アクティビティー日時|Marketing contact status|マーケティングコンタクトのステータス|マーケティングコンタクトステータス|Country/Region|国/地域|Website URL|Content Topics|Associated Company IDs",
      ],
    ],
  },
  {
    source: "kintone",
    least: 3,
    marks:
      "レコード番号|更新者|作成者|更新日時|作成日時|作業者|レコードの開始行|Record number|Updated by|Created by|Updated datetime|Created datetime|$id|$revision",
    columns: [
      [
        "",
        "レコード番号|更新者|作成者|更新日時|作成日時|作業者|ステータス|レコードの開始行|Record number|Updated by|Created by|Updated datetime|Created datetime|$id|$revision|カテゴリー",
      ],
    ],
  },
  {
    source: "yayoi",
    least: 3,
    marks:
      "得意先コード|得意先名称|略称|締グループ|請求先コード|請求先名|与信限度額|取引区分|税転嫁|単価種類|得意先分類1|金額端数処理|税端数処理|参照表示|ご担当者|カスタマバーコード|掛率",
    columns: [
      ["companyName", "得意先名称|名称|得意先名"],
      ["memberNumber", "得意先コード|コード"],
      ["fullName", "ご担当者|先方担当者"],
      ["owner", "担当者|担当者名"],
      [
        "",
        "略称|敬称|締グループ|請求先コード|請求先名|与信限度額|取引区分|税転嫁|単価種類|金額端数処理|税端数処理|参照表示|カスタマバーコード|掛率|担当者コード|法人番号",
      ],
    ],
    nothing: /^得意先分類\d?$|^ランク|残高/,
    readsCompany: true,
  },
  {
    source: "google",
    least: 3,
    marks:
      "E-mail 1 - Value|E-mail 1 - Label|E-mail 1 - Type|Phone 1 - Value|Phone 1 - Label|Phone 1 - Type|Organization Name|Organization 1 - Name|Phonetic First Name|Phonetic Last Name|Yomi Name|Given Name Yomi|Family Name Yomi|Address 1 - Formatted|Address 1 - Postal Code|Group Membership|File As|Name Prefix|Labels",
    columns: [
      ["fullName 1", "Last Name|Family Name"],
      ["fullName 2", "First Name|Given Name"],
      ["kana", "Yomi Name"],
      ["kana 1", "Phonetic Last Name|Family Name Yomi"],
      ["kana 2", "Phonetic First Name|Given Name Yomi"],
      ["companyName", "Organization Name|Organization 1 - Name"],
      ["jobTitle", "Organization Title|Organization 1 - Title"],
      ["section", "Organization Department|Organization 1 - Department"],
      ["mail", "E-mail 1 - Value"],
      ["phone", "Phone 1 - Value"],
      ["postalCode", "Address 1 - Postal Code"],
      ["address 1", "Address 1 - Region"],
      ["address 2", "Address 1 - City"],
      ["address 4", "Address 1 - Street"],
      ["address 9", "Address 1 - Extended Address"],
      [
        "",
        "Middle Name|Additional Name|Phonetic Middle Name|Additional Name Yomi|Name Prefix|Name Suffix|Initials|Nickname|Short Name|Maiden Name|File As|Location|Billing Information|Directory Server|Mileage|Occupation|Hobby|Sensitivity|Priority|Subject|Language|Photo|Labels|Group Membership",
      ],
    ],
    nothing:
      /^(?:email|phone|address|website|organization|relation|event|im|customfield|externalid|calendarlink|jot)\d+(?:label|type|service|country|pobox|formatted|yominame|symbol|location|jobdescription)$|^(?:email|phone|address)(?:[2-9]|\d\d)|^(?:website|relation|event|im|customfield)\d/,
  },
  {
    source: "outlook",
    least: 3,
    marks:
      "E-mail 2 Address|E-mail Display Name|Business Street|Business City|Business Postal Code|Business Fax|Home Street|Company Main Phone|Manager's Name|Assistant's Name|TTY/TDD Phone|Other Street|Given Yomi|Surname Yomi|番地 (会社)|市区町村 (会社)|郵便番号 (会社)|番地 (自宅)|電子メール アドレス|電子メール 2 アドレス|電子メール表示名|ミドル ネーム|会社電話 2|会社代表電話|会社名フリガナ",
    columns: [
      ["fullName 1", "Last Name|姓"],
      ["fullName 2", "First Name|名"],
      ["kana 1", "Surname Yomi|姓 フリガナ"],
      ["kana 2", "Given Yomi|名 フリガナ"],
      ["companyName", "Company|会社名"],
      ["section", "Department|部署"],
      ["jobTitle", "Job Title|役職"],
      ["mail", "E-mail Address|電子メール アドレス"],
      ["phone", "Business Phone|会社電話"],
      ["phone ~", "Home Phone|自宅電話"],
      ["mobile", "Mobile Phone|携帯電話"],
      ["fax", "Business Fax|会社 FAX"],
      ["postalCode 0 @work", "Business Postal Code|郵便番号 (会社)"],
      ["postalCode 0 @home", "Home Postal Code|郵便番号 (自宅)"],
      ["address 1 @work", "Business State|都道府県 (会社)"],
      ["address 2 @work", "Business City|市区町村 (会社)"],
      ["address 4 @work", "Business Street|番地 (会社)"],
      ["address 5 @work", "Business Street 2|番地 2 (会社)"],
      ["address 6 @work", "Business Street 3|番地 3 (会社)"],
      ["address 1 @home", "Home State|都道府県 (自宅)"],
      ["address 2 @home", "Home City|市区町村 (自宅)"],
      ["address 4 @home", "Home Street|番地 (自宅)"],
      ["address 5 @home", "Home Street 2|番地 2 (自宅)"],
      ["address 6 @home", "Home Street 3|番地 3 (自宅)"],
      ["notes", "Notes|メモ"],
      [
        "",
        "Title|肩書き|敬称|Suffix|Middle Name|ミドル ネーム|Nickname|ニックネーム|Office Location|勤務先|Account|アカウント|Categories|分類項目|キーワード|Keywords|Company Yomi|会社名フリガナ|Manager's Name|上司の名前|Assistant's Name|秘書の氏名|Spouse|配偶者|Children|子供|Anniversary|記念日|Web Page|Web ページ|Location|場所|Language|言語|Hobby|趣味|Initials|イニシャル|Organizational ID Number|組織 ID 番号|Government ID Number|政府 ID 番号|Sensitivity|秘密度|Priority|優先度|Profession|職業|Referred By|紹介者|Billing Information|支払い条件|Mileage|経費情報",
      ],
    ],
    nothing:
      /^other|^その他|その他(?:地域)?$|^email(?:[2-9]|type|displayname)|^電子メール(?:[2-9]|ノ種類|種類|表示名)|country|^国|地域$|phone2$|電話2$|^(?:primary|car|radio|callback|assistants|companymain|ttytdd)(?:phone)?$|^(?:秘書ノ電話|会社代表電話|コールバック|自動車電話|通常ノ電話|無線電話|ポケットベル|ttytdd|テレックス|isdn)$|^homefax$|^自宅fax$|pobox|私書箱|^(?:user|ユーザー)[1-4]$|addresspo/,
  },
];

interface Compiled {
  readonly source: ImportSource;
  readonly least: number;
  readonly marks: ReadonlySet<string>;
  readonly columns: ReadonlyMap<string, HeaderMeaning | null>;
  readonly nothing: RegExp | undefined;
  readonly readsCompany: boolean;
}

const compiled: readonly Compiled[] = knownExports.map(({ source, least, marks, columns, nothing, readsCompany }) => ({
  source,
  least,
  marks: new Set(marks.split("|").map(foldHeader)),
  columns: new Map(columns.flatMap(([meaning, headers]) => headers.split("|").map((header) => [foldHeader(header), meaningOf(meaning)] as const))),
  nothing,
  readsCompany: readsCompany === true,
}));

function meaningOf(meaning: Meaning): HeaderMeaning | null {
  const [field = "", ...rest] = meaning.split(" ");
  if (field === "") return null;
  const part = rest.find((word) => /^\d/.test(word));
  const group = rest.find((word) => word.startsWith("@"))?.slice(1) ?? "";
  return { field, part: Number(part ?? 0), group, confidence: rest.includes("~") ? 0.9 : 0.97 };
}

export interface RecognisedExport {
  readonly source: ImportSource;
  readonly readsCompany: boolean;
  /** What a header means in this product's files; `null`: nothing of a customer; `undefined`: what it means everywhere. */
  readonly meaningOf: (header: string) => HeaderMeaning | null | undefined;
}

/** Whose file it is by its headers: the product with the most marks, if they are enough. */
export function recogniseExport(headers: readonly string[]): RecognisedExport | undefined {
  const folded = new Set(headers.map(foldHeader));
  let best: { known: Compiled; marks: number } | undefined;
  for (const known of compiled) {
    const marks = [...known.marks].filter((mark) => folded.has(mark)).length;
    if (marks >= known.least && (best === undefined || (marks > best.marks && best.known.source !== "eight"))) best = { known, marks };
  }
  if (best === undefined) return undefined;
  const { source, columns, nothing, readsCompany } = best.known;
  return {
    source,
    readsCompany,
    meaningOf: (header) => {
      const word = foldHeader(header);
      const meaning = columns.get(word);
      return meaning === undefined && nothing?.test(word) === true ? null : meaning;
    },
  };
}
