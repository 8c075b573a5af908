import { z } from "zod";
import type { Access } from "./rights.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * One operation of the product. The same value serves the server's `route()`, the web's `call()` and the OpenAPI
 * document. It cannot be declared without `access` and `summary`.
 */
export interface Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> {
  readonly method: Method;
  /** Fastify path under /api, e.g. `/api/customers/:customerNo`. Never carries a personal value. */
  readonly path: `/api/${string}`;
  readonly access: Access;
  readonly summary: string;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly reply: Reply;
  /** `stream`: the body is taken as raw bytes by the use case (file upload) and is not parsed. */
  readonly bodyKind: "json" | "stream";
  /** `file`: what leaves is a file rendered from the reply; `reply` says what stands in it. `live`: server-sent events, each of them such a reply. */
  readonly replyKind: "json" | "file" | "live";
  /** Largest body in bytes. */
  readonly bodyLimit: number;
}

const nothing = z.object({});
type Nothing = typeof nothing;

export function endpoint<
  Reply extends z.ZodType,
  Params extends z.ZodType = Nothing,
  Query extends z.ZodType = Nothing,
  Body extends z.ZodType = Nothing,
>(given: {
  method: Method;
  path: `/api/${string}`;
  access: Access;
  summary: string;
  reply: Reply;
  params?: Params;
  query?: Query;
  body?: Body;
  bodyKind?: "json" | "stream";
  replyKind?: "json" | "file" | "live";
  bodyLimit?: number;
}): Endpoint<Params, Query, Body, Reply> {
  return {
    method: given.method,
    path: given.path,
    access: given.access,
    summary: given.summary,
    params: given.params ?? (nothing as unknown as Params),
    query: given.query ?? (nothing as unknown as Query),
    body: given.body ?? (nothing as unknown as Body),
    reply: given.reply,
    bodyKind: given.bodyKind ?? "json",
    replyKind: given.replyKind ?? "json",
    bodyLimit: given.bodyLimit ?? 256 * 1024,
  };
}

export type ParamsOf<E> = E extends Endpoint<infer P, z.ZodType, z.ZodType, z.ZodType> ? z.output<P> : never;
export type QueryOf<E> = E extends Endpoint<z.ZodType, infer Q, z.ZodType, z.ZodType> ? z.output<Q> : never;
export type BodyOf<E> = E extends Endpoint<z.ZodType, z.ZodType, infer B, z.ZodType> ? z.output<B> : never;
export type ReplyOf<E> = E extends Endpoint<z.ZodType, z.ZodType, z.ZodType, infer R> ? z.output<R> : never;
