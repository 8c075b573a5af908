import type { Cause } from "#server/core/door/index.ts";
import { numbersAsked } from "#server/modules/accounts/index.ts";

/** The events that speak of one import carry its number as this fact. */
export const importFact = "import";
export const takingIn: readonly string[] = ["import.batch", "import.row-corrected"];

/** Events that show rows of a file as they stand in it: nobody has a number yet. */
export const showingRows: readonly string[] = ["import.previewed", "import.problems-listed", "import.problems-downloaded", "import.row-corrected"];

/** A file that was imported lies elsewhere too: whoever its rows became or changed. What was shown of them then is confirmed. */
export const causes: readonly Cause[] = [
  {
    kind: "import",
    ja: "取り込んだファイル",
    en: "File that was imported",
    takes: "imports",
    resolve: (asked) => {
      const fact = { key: importFact, values: numbersAsked(asked) };
      const types = [...takingIn, "import.started", "import.undo-batch"];
      return {
        released: [{ filter: { types, from: asked.from, to: asked.to }, fact }],
        reached: [{ way: "import-file", question: { filter: { types: [...takingIn] }, fact } }],
      };
    },
  },
];
