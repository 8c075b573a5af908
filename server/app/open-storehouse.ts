import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Pool } from "pg";
import type { Db } from "#server/core/context/db.ts";
import { actAs, queryOver, withSnapshot, type Guard, type Storehouse } from "#server/core/door/index.ts";
import {
  clearArchive,
  findCurrentEpoch,
  openLedger,
  registerNode,
  signingKey,
  startEpoch,
  startPacker,
  startSequencer,
  type Ledger,
  type Sequencer,
} from "#server/core/ledger/index.ts";
import { openKeyEncryptionKey, openKeysFolder, openVault, type KeysFolder, type Vault } from "#server/core/vault/index.ts";
import { installShippedPolicy, lacksShippedPolicy } from "#server/modules/accounts/index.ts";
import { baselineRows, countHours } from "#server/modules/records/index.ts";
import { ledgerFolderOf } from "#server/modules/backup/index.ts";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import { connectOwner, openPools, type Pools } from "#server/platform/database/connect.ts";
import { readCredentials } from "#server/platform/database/credentials.ts";
import { checkDatabaseUrl } from "#server/platform/database/database-url.ts";
import { makeDataFolder, startEmbeddedServer, type EmbeddedServer } from "#server/platform/database/embedded-server.ts";
import { migrate } from "#server/platform/database/migrate.ts";
import { watchPulse } from "#server/platform/database/pulse.ts";
import { setUpLogins } from "#server/platform/database/set-up-logins.ts";
import { noteWhatWentBefore, unrecordedMigrations, type AppliedMigration } from "./house/note-opening.ts";
import { beginRun } from "./house/run-presence.ts";
import { gapWatchOf, startWatches } from "./house/start-watches.ts";
import { modules } from "./modules.ts";
import { openSigningKeys, renewSigningKeys, type SigningKeys } from "./signing-keys.ts";
import { version } from "./version.ts";

export interface Place {
  readonly dataFolder: string;
  readonly keysFolder: string;
  /** A PostgreSQL of one's own; absent: the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly passphrase?: string | undefined;
  readonly mountedKeyFile?: string | undefined;
}

/** A storehouse in operation, with everything that must be closed again. */
export interface OpenStorehouse {
  readonly storehouse: Storehouse;
  readonly place: Place;
  readonly ownerUrl: string;
  readonly vault: Vault;
  readonly keys: KeysFolder;
  readonly signing: SigningKeys;
  readonly ledger: Ledger;
  readonly sequencer: Sequencer;
  readonly pools: Pools;
  readonly server: EmbeddedServer | undefined;
  close(): Promise<void>;
}

/** Stands in the keys folder while a restore is under way. */
export const restoringMarker = "restoring";

export interface OpenOptions {
  readonly place: Place;
  readonly clock?: () => Date;
  readonly onTrouble: (what: string) => void;
  readonly appConnections?: number;
  /** Longest wait of an act for its record, then it is refused; as the ledger has it unless told. */
  readonly ledgerMaxWaitMs?: number;
  /** Set by a restore: the ledger goes on in a new epoch, under new signing keys; `former` are those it trusts besides. */
  readonly newEpoch?: { readonly reason: string; readonly former: Pick<SigningKeys, "origin" | "checkpointKeys"> };
}

/**
 * Opens the storehouse: database → migrations → logins → vault → ledger → policy. New keys are made only where the
 * database has no ledger yet, so that lost keys are never silently replaced.
 * @throws CannotStart with a sentence for the person at the terminal
 */
export async function openStorehouse(options: OpenOptions): Promise<OpenStorehouse> {
  const { place } = options;
  const clock = options.clock ?? (() => new Date());
  const closing: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).toReversed()) {
      await step();
    }
  };
  try {
    makeDataFolder(place.dataFolder);
    const keys = openKeysFolder({ path: place.keysFolder, dataFolder: place.dataFolder, create: true });
    if (keys.read(restoringMarker) !== undefined && options.newEpoch === undefined) {
      throw new CannotStart({
        ja: `${place.dataFolder} への復元が途中で止まっています。もう一度 restore を実行してください。`,
        en: `A restore into ${place.dataFolder} did not come to its end. Run restore again.`,
      });
    }
    let server: EmbeddedServer | undefined;
    const hear = (facts: unknown, what?: string): void => options.onTrouble(what ?? String(facts));
    if (place.databaseUrl === undefined) {
      server = await startEmbeddedServer({
        dataFolder: place.dataFolder,
        keysFolder: place.keysFolder,
        log: { info: () => undefined, warn: hear, error: hear },
      });
      closing.push(() => server?.stop());
    }
    const ownerUrl = server?.ownerUrl ?? checkDatabaseUrl(place.databaseUrl as string);
    const { credentials } = readCredentials(place.keysFolder);
    const owner = await connectOwner(ownerUrl);
    let isNew: boolean;
    let migrations: AppliedMigration[];
    try {
      await migrate(owner);
      migrations = (await owner.query<AppliedMigration>("select number, name, sha256 from migrations order by number")).rows;
      await setUpLogins(owner, credentials);
      isNew = (await findCurrentEpoch(owner)) === undefined;
    } finally {
      await owner.end();
    }
    const kek = await openKeyEncryptionKey({
      keysFolder: keys,
      dataFolder: place.dataFolder,
      mountedFile: place.mountedKeyFile,
      passphrase: place.passphrase,
      create: isNew,
    });
    const vault = await openVault({ keysFolder: keys, kek, create: isNew });
    closing.push(() => vault.close());
    const ledgerFolder = ledgerFolderOf(place.dataFolder);
    const pools = openPools({ ownerUrl, credentials, ledgerFolder, appConnections: options.appConnections ?? 16 });
    closing.push(() => pools.close());
    const pulse = watchPulse({ connection: connectionOf(pools.app), onSilent: () => pools.cut() });
    closing.push(() => pulse.stop());

    const signing = await signingKeysFor(options, keys, vault, pools.ledger, isNew, clock());
    const sequencer = startSequencer({
      connection: connectionOf(pools.ledger),
      checkpointSeed: signing.checkpointSeed,
      now: clock,
      onTrouble: options.onTrouble,
    });
    closing.push(() => sequencer.stop());
    const packer = startPacker({ pool: pools.ledger, onTrouble: options.onTrouble });
    closing.push(() => packer.stop());
    const ledger = await openLedger({
      connection: connectionOf(pools.app),
      events: modules.map((module) => module.events),
      nodeId: signing.nodeId,
      nodeSeed: signing.nodeSeed,
      now: clock,
      random: randomBytes,
      ...(options.ledgerMaxWaitMs === undefined ? {} : { maxWaitMs: options.ledgerMaxWaitMs }),
      onRecorded: () => {
        sequencer.nudge();
        gaps.recorded();
      },
    });
    closing.push(() => ledger.close());

    const run = randomUUID();
    const presence = await beginRun(connectionOf(pools.app), run);
    closing.push(() => presence.end());
    const gaps = gapWatchOf(ledger, run, clock, () => storehouse.policy?.version ?? 0);
    const guards: Guard[] = modules.flatMap((module) => module.guards ?? []);
    const storehouse: Storehouse = {
      pool: pools.app,
      policy: undefined,
      clock,
      isReachable: () => !pulse.isSilent(),
      door: {
        vault,
        guards,
        holds: () => modules.flatMap((module) => module.holds ?? []),
        unrecorded: () => gaps.unrecorded(),
        // Not on the ledger's word alone: whoever was refused comes back when that is past.
        isRecording: () => ledger.isRecording() && gaps.isPast(),
        snapshot: (look) => withSnapshot(pools.app, look),
        filesFolder: join(place.dataFolder, "files"),
        countHours: (signal) => countHours(pools.ledger, signal),
        ledgerFiles: { folder: ledgerFolder, clear: (archiveNo) => clearArchive(pools.ledger, archiveNo) },
        checkpointKeys: signing.checkpointKeys,
        signStatement: (message) => signingKey(signing.checkpointSeed).sign(message),
        append: async (event) => {
          await ledger.append(event);
        },
        hearAtOnce: () => ledger.hearAtOnce(),
        hasHeard: () => ledger.hasHeard(),
        recordIn: async (db, event) => {
          await ledger.recordIn(queryOver(db), event);
          db.afterCommit(() => sequencer.nudge());
        },
      },
    };
    await actAs(storehouse, "system", "storehouse.opened", randomUUID(), async (context) => {
      const facts = vault.keyFacts();
      context.journal.fact("keyEncryptionKey", facts.keyEncryptionKey);
      context.journal.fact("unwrapped", facts.unwrapped);
      context.journal.fact("generation", facts.generation);
      context.journal.fact("keysRevision", facts.revision);
      context.journal.fact("node", signing.nodeId);
      context.journal.fact("run", run);
      context.journal.fact("version", version);
      const databaseTime = await presence.databaseTime();
      context.journal.fact("databaseAheadMs", databaseTime === null ? null : Math.round(databaseTime - Date.now()));
      await noteWhatWentBefore(context, options.clock === undefined ? new Date() : undefined);
    });
    const unrecorded = await unrecordedMigrations(pools.app, migrations);
    if (unrecorded.length > 0) {
      await baselineRows(
        storehouse,
        unrecorded.map(({ number }) => number),
      );
      await actAs(storehouse, "system", "storehouse.migrated", randomUUID(), async ({ journal }) => {
        journal.fact(
          "migrations",
          unrecorded.map(({ number, name, sha256 }) => ({ number, name, sha256 })),
        );
      });
    }
    if (await lacksShippedPolicy(poolDb(pools.app))) {
      await actAs(storehouse, "system", "policy.installed", randomUUID(), (context) => installShippedPolicy(context.db, context.journal));
    }
    closing.push(async () => {
      await actAs(storehouse, "system", "storehouse.closed", randomUUID(), async ({ journal }) => journal.fact("run", run)).catch(() => undefined);
      await sequencer.sequenceNow().catch(() => false);
    });
    closing.push(startWatches({ storehouse, presence, gaps, wall: () => Date.now() }));
    return { storehouse, place, ownerUrl, vault, keys, signing, ledger, sequencer, pools, server, close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

function connectionOf(pool: Pool): Pool["options"] {
  return pool.options;
}

async function signingKeysFor(options: OpenOptions, keys: KeysFolder, vault: Vault, ledgerPool: Pool, isNew: boolean, now: Date): Promise<SigningKeys> {
  const { newEpoch } = options;
  const signing = newEpoch === undefined ? await openSigningKeys(keys, vault, isNew) : await renewSigningKeys(keys, vault, newEpoch.former);
  if (isNew || newEpoch !== undefined) {
    await startEpoch({ query: ledgerPool, reason: newEpoch?.reason ?? "installed", name: signing.origin, checkpointSeed: signing.checkpointSeed, now });
  }
  await registerNode({ query: ledgerPool, nodeId: signing.nodeId, nodeSeed: signing.nodeSeed, checkpointSeed: signing.checkpointSeed, now });
  return signing;
}

/** Single statements outside any transaction, for questions about the installation itself. */
export function poolDb(pool: Pool): Db {
  return {
    query: async <Row extends object>(text: string, values: readonly unknown[] = []) => (await pool.query<Row>(text, values as unknown[])).rows,
    note: async (text, values) => void (await pool.query(text, values as unknown[])),
    afterCommit: (act) => act(),
  };
}
