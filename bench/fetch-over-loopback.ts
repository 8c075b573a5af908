import { Agent, request } from "node:http";
import type { Fetch } from "#tests/support/incident-receipts.ts";

/** Requests over the loopback, each from the address of who asks. */
export function fetchOverLoopback(port: number): Fetch {
  const agents = new Map<string, Agent>();
  return ({ method, url, cookie, address, body, headers }) => {
    let agent = agents.get(address);
    if (agent === undefined) agents.set(address, (agent = new Agent({ keepAlive: true, localAddress: address })));
    const isRaw = Buffer.isBuffer(body);
    const payload = body === undefined ? undefined : isRaw ? body : Buffer.from(JSON.stringify(body));
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: "127.0.0.1",
          port,
          path: url,
          method,
          agent,
          headers: {
            "x-kuraban": "1",
            "user-agent": "bench",
            cookie,
            ...(payload === undefined ? {} : { "content-type": isRaw ? "application/octet-stream" : "application/json", "content-length": payload.length }),
            ...headers,
          },
        },
        (reply) => {
          const pieces: Buffer[] = [];
          reply.on("data", (piece: Buffer) => pieces.push(piece));
          reply.once("end", () => resolve({ status: reply.statusCode ?? 0, bytes: Buffer.concat(pieces) }));
          reply.once("error", reject);
        },
      );
      outgoing.once("error", reject);
      outgoing.end(payload);
    });
  };
}
