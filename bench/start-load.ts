import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { LoadOrder, LoadResult } from "./load.ts";

export interface LoadGenerator {
  run(order: LoadOrder): Promise<LoadResult>;
  stop(): Promise<void>;
}

/** Starts the load generator as a process of its own. Orders are carried out one after the other. */
export function startLoad(): LoadGenerator {
  const child = spawn(process.execPath, [new URL("./load.ts", import.meta.url).pathname], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const died = once(child, "exit").then(() => {
    throw new Error("the load generator ended before it answered");
  });
  died.catch(() => undefined);
  return {
    run: async (order) => {
      const answered = once(lines, "line");
      child.stdin.write(`${JSON.stringify(order)}\n`);
      const [line] = (await Promise.race([answered, died])) as [string];
      return JSON.parse(line) as LoadResult;
    },
    stop: async () => {
      const gone = once(child, "exit");
      child.stdin.end();
      await gone;
    },
  };
}
