import { createRequire } from "node:module";
import type { ZxcvbnFactory } from "@zxcvbn-ts/core";

/** The estimate takes time that grows with the square of the length; what is longer is not judged by its end. */
const judgedLength = 64;
let estimator: ZxcvbnFactory | undefined;

/**
 * About how many guesses a password withstands, as a power of ten: leaked and common passwords, Japanese names and words,
 * keyboard walks, repeats, dates. The word lists (some MB) are read at first use.
 */
export function guessesOf(password: string): number {
  estimator ??= load();
  return estimator.check([...password].slice(0, judgedLength).join("")).guessesLog10;
}

function load(): ZxcvbnFactory {
  const require = createRequire(import.meta.url);
  const core = require("@zxcvbn-ts/core") as typeof import("@zxcvbn-ts/core");
  const common = require("@zxcvbn-ts/language-common") as typeof import("@zxcvbn-ts/language-common");
  const japanese = require("@zxcvbn-ts/language-ja") as typeof import("@zxcvbn-ts/language-ja");
  return new core.ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...japanese.dictionary },
    graphs: common.adjacencyGraphs,
    maxLength: judgedLength,
  });
}
