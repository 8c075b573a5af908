import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { shown } from "./shown.ts";

/**
 * The ledger as outsiders check it: C2SP tlog-tiles below /api/ledger/log, proofs (RFC 9162), and the outlets by which
 * checkpoints leave the house, and events to a SIEM. Nothing here is a value of a person; entries say who did what and ask for `read-ledger`.
 */
const outletNo = z.coerce.number().int().positive().max(2_147_483_647);
const size = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const hash = z.string().describe("SHA-256 in base64");

export const showLogCheckpoint = endpoint({
  method: "GET",
  path: "/api/ledger/log/checkpoint",
  access: "signed-in",
  summary: "The newest checkpoint with the cosignatures of witnesses (C2SP tlog-checkpoint)",
  replyKind: "file",
  reply: z.object({ note: z.string() }),
});

export const showLogTile = endpoint({
  method: "GET",
  path: "/api/ledger/log/tile/:level/*",
  access: "signed-in",
  summary: "Hashes of the tree (C2SP tlog-tiles); the rest of the path is the tile's number and width: x001/x234/067.p/8",
  params: z.object({ level: z.string().max(2), "*": z.string().max(60) }),
  replyKind: "file",
  reply: z.object({ tile: z.string() }),
});

export const showLogEntries = endpoint({
  method: "GET",
  path: "/api/ledger/log/tile/entries/*",
  access: "read-ledger",
  summary: "Headers of events, the leaves of the tree (C2SP tlog-tiles, entry bundle); reading them is recorded",
  params: z.object({ "*": z.string().max(60) }),
  replyKind: "file",
  reply: z.object({ bundle: z.string() }),
});

export const listEpochs = endpoint({
  method: "GET",
  path: "/api/ledger/log/epochs",
  access: "signed-in",
  summary: "Every epoch of the tree with its verifier key and its signed document",
  reply: z.object({
    epochs: z.array(
      z.object({
        epoch: z.number(),
        origin: z.string(),
        startedAt: z.string(),
        reason: z.string(),
        verifierKey: z.string().describe("C2SP signed-note; what a witness is told by --log-key"),
        document: z.string(),
        signature: z.string(),
        previous: z.object({ epoch: z.number(), treeSize: z.number(), rootHash: hash }).nullable(),
      }),
    ),
  }),
});

export const proveInclusion = endpoint({
  method: "GET",
  path: "/api/ledger/proofs/inclusion",
  access: "signed-in",
  summary: "Proof (RFC 9162, 2.1.3) that an event stands at its place in the tree of a checkpoint",
  query: z.object({
    sequence: size.optional().describe("place in the tree, from 0; this or eventNo"),
    eventNo: size.optional(),
    treeSize: size.optional().describe("of the newest checkpoint, unless told"),
  }),
  reply: z.object({
    sequence: z.number(),
    leafHash: hash,
    treeSize: z.number(),
    rootHash: hash,
    hashes: z.array(hash),
    /** The signed note over this tree; null where no checkpoint was made at this size. */
    checkpoint: z.string().nullable(),
  }),
});

export const proveConsistency = endpoint({
  method: "GET",
  path: "/api/ledger/proofs/consistency",
  access: "signed-in",
  summary: "Proof (RFC 9162, 2.1.4) that a later tree continues an earlier one",
  query: z.object({ from: size, to: size.optional() }),
  reply: z.object({ from: z.number(), to: z.number(), hashes: z.array(hash), checkpoint: z.string().nullable() }),
});

/**
 * The log as a monitor reads it: with a log token in `Authorization: Bearer` instead of a session. A log of C2SP tlog-tiles without its
 * entries: whoever has a token learns how many events there are, and nothing of any of them.
 */
export const monitorCheckpoint = endpoint({
  method: "GET",
  path: "/api/ledger-monitor/checkpoint",
  access: "anyone",
  summary: "By a log token: the newest checkpoint with the cosignatures of witnesses (C2SP tlog-checkpoint)",
  replyKind: "file",
  reply: showLogCheckpoint.reply,
});

export const monitorTile = endpoint({
  method: "GET",
  path: "/api/ledger-monitor/tile/:level/*",
  access: "anyone",
  summary: "By a log token: hashes of the tree (C2SP tlog-tiles); never entries",
  params: showLogTile.params,
  replyKind: "file",
  reply: showLogTile.reply,
});

export const monitorConsistency = endpoint({
  method: "GET",
  path: "/api/ledger-monitor/consistency",
  access: "anyone",
  summary: "By a log token: proof (RFC 9162, 2.1.4) that a later tree continues an earlier one",
  query: proveConsistency.query,
  reply: proveConsistency.reply,
});

const tokenNo = z.coerce.number().int().positive().max(2_147_483_647);

export const listLogTokens = endpoint({
  method: "GET",
  path: "/api/ledger/log-tokens",
  access: "verify-ledger",
  summary: "Tokens by which monitors read the log, without the tokens themselves",
  reply: z.object({
    tokens: z.array(
      z.object({
        tokenNo: z.number(),
        name: shown,
        madeBy: z.number(),
        madeAt: z.string(),
        /** The privacy officer took note of it. */
        isTold: z.boolean(),
        /** The hour in which it was last used first. */
        usedHour: z.string().nullable(),
        withdrawnBy: z.number().nullable(),
        withdrawnAt: z.string().nullable(),
      }),
    ),
  }),
});

export const makeLogToken = endpoint({
  method: "POST",
  path: "/api/ledger/log-tokens",
  access: "run-backup",
  summary: "Make a token by which a monitor reads checkpoints, hashes and consistency proofs; it is shown once, and the privacy officer is told",
  body: z.object({ name: z.string().trim().min(1).max(100) }),
  reply: z.object({ tokenNo: z.number(), token: z.string() }),
});

export const withdrawLogToken = endpoint({
  method: "POST",
  path: "/api/ledger/log-tokens/:tokenNo/withdraw",
  access: "verify-ledger",
  summary: "End a log token at once; for system administrators and privacy officers",
  params: z.object({ tokenNo }),
  reply: z.object({ ok: z.literal(true) }),
});

/** `syslog` and `lines` are given every event, the others the newest checkpoint. */
export const outletKinds = ["witness", "folder", "mail", "webhook", "timestamp", "syslog", "lines"] as const;
export const outletStates = ["waiting", "ok", "failing", "refused"] as const;

/** Why a checkpoint or events did not arrive. `ahead` and `inconsistent`: a witness saw another tree than this one. */
export const outletProblems = [
  "settings-unreadable",
  "unreachable",
  "bad-answer",
  "not-cosigned",
  "origin-unknown",
  "key-refused",
  "ahead",
  "inconsistent",
  "folder-missing",
  "folder-refused",
  "mail-refused",
  "stamp-refused",
  "stamp-invalid",
  "certificate-refused",
  "not-confirmed",
] as const;
export type OutletProblem = (typeof outletProblems)[number];

/** Events from the first one on, or those to come. */
const since = z.enum(["now", "start"]).default("now");
const address = z.url({ protocol: /^https?$/ }).max(500);
const pem = z.string().max(50_000);

export const outletSettings = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("witness"), verifierKey: z.string().max(300), url: address }),
  z.object({ kind: z.literal("folder"), folder: z.string().min(1).max(1000) }),
  z.object({
    kind: z.literal("mail"),
    host: z.string().min(1).max(255),
    port: z.number().int().min(1).max(65_535),
    /** `none` is for a server on the same machine alone. */
    security: z.enum(["tls", "starttls", "none"]),
    user: z.string().max(255).optional(),
    password: z.string().max(255).optional(),
    from: z.email().max(255),
    to: z.email().max(255),
    /** Certificates to trust besides the usual ones. */
    trusted: pem.optional(),
  }),
  /** https, or http on the same machine. The token is sent as `Authorization: Bearer`. */
  z.object({ kind: z.literal("webhook"), url: address, token: z.string().max(500).optional() }),
  z.object({
    kind: z.literal("timestamp"),
    url: address,
    /** Certificates of the authority that are trusted, PEM. */
    anchors: pem,
    policy: z
      .string()
      .regex(/^\d+(\.\d+)+$/)
      .max(200)
      .optional(),
  }),
  /** Syslog (RFC 5424) over TLS (RFC 5425) to a SIEM. */
  z.object({
    kind: z.literal("syslog"),
    host: z.string().min(1).max(255),
    port: z.number().int().min(1).max(65_535),
    /** Certificates (PEM) by one of which that of the receiver must be signed; the usual authorities unless given. */
    trusted: pem.optional(),
    /** Certificate and key (PEM) by which this house shows who it is, for a receiver that asks: both or none. */
    certificate: pem.optional(),
    privateKey: pem.optional(),
    since,
  }),
  /** A file of JSON Lines a day, for an agent that reads files. */
  z.object({ kind: z.literal("lines"), folder: z.string().min(1).max(1000), since }),
]);
export type OutletSettings = z.output<typeof outletSettings>;

export const listOutlets = endpoint({
  method: "GET",
  path: "/api/ledger/outlets",
  access: "verify-ledger",
  summary: "Witnesses and other places that are sent checkpoints or events, and how they are",
  reply: z.object({
    outlets: z.array(
      z.object({
        outletNo: z.number(),
        kind: z.enum(outletKinds),
        /** Key name of a witness. */
        name: z.string().nullable(),
        /** Machine, folder or domain: never a password, a token or a whole mail address. */
        target: z.string(),
        state: z.enum(outletStates),
        /** False while it waits for the privacy officer: nothing is sent. */
        isAllowed: z.boolean(),
        problem: z.enum(outletProblems).nullable(),
        lastSize: z.number().nullable(),
        /** Events that it is still to be sent; null where checkpoints go. */
        waiting: z.number().nullable(),
        lastAt: z.string().nullable(),
        triedAt: z.string().nullable(),
        addedAt: z.string(),
      }),
    ),
  }),
});

export const addOutlet = endpoint({
  method: "POST",
  path: "/api/ledger/outlets",
  access: "run-backup",
  summary: "Send checkpoints or events to one more place; one that is given files or events waits for the privacy officer's consent",
  body: outletSettings,
  /** `requestNo`: the request that waits for consent. */
  reply: z.object({ outletNo: z.number(), requestNo: z.number().nullable() }),
});

export const endOutlet = endpoint({
  method: "POST",
  path: "/api/ledger/outlets/:outletNo/end",
  access: "run-backup",
  summary: "Send nothing to a place any more",
  params: z.object({ outletNo }),
  reply: z.object({ ok: z.literal(true) }),
});

export const listTimestamps = endpoint({
  method: "GET",
  path: "/api/ledger/timestamps",
  access: "verify-ledger",
  summary: "Time stamps (RFC 3161) over checkpoints, newest first",
  query: z.object({ before: outletNo.optional(), limit: z.coerce.number().int().min(1).max(100).default(50) }),
  reply: z.object({
    timestamps: z.array(
      z.object({
        timestampNo: z.number(),
        epoch: z.number(),
        treeSize: z.number(),
        at: z.string(),
        policy: z.string(),
        serial: z.string(),
        /** TimeStampToken in DER, base64. */
        token: z.string(),
        /** The bytes that were stamped: the note as the ledger signed it. */
        note: z.string(),
      }),
    ),
  }),
});
