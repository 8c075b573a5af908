import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { hasVerb, mayCall } from "#server/core/access/compile.ts";
import type { JournalEntries } from "#server/core/context/journal.ts";
import type { Actor } from "#server/core/context/context.ts";
import {
  beginTransaction,
  buildReplyInTurns,
  CommittedRefusal,
  contextOver,
  demandInForce,
  demandStillInForce,
  eventOfAct,
  giveTurns,
  releasing,
  takesOut,
  watchStanding,
  type Input,
  type OpenTransaction,
  type Received,
  type RenderedFile,
  type Route,
  type Storehouse,
} from "#server/core/door/index.ts";
import { isDeviceNumber } from "#server/modules/accounts/index.ts";
import { KeyErased } from "#server/core/vault/index.ts";
import { Problem, type ProblemFacts } from "#shared/problems.ts";
import { actSpans, type ActSpans } from "./act-spans.ts";
import { isWellFormed } from "./is-well-formed.ts";
import { refuseCrossSite } from "./refuse-cross-site.ts";
import { requestCookies } from "./request-cookies.ts";

/** What a request came to. */
export interface Answer {
  readonly body: string | Buffer | Readable;
  /** Set where the body is a file to save. */
  readonly file?: Pick<RenderedFile, "type" | "name">;
  /** True where the body goes on for as long as somebody listens. */
  readonly isLive?: boolean;
}

const nobody = { principal: "anyone", accountNo: null, sessionId: null } as const;

/**
 * The life of a request, as a column: who → same site → access → parse → transaction → use case → reply by its schema →
 * (render the file) →
 * record what it holds → wait → send. A refusal is recorded outside the transaction that it rolled back.
 */
export async function handleRequest(storehouse: Storehouse, route: Route, request: FastifyRequest, reply: FastifyReply): Promise<Answer> {
  const mayGuess = route.mode === "read" && route.receive === undefined;
  const rest = route.keepsTime?.();
  try {
    return (await attempt(storehouse, route, request, reply, mayGuess)) ?? ((await attempt(storehouse, route, request, reply, false)) as Answer);
  } finally {
    await rest?.();
  }
}

/** One life of a request; undefined where it began with a wrong guess about who is there, before anything came of it. */
async function attempt(storehouse: Storehouse, route: Route, request: FastifyRequest, reply: FastifyReply, mayGuess: boolean): Promise<Answer | undefined> {
  const now = storehouse.clock();
  const begunAt = performance.now();
  const cookies = requestCookies(request, reply);
  const device = (request.headers["user-agent"] ?? "").slice(0, 200);
  const given = { event: route.event, now, requestId: request.id, address: request.ip, device };
  let transaction: OpenTransaction | undefined;
  let entries: JournalEntries | undefined;
  let received: Received<never> | undefined;
  let actor: Pick<Actor, "principal" | "accountNo" | "sessionId"> = nobody;
  let policyVersion = storehouse.policy?.version ?? 0;
  try {
    if (route.endpoint.method !== "GET") {
      refuseCrossSite(request);
    }
    const token = cookies.get("session");
    const begin = async (at: Date): Promise<OpenTransaction> => {
      if (route.endpoint.access === "anyone") {
        return beginTransaction(storehouse, { as: "anyone" }, at);
      }
      if (token === undefined) {
        throw new Problem("not-signed-in");
      }
      return beginTransaction(storehouse, { session: sessionHash(token), isRead: route.mode === "read", mayGuess }, at);
    };
    const admit = (opened: OpenTransaction): void => {
      actor = opened.actor;
      policyVersion = opened.policy.version;
      demandInForce(route, opened.actor, opened.inForce);
      if (route.endpoint.access !== "anyone" && !mayCall(opened.actor.rights, route.endpoint.access)) {
        throw new Problem("not-permitted", verbFact(opened.actor, route));
      }
    };
    transaction = await begin(now);
    admit(transaction);
    const input = parse(route, request, cookies);
    if (route.receive !== undefined) {
      await transaction.commit();
      received = await route.receive(storehouse, input);
      transaction = await begin(storehouse.clock());
      admit(transaction);
    }
    const made = contextOver(storehouse, transaction, given);
    entries = made.entries;
    const draft = await (received === undefined ? route.useCase(made.context, input) : received.useCase(made.context));
    if (!(await transaction.confirmed())) {
      await transaction.rollback();
      return undefined;
    }
    // The end of a read and its event go their ways together; the reply waits for both.
    const ended = route.mode === "read" ? transaction.commit() : undefined;
    ended?.catch(() => undefined);
    const release = releasing({
      vault: storehouse.door.vault,
      policy: transaction.policy,
      actor: transaction.actor,
      purpose: () => entries?.statedPurpose,
    });
    const built = await buildReplyInTurns(route.endpoint.reply, draft, release, giveTurns(storehouse.door));
    const released = release.released();
    for (const guard of storehouse.door.guards) {
      guard({ actor: transaction.actor, now, type: entries.type, purpose: entries.statedPurpose, released });
    }
    const file = await route.render?.(built as never);
    const leaves = takesOut(route);
    const demandLeaving = async (): Promise<void> => {
      if (leaves && transaction !== undefined) {
        await demandStillInForce(route.mode === "write" ? transaction.client : storehouse.pool, route, transaction.actor, storehouse.clock());
      }
    };
    await demandLeaving();
    const builtAt = performance.now();
    const event = eventOfAct({ ...given, deviceId: deviceOf(cookies), entries, released, actor: transaction.actor, policyVersion, outcome: "ok" });
    // Large events are on their way while their reply is written out; nothing of it leaves before they are durable.
    const isRecorded = !route.isQuiet || released.length > 0 || entries.type !== route.event;
    const recording = route.mode === "read" && isRecorded ? storehouse.door.append(event) : undefined;
    recording?.catch(() => undefined);
    const askedAt = performance.now();
    const body = file?.bytes ?? asBytesWhereLong(JSON.stringify(built));
    const writtenAt = performance.now();
    if (recording !== undefined) {
      storehouse.door.hearAtOnce?.();
    }
    await recording;
    if (route.mode === "write") {
      await storehouse.door.recordIn(transaction.db, event);
      await transaction.commit();
    }
    const recordedAt = performance.now();
    await ended;
    if (route.mode === "read") {
      await demandLeaving();
    }
    if (actSpans.hasSubscribers) {
      const making = askedAt - builtAt;
      const waiting = recordedAt - writtenAt;
      actSpans.publish({ path: route.endpoint.path, whole: performance.now() - begunAt, making, waiting, writing: writtenAt - askedAt } satisfies ActSpans);
    }
    if (route.live !== undefined) {
      return { body: route.live(storehouse, transaction.actor), isLive: true };
    }
    if (route.stream !== undefined) {
      const streamed = route.stream(storehouse, built as never);
      return { body: endWhenHeld(storehouse, route, transaction.actor, streamed.open()), file: streamed };
    }
    return file === undefined ? { body } : { body, file };
  } catch (error) {
    if (mayGuess && transaction !== undefined && !(await transaction.confirmed().catch(() => false))) {
      await transaction.rollback();
      return undefined;
    }
    await received?.discard().catch(() => undefined);
    const stands = error instanceof CommittedRefusal;
    const problem = stands ? error.problem : problemOf(error);
    const event = {
      ...eventOfAct({
        ...given,
        deviceId: deviceOf(cookies),
        entries: refusedEntries(route, entries, problem, stands),
        released: [],
        actor: { ...nobody, ...actor } as Actor,
        policyVersion,
        outcome: problem.code === "unexpected" ? "failed" : "refused",
      }),
    };
    if (problem.code === "unexpected") {
      request.log.error({ requestId: request.id, route: route.endpoint.path, kind: kindOfError(error) }, "request failed");
    }
    if (stands && transaction !== undefined) {
      await storehouse.door.recordIn(transaction.db, event);
      await transaction.commit();
    } else {
      await transaction?.rollback();
      // Opening the sign-in page asks who is there: that nobody is, is no act.
      const isNoAct = route.isQuiet && problem.code === "not-signed-in";
      if (problem.code === "ledger-unavailable" || problem.code === "storehouse-unavailable") {
        storehouse.door.unrecorded?.();
      } else if (!isNoAct) {
        await storehouse.door.append(event).catch((refusal: unknown) => {
          storehouse.door.unrecorded?.();
          throw refusal;
        });
      }
    }
    throw problem;
  }
}

/** A long text has to be put into bytes before it is sent: it may be done while its event is being recorded. */
const longText = 65_536;

function asBytesWhereLong(text: string): string | Buffer {
  return text.length < longText ? text : Buffer.from(text, "utf8");
}

/** A file that is on its way ends where it stands when it is held, or when its session ends. */
function endWhenHeld(storehouse: Storehouse, route: Route, actor: Actor, body: Readable): Readable {
  if (actor.sessionId === null) {
    return body;
  }
  const stop = (): void => void body.destroy(new Problem("exports-held"));
  const unwatch = watchStanding(storehouse, {
    sessionId: actor.sessionId,
    end: stop,
    tell: (inForce) => {
      try {
        demandInForce(route, actor, inForce);
      } catch {
        stop();
      }
    },
  });
  return body.once("close", unwatch);
}

/** The browser, as the number that its first sign-in gave it; whatever else stands in the cookie is nobody's device. */
function deviceOf(cookies: Input<never>["cookies"]): string | undefined {
  const device = cookies.get("device");
  return isDeviceNumber(device) ? device : undefined;
}

function sessionHash(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

function verbFact(actor: Actor, route: Route): ProblemFacts {
  const access = route.endpoint.access;
  return access.includes(".") || hasVerb(actor.rights, access as never) ? {} : { verb: access };
}

function parse(route: Route, request: FastifyRequest, cookies: Input<never>["cookies"]): Input<never> {
  const { endpoint } = route;
  const part = (
    schema: { safeParse(value: unknown): { success: boolean; data?: unknown; error?: { issues: { path: PropertyKey[]; code: string }[] } } },
    value: unknown,
  ): unknown => {
    const result = schema.safeParse(value ?? {});
    if (!result.success) {
      // Only paths and codes: the message of a parser may quote what was typed, and so may the key of a typed value.
      throw new Problem("invalid-input", {
        fields: (result.error?.issues ?? [])
          .slice(0, 20)
          .map((issue) => `${(issue.path[0] === "values" ? ["values"] : issue.path).map(String).join(".")}:${issue.code}`),
      });
    }
    if (!isWellFormed(result.data)) {
      throw new Problem("invalid-input", { reason: "broken-text" });
    }
    return result.data;
  };
  return {
    params: part(endpoint.params, request.params),
    query: part(endpoint.query, request.query),
    body: endpoint.bodyKind === "stream" ? {} : part(endpoint.body, request.body),
    upload: request.raw,
    header: (name: string) => {
      const value = request.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    cookies,
  } as Input<never>;
}

/** What is kept of a refused act: its type, the code, and for a committed refusal what the use case noted. */
function refusedEntries(route: Route, entries: JournalEntries | undefined, problem: Problem, stands: boolean): JournalEntries {
  return {
    type: entries?.type ?? route.event,
    facts: {
      ...(stands || entries !== undefined ? entries?.facts : {}),
      code: problem.code,
      ...(typeof problem.facts["verb"] === "string" ? { verb: problem.facts["verb"] } : {}),
    },
    statedPurpose: entries?.statedPurpose,
    actsAs: undefined,
    // What a refusal leaves behind it is written like anything else.
    writes: stands ? (entries?.writes ?? []) : [],
    touches: [],
    sealedFacts: [],
  };
}

/** A number or a day of the request that no column holds (SQLSTATE class 22): out of range, or none that the calendar has. */
const noSuchValue = new Set(["22003", "22007", "22008", "22021", "22P02", "22P05"]);

const lostConnection = new Set([
  "57P01",
  "57P02",
  "57P03",
  "55P03",
  "08000",
  "08003",
  "08006",
  "53100",
  "53200",
  "53300",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOENT",
]);

/** Turns whatever was thrown into a Problem. Nothing of the original message leaves. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) {
    return error;
  }
  const code = (error as { code?: unknown }).code;
  const text = error instanceof Error ? error.message : "";
  if (
    (typeof code === "string" && lostConnection.has(code)) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(text)
  ) {
    return new Problem("storehouse-unavailable");
  }
  // Erased while the reply was being built: whoever it was is not there any more.
  if (error instanceof KeyErased) {
    return new Problem("not-found");
  }
  // A number in the request that stands for nothing: such a company, department or colleague does not exist.
  if (code === "23503" || (typeof code === "string" && noSuchValue.has(code))) {
    return new Problem("invalid-input");
  }
  // Row-level security: the row would come to stand where the caller does not reach.
  if (code === "42501" && (error as { routine?: unknown }).routine === "ExecWithCheckOptions") {
    return new Problem("not-permitted");
  }
  // Two acts that waited for each other: one of them went through, this one did nothing.
  if (code === "40P01" || code === "40001") {
    return new Problem("conflict");
  }
  return new Problem("unexpected");
}

/** The class of an error and where it was thrown: never its message, which may quote a value. */
export function kindOfError(error: unknown): string {
  if (!(error instanceof Error)) {
    return typeof error;
  }
  const code = (error as { code?: unknown }).code;
  const frames = (error.stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 6)
    .map((line) =>
      line
        .trim()
        .replace(/^at /, "")
        .replace(/file:\/\/\S*?\/(server|shared|node_modules)\//, "$1/"),
    );
  return [error.constructor.name, typeof code === "string" ? code : "", ...frames].filter(Boolean).join(" | ");
}
