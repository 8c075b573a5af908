import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { BodyOf, Endpoint, ParamsOf, QueryOf, ReplyOf } from "#shared/endpoint.ts";
import type { Actor } from "#server/core/context/context.ts";
import type { Context } from "./context.ts";
import type { Draft } from "./sealed-record.ts";
import type { Storehouse } from "./storehouse.ts";

/** What a use case receives besides its context. `upload` is the raw body of an endpoint whose `bodyKind` is `stream`. */
export interface Input<E extends Endpoint> {
  readonly params: ParamsOf<E>;
  readonly query: QueryOf<E>;
  readonly body: BodyOf<E>;
  readonly upload: IncomingMessage;
  /** Header by lower-case name. */
  readonly header: (name: string) => string | undefined;
  readonly cookies: Cookies;
}

/** Session cookies. Only the accounts module sets them. */
export interface Cookies {
  get(name: "session" | "login" | "device"): string | undefined;
  set(name: "session" | "login" | "device", value: string, maxAgeSeconds: number): void;
  clear(name: "session" | "login" | "device"): void;
}

/**
 * How the act is carried out and recorded.
 * - `read`: commit, build the reply, append the event, wait until it is durable, send.
 * - `write`: build the reply and insert the event in the same transaction, commit, send.
 */
export interface Route<E extends Endpoint = Endpoint> {
  readonly endpoint: E;
  readonly event: string;
  readonly mode: "read" | "write";
  /** True where an event is written only if the reply released something (a list of role names records nothing), or the act became another one. */
  readonly isQuiet: boolean;
  /**
   * Takes in a body that may be long in coming, before the transaction of the act: what arrived then is the use case. The
   * caller's access has been decided, and is decided again afterwards.
   */
  readonly receive?: (storehouse: Storehouse, input: Input<E>) => Promise<Received<E>>;
  readonly useCase: (context: Context, input: Input<E>) => Promise<Draft<ReplyOf<E>>>;
  /** Makes the file of an endpoint whose `replyKind` is `file` out of the built reply, and out of nothing else. */
  readonly render?: (built: ReplyOf<E>) => Promise<RenderedFile>;
  /** A step on the way of something that leaves: held with the files themselves. */
  readonly takesOut?: boolean;
  /** Begins when a request arrives; what it gives is waited for before anything leaves, whatever came of it, with nothing of the database in hand. */
  readonly keepsTime?: () => () => Promise<void>;
  /** Measures that do not hold this route up. */
  readonly exempt?: readonly Measure[];
  /** Opens what tells a page of what happens for as long as it stands open; no value of a person goes this way. */
  readonly live?: (storehouse: Storehouse, actor: Actor) => Readable;
  /** Opens the file of an endpoint whose `replyKind` is `file` and that may be of any length. */
  readonly stream?: (storehouse: Storehouse, built: ReplyOf<E>) => StreamedFile;
}

/** What may be in force over the whole storehouse. */
export type Measure = "exports-held" | "read-only" | "stopped";

/** A file that leaves while it is being made. */
export interface StreamedFile extends Omit<RenderedFile, "bytes"> {
  readonly open: () => Readable;
}

/** A file as it leaves. */
export interface RenderedFile {
  readonly bytes: Buffer;
  /** Media type. */
  readonly type: string;
  /** What the browser saves it as. Never holds a personal value. */
  readonly name: string;
}

/** A body that has arrived. `discard` undoes its arrival when the act is refused after all. */
export interface Received<E extends Endpoint> {
  readonly useCase: (context: Context) => Promise<Draft<ReplyOf<E>>>;
  readonly discard: () => Promise<void>;
}

type UseCase<E extends Endpoint> = (context: Context, input: Input<E>) => Promise<Draft<ReplyOf<E>>>;

/** A route that releases or looks something up. */
export function reads<E extends Endpoint>(endpoint: E, event: string, useCase: UseCase<E>): Route {
  return { endpoint, event, mode: "read", isQuiet: false, useCase } as unknown as Route;
}

/** A route whose reply normally holds nothing of a person; recorded only when it does. */
export function readsQuietly<E extends Endpoint>(endpoint: E, event: string, useCase: UseCase<E>): Route {
  return { endpoint, event, mode: "read", isQuiet: true, useCase } as unknown as Route;
}

/**
 * A read that leaves as a file. A file is a rendering of a reply: what stands in it went through the door like any other
 * value, `render` has nothing else at hand, and the event is durable before the first byte is sent. It holds no database
 * connection while it renders.
 */
export function downloads<E extends Endpoint>(endpoint: E, event: string, useCase: UseCase<E>, render: (built: ReplyOf<E>) => Promise<RenderedFile>): Route {
  return { endpoint, event, mode: "read", isQuiet: false, useCase, render } as unknown as Route;
}

/**
 * A read that leaves as a file of any length, made of what holds no value of a person in clear: the ledger. Its event is durable
 * before the first byte is made.
 */
export function streams<E extends Endpoint>(
  endpoint: E,
  event: string,
  useCase: UseCase<E>,
  stream: (storehouse: Storehouse, built: ReplyOf<E>) => StreamedFile,
): Route {
  return { endpoint, event, mode: "read", isQuiet: false, useCase, stream } as unknown as Route;
}

/**
 * A write that leaves as a file of any length: what it notes (who took the file, for what) stands, with its event, before the first
 * byte is made.
 */
export function handsOut<E extends Endpoint>(
  endpoint: E,
  event: string,
  useCase: UseCase<E>,
  stream: (storehouse: Storehouse, built: ReplyOf<E>) => StreamedFile,
): Route {
  return { endpoint, event, mode: "write", isQuiet: false, useCase, stream } as unknown as Route;
}

/** A route that changes something. It cannot end without its event. */
export function writes<E extends Endpoint>(endpoint: E, event: string, useCase: UseCase<E>): Route {
  return { endpoint, event, mode: "write", isQuiet: false, useCase } as unknown as Route;
}

/** A route that changes something with a body of any length: nothing of the database is held while it arrives. */
export function receives<E extends Endpoint>(endpoint: E, event: string, receive: (storehouse: Storehouse, input: Input<E>) => Promise<Received<E>>): Route {
  const useCase = (): never => {
    throw new Error("a route that receives acts on what it received");
  };
  return { endpoint, event, mode: "write", isQuiet: false, useCase, receive } as unknown as Route;
}

/** A route that tells a page what happens while it stands open. Its event is written once, when it opens. */
export function watches<E extends Endpoint>(endpoint: E, event: string, useCase: UseCase<E>, live: NonNullable<Route["live"]>): Route {
  return { endpoint, event, mode: "read", isQuiet: false, useCase, live } as unknown as Route;
}

/** The same route, not held up by these measures: what it takes to end them, and what must go on meanwhile. */
export function exempt(route: Route, ...measures: readonly Measure[]): Route {
  return { ...route, exempt: measures };
}

/** The same route, whose replies and refusals leave when `begin` says. */
export function keepingTime(route: Route, begin: NonNullable<Route["keepsTime"]>): Route {
  return { ...route, keepsTime: begin };
}

/** The same route as a step on the way of something that leaves. */
export function onTheWayOut(route: Route): Route {
  return { ...route, takesOut: true };
}
