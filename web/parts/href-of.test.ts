import { expect, test } from "vitest";
import { hrefOf } from "./href-of.ts";

test("a call dials the number and nothing of what stands around it", () => {
  expect(hrefOf("call", "０９０−１１１１−２２２２")).toBe("tel:09011112222");
  expect(hrefOf("call", "+81 (0)3-1234-5678")).toBe("tel:+81312345678");
  expect(hrefOf("call", "03-1234-5678 内線12")).toBe("tel:0312345678");
  expect(hrefOf("call", "TEL 03(1234)5678")).toBe("tel:0312345678");
});

test("a mail goes to one address: nothing in it becomes a header", () => {
  expect(hrefOf("mail", "a.b@example.jp")).toBe("mailto:a.b@example.jp");
  expect(hrefOf("mail", "a@example.jp?bcc=b@example.jp")).toBe("mailto:a@example.jp%3Fbcc%3Db@example.jp");
});

test("a map is asked for the town by name", () => {
  expect(hrefOf("map", "大阪府大阪市北区梅田")).toBe(`https://www.google.com/maps/search/?api=1&query=${encodeURIComponent("大阪府大阪市北区梅田")}`);
});
