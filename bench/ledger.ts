/**
 * `node bench/ledger.ts [--json] [--seconds N] [--callers 1,16,64,256]`, also as `./kuraban bench ledger`: see
 * measure-ledger.ts and measure-ledger-share.ts.
 */
import { parseArgs } from "node:util";
import { measureLedger } from "./measure-ledger.ts";
import { measureLedgerShare } from "./measure-ledger-share.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    seconds: { type: "string", default: "4" },
    callers: { type: "string", default: "1,16,64,256" },
    only: { type: "string" },
  },
});
const seconds = Number(values.seconds);
const show = (value: unknown): string => (typeof value === "object" ? JSON.stringify(value) : String(value));
const print = (line: object): void =>
  console.log(
    values.json
      ? JSON.stringify(line)
      : Object.entries(line)
          .map(([key, value]) => `${key} ${show(value)}`)
          .join("  "),
  );
if (values.only !== "share") await measureLedger({ seconds, callers: values.callers.split(",").map(Number), print });
if (values.only !== "append") await measureLedgerShare({ seconds, print });
