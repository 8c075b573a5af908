import { afterAll, beforeAll, expect, test } from "vitest";
import type { Reply } from "../support/request.ts";
import { request } from "../support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "../support/seeded-house.ts";
import { drives, sceneFor, type Asked } from "./drive-routes.ts";

/**
 * Whatever stands in the place of a text, a number or a day, the answer is a refusal or a result and never an error of ours:
 * an error would say that something reached a place where nobody had thought of it.
 */
let house: SeededHouse;
let caller: Caller;
beforeAll(async () => {
  house = await openSeededHouse([["manager", "privacy-officer"], ["office"]]);
  caller = house.callers[0] as Caller;
}, 60_000);
afterAll(() => house.close());

const strangeTexts = ["a\u0000b", "\ud800", "\u202e\ufeff𠮷\u0301".repeat(2_000), "__proto__", "%00'\"\\;--${1}", "=1+1"];
const strangeDays = ["0000-01-01", "0001-02-29", "9999-12-31"];
const strangeNumbers = [-1, 0, 2_147_483_648, Number.MAX_SAFE_INTEGER, 1e308, 0.5];

/** Every value of one leaf or another replaced, one at a time. */
function* mutated(value: unknown): Generator<unknown> {
  if (typeof value === "string") {
    yield* /^\d{4}-\d\d-\d\d/.test(value) ? [...strangeDays, ...strangeDays.map((day) => `${day}T00:00:00Z`)] : strangeTexts;
  } else if (typeof value === "number") {
    yield* strangeNumbers;
  } else if (Array.isArray(value)) {
    yield [];
    for (const one of value.length === 0 ? [] : mutated(value[0])) yield [one, ...(value.slice(1) as unknown[])];
  } else if (typeof value === "object" && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      for (const one of mutated(part)) yield { ...value, [key]: one };
    }
    yield { ...value, constructor: 1 };
  }
}

const strangeUrls = (url: string): string[] => {
  const [path = "", query] = url.split("?");
  return [
    ...["2147483648", "9007199254740993", "-1", "0", "1e9", "%00", "%F0%9F%98%80"]
      .map((no) => path.replace(/\/\d+(?=\/|$)/, `/${no}`))
      .filter((one) => one !== path),
    ...(query === undefined
      ? []
      : query.split("&").flatMap((pair) => ["-1", "9007199254740991", "1e300", "%00"].map((no) => `${path}?${pair.split("=")[0]}=${no}`))),
  ];
};

/** Not driven: what ends the session, costs seconds of hashing or encrypting, or takes a file. */
const left = /^(DELETE \/api\/session|POST \/api\/session|POST \/api\/lists\/:listNo\/download|POST \/api\/imports$|POST \/api\/setup|.*\/password)/;

test("no text, number or day is strange enough for an error of ours", async () => {
  const send = (method: string, asked: Asked): Promise<Reply> =>
    request(house, {
      method,
      url: asked.url,
      cookie: caller.cookie,
      ...(asked.body === undefined ? {} : { body: asked.body }),
      ...(asked.headers === undefined ? {} : { headers: asked.headers }),
    });
  const scene = sceneFor(house, caller, send);
  const errors = new Set<string>();
  let asked = 0;
  for (const { endpoint } of house.routes) {
    const name = `${endpoint.method} ${endpoint.path}`;
    if (left.test(name) || endpoint.bodyKind === "stream") continue;
    const [example] = (await drives[name]?.(scene)) ?? [];
    if (example === undefined) continue;
    const bodies = Buffer.isBuffer(example.body) ? [] : [...mutated(example.body)];
    const tries = [...bodies.map((body) => ({ ...example, body })), ...strangeUrls(example.url).map((url) => ({ ...example, url }))];
    for (const one of tries) {
      asked += 1;
      const { status, body } = await send(endpoint.method, one);
      if (status >= 500) errors.add(`${name} ${one.url === example.url ? JSON.stringify(one.body).slice(0, 300) : one.url}: ${status} ${String(body["code"])}`);
    }
  }
  const cursors = ["999999999999999-0-999999999999", "0-9-0", "999999999999999-9-1", "1-1-999999999999"];
  for (const cursor of cursors) {
    for (const url of [
      `/api/customers/${scene.own}/timeline?before=${cursor}`,
      `/api/companies/${[...house.companyIndex.keys()][0]}/timeline?before=${cursor}`,
    ]) {
      const { status } = await send("GET", { url });
      if (status >= 500) errors.add(`${url}: ${status}`);
    }
  }
  expect([...errors]).toEqual([]);
  expect(asked).toBeGreaterThan(1_000);
}, 180_000);
