import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { serve } from "#server/app/serve.ts";
import { actAs, withSnapshot, type Context, type Route, type Storehouse } from "#server/core/door/index.ts";
import { declareEvents, listEvents, openLedger, registerNode, startEpoch, type EventDeclarations, type RecordedEvent } from "#server/core/ledger/index.ts";
import { signingKey } from "#server/core/ledger/ed25519.ts";
import { openKeyEncryptionKey, openKeysFolder, openVault } from "#server/core/vault/index.ts";
import { addActiveAccount, hashPassword, installShippedPolicy } from "#server/modules/accounts/index.ts";
import type { BodyOf, Endpoint, ParamsOf, ReplyOf } from "#shared/endpoint.ts";
import type { ProblemCode, ProblemFacts } from "#shared/problems.ts";
import { totpCodeAt } from "./totp-code.ts";
import { cloneDatabase, type TestDatabase } from "./database.ts";

/** A storehouse on a database of its own: real vault, real ledger, the real pipeline of requests; only the clock is the test's. */
export interface TestHouse {
  readonly database: TestDatabase;
  readonly storehouse: Storehouse;
  readonly app: FastifyInstance;
  /** Moves the clock on. */
  readonly pass: (seconds: number) => void;
  readonly now: () => Date;
  /** A caller with cookies of its own. */
  readonly visitor: () => TestCaller;
  /** An act of the product itself. */
  readonly act: <Result>(event: string, act: (context: Context) => Promise<Result>) => Promise<Result>;
  /** An active account, able to sign in. */
  readonly addStaff: (given: { mail: string; roles: readonly string[]; departmentNo?: number | null; name?: string }) => Promise<TestStaff>;
  /** A caller who is signed in with password and code. */
  readonly signIn: (staff: TestStaff) => Promise<TestCaller>;
  /** The newest events, newest first. */
  readonly events: (types?: readonly string[]) => Promise<RecordedEvent[]>;
  readonly close: () => Promise<void>;
}

export interface TestStaff {
  readonly accountNo: number;
  readonly mail: string;
  readonly totpSecret: string;
}

export interface TestReply<E extends Endpoint> {
  readonly status: number;
  /** The reply of an accepted request. */
  readonly reply: ReplyOf<E>;
  /** Of a refused one. */
  readonly code: ProblemCode | undefined;
  readonly facts: ProblemFacts;
  readonly text: string;
  readonly setCookies: readonly string[];
}

type Given<E extends Endpoint> = { params?: ParamsOf<E>; body?: BodyOf<E> };

export interface TestCaller {
  readonly cookies: Map<string, string>;
  /** Calls an endpoint, whatever comes of it. */
  readonly call: <E extends Endpoint>(endpoint: E, given?: Given<E>) => Promise<TestReply<E>>;
  /** Calls an endpoint that must accept. */
  readonly get: <E extends Endpoint>(endpoint: E, given?: Given<E>) => Promise<ReplyOf<E>>;
}

/** The password of every account that {@link TestHouse.addStaff} adds. */
export const staffPassword = "itsumo-no-basho-7";

export async function openTestHouse(given: { routes: readonly Route[]; events: readonly EventDeclarations[]; at?: Date }): Promise<TestHouse> {
  let at = given.at ?? new Date("2026-11-20T01:00:00Z");
  const now = (): Date => new Date(at);
  const folder = mkdtempSync(join(tmpdir(), "kuraban-house-"));
  const dataFolder = join(folder, "data");
  const keysFolder = openKeysFolder({ path: `${dataFolder}.keys`, dataFolder, create: true });
  const vault = await openVault({ keysFolder, kek: await openKeyEncryptionKey({ keysFolder, dataFolder, create: true }), create: true });
  const database = await cloneDatabase();
  const seeds = { checkpointSeed: randomBytes(32), nodeSeed: randomBytes(32) };
  await startEpoch({ query: database.ledger, reason: "installed", name: "ledger.test.example", checkpointSeed: seeds.checkpointSeed, now: now() });
  await registerNode({ query: database.ledger, nodeId: "node-1", ...seeds, now: now() });
  const ledger = await openLedger({
    connection: database.app.options,
    events: [...given.events, declareEvents({ "test.arranged": { description: "A test arranged something." } })],
    nodeId: "node-1",
    nodeSeed: seeds.nodeSeed,
    now,
    random: randomBytes,
    maxWaitMs: 30_000,
  });
  const storehouse: Storehouse = {
    pool: database.app,
    policy: undefined,
    clock: now,
    door: {
      vault,
      guards: [],
      snapshot: (look) => withSnapshot(database.app, look),
      filesFolder: join(dataFolder, "files"),
      checkpointKeys: [signingKey(seeds.checkpointSeed).publicKey],
      signStatement: (message) => signingKey(seeds.checkpointSeed).sign(message),
      isRecording: () => ledger.isRecording(),
      append: async (event) => void (await ledger.append(event)),
      recordIn: async (db, event) => {
        await ledger.recordIn({ query: async (text, values) => ({ rows: await db.query<Record<string, unknown>>(text, values ?? []) }) }, event);
      },
    },
  };
  const act = <Result>(event: string, use: (context: Context) => Promise<Result>): Promise<Result> => actAs(storehouse, "system", event, randomUUID(), use);
  await act("policy.installed", (context) => installShippedPolicy(context.db, context.journal));
  const app = await serve({
    storehouse,
    routes: given.routes,
    webFolder: undefined,
    tls: undefined,
    behindProxy: false,
    logLevel: "silent",
    requestsPerMinute: 1_000_000,
  });

  let hashed: Promise<string> | undefined;
  const visitor = (): TestCaller => callerOf(app);
  const signIn = async (staff: TestStaff): Promise<TestCaller> => {
    const { presentCode, presentPassword } = await import("#shared/session.ts");
    const caller = visitor();
    await caller.get(presentPassword, { body: { mail: staff.mail, password: staffPassword } });
    // A code is good once: the next one comes half a minute later.
    at = new Date(at.getTime() + 30_000);
    await caller.get(presentCode, { body: { code: totpCodeAt(staff.totpSecret, at) } });
    return caller;
  };
  return {
    database,
    storehouse,
    app,
    now,
    act,
    visitor,
    signIn,
    pass: (seconds) => void (at = new Date(at.getTime() + seconds * 1000)),
    addStaff: async ({ mail, roles, departmentNo = null, name = "山田 太郎" }) => {
      const totpSecret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
      const passwordHash = await (hashed ??= hashPassword(staffPassword));
      const { accountNo } = await act("account.added", (context) => addActiveAccount(context, { name, mail, passwordHash, totpSecret, departmentNo, roles }));
      return { accountNo, mail, totpSecret };
    },
    events: async (types) => (await listEvents(database.app, { limit: 200, ...(types === undefined ? {} : { types }) })).events,
    close: async () => {
      await app.close();
      await ledger.close();
      vault.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function callerOf(app: FastifyInstance): TestCaller {
  const cookies = new Map<string, string>();
  const call = async <E extends Endpoint>(endpoint: E, given: Given<E> = {}): Promise<TestReply<E>> => {
    const params = (given.params ?? {}) as Record<string, unknown>;
    const response = await app.inject({
      method: endpoint.method,
      url: endpoint.path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(String(params[key]))),
      headers: { "x-kuraban": "1", "user-agent": "test", cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      ...(given.body === undefined ? {} : { payload: given.body as object }),
    });
    for (const cookie of response.cookies) {
      if (cookie.value === "") cookies.delete(cookie.name);
      else cookies.set(cookie.name, cookie.value);
    }
    const parsed = JSON.parse(response.body) as Record<string, unknown>;
    const isRefused = response.statusCode >= 400;
    return {
      status: response.statusCode,
      reply: parsed as ReplyOf<E>,
      code: isRefused ? (parsed["code"] as ProblemCode) : undefined,
      facts: isRefused ? (parsed["facts"] as ProblemFacts) : {},
      text: response.body,
      setCookies: response.cookies.map((cookie) => cookie.name),
    };
  };
  return {
    cookies,
    call,
    get: async (endpoint, given) => {
      const answer = await call(endpoint, given);
      if (answer.code !== undefined) throw new Error(`${endpoint.method} ${endpoint.path} was refused: ${answer.code} ${JSON.stringify(answer.facts)}`);
      return answer.reply;
    },
  };
}
