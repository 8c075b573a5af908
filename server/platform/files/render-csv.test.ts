import { expect, test } from "vitest";
import { renderCsv } from "./render-csv.ts";

test("quotes, line breaks and commas stay in their cell, and a formula is none", () => {
  const text = renderCsv(
    ["氏名", "備考"],
    [
      ["山田,太郎", '"急"\n要'],
      ["=1+1", "-5"],
    ],
  ).toString("utf8");
  expect(text).toBe('\ufeff氏名,備考\r\n"山田,太郎","""急""\n要"\r\n\'=1+1,-5\r\n');
});
