import { afterAll, beforeAll, expect, test } from "vitest";
import { serve } from "#server/app/serve.ts";
import { actAs, takesOut, type Route, type Storehouse } from "#server/core/door/index.ts";
import { liftMeasureAs } from "#server/modules/measures/index.ts";
import { shippedRoles } from "#server/core/access/shipped-roles.ts";
import type { MeasureKind } from "#shared/measures.ts";
import { openSeededHouse, type SeededHouse } from "./support/seeded-house.ts";
import { takeMeasure } from "./support/take-measure.ts";

/** Every route of the product under each measure over the whole service. What stays open stands here by a decision. */
const handlers = ["privacy-officer", "system-administrator"];
const everybodyElse = shippedRoles.map((role) => role.key).filter((key) => !handlers.includes(key));

/** Signing in and out, what a page needs to say why it is shut, the second person's word, and reporting an incident. */
const openUnderStop = [
  "DELETE /api/session",
  "GET /api/approvals",
  "GET /api/approvals/count",
  "GET /api/health",
  "GET /api/ledger-monitor/checkpoint",
  "GET /api/ledger-monitor/consistency",
  "GET /api/ledger-monitor/tile/:level/*",
  "GET /api/service",
  "GET /api/session",
  "GET /api/session/standing",
  "GET /api/session/watch",
  "POST /api/approvals/:requestNo/decide",
  "POST /api/approvals/:requestNo/withdraw",
  "POST /api/session/code",
  "POST /api/session/password",
];
/** Files that hold nothing of anybody: the log's hashes and notes, the verifier, the support file. */
const openUnderHold = [
  "GET /api/ledger-monitor/checkpoint",
  "GET /api/ledger-monitor/tile/:level/*",
  "GET /api/ledger/log/checkpoint",
  "GET /api/ledger/log/tile/:level/*",
  "POST /api/ledger/verifier",
  "POST /api/support/bundle",
];
const changingUnderReadOnly = [
  "DELETE /api/session",
  "POST /api/approvals/:requestNo/decide",
  "POST /api/approvals/:requestNo/withdraw",
  "POST /api/measures",
  "POST /api/measures/:measureNo/lift",
  "POST /api/session/code",
  "POST /api/session/password",
  "PUT /api/measures/policy",
];
const isOfIncidents = (name: string): boolean => / \/api\/(incident|consignor-packs|notice-mail|preventions)/.test(name);

let house: SeededHouse;
const nameOf = (route: Route): string => `${route.endpoint.method} ${route.endpoint.path}`;

beforeAll(async () => {
  house = await openSeededHouse([everybodyElse, everybodyElse, ["privacy-officer"], [...everybodyElse, ...handlers]]);
}, 120_000);
afterAll(() => house.close());

async function under(kind: MeasureKind, look: () => Promise<void>): Promise<void> {
  const { storehouse } = house.open;
  const measureNo = await takeMeasure(storehouse, kind);
  try {
    await look();
  } finally {
    await actAs(storehouse, "console", "measure.lifted", crypto.randomUUID(), (context) => liftMeasureAs(context, measureNo));
  }
}

/** The code of what came back; undefined where it was served. Nothing of the request needs to be right: it is refused before. */
async function codeOf(route: Route, callerAt: number, app = house.app): Promise<string | undefined> {
  const { endpoint } = route;
  const reply = await app.inject({
    method: endpoint.method,
    url: endpoint.path.replaceAll(/:\w+/g, "1").replace("*", "1"),
    headers: {
      "x-kuraban": "1",
      cookie: house.callers[callerAt]?.cookie as string,
      ...(endpoint.bodyKind === "stream" ? { "content-type": "application/octet-stream" } : {}),
    },
    ...(endpoint.method === "GET" ? {} : { payload: endpoint.bodyKind === "stream" ? Buffer.from("x") : {} }),
  });
  return reply.statusCode < 400 ? undefined : ((JSON.parse(reply.body) as { code?: string }).code ?? "none");
}

/** Names of the routes that were refused by this code, and of those that were not. */
async function drive(routes: readonly Route[], callerAt: number, code: string): Promise<{ refused: string[]; open: string[] }> {
  const refused: string[] = [];
  const open: string[] = [];
  for (const route of routes) {
    if (route.live !== undefined) {
      open.push(nameOf(route));
      continue;
    }
    ((await codeOf(route, callerAt)) === code ? refused : open).push(nameOf(route));
  }
  return { refused: refused.toSorted(), open: open.toSorted() };
}

/** Whatever ends the caller's session comes last. */
const inOrder = (routes: readonly Route[]): Route[] =>
  routes.toSorted((a, b) => Number(nameOf(a) === "DELETE /api/session") - Number(nameOf(b) === "DELETE /api/session"));

test("under a stop every route is shut to everybody but handlers, and what stays open is this list", async () => {
  await under("stop", async () => {
    const { open } = await drive(inOrder(house.routes), 0, "service-stopped");
    expect(open.filter((name) => !isOfIncidents(name))).toEqual(openUnderStop);
    const reportForms = house.routes.filter((route) => isOfIncidents(nameOf(route)) && route.endpoint.access === "anyone").map(nameOf);
    expect(open.filter(isOfIncidents)).toEqual(reportForms.toSorted());
    const reading = house.routes.filter((route) => route.endpoint.method === "GET");
    expect((await drive(reading, 2, "service-stopped")).refused).toEqual([]);
  });
}, 120_000);

test("under read-only every changing route is refused to everybody, and every reading one is not", async () => {
  await under("read-only", async () => {
    const changing = house.routes.filter((route) => route.mode === "write");
    const left = await drive(
      changing.filter((route) => !changingUnderReadOnly.includes(nameOf(route))),
      3,
      "read-only",
    );
    expect(left.open.filter((name) => !isOfIncidents(name))).toEqual([]);
    expect(left.refused.length).toBeGreaterThan(60);
    const exemptOnes = changing.filter((route) => route.exempt?.includes("read-only") === true && !isOfIncidents(nameOf(route))).map(nameOf);
    expect(exemptOnes.toSorted()).toEqual(changingUnderReadOnly);
    const reading = house.routes.filter((route) => route.mode === "read");
    expect((await drive(reading, 1, "read-only")).refused).toEqual([]);
  });
}, 120_000);

test("under a hold every file, and every step towards one, is refused to everybody; nothing else is", async () => {
  await under("hold-exports", async () => {
    const leaving = house.routes.filter(takesOut);
    const { refused, open } = await drive(leaving, 3, "exports-held");
    expect(open.filter((name) => !isOfIncidents(name))).toEqual(openUnderHold);
    expect(refused).toEqual(expect.arrayContaining(["POST /api/lists", "POST /api/lists/:listNo/download", "POST /api/customers/:customerNo/disclosure/pdf"]));
    const others = house.routes.filter((route) => !takesOut(route) && nameOf(route) !== "DELETE /api/session");
    expect((await drive(others, 1, "exports-held")).refused).toEqual([]);
  });
  const list = house.routes.find((route) => nameOf(route) === "POST /api/lists") as Route;
  expect(await codeOf(list, 1)).not.toBe("exports-held");
}, 120_000);

test("a node that was started after it, and one that served the session before, refuse alike", async () => {
  const search = house.routes.find((route) => nameOf(route) === "POST /api/customers/views") as Route;
  const another: Storehouse = { ...house.open.storehouse, policy: undefined };
  const app = await serve({
    storehouse: another,
    routes: house.routes,
    webFolder: undefined,
    tls: undefined,
    behindProxy: false,
    logLevel: "silent",
    requestsPerMinute: 1_000_000,
  });
  const before = [await codeOf(search, 1), await codeOf(search, 1, app)];
  await under("stop", async () => {
    expect([await codeOf(search, 1), await codeOf(search, 1, app)]).toEqual(["service-stopped", "service-stopped"]);
  });
  expect([await codeOf(search, 1), await codeOf(search, 1, app)]).toEqual(before);
  await app.close();
});
