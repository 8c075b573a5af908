import { afterAll, beforeAll, expect, test } from "vitest";
import { certificateFor } from "#server/app/run-server.ts";
import { serve } from "#server/app/serve.ts";
import { endpoints } from "#shared/index.ts";
import { openSeededHouse, type SeededHouse } from "./support/seeded-house.ts";
import { request } from "./support/request.ts";

let house: SeededHouse;
beforeAll(async () => {
  house = await openSeededHouse([["office"]]);
}, 60_000);
afterAll(() => house.close());
const cookie = (): string => house.callers[0]?.cookie as string;

test("the OpenAPI 3.1 document holds every endpoint, with who may call it", async () => {
  const reply = await request(house, { method: "GET", url: "/api/openapi.json" });
  expect(reply.body["openapi"]).toMatch(/^3\.1/);
  const paths = reply.body["paths"] as Record<string, Record<string, { "x-access": string }>>;
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll(/:([A-Za-z]+)/g, "{$1}").replace(/\*$/, "{*}");
    expect(paths[path]?.[endpoint.method.toLowerCase()]?.["x-access"]).toBe(endpoint.access);
  }
});

test("a changing request of another site is refused by each of three walls", async () => {
  const ask = (headers: Record<string, string>) =>
    house.app.inject({ method: "POST", url: "/api/customers/views", headers: { cookie: cookie(), host: "kuraban.example", ...headers }, payload: {} });
  expect((await ask({ "x-kuraban": "1" })).statusCode).toBe(200);
  expect((await ask({ "x-kuraban": "1", origin: "http://kuraban.example" })).statusCode).toBe(200);
  expect((await ask({})).statusCode).toBe(403);
  expect((await ask({ "x-kuraban": "1", "sec-fetch-site": "cross-site" })).statusCode).toBe(403);
  expect((await ask({ "x-kuraban": "1", origin: "https://elsewhere.example" })).statusCode).toBe(403);
});

test("replies carry the headers that keep them out of caches, frames and other sites", async () => {
  const { headers } = await house.app.inject({ method: "GET", url: "/api/fields", headers: { cookie: cookie() } });
  expect(headers).toMatchObject({
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
  });
  expect(headers["strict-transport-security"]).toBeUndefined();
});

test("over TLS replies demand TLS for a year, and cookies are bound to the host", async () => {
  const app = await serve({
    storehouse: house.open.storehouse,
    routes: house.routes,
    webFolder: undefined,
    tls: undefined,
    behindProxy: true,
    logLevel: "silent",
    requestsPerMinute: 1000,
  });
  const reply = await app.inject({
    method: "POST",
    url: "/api/session/password",
    headers: { "x-kuraban": "1", "x-forwarded-proto": "https" },
    payload: { mail: "nobody@example.jp", password: "a long password 1" },
  });
  expect(reply.headers["strict-transport-security"]).toMatch(/max-age=31536000/);
  for (const set of [reply.headers["set-cookie"] ?? []].flat()) {
    expect(set).toMatch(/^__Host-kuraban-.*; Path=\/.*HttpOnly.*Secure.*SameSite=Strict/);
  }
  await app.close();
});

test("plain HTTP stands on loopback alone: elsewhere there is a certificate, unless a proxy ends TLS", async () => {
  const asked = { host: "192.0.2.7", behindProxy: false, tlsKey: undefined, tlsCert: undefined };
  const made = await certificateFor(house.open, asked);
  expect(made?.cert).toMatch(/BEGIN CERTIFICATE/);
  expect(made?.authority).toMatch(/BEGIN CERTIFICATE/);
  expect((await certificateFor(house.open, asked))?.cert).toBe(made?.cert);
  expect(await certificateFor(house.open, { ...asked, behindProxy: true })).toBeUndefined();
  for (const host of ["127.0.0.1", "127.8.8.8", "::1", "localhost"]) {
    expect(await certificateFor(house.open, { ...asked, host })).toBeUndefined();
  }
  await expect(certificateFor(house.open, { ...asked, tlsKey: "/none/key.pem", tlsCert: "/none/cert.pem" })).rejects.toThrow(/証明書/);
});

test("bad input gets a problem that quotes nothing of it", async () => {
  const secret = "髙橋太郎0901112222";
  const replies = await Promise.all([
    request(house, { method: "POST", url: "/api/customers/views", cookie: cookie(), body: { search: [secret] } }),
    request(house, { method: "GET", url: "/api/customers/none", cookie: cookie() }),
    request(house, { method: "GET", url: "/api/no-such-thing", cookie: cookie() }),
    request(house, { method: "POST", url: "/api/customers", cookie: cookie(), body: { values: { [secret]: "x" } } }),
    request(house, { method: "POST", url: "/api/customers", cookie: cookie(), body: { values: { fullName: "カード 4111 1111 1111 1111" } } }),
    request(house, { method: "POST", url: "/api/customers/views", cookie: cookie(), body: { search: "x".repeat(300_000) } }),
  ]);
  expect(replies.map(({ status }) => status)).toEqual([400, 400, 404, 400, 422, 413]);
  for (const { bytes, body } of replies) {
    expect(bytes.toString("utf8")).not.toContain(secret);
    expect(body["code"]).toBeTruthy();
  }
});

test("whoever asks too often is told to wait", async () => {
  const app = await serve({
    storehouse: house.open.storehouse,
    routes: house.routes,
    webFolder: undefined,
    tls: undefined,
    behindProxy: false,
    logLevel: "silent",
    requestsPerMinute: 3,
  });
  const codes: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    codes.push((await app.inject({ method: "GET", url: "/api/fields", headers: { cookie: cookie() } })).statusCode);
  }
  expect(codes).toEqual([200, 200, 200, 429, 429]);
  await app.close();
});
