// A process of its own that holds the database of the folder given to it until it is killed: for tests of what is left then.
import { startServerIn } from "./throwaway-server.ts";

const server = await startServerIn(process.argv[2] ?? "");
process.stdout.write(`${JSON.stringify({ ownerUrl: server.ownerUrl, postgresPid: server.pid() })}\n`);
setInterval(() => undefined, 60_000);
