import type { TestHouse } from "./open-house.ts";
import { pdfText } from "./pdf-text.ts";

export interface Reply {
  readonly status: number;
  readonly bytes: Buffer;
  readonly requestId: string;
  readonly body: Record<string, unknown>;
}

/** One request as a browser of the same site makes it. */
export async function request(
  house: TestHouse,
  given: { method: string; url: string; cookie?: string | undefined; body?: unknown; headers?: Record<string, string> },
): Promise<Reply> {
  const reply = await house.app.inject({
    method: given.method as "GET",
    url: given.url,
    headers: {
      "x-kuraban": "1",
      "user-agent": "test",
      ...(given.cookie === undefined ? {} : { cookie: given.cookie }),
      ...given.headers,
    },
    ...(given.body === undefined ? {} : { payload: given.body as object }),
  });
  // What a PDF says is compressed: it is scanned as it reads.
  const isPdf = reply.headers["content-type"] === "application/pdf";
  const bytes = isPdf ? Buffer.concat([reply.rawPayload, Buffer.from(pdfText(reply.rawPayload))]) : reply.rawPayload;
  let body: Record<string, unknown> = {};
  try {
    body = JSON.parse(bytes.toString("utf8")) as Record<string, unknown>;
  } catch {
    // A reply that is no JSON is scanned as bytes all the same.
  }
  return {
    status: reply.statusCode,
    bytes: Buffer.concat([Buffer.from(JSON.stringify(reply.headers)), bytes]),
    requestId: String(reply.headers["x-request-id"]),
    body,
  };
}
