/** Something wrong with one cell as it stands in the file, before any meaning is given to it. */
export interface CellProblem {
  /** From 0. */
  readonly column: number;
  readonly code: "cell-error" | "broken-quote" | "too-long" | "broken-card";
  /** What stood there, cut to 200 characters. A personal value: it goes where row problems are sealed and nowhere else. */
  readonly value: string;
}

/** One row of a file. Rows without any text are left out, so numbers may jump. */
export interface SourceRow {
  /** From 1, as a spreadsheet program would number it. In CSV a quoted cell over several lines is one row. */
  readonly row: number;
  /** Text of each cell from column 0. Dates of a spreadsheet are ISO 8601, numbers plain decimals, empty cells "". */
  readonly cells: readonly string[];
  readonly problems?: readonly CellProblem[];
}

export interface RowBatch {
  readonly rows: readonly SourceRow[];
  /** How much of the bytes has been read, 0 to 1. */
  readonly share: number;
}

/** A row with a filled cell beyond this many columns makes the file unreadable: no customer list is so wide. */
export const maxColumns = 500;
/** UTF-16 units in a cell: what Excel itself can hold. Longer cells are emptied and reported as too-long. */
export const maxCellLength = 32_767;
