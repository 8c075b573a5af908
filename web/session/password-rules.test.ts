import { expect, it } from "vitest";
import { checkPassword } from "#web/session/password-rules.ts";

it("asks for length and for more than one repeated character or row", () => {
  expect(checkPassword("kurano kagi 3tsu")).toEqual({ isLong: true, isVaried: true });
  expect(checkPassword("みどりの蔵の鍵ですよ")).toEqual({ isLong: true, isVaried: true });
  expect(checkPassword("aaaaaaaaaa")).toEqual({ isLong: true, isVaried: false });
  expect(checkPassword("1234567890")).toEqual({ isLong: true, isVaried: false });
  expect(checkPassword("jihgfedcba")).toEqual({ isLong: true, isVaried: false });
  expect(checkPassword("kagi")).toMatchObject({ isLong: false });
});
it("counts a character outside the basic plane once", () => {
  expect(checkPassword("𠮷𠮷𠮷𠮷").isLong).toBe(false);
});
