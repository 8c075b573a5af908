import type { rowProblemCodes } from "#shared/imports.ts";

export type RowProblemCode = (typeof rowProblemCodes)[number];
