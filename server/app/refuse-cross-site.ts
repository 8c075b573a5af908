import type { FastifyRequest } from "fastify";
import { Problem } from "#shared/problems.ts";

/**
 * Refuses a changing request that another site made: a custom header that a form cannot send, Fetch Metadata where the
 * browser sends it, and an Origin that is this host (OWASP ASVS 5.0 3.5).
 * @throws Problem cross-site
 */
export function refuseCrossSite(request: FastifyRequest): void {
  const site = request.headers["sec-fetch-site"];
  const origin = request.headers.origin;
  if (request.headers["x-kuraban"] !== "1") {
    throw new Problem("cross-site");
  }
  if (site !== undefined && site !== "same-origin" && site !== "none") {
    throw new Problem("cross-site");
  }
  if (origin !== undefined && hostOf(origin) !== request.headers.host) {
    throw new Problem("cross-site");
  }
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}
