// A node of its own that takes the job "hold" and keeps it until it is killed: for tests of what happens to the job then.
import { randomUUID } from "node:crypto";
import pg from "pg";
import { startJobs } from "#server/platform/jobs/index.ts";

const pool = new pg.Pool({ connectionString: process.argv[2] ?? "", application_name: randomUUID() });
pool.on("error", () => undefined);
startJobs({
  pool,
  tasks: {
    hold: {
      run: () => {
        process.stdout.write("held\n");
        return new Promise(() => undefined);
      },
    },
  },
});
