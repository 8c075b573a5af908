import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runLoad } from "./load.ts";
import { quantile } from "./histogram.ts";

const seen: { url: string; body: string; cookie: string | undefined }[] = [];
let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      seen.push({ url: request.url!, body: Buffer.concat(parts).toString(), cookie: request.headers.cookie });
      const body = request.url === "/refused" ? "no" : "あ".repeat(40_000);
      response.writeHead(request.url === "/refused" ? 429 : 200, { "content-length": Buffer.byteLength(body) });
      // In two pieces, so that an answer does not arrive at once.
      response.write(body.slice(0, 1));
      setImmediate(() => response.end(body.slice(1)));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as { port: number }).port;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test("every answer is counted once and whole, refusals apart, and each caller asks on in turn", async () => {
  seen.length = 0;
  const result = await runLoad({
    port,
    callers: 3,
    seconds: 0.3,
    headers: { cookie: "a=b" },
    requests: [
      { method: "GET", path: "/page" },
      { method: "POST", path: "/search", body: '{"search":"高橋"}' },
      { method: "GET", path: "/refused" },
    ],
    from: 1,
  });
  expect(result.answers).toBe(seen.filter((one) => one.url !== "/refused").length);
  expect(result.refusals).toEqual({ 429: seen.filter((one) => one.url === "/refused").length });
  expect(Object.values(result.latencies).reduce((sum, times) => sum + times, 0)).toBe(result.answers);
  expect(result.bytes).toBeGreaterThan(result.answers * 120_000);
  expect(quantile(result.latencies, 0.5)).toBeGreaterThan(0);
  expect(seen[0]).toEqual({ url: "/search", body: '{"search":"高橋"}', cookie: "a=b" });
});

test("a server that closes on the caller counts as a broken connection and not as an answer", async () => {
  const rude = createServer((request) => request.socket.destroy()).listen(0, "127.0.0.1");
  await once(rude, "listening");
  const result = await runLoad({
    port: (rude.address() as { port: number }).port,
    callers: 2,
    seconds: 5,
    headers: {},
    requests: [{ method: "GET", path: "/" }],
    from: 0,
  });
  expect(result.answers).toBe(0);
  expect(result.refusals).toEqual({ 0: 2 });
  await new Promise((resolve) => rude.close(resolve));
});
