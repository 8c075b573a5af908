import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { sentinelValues } from "#server/modules/sample/index.ts";
import type { Window, WindowOptions } from "./browser.ts";
import { startJourney, type Journey } from "./journey.ts";
import { signInScreen } from "./screens/sign-in-screen.ts";
import { seedEmbedded } from "./seed-embedded.ts";
import { password, totpSecret } from "./seed-storehouse.ts";
import { startProduct, type Product } from "./start-product.ts";
import { makeTemporaryFolder } from "./throwaway-server.ts";

export interface CompanyJourney {
  /** Removed after the tests, with everything in it. */
  readonly folder: string;
  /** Where the company's data are kept, in `folder`. */
  readonly dataFolder: string;
  readonly journey: Journey;
  /** Where the product is served; there once the tests run. */
  readonly url: () => string;
  /** A new window in which the member of staff at this place of `roleSets` is signed in. */
  enter(index: number, options?: WindowOptions): Promise<Window>;
}

/** A small company of its own for the tests of one file: a member of staff for each set of roles, a few customers, the built product. */
export function startCompanyJourney(roleSets: readonly (readonly string[])[], options?: Parameters<typeof seedEmbedded>[2]): CompanyJourney {
  const { folder, remove } = makeTemporaryFolder();
  const journey = startJourney();
  const dataFolder = join(folder, "company");
  let product: Product | undefined;
  beforeAll(async () => {
    await seedEmbedded(dataFolder, roleSets, options);
    product = await startProduct("start", dataFolder);
  });
  afterAll(async () => {
    await product?.stop();
    remove();
  });
  const url = (): string => {
    if (product === undefined) throw new Error("the product is served once the tests run");
    return product.url;
  };
  return {
    folder,
    dataFolder,
    journey,
    url,
    async enter(index, windowOptions) {
      const window = await journey.openAt(url(), windowOptions);
      await signInScreen(window.page).signIn({ email: staffMail(index), password, totpSecret });
      return window;
    },
  };
}

export const staffName = (index: number): string => sentinelValues("account", index)["staffName"] as string;
const staffMail = (index: number): string => sentinelValues("account", index)["staffMail"] as string;
