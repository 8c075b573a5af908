import type { Ours } from "./ours.ts";
import type { LoadGenerator } from "./start-load.ts";
import type { Side } from "./start-side.ts";

/** The two sides with the same customers in one PostgreSQL server, and the load generator. */
export interface Arena {
  readonly ours: Ours;
  readonly twin: Side & { readonly databaseUrl: string };
  readonly load: LoadGenerator;
  readonly customers: number;
  readonly seconds: number | undefined;
  readonly callers: readonly number[] | undefined;
  /** Rows of the file that is imported. */
  readonly rows: number | undefined;
  readonly print: (line: object) => void;
}
