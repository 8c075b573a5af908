/** `node bench/ledger-share-main.ts SECONDS`: the process in which measure-ledger-share.ts measures; a line of JSON for each number of callers. */
import { measureInThisProcess } from "./measure-ledger-share.ts";

await measureInThisProcess({ seconds: Number(process.argv[2]), print: (line) => console.log(JSON.stringify(line)) });
