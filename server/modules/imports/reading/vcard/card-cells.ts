import { joinParts } from "../join-parts.ts";
import type { CardProperty, ReadCard } from "./read-card.ts";

/** The columns that a vCard file is read as, by the words that header-words.ts knows. */
export const cardColumns = [
  "氏名",
  "フリガナ",
  "会社名",
  "部署",
  "役職",
  "メール",
  "メール2",
  "電話",
  "電話2",
  "携帯",
  "FAX",
  "郵便番号",
  "住所",
  "生年月日",
  "性別",
  "備考",
  "URL",
  "ほかの項目",
  "写真",
] as const;

type Column = (typeof cardColumns)[number];

/** Of the card itself, or of its writer: nothing about the person. */
const silent =
  /^(?:VERSION|PRODID|UID|REV|PROFILE|MAILER|SOURCE|NAME|KIND|CLASS|FN|N|X-PHONETIC-.*|SORT-STRING|SOUND|X-ABSHOWAS|X-ABLABEL|X-ABUID|X-ABADR|AGENT)$/;
/** Already cut to their names. */
const pictures = /^(?:PHOTO|LOGO|KEY)$/;

/**
 * The cells of a card by {@link cardColumns}. What there is one place for goes there, the preferred or the first of several,
 * the firm's before one's home; whatever else the card says stands in ほかの項目, so that nothing is left out unseen.
 */
export function cellsOfCard({ properties, strayLines }: ReadCard): string[] {
  const cells: Partial<Record<Column, string>> = {};
  const others: string[] = [];
  const named = (...names: string[]): CardProperty[] => properties.filter(({ name }) => names.includes(name));
  const first = (...names: string[]): CardProperty | undefined => named(...names).find((property) => textOf(property) !== "");
  const put = (column: Column, text: string): void => {
    if (text !== "") cells[column] = text;
  };
  const [family = "", given = "", middle = ""] = (first("N")?.components ?? []).map((part) => part.trim());
  const company = first("ORG")?.components.map((part) => part.trim()) ?? [];
  const shown = textOf(first("FN"));
  const isFirm = [textOf(first("KIND")), textOf(first("X-ABSHOWAS"))].some((kind) => /^(?:org|company)$/i.test(kind)) || shown === company[0];
  const name = [family, given, middle].filter((part) => part !== "").join("\u3000");
  put("氏名", name !== "" && !(isFirm && name === company[0]) ? name : isFirm ? "" : shown);
  put("フリガナ", readingOf(properties));
  put("会社名", company[0] ?? (isFirm ? shown : ""));
  put(
    "部署",
    company
      .slice(1)
      .filter((part) => part !== "")
      .join(" "),
  );
  put("役職", textOf(first("TITLE")) || textOf(first("ROLE")));

  const mails = inOrder(named("EMAIL")).map((property) => textOf(property).replace(/^mailto:/i, ""));
  put("メール", mails[0] ?? "");
  put("メール2", mails[1] ?? "");
  const kindOf = ({ types }: CardProperty): Column | undefined =>
    types.includes("FAX")
      ? "FAX"
      : types.includes("CELL") || types.includes("MOBILE") || types.includes("IPHONE")
        ? "携帯"
        : types.includes("PAGER") || types.includes("TEXTPHONE")
          ? undefined
          : "電話";
  for (const property of inOrder(named("TEL"))) {
    const number = textOf(property).replace(/^tel:/i, "").replace(/;ext=/i, " 内線").replace(/;.*$/, "");
    const kind = kindOf(property);
    const place = kind === "電話" && cells["電話"] !== undefined ? "電話2" : kind;
    if (number === "" || number === cells["電話"] || number === cells["携帯"]) continue;
    if (place !== undefined && cells[place] === undefined) cells[place] = number;
    else others.push(`TEL: ${number}`);
  }
  for (const property of inOrder(named("ADR"))) {
    const [box = "", extended = "", street = "", city = "", region = "", postalCode = "", country = ""] = property.components.map((part) =>
      part.replace(/\s*\n\s*/g, " ").trim(),
    );
    const address = joinParts("address", [region, city, street, extended, box]);
    const abroad = country === "" || /^(?:日本国?|japan|jp|jpn)$/i.test(country) ? "" : country;
    if (address === "" && postalCode === "") continue;
    if (cells["住所"] === undefined && cells["郵便番号"] === undefined) {
      put("住所", [address, abroad].filter((part) => part !== "").join(" "));
      put("郵便番号", postalCode);
    } else others.push(`ADR: ${[postalCode, address, abroad].filter((part) => part !== "").join(" ")}`);
  }
  const birthday = textOf(first("BDAY"));
  // RFC 6350 knows birthdays without a year; those are no date of birth.
  if (birthday.startsWith("--")) others.push(`BDAY: ${birthday}`);
  else put("生年月日", birthday.replace(/[T ]\d.*$/, ""));
  const [sex = ""] = first("GENDER", "X-GENDER")?.components.join(";").split(";") ?? [];
  put("性別", { M: "男性", F: "女性", MALE: "男性", FEMALE: "女性" }[sex.trim().toUpperCase()] ?? "");
  put(
    "備考",
    named("NOTE")
      .map(textOf)
      .filter((text) => text !== "")
      .join("\n"),
  );
  put("URL", textOf(first("URL")));

  const placed: ReadonlySet<CardProperty | undefined> = new Set([first("ORG"), first("TITLE"), first("URL"), first("BDAY"), ...named("EMAIL").slice(0, 2)]);
  for (const property of properties) {
    if (silent.test(property.name) || pictures.test(property.name) || placed.has(property)) continue;
    if (["TEL", "ADR", "NOTE", "GENDER", "X-GENDER"].includes(property.name) || (property.name === "ROLE" && cells["役職"] === textOf(property))) continue;
    const text = textOf(property);
    if (text !== "" && !(property.name === "EMAIL" && mails.slice(0, 2).includes(text))) others.push(`${property.name}: ${text}`);
  }
  put("ほかの項目", [...others, ...strayLines].join("\n").slice(0, 32_000));
  put("写真", properties.some(({ name: each }) => each === "PHOTO" || each === "LOGO") ? "あり(取り込みません)" : "");
  return cardColumns.map((column) => cells[column] ?? "");
}

const textOf = (property: CardProperty | undefined): string =>
  (property?.components ?? [])
    .filter((part) => part.trim() !== "")
    .join(" ")
    .trim();

/** The preferred ones first, then those of work; otherwise as they stand. */
function inOrder(properties: readonly CardProperty[]): CardProperty[] {
  const rank = ({ types }: CardProperty): number => (types.includes("PREF") ? 0 : types.includes("WORK") ? 1 : 2);
  return properties.filter((property) => textOf(property) !== "").toSorted((left, right) => rank(left) - rank(right));
}

/**
 * How the name is read: Apple's X-PHONETIC-…, the SOUND of Japanese mobile telephones (X-IRMC-N), SORT-STRING (RFC 2426 3.6.5)
 * or SORT-AS (RFC 6350 5.9), where they hold kana.
 */
function readingOf(properties: readonly CardProperty[]): string {
  const of = (name: string): string => textOf(properties.find((property) => property.name === name));
  const sound = properties.find(({ name, types }) => name === "SOUND" && types.includes("X-IRMC-N"));
  const sorted = properties.find(({ name, parameters }) => name === "N" && parameters["SORT-AS"] !== undefined)?.parameters["SORT-AS"];
  const candidates = [
    [of("X-PHONETIC-LAST-NAME"), of("X-PHONETIC-MIDDLE-NAME"), of("X-PHONETIC-FIRST-NAME")],
    (sound?.components ?? []).slice(0, 3),
    [of("SORT-STRING")],
    (sorted ?? "").split(","),
  ];
  for (const candidate of candidates) {
    const parts = candidate.map((part) => part.trim()).filter((part) => part !== "");
    // Where several components were written into one, semicolons are left between them.
    const text = parts
      .join("\u3000")
      .replace(/[;；]+/g, "\u3000")
      .trim();
    if (/^[\u3041-\u309f\u30a0-\u30ff\uff66-\uff9f\s・]+$/.test(text)) return text;
  }
  return "";
}
