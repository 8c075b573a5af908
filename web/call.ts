import type { z } from "zod";
import type { Endpoint } from "#shared/endpoint.ts";
import { problems, type ProblemCode } from "#shared/problems.ts";

/** A closed code of the contract, or `unreachable`: no answer came at all. */
export type RefusalCode = ProblemCode | "unreachable";

/** A refusal as it arrived. The screen switches on `code`; `facts` hold codes, field keys, numbers and times only. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly requestId: string | null;
  constructor(code: RefusalCode, facts: Readonly<Record<string, unknown>> = {}, requestId: string | null = null) {
    super(code);
    this.name = "Refusal";
    this.code = code;
    this.facts = facts;
    this.requestId = requestId;
  }
}

/** True while nothing can be shown and the screen should wait by itself. */
export function isOutage(code: RefusalCode): boolean {
  return code === "unreachable" || code === "ledger-unavailable" || code === "storehouse-unavailable";
}

type Part<Name extends string, Value> = {} extends Value ? { readonly [K in Name]?: Value } : { readonly [K in Name]: Value };
type Given<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = Part<"params", z.output<P>> & {
  readonly query?: Partial<z.output<Q>>;
} & Part<"body", z.input<B>> & { readonly signal?: AbortSignal };
type Arguments<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = {} extends Given<P, Q, B> ? [given?: Given<P, Q, B>] : [given: Given<P, Q, B>];

/** The path with its parameters filled in and percent-encoded (RFC 3986). Throws when one is missing. */
export function fillPath(path: string, params: Readonly<Record<string, unknown>>, query: Readonly<Record<string, unknown>>): string {
  const filled = path.replaceAll(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`The path ${path} needs ${name}`);
    return encodeURIComponent(String(value));
  });
  const asked = Object.entries(query).filter(([, value]) => value !== undefined);
  if (asked.length === 0) return filled;
  return `${filled}?${new URLSearchParams(asked.map(([name, value]) => [name, String(value)])).toString()}`;
}

function isProblemCode(code: unknown): code is ProblemCode {
  return typeof code === "string" && Object.hasOwn(problems, code);
}

function codeOfStatus(status: number): ProblemCode {
  if (status === 401) return "not-signed-in";
  if (status === 403) return "not-permitted";
  if (status === 404) return "not-found";
  if (status === 413) return "file-too-large";
  if (status === 429) return "too-many-requests";
  if (status === 502 || status === 503 || status === 504) return "storehouse-unavailable";
  return status >= 500 ? "unexpected" : "invalid-input";
}

/** Reads an RFC 9457 reply: the code stands in `code`, or is the last part of `type`; facts in `facts` or beside. */
export function readRefusal(status: number, body: unknown): Refusal {
  if (typeof body !== "object" || body === null) return new Refusal(codeOfStatus(status));
  const { type, title: _title, detail: _detail, status: _status, instance: _instance, code, facts, requestId, ...beside } = body as Record<string, unknown>;
  const named = isProblemCode(code) ? code : typeof type === "string" ? type.split(/[/:#]/).at(-1) : undefined;
  const told = typeof facts === "object" && facts !== null ? (facts as Record<string, unknown>) : beside;
  return new Refusal(isProblemCode(named) ? named : codeOfStatus(status), told, typeof requestId === "string" ? requestId : null);
}

async function answer(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, { ...init, credentials: "same-origin", cache: "no-store", redirect: "error" }).catch((error: unknown) => {
    if (init.signal?.aborted === true) throw error;
    throw new Refusal("unreachable");
  });
}

async function send(url: string, init: RequestInit): Promise<unknown> {
  const response = await answer(url, init);
  const body: unknown = response.status === 204 ? {} : await response.json().catch(() => null);
  if (!response.ok) throw readRefusal(response.status, body);
  return body;
}

/**
 * Asks the server for one operation of the contract. Throws {@link Refusal}. The header `x-kuraban` cannot be sent by
 * another site's form, so it stands against request forgery (OWASP CSRF, custom request headers).
 */
export async function call<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  ...[given]: Arguments<P, Q, B>
): Promise<z.output<R>> {
  const asked = (given ?? {}) as { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown; signal?: AbortSignal };
  const init: RequestInit = { method: endpoint.method, headers: { accept: "application/json", "x-kuraban": "1" } };
  if (asked.signal !== undefined) init.signal = asked.signal;
  if (asked.body !== undefined) {
    init.body = JSON.stringify(asked.body);
    init.headers = { ...init.headers, "content-type": "application/json" };
  }
  return (await send(fillPath(endpoint.path, asked.params ?? {}, asked.query ?? {}), init)) as z.output<R>;
}

/**
 * Asks for an operation whose reply is a file, and hands it to the browser to save under the name the server gave it.
 * Throws {@link Refusal}; then nothing was saved.
 */
export async function download<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  ...[given]: Arguments<P, Q, B>
): Promise<void> {
  const asked = (given ?? {}) as { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown; signal?: AbortSignal };
  const init: RequestInit = { method: endpoint.method, headers: { "x-kuraban": "1" } };
  if (asked.signal !== undefined) init.signal = asked.signal;
  if (asked.body !== undefined) {
    init.body = JSON.stringify(asked.body);
    init.headers = { ...init.headers, "content-type": "application/json" };
  }
  const response = await answer(fillPath(endpoint.path, asked.params ?? {}, asked.query ?? {}), init);
  if (!response.ok) throw readRefusal(response.status, await response.json().catch(() => null));
  const link = document.createElement("a");
  const url = URL.createObjectURL(await response.blob());
  link.href = url;
  link.download = decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? "kuraban");
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** How far a file has been sent. */
export interface Sending {
  readonly sentBytes: number;
  readonly totalBytes: number;
}

/**
 * Sends a file as the raw body of a `stream` endpoint; its name travels percent-encoded in a header, never in the URL. Throws
 * {@link Refusal}, or the reason of `signal` when it is aborted: then nothing was taken in.
 */
export function upload<R extends z.ZodType>(
  endpoint: Endpoint<z.ZodType, z.ZodType, z.ZodType, R>,
  file: File,
  given: {
    readonly params?: Readonly<Record<string, number | string>>;
    readonly query?: Readonly<Record<string, string>>;
    readonly onProgress?: (sending: Sending) => void;
    readonly signal?: AbortSignal;
  } = {},
): Promise<z.output<R>> {
  const { params = {}, query = {}, onProgress, signal } = given;
  return new Promise((resolve, reject) => {
    // fetch does not tell how much of a body has left.
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    const fail = (error: unknown) => {
      signal?.removeEventListener("abort", stop);
      reject(error as Error);
    };
    request.open(endpoint.method, fillPath(endpoint.path, params, query));
    request.responseType = "text";
    for (const [name, value] of [
      ["accept", "application/json"],
      ["x-kuraban", "1"],
      ["content-type", "application/octet-stream"],
      ["x-file-name", encodeURIComponent(file.name)],
    ] as const)
      request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", ({ loaded }) => onProgress?.({ sentBytes: Math.min(loaded, file.size), totalBytes: file.size }));
    request.addEventListener("error", () => fail(new Refusal("unreachable")));
    request.addEventListener("timeout", () => fail(new Refusal("unreachable")));
    request.addEventListener("abort", () => fail(signal?.reason ?? new Refusal("unreachable")));
    request.addEventListener("load", () => {
      let body: unknown = null;
      try {
        body = JSON.parse(request.responseText) as unknown;
      } catch {
        // No reply of this product: refused by its status below.
      }
      if (request.status < 200 || request.status > 299) return fail(readRefusal(request.status, body));
      signal?.removeEventListener("abort", stop);
      resolve(body as z.output<R>);
    });
    if (signal?.aborted === true) return fail(signal.reason);
    signal?.addEventListener("abort", stop, { once: true });
    request.send(file);
  });
}
