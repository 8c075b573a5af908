import type { FastifyInstance, InjectOptions } from "fastify";
import type { Fetch } from "#tests/support/incident-receipts.ts";

/** Asks as whoever holds the session, and takes what is answered; a file is sent under its name. @throws Error other than 200 */
export type Call = (method: "GET" | "POST", url: string, body?: object | Buffer, fileName?: string) => Promise<Record<string, unknown>>;

export function callAs(fetch: Fetch, { cookie, address }: { readonly cookie: string; readonly address: string }): Call {
  return async (method, url, body, fileName) => {
    const reply = await fetch({ method, url, cookie, address, body, ...(fileName === undefined ? {} : { headers: { "x-file-name": fileName } }) });
    const parsed = JSON.parse(reply.bytes.toString("utf8")) as Record<string, unknown>;
    if (reply.status !== 200) throw new Error(`${method} ${url}: ${reply.status} ${String(parsed["code"])}`);
    return parsed;
  };
}

/** Requests to a house that listens to nobody. */
export function fetchWithin(app: FastifyInstance): Fetch {
  return async ({ method, url, cookie, address, body, headers }) => {
    const reply = await app.inject({
      method: method as NonNullable<InjectOptions["method"]>,
      url,
      remoteAddress: address,
      headers: { "x-kuraban": "1", cookie, ...(Buffer.isBuffer(body) ? { "content-type": "application/octet-stream" } : {}), ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    return { status: reply.statusCode, bytes: reply.rawPayload };
  };
}
