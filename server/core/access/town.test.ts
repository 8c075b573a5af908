import fc from "fast-check";
import { expect, test } from "vitest";
import { townOf } from "./town.ts";

test("of an address the town is left, and no block, house or room", () => {
  const cases: Record<string, string> = {
    "東京都千代田区丸の内1-1-1 パレスビル5F": "東京都千代田区丸の内",
    "〒530-0001 大阪府大阪市北区梅田二丁目4番9号": "大阪府大阪市北区梅田",
    東京都千代田区三番町6番地: "東京都千代田区三番町",
    "東京都中央区八丁堀４−１": "東京都中央区八丁堀",
    北海道札幌市中央区北1条西2丁目3: "北海道札幌市中央区北1条西",
    京都府京都市中京区寺町通御池上る上本能寺前町488: "京都府京都市中京区寺町通御池上る上本能寺前町",
    岩手県盛岡市大字黒石野字小屋塚12: "岩手県盛岡市大字黒石野",
  };
  for (const [address, town] of Object.entries(cases)) {
    expect(townOf(address)).toBe(town);
  }
});

test("where a house may be meant, the municipality is all that is left", () => {
  expect(townOf("東京都港区芝公園スカイタワー12階")).toBe("東京都港区");
  expect(townOf("東京都港区芝公園")).toBe("東京都港区");
  expect(townOf("大阪府堺市堺区南瓦町山田様方3")).toBe("大阪府堺市堺区");
  expect(townOf("Springfield 12")).toBeNull();
});

test("no number of a block leaves, whatever was typed behind the town", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."梅田本町1234567890一二三-ー−丁目番地号 の 字荘ビル"), maxLength: 24 }), (rest) => {
      const town = townOf(`大阪府大阪市北区${rest}`) as string;
      expect(town.replace(/\d{1,2}条/u, "")).not.toMatch(/\d|[一二三]+(?:丁目|番地|号|-)/u);
    }),
  );
});
