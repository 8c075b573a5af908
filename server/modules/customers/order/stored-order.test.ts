import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { fold } from "#server/core/vault/index.ts";
import { orderEdition } from "./stored-order.ts";

test("an order says of which fold it is: whoever changes the fold raises the edition, and all orders are made anew", () => {
  const blocks: readonly (readonly [number, number])[] = [
    [0x20, 0x17f],
    [0x2010, 0x2040],
    [0x2460, 0x24ff],
    [0x3000, 0x33ff],
    [0x4e00, 0x9fff],
    [0xf900, 0xfaff],
    [0xff00, 0xffef],
  ];
  const hash = createHash("sha256");
  for (const [first, last] of blocks) {
    for (let code = first; code <= last; code++) hash.update(`${fold("kana", `ア${String.fromCodePoint(code)}`)}\n`);
  }
  for (const text of ["㈱北斗電機", "株式会社 ホクト・デンキ", "(有)山田商店", "ヤマダ タロウ", "ﾔﾏﾀﾞ ﾀﾛｳ", "さいとう", "ケ谷", "Kuraban Co., Ltd."]) {
    hash.update(`${fold("name", text)}\n`);
  }
  expect([orderEdition, hash.digest("hex").slice(0, 16)]).toEqual([1, "910e9836151297f7"]);
});
