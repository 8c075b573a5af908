import type { FieldType } from "#shared/fields.ts";

/** Make one value out of the cells of several columns, in order, the way the type is written. Empty cells are passed over. */
export function joinParts(type: FieldType, cells: readonly string[]): string {
  const parts = cells.map((cell) => cell.trim()).filter((cell) => cell !== "");
  const [first] = parts;
  if (first === undefined) return "";
  if (parts.length === 1) return first;
  switch (type) {
    case "address":
      return parts.reduce(joinAddress);
    case "phone":
      // 03 | 1234 | 5678 are one number, whole numbers are several.
      return parts.every((part) => part.replace(/\D/g, "").length <= 5 || part.normalize("NFKC").replace(/\D/g, "").length <= 5)
        ? joinDigits(parts, [2, 1, 4])
        : parts.join("、");
    case "postal":
      return joinDigits(parts, [3, 4]);
    case "date":
      return parts.map((part) => part.normalize("NFKC").replace(/[年月日\s]/g, "")).join("/");
    case "name":
    case "kana":
      return parts.join("\u3000");
    case "notes":
      return parts.join("\n");
    case "mail":
      return parts.join(",");
    case "multi":
      return parts.join("、");
    case "code":
      return parts.join("-");
    case "text":
    case "number":
    case "flag":
    case "url":
    case "choice":
      return parts.join(" ");
  }
}

/** Numeric cells of a spreadsheet lost the zeros in front: 3 | 1234 | 567 is 03-1234-0567. */
function joinDigits(parts: readonly string[], least: readonly number[]): string {
  return parts
    .map((part, i) => {
      const digits = part.normalize("NFKC");
      return /^\d+$/.test(digits) ? digits.padStart(least[i] ?? 1, "0") : digits;
    })
    .join("-");
}

/** 東京都 + 東京都港区芝 says the prefecture once; a number and a building are kept apart. */
function joinAddress(left: string, right: string): string {
  if (right.startsWith(left)) return right;
  const needsSpace = /[0-9０-９A-Za-zＡ-Ｚａ-ｚ号室階F地]$/.test(left) && !/^(?:[-‐－ー−]|丁目|番|号|[0-9０-９]+(?:[-－]|番|号))/.test(right);
  return `${left}${needsSpace ? " " : ""}${right}`;
}
