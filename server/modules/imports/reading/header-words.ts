/**
 * What a column may become: a field key of customers, `owner` (the member of staff in charge), `department`, or
 * `contact` (a 担当者, who is the customer in a list of companies and the owner in a list of persons).
 */
export interface HeaderMeaning {
  readonly field: string;
  /** 0: the whole value. Otherwise the place of this part when several columns make one value. */
  readonly part: number;
  /** `home`, `work`, … when the header says which of several addresses or phones it is; "" otherwise. */
  readonly group: string;
  /** 0 to 1. */
  readonly confidence: number;
}

/** Fold a header: NFKC, lower case, hiragana as katakana, without remarks such as （必須）, signs and spaces. */
export function foldHeader(header: string): string {
  const folded = header.normalize("NFKC").toLowerCase();
  const bare = folded
    .replace(/[([【〔<](?:必須|任意|半角|全角|半角数字|全角カナ|カナ不可|required|optional|例.*?|ハイフン.*?)[)\]】〕>]/g, "")
    .replace(/[\s_:;*※★■●◆・.,、。'"`|/\\\-()[\]【】〔〕「」『』<>＊]+/g, "");
  return bare.replace(/[ぁ-ゖ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60));
}

const words: readonly (readonly [field: string, part: number, headers: string])[] = [
  [
    "fullName",
    0,
    "氏名 名前 お名前 姓名 氏名漢字 漢字氏名 名前漢字 顧客名 顧客氏名 お客様名 お客様氏名 客名 会員名 会員氏名 契約者 契約者名 契約者氏名 加入者名 購入者名 注文者名 受取人 宛名 宛先名 個人名 本人氏名 代表者 代表者名 代表者氏名 フルネーム 参加者名 申込者 申込者名 申込者氏名 利用者名 患者名 生徒名 受講者名 name fullname customername customer contactname personname displayname client clientname membername",
  ],
  ["fullName", 1, "姓 氏 苗字 名字 姓漢字 漢字姓 氏名姓 お名前姓 名前姓 lastname familyname surname sei"],
  ["fullName", 2, "名 名漢字 漢字名 氏名名 お名前名 名前名 firstname givenname forename mei"],
  [
    "kana",
    0,
    "フリガナ フリカナ カナ ヨミガナ ヨミカナ ヨミ 読み 読み仮名 仮名 氏名カナ 氏名フリガナ 氏名カナ名 カナ氏名 名前カナ 名前フリガナ お名前カナ お名前フリガナ カナ名 顧客名カナ 顧客カナ 顧客名フリガナ 会員名カナ 会員カナ 氏名ヨミ 氏名ヨミガナ 氏名読み セイメイ シメイ 担当者名カナ 担当者カナ 担当者フリガナ kana furigana namekana kananame reading phonetic phoneticname yomi",
  ],
  ["kana", 1, "セイ 姓カナ 姓フリガナ カナ姓 フリガナ姓 姓ヨミ 姓ヨミガナ 氏名カナ姓 ミョウジ lastnamekana seikana phoneticlastname"],
  ["kana", 2, "メイ 名カナ 名フリガナ カナ名前 フリガナ名 名ヨミ 名ヨミガナ 氏名カナ名 firstnamekana meikana phoneticfirstname"],
  [
    "companyName",
    0,
    "会社 会社名 企業 企業名 勤務先 勤務先名 勤務先名称 勤め先 法人 法人名 法人名称 貴社名 御社名 社名 取引先 取引先名 取引先名称 得意先 得意先名 得意先名称 仕入先名 団体名 組織 組織名 所属会社 所属先 所属企業 学校名 店名 店舗名 屋号 商号 名称 正式名称 company companyname organization organisation organizationname corporation employer account accountname firm",
  ],
  [
    "section",
    0,
    "部署 部署名 所属 所属部署 所属部署名 所属名 部門 部門名 部課 部課名 課 課名 支店 支店名 営業所 営業所名 事業所 事業所名 section division department dept",
  ],
  ["jobTitle", 0, "役職 役職名 肩書 肩書き 職位 職名 職種 職業 ポジション title jobtitle position"],
  [
    "mail",
    0,
    "メール メールアドレス メアド eメール eメールアドレス 電子メール 電子メールアドレス イーメール pcメール pcメールアドレス アドレスメール 連絡用メール mail email emailaddress mailaddress e-mailaddress eメイル メイル",
  ],
  [
    "phone",
    0,
    "電話 電話番号 tel telno tel番号 ℡ 連絡先 連絡先電話 連絡先電話番号 固定電話 固定電話番号 代表電話 代表電話番号 代表tel 直通 直通電話 日中連絡先 phone phonenumber telephone telephonenumber telephoneno phoneno",
  ],
  ["phone", 1, "市外局番"],
  ["phone", 2, "市内局番 局番"],
  ["phone", 3, "加入者番号"],
  [
    "mobile",
    0,
    "携帯 携帯電話 携帯番号 携帯電話番号 携帯tel ケータイ モバイル モバイル番号 スマホ スマートフォン mobile mobilephone mobilenumber cell cellphone cellular",
  ],
  ["fax", 0, "fax faxno fax番号 ファックス ファクス ファックス番号 ファクシミリ ファクシミリ番号 facsimile faxnumber"],
  ["postalCode", 0, "郵便番号 郵便 〒 〒番号 郵便no 郵便コード zip zipcode postalcode postcode postal"],
  ["postalCode", 1, "郵便番号上 郵便番号上3桁 郵便番号前 郵便番号親番 zip前"],
  ["postalCode", 2, "郵便番号下 郵便番号下4桁 郵便番号後 郵便番号子番 zip後"],
  ["address", 1, "都道府県 都道府県名 県名 都道府県市 prefecture state province"],
  ["address", 2, "市区町村 市区町村名 市区 市町村 市区郡 区市町村 市町村名 city"],
  ["address", 3, "住所 ご住所 所在地 現住所 本社住所 本社所在地 居住地 送付先 届け先 お届け先 番地前住所 address fulladdress streetaddress location"],
  ["address", 4, "町域 町名 町域名 字 大字 丁目 町村 town street address町域"],
  ["address", 5, "番地 丁目番地 町名番地 番地以下 以降の住所 それ以降の住所 住所詳細 町域番地 地番 番地等"],
  ["address", 9, "建物 建物名 ビル ビル名 マンション マンション名 建物名等 建物名部屋番号 建物名号室 方書 部屋番号 アパート名 building apartment addressline2"],
  ["birthDate", 0, "生年月日 誕生日 生年月日西暦 生年月日和暦 お誕生日 誕生年月日 出生日 出生年月日 dob birthdate birthday dateofbirth"],
  ["birthDate", 1, "生年 誕生年 生年月日年 生まれ年 birthyear"],
  ["birthDate", 2, "生月 誕生月 生年月日月 birthmonth"],
  ["birthDate", 3, "生日 生年月日日 誕生日日 birthday日"],
  ["gender", 0, "性別 男女 男女別 性 gender sex"],
  [
    "notes",
    0,
    "備考 備考欄 メモ 摘要 特記 特記事項 コメント 注記 注意事項 その他 連絡事項 補足 ノート 自由記入欄 自由記述 notes note remarks remark memo comment comments description",
  ],
  [
    "memberNumber",
    0,
    "顧客番号 顧客コード 顧客id 顧客no 顧客cd 会員番号 会員id 会員no 会員コード お客様番号 お客様コード お客様id 得意先コード 得意先番号 得意先cd 取引先コード 取引先番号 取引先cd 管理番号 契約番号 登録番号 契約者番号 コード 番号 no id cd code customerid customerno customernumber customercode memberid memberno membernumber accountnumber recordid",
  ],
  ["bankAccount", 0, "口座 口座番号 銀行口座 振込口座 振込先 振込先口座 引落口座 口座情報 bankaccount"],
  ["considerations", 0, "配慮事項 要配慮事項 配慮 アレルギー 既往症 障害 障がい 病歴 健康状態 considerations"],
  [
    "owner",
    0,
    "営業担当 営業担当者 営業担当者名 担当営業 担当営業名 弊社担当 弊社担当者 当社担当 当社担当者 自社担当 自社担当者 担当社員 担当スタッフ 主担当 主担当者 担当員 担当mr owner salesrep salesperson assignedto assignee",
  ],
  ["department", 0, "担当部署 担当部門 管轄 管轄部署 担当支店 担当営業所 担当店 担当課 ownerdepartment"],
  ["contact", 0, "担当者 担当者名 担当者氏名 担当 担当名 窓口 窓口担当者 contact contactperson"],
];

/** Columns that this product's own files have beside those of customers: never a value of anybody, whatever their cells look like. */
const beside = new Set(
  "元のファイルの行 確認が必要な列 確認が必要な値 確認が必要な理由 直し方 Row_of_the_file Column_to_check Value_to_check Reason_to_check How_to_correct_it ほかの項目 写真"
    .split(" ")
    .map(foldHeader),
);

/** Whether a column is never a value of a customer, so that not even its cells are asked. */
export function isBeside(header: string): boolean {
  return beside.has(foldHeader(header));
}

const known = new Map<string, { field: string; part: number }>();
for (const [field, part, headers] of words) for (const header of headers.split(" ")) known.set(foldHeader(header), { field, part });

/** Which of several: the prefix is cut off and the rest looked up. */
const groups: readonly (readonly [group: string, prefix: RegExp])[] = [
  ["home", /^(?:自宅|個人|本人|home|personal|private)/],
  ["work", /^(?:会社|勤務先|勤め先|法人|企業|本社|職場|work|business|company|office)/],
  ["delivery", /^(?:送付先|配送先|届ケ先|オ届ケ先|納品先|送リ先|shipping|delivery)/],
  ["billing", /^(?:請求先|請求書送付先|billing)/],
  ["emergency", /^(?:緊急連絡先|緊急|保護者|emergency)/],
];

const fragments: readonly (readonly [RegExp, string, number])[] = [
  [/メールマガジン|メルマガ|dm|配信|希望|可否|有無|同意|フラグ|区分|種別|ランク|ステータス|状態/, "", 0],
  [/担当.*(?:カナ|フリガナ)/, "kana", 0],
  [/(?:カナ|フリガナ|ヨミガナ)$/, "kana", 0],
  [/メール|mail/, "mail", 0],
  [/携帯|モバイル|mobile/, "mobile", 0],
  [/fax|ファックス/, "fax", 0],
  [/郵便番号|〒|zip|postal/, "postalCode", 0],
  [/電話|tel$|phone/, "phone", 0],
  [/住所|所在地|address/, "address", 3],
  [/生年月日|誕生日|birth/, "birthDate", 0],
  [/性別/, "gender", 0],
  [/口座/, "bankAccount", 0],
  [/(?:会社|企業|法人|勤務先|取引先|得意先)名/, "companyName", 0],
  [/氏名|お名前$/, "fullName", 0],
  [/備考|メモ/, "notes", 0],
  [/役職/, "jobTitle", 0],
];

/** What a header says by itself; `undefined` for words that mean no field of a customer. */
export function readHeader(header: string): HeaderMeaning | undefined {
  const folded = foldHeader(header);
  if (folded === "" || folded.length > 40 || beside.has(folded)) return undefined;
  const exact = lookUp(folded);
  if (exact !== undefined) return { ...exact, group: "", confidence: 0.95 };
  const polite = folded.replace(/^(?:オ客様ノ?|顧客ノ?|会員ノ?|契約者ノ?|先方|貴社|ゴ|御|オ(?=名|電|住))/, "");
  if (polite !== folded) {
    const found = lookUp(polite);
    if (found !== undefined) return { ...found, group: "", confidence: 0.9 };
  }
  for (const [group, prefix] of groups) {
    const rest = polite.replace(prefix, "").replace(/^ノ/, "");
    const found = rest === polite ? undefined : lookUp(rest);
    if (found !== undefined) return { ...found, group, confidence: 0.9 };
  }
  for (const [fragment, field, part] of fragments) {
    if (fragment.test(folded))
      return field === "" ? undefined : { field, part, group: groups.find(([, prefix]) => prefix.test(folded))?.[0] ?? "", confidence: 0.7 };
  }
  return undefined;
}

/** A trailing number makes a part: 住所2 follows 住所1, 備考2 follows 備考1, 電話番号3 follows 電話番号2. */
function lookUp(folded: string): { field: string; part: number } | undefined {
  const whole = known.get(folded);
  if (whole !== undefined) return whole;
  const numbered = /^(.+?)([1-9])$/.exec(folded);
  if (numbered?.[1] === undefined) return undefined;
  const base = known.get(numbered[1]);
  if (base === undefined) return undefined;
  return { field: base.field, part: base.field === "address" ? base.part + (Number(numbered[2]) - 1) * 0.1 : Number(numbered[2]) };
}
