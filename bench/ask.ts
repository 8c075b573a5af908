import type { LoadRequest } from "./load.ts";
import type { Side } from "./start-side.ts";

/** One request to a side, outside the load generator. @throws Error with the status of a refusal, never its text */
export async function ask(side: Pick<Side, "port" | "headers">, request: LoadRequest): Promise<string> {
  const reply = await fetch(`http://127.0.0.1:${side.port}${request.path}`, {
    method: request.method,
    headers: { ...side.headers, ...(request.body === undefined ? {} : { "content-type": "application/json" }) },
    ...(request.body === undefined ? {} : { body: request.body }),
  });
  if (reply.status !== 200) throw new Error(`${request.method} ${request.path.replaceAll(/[0-9a-f-]{36}/g, "…")} was answered with ${reply.status}`);
  return reply.text();
}
