import { createHash } from "node:crypto";
import { describeContents, type ColumnContents } from "./column-contents.ts";
import { foldHeader, isBeside, readHeader, type HeaderMeaning } from "./header-words.ts";
import { recogniseExport, type RecognisedExport } from "./known-exports.ts";

export interface ColumnGuess {
  /** From 0. Guesses of one field come in the order in which their columns are to be joined. */
  readonly column: number;
  /** A field key of customers, `owner`, `department`, or `null` for a column that is left out. */
  readonly field: string | null;
  /** 0 to 1. */
  readonly confidence: number;
  readonly reason: "header" | "contents" | "none";
}

interface Candidate extends HeaderMeaning {
  readonly column: number;
  readonly reason: "header" | "contents";
}

/**
 * Guess what each column is, by its header and by what its cells look like; where they contradict each other for good
 * (a header 電話 over mail addresses) the cells win. Several columns may make one field: 姓 and 名, 都道府県 to 建物名.
 * The answer is ordered for joining (a given name before its surname comes second) and names every column once.
 * A running counter (No. 1, 2, 3 …) is left out: as a customer number it would merge strangers.
 */
export function guessMapping(headers: readonly string[], rows: readonly (readonly string[])[]): ColumnGuess[] {
  const width = Math.max(headers.length, ...rows.map((row) => row.length));
  const contents = Array.from({ length: width }, (_, column) => describeContents(rows.map((row) => row[column] ?? "")));
  const known = recogniseExport(headers);
  const candidates: Candidate[] = [];
  for (let column = 0; column < width; column++) {
    const candidate = readColumn(column, headers[column] ?? "", contents[column] as ColumnContents, known);
    if (candidate !== undefined) candidates.push(candidate);
  }
  const settled = settleContacts(candidates, headers);
  const namesPerson = settled.some((candidate) => candidate.field === "fullName");
  const chosen = known?.readsCompany === true && namesPerson ? settled.filter((candidate) => candidate.field !== "kana") : settled;
  const guesses: ColumnGuess[] = [];
  for (const field of new Set(chosen.map((candidate) => candidate.field))) {
    for (const { column, confidence, reason } of chooseColumns(
      chosen.filter((candidate) => candidate.field === field),
      contents,
    )) {
      guesses.push({ column, field, confidence, reason });
    }
  }
  const used = new Set(guesses.map((guess) => guess.column));
  const isTaken = new Set(guesses.map((guess) => guess.field));
  for (let column = 0; column < width; column++) {
    if (used.has(column)) continue;
    const header = headers[column] ?? "";
    const isUnknown = header.trim() === "" || (!isBeside(header) && known?.meaningOf(header) === undefined && readHeader(header) === undefined);
    const byContents = isUnknown ? readContents(contents[column] as ColumnContents) : undefined;
    // A header that means something else is believed; only bare columns and unknown words are filled by their contents.
    if (byContents !== undefined && !isTaken.has(byContents.field)) {
      isTaken.add(byContents.field);
      const isBare = header.trim() === "";
      guesses.push({ column, field: byContents.field, confidence: byContents.confidence * (isBare ? 1 : 0.8), reason: "contents" });
    } else if (isBeside(header) || known?.meaningOf(header) === null) guesses.push({ column, field: null, confidence: 0.9, reason: "header" });
    else guesses.push({ column, field: null, confidence: 0, reason: "none" });
  }
  return guesses;
}

/** A name for a set of headers under which a corrected mapping can be kept: SHA-256 of the folded headers, in hexadecimal. */
export function headerFingerprint(headers: readonly string[]): string {
  return createHash("sha256")
    .update(JSON.stringify(headers.map(foldHeader)))
    .digest("hex");
}

function readColumn(column: number, header: string, contents: ColumnContents, known: RecognisedExport | undefined): Candidate | undefined {
  const own = known?.meaningOf(header);
  const meaning = own === undefined ? readHeader(header) : own;
  if (meaning === undefined || meaning === null) return undefined;
  const strong = contents.filled >= 2 ? contradiction(meaning.field, contents) : undefined;
  if (strong !== undefined) return { column, field: strong, part: 0, group: "", confidence: 0.8, reason: "contents" };
  if (meaning.field === "memberNumber" && contents.isCounter && /^(?:no|番号|id|コード)$/.test(foldHeader(header))) return undefined;
  if (meaning.field === "fullName" && meaning.part === 0 && contents.company >= 0.4)
    return { ...meaning, column, field: "companyName", confidence: 0.7, reason: "contents" };
  if (meaning.field === "phone" && contents.mobile >= 0.9 && contents.filled >= 3) return { ...meaning, column, confidence: 0.8, reason: "header" };
  return { ...meaning, column, reason: "header" };
}

function contradiction(field: string, contents: ColumnContents): string | undefined {
  if (field !== "mail" && contents.mail >= 0.8) return field === "notes" ? undefined : "mail";
  if (field !== "postalCode" && contents.postal >= 0.8) return "postalCode";
  if (field === "mail" && contents.mail < 0.1 && contents.phone >= 0.8) return contents.mobile >= 0.8 ? "mobile" : "phone";
  return undefined;
}

/** A 担当者 beside a 氏名 is one's own member of staff, unless the header is polite; alone it is the person to know. */
function settleContacts(candidates: readonly Candidate[], headers: readonly string[]): Candidate[] {
  const hasName = candidates.some((candidate) => candidate.field === "fullName");
  return candidates.flatMap((candidate) => {
    if (candidate.field !== "contact") return [candidate];
    if (!hasName) return [{ ...candidate, field: "fullName", confidence: 0.8 }];
    return /^(?:ご|御|先方|お客様)/.test((headers[candidate.column] ?? "").trim()) ? [] : [{ ...candidate, field: "owner", confidence: 0.7 }];
  });
}

/** Of all columns that could be one field, those that are, in joining order. */
function chooseColumns(candidates: readonly Candidate[], contents: readonly ColumnContents[]): Candidate[] {
  const first = candidates[0] as Candidate;
  if (first.field === "notes" || first.field === "considerations") return [...candidates];
  const group = candidates.some((candidate) => candidate.group === "") ? "" : fullestGroup(candidates, contents);
  const sameGroup = candidates.filter((candidate) => candidate.group === group);
  const isSplitNumber = first.field === "phone" || first.field === "mobile" || first.field === "fax" || first.field === "postalCode";
  if (isSplitNumber) {
    const pieces = sameGroup.filter((candidate) => candidate.part > 0 && (contents[candidate.column] as ColumnContents).shortDigits >= 0.8);
    if (pieces.length >= 2 && pieces.length === sameGroup.length) return onePerPart(pieces);
    const used = sameGroup.filter((candidate) => (contents[candidate.column] as ColumnContents).filled > 0);
    return [(used.length > 0 ? used : sameGroup).reduce(better)];
  }
  // A second address of the same person would be reported in every row.
  if (first.field === "mail") return [sameGroup.reduce(better)];
  if (first.field === "address") return onePerPart(sameGroup);
  const whole = sameGroup.filter((candidate) => candidate.part === 0);
  if (whole.length > 0) return [whole.reduce(better)];
  return onePerPart(sameGroup);
}

/** Of an address at work and one at home, the one that more rows have. */
function fullestGroup(candidates: readonly Candidate[], contents: readonly ColumnContents[]): string {
  const filled = new Map<string, number>();
  for (const { group, column } of candidates) filled.set(group, Math.max(filled.get(group) ?? 0, (contents[column] as ColumnContents).filled));
  return [...filled].reduce((left, right) => (right[1] > left[1] ? right : left))[0];
}

function better(left: Candidate, right: Candidate): Candidate {
  return right.confidence > left.confidence ? right : left;
}

function onePerPart(candidates: readonly Candidate[]): Candidate[] {
  const byPart = new Map<number, Candidate>();
  for (const candidate of candidates) if (!byPart.has(candidate.part)) byPart.set(candidate.part, candidate);
  return [...byPart.values()].sort((left, right) => left.part - right.part);
}

function readContents(contents: ColumnContents): { field: string; confidence: number } | undefined {
  if (contents.filled < 2) return undefined;
  const kinds: readonly (readonly [string, number, number])[] = [
    ["mail", contents.mail, 0.9],
    ["postalCode", contents.postal, 0.9],
    ["mobile", contents.mobile >= 0.8 ? contents.mobile : 0, 0.85],
    ["phone", contents.phone, 0.8],
    ["address", contents.address, 0.8],
    ["gender", contents.gender, 0.8],
    ["kana", contents.kana, 0.7],
    ["companyName", contents.company, 0.8],
    ["birthDate", contents.birthDate, 0.5],
    ["fullName", contents.name, 0.6],
  ];
  const found = kinds.find(([, share]) => share >= 0.7);
  return found === undefined ? undefined : { field: found[0], confidence: found[1] * found[2] };
}
