import type { Cause } from "#server/core/door/index.ts";

/** A file that was found outside: who made, approved and drew its list, and what stood in it. */
export const causes: readonly Cause[] = [
  { kind: "list", ja: "持ち出しリスト", en: "List", question: (listNo, from, to) => ({ fact: { key: "listNo", value: listNo }, from, to }) },
];
