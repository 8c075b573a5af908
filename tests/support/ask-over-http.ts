import { Agent, request } from "node:http";

/** What came back over the wire, whole or cut off. */
export interface WireReply {
  /** 0 where the connection failed before a status arrived. */
  readonly status: number;
  readonly requestId: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Every byte that arrived, of a cut reply too. */
  readonly bytes: Buffer;
  readonly isWhole: boolean;
  /** Nobody listened: the request was never sent. */
  readonly isUnheard: boolean;
  readonly body: Record<string, unknown>;
  readonly tookMs: number;
}

export interface Asking {
  readonly method: string;
  readonly path: string;
  readonly cookie?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
  readonly timeoutMs?: number;
}

/** One request over a real connection, as a browser of the same site makes it. Never rejects: a broken connection is an answer too. */
export function askOverHttp(url: string, given: Asking): Promise<WireReply> {
  const began = performance.now();
  const isRaw = Buffer.isBuffer(given.body);
  const payload = given.body === undefined ? undefined : isRaw ? (given.body as Buffer) : Buffer.from(JSON.stringify(given.body));
  return new Promise((resolve) => {
    let status = 0;
    let headers: WireReply["headers"] = {};
    const pieces: Buffer[] = [];
    const settle = (isWhole: boolean, isUnheard = false): void => {
      const content = Buffer.concat(pieces);
      const bytes = Buffer.concat([Buffer.from(JSON.stringify(headers)), content]);
      let body: Record<string, unknown> = {};
      try {
        body = JSON.parse(content.toString("utf8")) as Record<string, unknown>;
      } catch {
        // Cut off, or no JSON: its bytes are what counts.
      }
      resolve({ status, requestId: String(headers["x-request-id"] ?? ""), headers, bytes, isWhole, isUnheard, body, tookMs: performance.now() - began });
    };
    const outgoing = request(
      new URL(given.path, url),
      {
        method: given.method,
        ...(given.agent === undefined ? {} : { agent: given.agent }),
        headers: {
          "x-kuraban": "1",
          "user-agent": "test",
          ...(given.cookie === undefined ? {} : { cookie: given.cookie }),
          ...(payload === undefined ? {} : { "content-type": isRaw ? "application/octet-stream" : "application/json", "content-length": payload.length }),
          ...given.headers,
        },
      },
      (reply) => {
        status = reply.statusCode ?? 0;
        headers = reply.headers;
        reply.on("data", (piece: Buffer) => pieces.push(piece));
        reply.once("end", () => settle(reply.complete));
        reply.once("error", () => settle(false));
      },
    );
    outgoing.setTimeout(given.timeoutMs ?? 30_000, () => outgoing.destroy());
    outgoing.once("error", (error: NodeJS.ErrnoException) => settle(false, error.code === "ECONNREFUSED"));
    outgoing.end(payload);
  });
}
