import { afterAll, beforeAll, expect, test } from "vitest";
import type { Route } from "#server/core/door/index.ts";
import { openSeededHouse, type SeededHouse } from "./support/seeded-house.ts";

/** Whoever does nothing but answer callers: every route of the product, asked one by one. A new route stands here by a decision. */
const atDesk = [
  "GET /api/incident-desk-cases/:caseNo",
  "GET /api/incident-desks",
  "GET /api/incident-desks/:incidentNo/cases",
  "GET /api/incident-desks/:incidentNo/scripts",
  "POST /api/incident-desk-cases/:caseNo/call-back",
  "POST /api/incident-desk-cases/:caseNo/call-back/reached",
  "POST /api/incident-desk-cases/:caseNo/check",
  "POST /api/incident-desk-cases/:caseNo/entries",
  "POST /api/incident-desks/:incidentNo/cases",
];
const ownSession = [
  "DELETE /api/session",
  "DELETE /api/sessions/:sessionId",
  "GET /api/monitoring-notice",
  "GET /api/session",
  "GET /api/session/standing",
  "GET /api/session/viewed-today",
  "GET /api/session/watch",
  "GET /api/sessions",
  "POST /api/ledger/own",
  "POST /api/ledger/own/:eventNo/shown",
  "POST /api/ledger/own/density",
  "POST /api/ledger/own/replay",
  "POST /api/monitoring-notice/acknowledge",
  "POST /api/session/change-password",
];
const nameOf = ({ endpoint }: Route): string => `${endpoint.method} ${endpoint.path}`;

let house: SeededHouse;
beforeAll(async () => {
  house = await openSeededHouse([["desk-operator"], ["contractor"]]);
}, 60_000);
afterAll(() => house.close());

/** What came of it for somebody with this cookie; nothing of the request needs to be right: it is refused before. */
async function codeOf(route: Route, cookie: string): Promise<string | undefined> {
  const { endpoint } = route;
  const isStream = endpoint.bodyKind === "stream";
  const reply = await house.app.inject({
    method: endpoint.method,
    url: endpoint.path.replaceAll(/:\w+/g, "1").replace("*", "1"),
    headers: { "x-kuraban": "1", cookie, ...(isStream ? { "content-type": "application/octet-stream" } : {}) },
    ...(endpoint.method === "GET" ? {} : { payload: isStream ? Buffer.from("x") : {} }),
  });
  return reply.statusCode < 400 ? undefined : (JSON.parse(reply.body) as { code: string }).code;
}

test("to whoever only answers callers every route is refused but the desk's and those of their own session", async () => {
  const asked = house.routes.filter((route) => route.endpoint.access !== "anyone" && route.live === undefined && nameOf(route) !== "DELETE /api/session");
  const open: string[] = [];
  for (const route of asked) {
    if ((await codeOf(route, house.callers[0]?.cookie as string)) !== "not-permitted") open.push(nameOf(route));
  }
  const listed = [...atDesk, ...ownSession].filter((name) => name !== "DELETE /api/session" && name !== "GET /api/session/watch");
  expect(open.toSorted()).toEqual(listed.toSorted());
  expect(asked.length - open.length).toBeGreaterThan(180);
});

test("the same account with any other right is one of the staff, and nobody is at a desk by having no right at all", async () => {
  const fields = house.routes.find((route) => nameOf(route) === "GET /api/fields") as Route;
  expect(await codeOf(fields, house.callers[0]?.cookie as string)).toBe("not-permitted");
  expect(await codeOf(fields, house.callers[1]?.cookie as string)).toBeUndefined();
});
