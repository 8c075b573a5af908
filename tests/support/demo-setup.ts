import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildWeb, startProduct, type DemoAccount } from "./start-product.ts";
import { makeTemporaryFolder } from "./throwaway-server.ts";

export type RunningDemo = { readonly url: string; readonly accounts: readonly DemoAccount[] };

declare module "vitest" {
  interface ProvidedContext {
    demo: RunningDemo;
  }
}

/**
 * Once a run: the built web, and one demo that all journeys through the sample company share (or the one whose line of JSON
 * stands in the file that KURABAN_TEST_DEMO names).
 */
export default async function setUpDemo(project: TestProject): Promise<() => Promise<void>> {
  buildWeb();
  const given = process.env["KURABAN_TEST_DEMO"];
  if (given !== undefined) {
    project.provide("demo", JSON.parse(readFileSync(given, "utf8")) as RunningDemo);
    return async () => undefined;
  }
  const { folder, remove } = makeTemporaryFolder();
  const demo = await startProduct("demo", join(folder, "demo")).catch((error: unknown) => {
    remove();
    throw error;
  });
  project.provide("demo", { url: demo.url, accounts: demo.accounts ?? [] });
  return async () => {
    await demo.stop();
    remove();
  };
}
