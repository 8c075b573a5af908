import pg from "pg";

const int8 = 20;
const int8Array = 1016;
const date = 1082;

/** int8 as a number: ours count and never pass 2^53. @throws RangeError for one that does. */
function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError("an int8 is too large for a number");
  return value;
}

const parseTextArray = pg.types.getTypeParser(1009 as number, "text") as (text: string) => (string | null)[];

/**
 * How values arrive: int8 as number, date as 'YYYY-MM-DD' (a day has no time zone), timestamptz as Date, bytea as
 * Buffer, everything else as pg does it.
 */
export const valueTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") => {
    if (format !== "binary") {
      if (oid === int8) return parseInt8;
      if (oid === int8Array) return (text: string) => parseTextArray(text).map((item) => (item === null ? null : parseInt8(item)));
      if (oid === date) return (text: string) => text;
    }
    return pg.types.getTypeParser(oid, format as "text");
  }) as pg.CustomTypesConfig["getTypeParser"],
};
