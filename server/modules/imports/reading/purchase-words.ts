import type { importSources, purchaseColumns } from "#shared/imports.ts";
import { foldHeader, isBeside, readHeader } from "./header-words.ts";

type PurchaseColumn = (typeof purchaseColumns)[number];

/** What a header means in a file of purchases. */
export interface PurchaseMeaning {
  /** `null`: nothing of a purchase or its buyer, though the word may mean something of a customer elsewhere. */
  readonly field: PurchaseColumn | null;
  /** 0 to 1. Of several columns of one field the one with the highest counts. */
  readonly confidence: number;
  /** Of a whole order, which may have several lines. */
  readonly isOfOrder?: true;
}

const words: readonly (readonly [field: PurchaseColumn | null, confidence: number, headers: string])[] = [
  [
    "boughtOn",
    0.95,
    "購入日 購買日 購入日付 購入年月日 購入日時 お買上日 お買い上げ日 買上日 買上げ日 注文日 ご注文日 注文日時 売上日 売上日付 売上年月日 販売日 販売日時 取引日 利用日 ご利用日 来店日 purchasedate purchasedon purchasedat orderdate orderedat saledate salesdate transactiondate",
  ],
  ["boughtOn", 0.9, "日付 年月日 date 伝票日付 受注日 受注日時 計上日"],
  ["boughtOn", 0.8, "日時 伝票日 納品日 出荷日 請求日 支払日 入金日 決済日 datetime"],
  [
    "product",
    0.95,
    "商品 商品名 商品名称 品名 品目 品目名 品名規格 製品 製品名 アイテム アイテム名 メニュー メニュー名 サービス サービス名 購入商品 購入商品名 購入品 購入内容 注文商品 注文商品名 注文内容 販売商品 売上商品 product productname item itemname productservice",
  ],
  ["product", 0.8, "内容 明細 件名 商品明細 title"],
  ["quantity", 0.95, "数量 個数 点数 購入数 購入数量 購入個数 注文数 注文数量 注文個数 売上数 売上数量 販売数 販売数量 受注数 受注数量 qty quantity units"],
  ["quantity", 0.8, "数 本数 枚数"],
  ["unitPrice", 0.95, "単価 販売単価 売上単価 商品単価 売単価 税込単価 商品価格 unitprice"],
  ["unitPrice", 0.8, "税抜単価 価格 売価 price 定価"],
  ["amount", 0.95, "金額 売上金額 販売金額 購入金額 購入額 明細金額 商品金額 金額税込 税込金額 行合計 amount lineamount linetotal"],
  ["amount", 0.9, "売上 売上額 税込額 税抜金額 本体金額 小計 利用金額 ご利用金額 お買上金額 お買い上げ金額 買上金額 受注金額 注文金額 sales"],
  ["purchaseNote", 0.9, "メモ 備考 備考欄 摘要 コメント 明細摘要 明細備考 特記事項 購入メモ memo note notes remark remarks comment"],
  [
    null,
    0.9,
    // Ours, a shop's, a slip's or a product's, whatever they would be in a list of people.
    "番号 コード no id cd code 管理番号 登録番号 契約番号 伝票番号 注文番号 受注番号 注文id 店名 店舗 店舗名 店舗コード 支店 支店名 営業所 営業所名 名称 担当 担当者 担当者名 担当者コード 営業担当 営業担当者 販売員 レジ担当 仕入先 仕入先名 商品番号 商品コード 商品id 品番 型番 jan janコード sku 規格 単位 カテゴリ カテゴリー 分類 消費税 消費税額 税額 税率 税区分 送料 手数料 値引 値引額 割引 割引額 クーポン ポイント 原価 粗利 粗利益 支払方法 決済方法 お支払方法 支払方法 配送方法 状態 ステータス invoice invoiceno orderid orderno ordernumber store shop status tax discount shipping",
  ],
];

/** Of the order as a whole: an amount only where its lines have none of their own. */
const orderWords =
  "合計 合計金額 総合計 合計額 請求金額 請求額 お支払金額 支払金額 お支払い金額 決済金額 注文合計 注文合計金額 税込合計 total totalprice totalamount subtotal grandtotal".split(
    " ",
  );

const known = new Map<string, PurchaseMeaning>();
for (const [field, confidence, headers] of words) {
  for (const header of headers.split(" ")) {
    known.set(foldHeader(header), { field, confidence });
  }
}
for (const header of orderWords) {
  known.set(foldHeader(header), { field: "amount", confidence: 0.7, isOfOrder: true });
}

/** Who else than the buyer stands in an order, and what is nobody's to be known by. */
const notTheBuyer = /^(?:送付先|配送先|オ?届ケ?先|納品先|送リ先|請求先|受取人|仕入先|店舗|弊社|当社|自社|shipping|delivery|store|shop|vendor|supplier)/;

/** What a header says in a file of purchases; `undefined` where the words of people are to be asked. */
export function readPurchaseHeader(header: string): PurchaseMeaning | undefined {
  const folded = foldHeader(header);
  if (folded === "" || folded.length > 40) return undefined;
  if (isBeside(header) || notTheBuyer.test(folded)) return { field: null, confidence: 0.9 };
  return known.get(folded);
}

/** The header without saying that it is the buyer's: 注文者メールアドレス → メールアドレス; 注文者名 beside 注文者姓 → 名. */
export function buyerHeader(header: string, headers: readonly string[]): string {
  const [, prefix = "", bare = ""] =
    /^(注文者|購入者|申込者|依頼主|buyer|customer|purchaser)(?:の|様|[\s_-])*(.*)$/i.exec(header.normalize("NFKC").trim()) ?? [];
  if (prefix === "") return header;
  if (bare === "名") return headers.some((other) => other.normalize("NFKC").trim() === `${prefix}姓`) ? bare : header;
  return (readHeader(header)?.confidence ?? 0) < 0.9 && readHeader(bare) !== undefined ? bare : header;
}

/** Headers by which a product's export of orders is known, and what they mean there; "" for what is left out. */
export interface OrderExport {
  readonly source: (typeof importSources)[number];
  readonly marks: readonly string[];
  readonly least: number;
  readonly meanings: ReadonlyMap<string, PurchaseMeaning>;
  /** Fields of customers that a header is here. */
  readonly buyers: ReadonlyMap<string, string>;
}

function orderExport(given: {
  source: OrderExport["source"];
  least: number;
  marks: string;
  columns: readonly (readonly [field: PurchaseColumn | null, headers: string])[];
  buyers: readonly (readonly [header: string, word: string])[];
}): OrderExport {
  return {
    source: given.source,
    least: given.least,
    marks: given.marks.split("|").map(foldHeader),
    meanings: new Map(
      given.columns.flatMap(([field, headers]) => headers.split("|").map((header) => [foldHeader(header), { field, confidence: 0.97 }] as const)),
    ),
    buyers: new Map(given.buyers.map(([header, word]) => [foldHeader(header), word] as const)),
  };
}

/** What shops call their columns, as their own help shows it; what is called the same everywhere stands in `words`. */
const orderExports: readonly OrderExport[] = [
  orderExport({
    source: "shopify",
    least: 2,
    marks: "Lineitem name|Lineitem quantity|Lineitem price|Financial Status|Fulfillment Status",
    columns: [
      ["boughtOn", "Created at"],
      ["product", "Lineitem name"],
      ["quantity", "Lineitem quantity"],
      ["unitPrice", "Lineitem price"],
      ["purchaseNote", "Notes"],
      // Name is the number of the order here, Phone may be the order's or the receiver's.
      [
        null,
        "Name|Phone|Id|Total|Subtotal|Taxes|Vendor|Paid at|Fulfilled at|Cancelled at|Currency|Source|Tags|Employee|Location|Lineitem sku|Lineitem compare at price|Billing Street|Billing Address1|Billing City|Billing Zip",
      ],
    ],
    buyers: [
      ["Billing Name", "氏名"],
      ["Billing Phone", "電話番号"],
      ["Billing Company", "会社名"],
    ],
  }),
  orderExport({
    source: "rakuten",
    least: 2,
    marks: "項目・選択肢|商品管理番号|商品管理番号(商品URL)|送付先姓カナ",
    columns: [
      ["product", "商品名"],
      ["quantity", "個数"],
      ["unitPrice", "単価"],
      [null, "商品管理番号|商品管理番号(商品URL)|項目・選択肢|ひとことメモ|コメント"],
    ],
    buyers: [],
  }),
];

/** Whose export of orders it is; undefined for a list of one's own. */
export function recogniseOrders(headers: readonly string[]): OrderExport | undefined {
  const folded = new Set(headers.map(foldHeader));
  return orderExports.find(({ marks, least }) => marks.filter((mark) => folded.has(mark)).length >= least);
}
