import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import type { Asked } from "./asked.ts";
import { givenCertificate, localCertificate, type Certificate } from "./local-authority.ts";
import { modules } from "./modules.ts";
import type { OpenStorehouse } from "./open-storehouse.ts";
import { serve } from "./serve.ts";

/** The built web, beside the server's source. */
export const webFolder = fileURLToPath(new URL("../../dist/web", import.meta.url));

/** Starts listening: plain HTTP on loopback alone, TLS everywhere else unless a proxy in front ends it. */
export async function listen(open: OpenStorehouse, asked: Asked): Promise<{ app: FastifyInstance; url: string; authority: string | undefined }> {
  const certificate = await certificateFor(open, asked);
  const app = await serve({
    storehouse: open.storehouse,
    routes: modules.flatMap((module) => module.routes()),
    webFolder,
    tls: certificate,
    behindProxy: asked.behindProxy,
    logLevel: "warn",
    requestsPerMinute: Number(process.env["KURABAN_REQUESTS_PER_MINUTE"] ?? 1_200),
  });
  try {
    await app.listen({ host: asked.host, port: asked.port });
  } catch (error) {
    const { code } = error as { code?: string };
    await app.close();
    if (code === "EADDRINUSE" || code === "EACCES" || code === "EADDRNOTAVAIL") {
      throw new CannotStart({
        ja: `${asked.host}:${asked.port} で待ち受けられません(使用中か、許可がありません)。--port で別の番号を指定してください。`,
        en: `Cannot listen on ${asked.host}:${asked.port} (in use, or not allowed). Give another number with --port.`,
      });
    }
    throw error;
  }
  const address = app.server.address();
  const port = typeof address === "object" && address !== null ? address.port : asked.port;
  const host = asked.host === "0.0.0.0" || asked.host === "::" ? "localhost" : asked.host.includes(":") ? `[${asked.host}]` : asked.host;
  return { app, url: `${certificate === undefined ? "http" : "https"}://${host}:${port}`, authority: certificate?.authority };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** The certificate to listen with; none on loopback and behind a proxy. */
export async function certificateFor(
  open: OpenStorehouse,
  asked: Pick<Asked, "host" | "behindProxy" | "tlsKey" | "tlsCert">,
): Promise<Certificate | undefined> {
  if (asked.tlsKey !== undefined && asked.tlsCert !== undefined) {
    return givenCertificate(asked.tlsKey, asked.tlsCert);
  }
  if (asked.behindProxy || isLoopback(asked.host)) {
    return undefined;
  }
  return localCertificate(open.keys, asked.host, open.storehouse.clock());
}

/** Resolves when the process is asked to stop; the second signal ends it at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = (): void => {
      if (asked) {
        process.exit(130);
      }
      asked = true;
      resolve();
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
  });
}
