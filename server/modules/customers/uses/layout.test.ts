import fc from "fast-check";
import { expect, test } from "vitest";
import { mm, type PdfShape } from "#server/platform/files/index.ts";
import { addresseeOf, type Addressee } from "./addressee.ts";
import { breakLines } from "./break-lines.ts";
import { labelSizes, layOutHorizontally } from "./draw-horizontal.ts";
import { layOutVertically, writtenDownwards, type VerticalPaper } from "./draw-vertical.ts";
import { labelBox, layOut } from "./render-prints.ts";
import { drawTestPage } from "./render-test-page.ts";
import { shiftContent } from "./shift-content.ts";
import { charactersOf, emWidth } from "./text-width.ts";

const text = (longest: number) => fc.string({ unit: fc.constantFrom(..."東京都港区葛\u{E0100}𠮷髙ーっ。「」 　12-aW㈱アｱ"), maxLength: longest });
const addressee: fc.Arbitrary<Addressee> = fc.record({
  postalCode: fc.constantFrom("", "1000005"),
  address: text(120).map((rest) => `大阪府${rest}`),
  company: text(40),
  position: text(40),
  name: text(30),
  honorific: fc.constantFrom("様", "殿", ""),
});
const box = labelBox("label-a4-24", 4);
const naga3: VerticalPaper = { width: mm(120), height: mm(235), sizes: { address: 15, company: 14, position: 12, name: 27 } };

test("whatever the address, no letter stands outside its label", () => {
  fc.assert(
    fc.property(addressee, (to) => {
      for (const line of layOutHorizontally(to, box, labelSizes) ?? []) {
        expect(line.x).toBeGreaterThanOrEqual(box.x);
        expect(line.x + emWidth(line.text) * line.size).toBeLessThanOrEqual(box.x + box.width + Math.max(0.001, line.size * 0.001));
        expect(line.y).toBeGreaterThanOrEqual(box.y);
        expect(line.y + line.size).toBeLessThanOrEqual(box.y + box.height);
      }
    }),
  );
});

test("whatever the address, no column leaves the envelope or runs into another", () => {
  fc.assert(
    fc.property(addressee, (to) => {
      const columns = layOutVertically(to, naga3) ?? [];
      columns.forEach((column, index) => {
        expect(column.y + column.characters.length * column.pitch).toBeLessThanOrEqual(naga3.height - mm(14));
        expect(column.x - column.size / 2).toBeGreaterThanOrEqual(mm(9));
        const right = columns[index - 1];
        if (right !== undefined) expect(column.x + column.size / 2).toBeLessThanOrEqual(right.x - right.size / 2 + 0.001);
      });
    }),
  );
});

test("breaking a line loses and adds no letter, and keeps numbers whole", () => {
  fc.assert(
    fc.property(text(80), fc.integer({ min: 4, max: 30 }), (given, limit) => {
      const lines = breakLines(given, limit);
      expect(lines.join("").replaceAll(/[\s　]/gu, "")).toBe(given.replaceAll(/[\s　]/gu, ""));
      expect(lines.every((line) => emWidth(line) <= limit || charactersOf(line).length === 1)).toBe(true);
    }),
  );
  expect(breakLines("大阪府大阪市北区梅田2-4-9 ブリーゼタワー1203号室", 14)).toEqual(["大阪府大阪市北区梅田2-4-9", "ブリーゼタワー1203号室"]);
  expect(breakLines("京都府京都市中京区上本能寺前町488番地の2", 18)).toEqual(["京都府京都市中京区上本能寺前町", "488番地の2"]);
});

test("written downwards, numerals are kanji and dashes between them are bars", () => {
  expect(writtenDownwards("梅田2-4-9 B棟１２０３号")).toBe("梅田二ー四ー九 Ｂ棟一二〇三号");
});

test("a person is 様, a company without a person 御中, and 〒 before the address is not printed twice", () => {
  const values = { fullName: "田中　太郎", companyName: "㈱ア", address: "〒100-0005 東京都千代田区", postalCode: "１００−０００５" };
  expect(addresseeOf(values, "sama")).toMatchObject({ honorific: "様", address: "東京都千代田区", postalCode: "1000005" });
  expect(addresseeOf({ ...values, fullName: null }, "sama").honorific).toBe("御中");
  expect(addresseeOf({ ...values, fullName: { hidden: true } }, "none").honorific).toBe("御中");
});

test("a sheet begins at its first free label and goes on to the next sheet", () => {
  const person = { customerNo: 1, values: { fullName: "田中", address: "東京都千代田区丸の内1-1-1" } };
  const { pages } = layOut({
    at: "2026-11-22T00:00:00Z",
    layout: "label-a4-12",
    startAt: 12,
    honorific: "sama",
    postalBoxes: true,
    offset: { right: 0, down: 0 },
    persons: [person, person, person],
    leftOut: [],
  });
  expect(pages.map((page) => page.length / 2)).toEqual([1, 2]);
});

test("what one's printer is beside the mark moves every letter, the boxes and the test page by as much, and nothing else", () => {
  const person = { customerNo: 1, values: { fullName: "田中", postalCode: "1000005", address: "東京都千代田区丸の内1-1-1" } };
  const built = {
    at: "2026-11-22T00:00:00Z",
    startAt: 1,
    honorific: "sama" as const,
    postalBoxes: true,
    offset: { right: 1.5, down: -2 },
    persons: [person],
    leftOut: [],
  };
  for (const layout of ["label-a4-12", "postcard"] as const) {
    const still = layOut({ ...built, layout }).pages.flat();
    const moved = shiftContent(still, built.offset);
    expect(moved).toHaveLength(still.length);
    moved.forEach((each, index) => {
      const [from, to] = [still[index], each].map((one) => (one as { absolutePosition: { x: number; y: number } }).absolutePosition);
      expect([(to?.x ?? 0) - (from?.x ?? 0), (to?.y ?? 0) - (from?.y ?? 0)]).toEqual([expect.closeTo(mm(1.5), 6), expect.closeTo(mm(-2), 6)]);
    });
  }
  const [frames] = drawTestPage({ at: built.at, layout: "label-a4-24", offset: built.offset }) as [PdfShape];
  expect(frames.absolutePosition).toEqual({ x: mm(1.5), y: mm(-2) });
  expect(frames.canvas.filter((each) => each.type === "rect")).toHaveLength(24);
});
