import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync, existsSync } from "node:fs";
import type { Readable } from "node:stream";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import fastifyStatic from "@fastify/static";
import Fastify, { LogController, type FastifyInstance } from "fastify";
import type { Route, Storehouse } from "#server/core/door/index.ts";
import { Problem, problems, type ProblemCode } from "#shared/problems.ts";
import { handleRequest, kindOfError, problemOf } from "./handle-request.ts";
import { recordRefused } from "./house/record-refused.ts";
import { openapi } from "./openapi.ts";

export interface ServeOptions {
  readonly storehouse: Storehouse;
  readonly routes: readonly Route[];
  /** Folder of the built web; absent in tests of the API alone. */
  readonly webFolder: string | undefined;
  readonly tls: { readonly key: string; readonly cert: string } | undefined;
  /** Behind a proxy that ends TLS: its X-Forwarded-* headers are believed. */
  readonly behindProxy: boolean;
  readonly logLevel: "warn" | "silent";
  /** Requests a minute for one address; the login endpoints have their own, lower bound. */
  readonly requestsPerMinute: number;
}

/** The HTTP server of the product. No personal value stands in a URL or in its log. */
export async function serve(options: ServeOptions): Promise<FastifyInstance> {
  const app = Fastify({
    ...(options.tls === undefined ? {} : { https: { ...options.tls, minVersion: "TLSv1.2" as const } }),
    // The proxy's own word alone: what stands before it in X-Forwarded-For was written by the caller.
    trustProxy: options.behindProxy ? (_address: string, hop: number) => hop === 0 : false,
    bodyLimit: 256 * 1024,
    // Half a gigabyte over a line of 5 Mbit/s; a header may take a minute (headersTimeout).
    requestTimeout: 900_000,
    connectionTimeout: 0,
    keepAliveTimeout: 65_000,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 100 },
    logController: new LogController({ disableRequestLogging: true }),
    logger:
      options.logLevel === "silent"
        ? false
        : { level: options.logLevel, stream: process.stderr, redact: { paths: ["req", "res", "err", "body"], remove: true } },
  }) as unknown as FastifyInstance;

  const isTls = options.tls !== undefined || options.behindProxy;
  await app.register(helmet, {
    contentSecurityPolicy: false,
    hsts: isTls ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: "no-referrer" },
    xFrameOptions: { action: "deny" },
    crossOriginResourcePolicy: { policy: "same-origin" },
  });
  await app.register(cookie);
  await app.register(rateLimit, {
    global: true,
    max: options.requestsPerMinute,
    timeWindow: 60_000,
    // An office behind one address loads dozens of these a person when it opens; nothing can be guessed from them.
    allowList: (request) => request.url.startsWith("/assets/"),
    errorResponseBuilder: () => new Problem("too-many-requests"),
  });
  app.addContentTypeParser("application/octet-stream", (_request, _payload, done) => done(null, undefined));
  app.removeContentTypeParser("text/plain");

  app.addHook("onSend", async (request, reply) => {
    reply.header("x-request-id", request.id);
    if (request.url.startsWith("/api/")) {
      reply.header("cache-control", reply.getHeader("x-accel-buffering") === undefined ? "no-store" : "no-store, no-transform");
      reply.header("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
    }
  });

  const refused = recordRefused(options.storehouse);
  app.addHook("onClose", () => refused.stop());
  const live = new Set<Readable>();
  app.addHook("preClose", async () => {
    for (const body of live) {
      body.destroy();
    }
  });
  /** Requests that reached a route: what became of them is recorded there. */
  const routed = new WeakSet<object>();
  app.setErrorHandler((error, request, reply) => {
    const problem = problemFromFramework(error);
    if (!routed.has(request)) {
      refused.note(problem.code, request.ip);
    }
    if (problem.code === "unexpected" && !(error instanceof Problem)) {
      request.log.error({ requestId: request.id, kind: kindOfError(error) }, "request failed");
    }
    sendProblem(reply, request.id, problem);
  });

  for (const route of options.routes) {
    app.route({
      method: route.endpoint.method,
      url: route.endpoint.path,
      bodyLimit: route.endpoint.bodyLimit,
      // A page that stands open finds its way back by itself, and so do all of an office after a restart.
      ...((route.endpoint.path.startsWith("/api/session/") && route.live === undefined) ||
      route.endpoint.path.startsWith("/api/invitations") ||
      route.endpoint.path === "/api/setup"
        ? { config: { rateLimit: { max: Math.min(120, options.requestsPerMinute), timeWindow: 60_000 } } }
        : {}),
      handler: async (request, reply) => {
        routed.add(request);
        const answer = await handleRequest(options.storehouse, route, request, reply);
        if (answer.isLive === true) {
          const body = answer.body as Readable;
          live.add(body);
          body.once("close", () => live.delete(body));
          // A proxy that gathers or packs a reply would keep it for itself.
          reply.header("content-type", "text/event-stream; charset=utf-8").header("x-accel-buffering", "no");
        } else if (answer.file === undefined) {
          reply.header("content-type", "application/json; charset=utf-8");
        } else {
          // RFC 6266 with RFC 8187: the name in UTF-8.
          reply.header("content-type", answer.file.type);
          reply.header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(answer.file.name)}`);
        }
        return reply.send(answer.body);
      },
    });
  }

  const document = JSON.stringify(openapi(options.routes));
  app.get("/api/openapi.json", async (_request, reply) => reply.header("content-type", "application/json; charset=utf-8").send(document));
  app.all("/api/*", async (request, reply) => {
    refused.note("not-found", request.ip);
    sendProblem(reply, request.id, new Problem("not-found"));
  });
  if (options.webFolder !== undefined && existsSync(options.webFolder)) {
    await serveWeb(app, options.webFolder);
  }
  return app;
}

/** The built web: hashed files for long, the page itself never from a cache and with a nonce of its own. */
async function serveWeb(app: FastifyInstance, folder: string): Promise<void> {
  const page = readFileSync(`${folder}/index.html`, "utf8");
  const sendPage = async (_request: unknown, reply: import("fastify").FastifyReply): Promise<void> => {
    const nonce = randomBytes(16).toString("base64");
    reply.header("content-type", "text/html; charset=utf-8").header("cache-control", "no-store");
    reply.header("content-security-policy", pagePolicy(nonce));
    await reply.send(page.replaceAll("__CSP_NONCE__", nonce));
  };
  await app.register(fastifyStatic, {
    root: folder,
    index: false,
    wildcard: true,
    setHeaders(response, path) {
      response.header("cache-control", /\/assets\//.test(path) ? "public, max-age=31536000, immutable" : "no-cache");
      // A worker fetches under the policy it came with; it runs nothing but itself.
      const reaches = path.endsWith("/sw.js") ? "; connect-src 'self'" : "";
      response.header("content-security-policy", `default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'${reaches}`);
    },
  });
  app.get("/", sendPage);
  app.setNotFoundHandler(async (request, reply) => {
    if (request.method === "GET" && !request.url.startsWith("/assets/")) {
      return sendPage(request, reply);
    }
    return sendProblem(reply, request.id, new Problem("not-found"));
  });
}

function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Fastify's own refusals (a body too large, broken JSON) as problems. */
function problemFromFramework(error: unknown): Problem {
  if (error instanceof Problem) {
    return error;
  }
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    return new Problem("file-too-large");
  }
  if (statusCode === 429) {
    return new Problem("too-many-requests");
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new Problem("invalid-input");
  }
  return problemOf(error);
}

function sendProblem(reply: import("fastify").FastifyReply, requestId: string, problem: Problem): void {
  const { status, ja, en } = problems[problem.code as ProblemCode];
  if (status === 503 || status === 429) {
    reply.header("retry-after", "3");
  }
  reply
    .code(status)
    .header("content-type", "application/problem+json; charset=utf-8")
    .send(JSON.stringify({ type: `/errors#${problem.code}`, title: en, detail: ja, status, code: problem.code, requestId, facts: problem.facts }));
}
