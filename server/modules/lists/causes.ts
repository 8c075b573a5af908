import type { Cause } from "#server/core/door/index.ts";
import { numbersAsked } from "#server/modules/accounts/index.ts";

/** A file that was found outside: whoever stood in its list when it was drawn. */
export const causes: readonly Cause[] = [
  {
    kind: "list",
    ja: "持ち出しリスト",
    en: "Taken-out list",
    takes: "lists",
    resolve: (asked) => ({ released: [{ filter: { listNos: numbersAsked(asked), from: asked.from, to: asked.to } }] }),
  },
];
