import { expect, test } from "vitest";
import { serve } from "#server/app/serve.ts";
import { openSeededHouse } from "./support/seeded-house.ts";
import { request } from "./support/request.ts";
test("x", async () => {
  const house = await openSeededHouse([["sales"], ["sales", "privacy-officer"]]);
  const app = await serve({ storehouse: house.open.storehouse, routes: house.routes, webFolder: undefined, tls: undefined, behindProxy: false, logLevel: "warn", requestsPerMinute: 1_000_000 });
  const of = { ...house, app };
  const counts = new Map<number, number>();
  for (let i = 0; i < 150; i += 1) {
    const r = await request(of, { method: "POST", url: "/api/customers/views", cookie: house.callers[i % 2]!.cookie, body: { search: ["zo", "龕讖", "東京都 チヌ"][i % 3], first: i % 2 } });
    counts.set(r.status, (counts.get(r.status) ?? 0) + 1);
  }
  console.log(counts);
  await house.close();
}, 100000);
