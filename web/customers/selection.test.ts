import { expect, test } from "vitest";
import { extend, nobody, numbersIn, toggle, toggleAll } from "#web/customers/selection.ts";

const order = [11, 12, 13, 14, 15];

test("choosing twice lets go again", () => {
  expect(numbersIn(toggle(nobody, 12), order)).toEqual([12]);
  expect(numbersIn(toggle(toggle(nobody, 12), 12), order)).toEqual([]);
});

test("a range goes from where it began to where it ends, in either direction, and lets go of nobody", () => {
  const chosen = toggle(toggle(nobody, 11), 14);
  expect(numbersIn(extend(chosen, 12, order), order)).toEqual([11, 12, 13, 14]);
  expect(numbersIn(extend(extend(chosen, 12, order), 15, order), order)).toEqual(order);
});

test("a range whose beginning the list no longer holds chooses the one alone", () => {
  expect(numbersIn(extend(toggle(nobody, 99), 13, order), [...order, 99])).toEqual([13, 99]);
});

test("choosing all of a list twice chooses nobody, but completes a part first", () => {
  const all = toggleAll(toggle(nobody, 12), order);
  expect(numbersIn(all, order)).toEqual(order);
  expect(toggleAll(all, order).numbers.size).toBe(0);
});

test("the chosen are told in the order of the list, whatever the order of choosing", () => {
  expect(numbersIn(toggle(toggle(nobody, 15), 11), order)).toEqual([11, 15]);
});
