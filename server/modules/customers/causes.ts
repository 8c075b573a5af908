import type { Cause } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";

/** People whom a list from outside names: a misdirected letter, a file that was found. */
export const causes: readonly Cause[] = [
  {
    kind: "people",
    ja: "手元の一覧で分かっている人",
    en: "People named by a list from outside",
    takes: "people",
    resolve: ({ values }) => {
      if (values.some((value) => typeof value !== "number")) throw new Problem("invalid-input", { field: "values" });
      return { released: [], named: values as number[] };
    },
  },
];
