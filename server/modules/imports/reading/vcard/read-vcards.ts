import { countBytes } from "../count-bytes.ts";
import { decodeText } from "../decode-text.ts";
import type { TextEncoding } from "../detect-encoding.ts";
import type { RowBatch, SourceRow } from "../source-row.ts";
import { unreadable } from "../unreadable.ts";
import { cardColumns, cellsOfCard } from "./card-cells.ts";
import { readCard } from "./read-card.ts";
import { splitCards, type CardLines } from "./split-cards.ts";
import { unfoldBytes } from "./unfold-bytes.ts";

const rowsAtOnce = 200;

/** A file of vCards as a table: a header of known words in row 1, then a row a card. Memory is bounded by one card. */
export function readVcards(chunks: AsyncIterable<Buffer>, size: number): { readonly encoding: TextEncoding; readonly batches: AsyncGenerator<RowBatch> } {
  const progress = { bytes: 0 };
  const text = decodeText(unfoldBytes(countBytes(chunks, progress)));
  return {
    get encoding() {
      return text.encoding;
    },
    batches: rowsOf(text.pieces, () => Math.min(1, progress.bytes / Math.max(1, size))),
  };
}

async function* rowsOf(pieces: AsyncIterable<string>, share: () => number): AsyncGenerator<RowBatch> {
  let rows: SourceRow[] = [{ row: 1, cells: cardColumns }];
  let cards = 0;
  for await (const card of splitCards(pieces)) {
    cards += 1;
    rows.push(rowOf(card));
    if (rows.length >= rowsAtOnce) {
      yield { rows, share: share() };
      rows = [];
    }
  }
  if (cards === 0) throw unreadable("empty-file");
  if (rows.length > 0) yield { rows, share: 1 };
}

function rowOf({ no, lines, isClosed }: CardLines): SourceRow {
  const card = readCard(lines);
  const cells = cellsOfCard(card);
  const isNobody = cells.slice(0, cardColumns.indexOf("郵便番号")).every((cell) => cell === "");
  const isBroken = isNobody && (card.strayLines.length > 0 || !isClosed);
  const row = { row: no + 1, cells };
  return isBroken ? { ...row, problems: [{ column: 0, code: "broken-card", value: lines.join("\n").slice(0, 200) }] } : row;
}
