import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi";
import { z } from "zod";
import type { Route } from "#server/core/door/index.ts";
import { problems } from "#shared/problems.ts";

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    detail: z.string(),
    status: z.number(),
    code: z.enum(Object.keys(problems) as [string, ...string[]]),
    requestId: z.string(),
  })
  .meta({ id: "Problem", description: "RFC 9457" });

/** The OpenAPI 3.1 document, made from the same endpoint values as the routes. */
export function openapi(routes: readonly Route[]): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = {};
  for (const { endpoint } of routes) {
    const path = endpoint.path.replaceAll(/:([A-Za-z]+)/g, "{$1}").replace(/\*$/, "{*}");
    const hasBody = endpoint.bodyKind === "stream" || Object.keys((endpoint.body as z.ZodObject).shape ?? { some: 1 }).length > 0;
    paths[path] = {
      ...paths[path],
      [endpoint.method.toLowerCase()]: {
        summary: endpoint.summary,
        "x-access": endpoint.access,
        requestParams: { path: endpoint.params as z.ZodObject, query: endpoint.query as z.ZodObject },
        ...(!hasBody
          ? {}
          : {
              requestBody: {
                content:
                  endpoint.bodyKind === "stream"
                    ? { "application/octet-stream": { schema: z.string().meta({ format: "binary" }) } }
                    : { "application/json": { schema: endpoint.body } },
              },
            }),
        responses: {
          "200":
            endpoint.replyKind === "file"
              ? { description: "A file", content: { "application/octet-stream": { schema: z.string().meta({ format: "binary" }) } } }
              : endpoint.replyKind === "live"
                ? { description: "Server-sent events; the data of each is this", content: { "text/event-stream": { schema: endpoint.reply } } }
                : { description: "OK", content: { "application/json": { schema: endpoint.reply } } },
          default: { description: "A refusal", content: { "application/problem+json": { schema: problem } } },
        },
      },
    };
  }
  return createDocument({
    openapi: "3.1.1",
    info: { title: "蔵番 Kuraban", version: "0.1.0", description: "One door, one ledger. Changing requests carry the header `x-kuraban: 1`." },
    paths,
  });
}
