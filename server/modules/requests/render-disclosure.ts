import type { RenderedFile } from "#server/core/door/index.ts";
import { mm, renderPdf, type PdfContent, type PdfMargins } from "#server/platform/files/index.ts";
import { purchaseText } from "#shared/activities.ts";
import type { Disclosed } from "#shared/person-requests.ts";
import type { FieldClass } from "#shared/rights.ts";
import type { Shown } from "#shared/shown.ts";

const dayFormat = new Intl.DateTimeFormat("ja-JP", { timeZone: "Asia/Tokyo", year: "numeric", month: "long", day: "numeric" });

/** `2026年11月22日`, in Japan's time. */
export function dayInJapan(iso: string): string {
  return dayFormat.format(new Date(iso));
}

/** The words of the letter, as a person outside the company understands them. */
const classNames: Readonly<Record<FieldClass, string>> = {
  open: "公開の項目",
  internal: "社内で使う項目",
  personal: "個人情報",
  sensitive: "取扱いに特に注意する項目",
};
const sourceNames: Readonly<Record<Disclosed["sources"][number]["kind"], string>> = {
  entered: "当社の担当者が登録",
  imported: "名簿ファイルから取り込み",
  changed: "当社の担当者が変更",
};
const givenNames: Readonly<Record<string, string>> = {
  "list.downloaded": "名簿のファイルに記載",
  "labels.printed": "宛名の印刷",
  "person.disclosed": "ご本人への開示",
  "customer.used": "電話・メールなどの連絡",
  "incident.mails-released": "お知らせのメール",
  "incident.letters-drawn": "お知らせの書面",
  "incident.pack-list-drawn": "委託元へのお知らせ",
};
const purposeNames: Readonly<Record<string, string>> = {
  inquiry: "お問い合わせへの対応",
  sales: "営業活動",
  delivery: "配送・納品",
  contract: "契約手続き",
  correction: "登録内容の訂正",
  audit: "監査・調査",
  "person-request": "ご本人からの請求",
};
const useNames: Readonly<Record<string, string>> = {
  "customers.listed": "一覧での表示",
  "customer.viewed": "詳細画面での表示",
  "customer.revealed": "伏せた項目の表示",
  "customer.history-viewed": "変更の履歴の表示",
  "customer.timeline-viewed": "対応の記録の表示",
  "person-file.viewed": "ご請求と同意の表示",
};

function textOf(value: Shown): string {
  return typeof value === "string" ? value : "(登録なし)";
}

/** A purchase is stored as one JSON text (shared/activities.ts). */
function purchaseWords(value: Shown): string {
  if (typeof value !== "string") {
    return textOf(value);
  }
  const parsed = purchaseText.safeParse(JSON.parse(value));
  if (!parsed.success) {
    return value;
  }
  const { product, quantity, amount, note } = parsed.data;
  return [product, quantity === "" ? "" : `数量 ${quantity}`, amount === "" ? "" : `${Number(amount).toLocaleString("en-US")}円`, note]
    .filter((part) => part !== "")
    .join("  ");
}

/** The disclosure as data, for whoever wants to read it by machine: the built reply and nothing besides. */
export async function renderDisclosureJson(built: Disclosed): Promise<RenderedFile> {
  return { bytes: Buffer.from(`${JSON.stringify(built, null, 2)}\n`), type: "application/json", name: `開示-${built.customerNo}-${built.requestNo}.json` };
}

/** The disclosure as a letter. */
export async function renderDisclosure(built: Disclosed): Promise<RenderedFile> {
  const bytes = await renderPdf({
    title: "保有個人データの開示",
    at: new Date(built.at),
    page: "A4",
    margins: [mm(marginAcross), mm(22), mm(marginAcross), mm(22)],
    fontSize: textSize,
    hasPageNumbers: true,
    content: [
      { text: dayInJapan(built.at), alignment: "right" },
      { text: `${textOf(built.fullName)} 様`, fontSize: 14, margin: [0, mm(6), 0, mm(4)] },
      { text: built.organisation, alignment: "right", margin: [0, 0, 0, mm(8)] },
      { text: "保有個人データの開示について", fontSize: 16, bold: true, alignment: "center", margin: [0, 0, 0, mm(6)] },
      "個人情報の保護に関する法律第33条に基づくご請求により、当社が保有するあなたの個人データを、下記のとおりすべてお知らせします。内容に誤りがある場合は訂正を、取扱いについては利用停止・消去をご請求いただけます。",
      { text: `受付番号 ${built.requestNo}  顧客番号 ${built.customerNo}`, margin: [0, mm(3), 0, 0], color: "#444444" },
      ...valuesByClass(built),
      ...attachedTexts(built),
      ...consents(built),
      ...past(built),
    ],
  });
  return { bytes, type: "application/pdf", name: `開示-${built.customerNo}-${built.requestNo}.pdf` };
}

const textSize = 10;
const lineOfText = textSize * 1.448;
const marginAcross = 22;
/** Of a heading with what stands between it and the first line: the head of a table, margins. */
const roomOfHeading = mm(20);

/** Points that a text takes in a column so wide (millimetres), or a little more. */
function heightOf(text: string, width: number): number {
  const inLine = Math.max(1, Math.floor(mm(width) / textSize) - 1);
  return text.split("\n").reduce((lines, line) => lines + Math.max(1, Math.ceil(line.length / inLine)), 0) * lineOfText;
}

/** A heading that never stands at the foot of a page without what follows, whose first part takes `below` points. */
function heading(text: string, below: number): PdfContent {
  return { text, fontSize: 12, bold: true, headlineLevel: roomOfHeading + below, margin: [0, mm(7), 0, mm(2)] };
}

function lesserHeading(text: string, below: number, margin: PdfMargins): PdfContent {
  return { text, bold: true, headlineLevel: roomOfHeading + below, margin };
}

function table(widths: readonly (number | "*" | "auto")[], head: readonly string[], rows: readonly (readonly PdfContent[])[]): PdfContent {
  const titles = head.map((text): PdfContent => ({ text, fontSize: 8.5, color: "#444444" }));
  return { layout: "lightHorizontalLines", table: { widths, headerRows: 1, keepWithHeaderRows: 1, dontBreakRows: true, body: [titles, ...rows] } };
}

function valuesByClass({ fields, others }: Disclosed): PdfContent[] {
  return [
    heading("1. 登録されている内容", roomOfHeading + firstHeight(fields)),
    ...byClass(fields),
    ...others.flatMap((other): PdfContent[] => [
      lesserHeading(`同じ方としてまとめた登録(顧客番号 ${other.customerNo})`, roomOfHeading + firstHeight(other.fields), [0, mm(5), 0, 0]),
      ...byClass(other.fields),
    ]),
  ];
}

/** Millimetres of the column of values, and of that of attached texts. */
const columnOfValues = 120;
const columnOfTexts = 100;

function firstHeight(fields: Disclosed["fields"]): number {
  return heightOf(textOf(fields[0]?.value ?? null), columnOfValues);
}

function byClass(fields: Disclosed["fields"]): PdfContent[] {
  const classes = [...new Set(fields.map((field) => field.class))];
  return classes.flatMap((name): PdfContent[] => [
    lesserHeading(classNames[name], firstHeight(fields.filter((field) => field.class === name)), [0, mm(3), 0, mm(1)]),
    table(
      [mm(38), "*"],
      ["項目", "内容"],
      fields.filter((field) => field.class === name).map((field) => [{ text: field.ja, color: "#444444" }, textOf(field.value)]),
    ),
  ]);
}

function attachedTexts({ texts }: Disclosed): PdfContent[] {
  return [
    heading("2. 対応の記録など", heightOf(textOf(texts[0]?.value ?? null), columnOfTexts)),
    texts.length === 0
      ? "ありません。"
      : table(
          [mm(32), mm(28), "*"],
          ["日付", "種類", "内容"],
          texts.map((text) => [dayInJapan(text.at), text.ja, text.field === "purchase" ? purchaseWords(text.value) : textOf(text.value)]),
        ),
  ];
}

function consents(built: Disclosed): PdfContent[] {
  return [
    heading("3. 利用目的と同意", 3 * lineOfText),
    built.consents.length === 0
      ? "個別に記録された同意はありません。"
      : table(
          ["*", mm(28), mm(60)],
          ["利用目的", "ご意思", "日付"],
          built.consents.map((one) => [
            one.ja,
            one.stance === "given" ? "同意" : "拒否",
            `${dayInJapan(one.at)}${one.withdrawnAt === null ? "" : ` から ${dayInJapan(one.withdrawnAt)} まで`}`,
          ]),
        ),
    ...(built.suspendedAt === null ? [] : [{ text: `${dayInJapan(built.suspendedAt)}から利用を停止しています。`, margin: [0, mm(2), 0, 0] as const }]),
  ];
}

function past(built: Disclosed): PdfContent[] {
  const labels = new Map(built.fields.map((field) => [field.key, field.ja]));
  return [
    heading("4. 取得の経緯", 3 * lineOfText),
    table(
      [mm(40), "*"],
      ["日付", "経緯"],
      [
        [dayInJapan(built.createdAt), "登録"],
        ...built.sources.map((one) => [dayInJapan(one.at), `${sourceNames[one.kind]}${one.importNo === null ? "" : `(取り込み番号 ${one.importNo})`}`]),
      ],
    ),
    heading("5. ファイルや書面への出力", 3 * lineOfText),
    built.given.length === 0
      ? "記録はありません。"
      : table(
          [mm(32), mm(40), "*"],
          ["日付", "方法(目的)", "項目"],
          built.given.map((one) => [
            dayInJapan(one.at),
            `${givenNames[one.event] ?? "出力"}${one.purpose === null ? "" : `\n(${purposeNames[one.purpose] ?? one.purpose})`}`,
            one.fields.map((key) => labels.get(key) ?? key).join("、"),
          ]),
        ),
    heading("6. 社内での閲覧", 3 * lineOfText),
    built.uses.length === 0
      ? "記録はありません。"
      : table(
          ["*", mm(30)],
          ["画面", "回数"],
          [...timesByName(built.uses)].map(([name, times]) => [name, { text: `${times.toLocaleString("en-US")}回`, alignment: "right" as const }]),
        ),
  ];
}

function timesByName(uses: Disclosed["uses"]): Map<string, number> {
  const byName = new Map<string, number>();
  for (const { event, times } of uses) {
    const name = useNames[event] ?? "その他の業務での表示";
    byName.set(name, (byName.get(name) ?? 0) + times);
  }
  return byName;
}
