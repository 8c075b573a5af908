import type { TestProject } from "vitest/node";
import { buildWeb, startProduct, type DemoAccount } from "./start-product.ts";
import { makeTemporaryFolder } from "./throwaway-server.ts";
import { join } from "node:path";

export type RunningDemo = { readonly url: string; readonly accounts: readonly DemoAccount[]; readonly dataFolder: string };

declare module "vitest" {
  interface ProvidedContext {
    demo: RunningDemo;
  }
}

/** Once a run: the built web, and one demo that all journeys through the sample company share. */
export default async function setUpDemo(project: TestProject): Promise<() => Promise<void>> {
  buildWeb();
  const { folder, remove } = makeTemporaryFolder();
  const demo = await startProduct("demo", join(folder, "demo")).catch((error: unknown) => {
    remove();
    throw error;
  });
  project.provide("demo", { url: demo.url, accounts: demo.accounts ?? [], dataFolder: demo.dataFolder });
  return async () => {
    await demo.stop();
    remove();
  };
}
