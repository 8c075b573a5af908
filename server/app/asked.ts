import type { Place } from "./open-storehouse.ts";

/** What was asked for on the command line, in one form for all commands. */
export interface Asked {
  readonly command: string;
  readonly words: readonly string[];
  readonly place: Place;
  readonly host: string;
  readonly port: number;
  readonly behindProxy: boolean;
  readonly tlsKey: string | undefined;
  readonly tlsCert: string | undefined;
  readonly json: boolean;
  readonly option: (name: string) => string | undefined;
  /** Of `incident scope`: each `--cause`. */
  readonly causes: readonly string[];
  readonly verify: boolean;
  /** Of the commands that know it: `--without-entries`. */
  readonly withoutEntries: boolean;
}
