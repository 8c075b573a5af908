import type { FastifyReply, FastifyRequest } from "fastify";
import type { Cookies } from "#server/core/door/index.ts";

/** Cookies of a session: HttpOnly, SameSite=Strict; over TLS with the `__Host-` prefix (RFC 6265bis). */
export function requestCookies(request: FastifyRequest, reply: FastifyReply): Cookies {
  const isSecure = request.protocol === "https";
  // What this request sets it has.
  const made = new Map<string, string>();
  const nameOf = (name: string): string => `${isSecure ? "__Host-" : ""}kuraban-${name}`;
  return {
    get: (name) => made.get(name) ?? request.cookies[nameOf(name)],
    set(name, value, maxAgeSeconds) {
      made.set(name, value);
      reply.setCookie(nameOf(name), value, { path: "/", httpOnly: true, sameSite: "strict", secure: isSecure, maxAge: maxAgeSeconds });
    },
    clear(name) {
      made.delete(name);
      reply.clearCookie(nameOf(name), { path: "/", httpOnly: true, sameSite: "strict", secure: isSecure });
    },
  };
}
