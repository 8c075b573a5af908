import { buyerColumns } from "#shared/imports.ts";
import { guessMapping, type ColumnGuess } from "./guess-mapping.ts";
import { foldHeader } from "./header-words.ts";
import { buyerHeader, readPurchaseHeader, recogniseOrders, type PurchaseMeaning } from "./purchase-words.ts";

/** A word that is nobody's: the guess of people passes over it (header-words.ts). */
const nobodys = "ほかの項目";
const dated = /\d{1,4}\s*[年/.-]\s*\d{1,2}\s*[月/.-]\s*\d{1,2}/;

/**
 * Guess what the columns of a file of purchases are: what was bought by its words, who bought by those of people. Of several
 * amounts that of the line goes before that of the order, and the order's counts only where lines have no price either.
 */
export function guessPurchaseMapping(headers: readonly string[], rows: readonly (readonly string[])[]): ColumnGuess[] {
  const width = Math.max(headers.length, ...rows.map((row) => row.length));
  const known = recogniseOrders(headers);
  const columns = Array.from({ length: width }, (_, column) => {
    const header = headers[column] ?? "";
    const folded = foldHeader(header);
    const buyer = known?.buyers.get(folded);
    return { column, header, buyer, meaning: buyer === undefined ? (known?.meanings.get(folded) ?? readPurchaseHeader(header)) : undefined };
  });
  const chosen = chooseBought(columns.flatMap(({ column, meaning }) => (meaning === undefined ? [] : [{ column, meaning }])));
  const people = guessMapping(
    columns.map(({ header, buyer, meaning }) => (meaning !== undefined ? nobodys : (buyer ?? buyerHeader(header, headers)))),
    rows.map((row) => columns.map(({ column, meaning }) => (meaning === undefined ? (row[column] ?? "") : ""))),
  );
  const guesses: ColumnGuess[] = [...chosen];
  const used = new Set(chosen.map(({ column }) => column));
  for (const guess of people) {
    if (used.has(guess.column)) continue;
    const isBuyer = (buyerColumns as readonly (string | null)[]).includes(guess.field);
    guesses.push(
      isBuyer
        ? guess
        : { column: guess.column, field: null, confidence: guess.reason === "none" ? 0 : 0.9, reason: guess.field === null ? guess.reason : "header" },
    );
  }
  if (!guesses.some(({ field }) => field === "boughtOn")) fillDate(guesses, headers, rows);
  return guesses;
}

function chooseBought(candidates: readonly { column: number; meaning: PurchaseMeaning }[]): ColumnGuess[] {
  const has = (field: string): boolean => candidates.some(({ meaning }) => meaning.field === field && meaning.isOfOrder !== true);
  const isPriced = has("amount") || (has("unitPrice") && has("quantity"));
  const usable = candidates.filter(({ meaning }) => meaning.isOfOrder !== true || !isPriced);
  const best = new Map<string, { column: number; confidence: number }>();
  for (const { column, meaning } of usable) {
    const former = meaning.field === null ? undefined : best.get(meaning.field);
    if (meaning.field !== null && (former === undefined || meaning.confidence > former.confidence))
      best.set(meaning.field, { column, confidence: meaning.confidence });
  }
  return candidates.map(({ column, meaning }) => {
    const isChosen = meaning.field !== null && best.get(meaning.field)?.column === column;
    return { column, field: isChosen ? meaning.field : null, confidence: isChosen ? meaning.confidence : 0.9, reason: "header" };
  });
}

/** Without a word for it, the first column without a header of its own that holds nothing but dates. */
function fillDate(guesses: ColumnGuess[], headers: readonly string[], rows: readonly (readonly string[])[]): void {
  const at = guesses.findIndex(({ column, field }) => {
    const cells = rows.map((row) => (row[column] ?? "").normalize("NFKC").trim()).filter((cell) => cell !== "");
    return field === null && (headers[column] ?? "") === "" && cells.length >= 2 && cells.every((cell) => dated.test(cell));
  });
  const guess = guesses[at];
  if (guess !== undefined) guesses[at] = { column: guess.column, field: "boughtOn", confidence: 0.6, reason: "contents" };
}
