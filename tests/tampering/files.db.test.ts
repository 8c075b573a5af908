import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import pg from "pg";
import { expect, test } from "vitest";
import { cosign, findNewest, formatWitnessKey, signingKey } from "#server/core/ledger/index.ts";
import { exportLedger } from "#server/modules/records/export-ledger.ts";
import { connectOwner, openPools } from "#server/platform/database/connect.ts";
import { migrate } from "#server/platform/database/migrate.ts";
import { setUpLogins } from "#server/platform/database/set-up-logins.ts";
import { valueTypes } from "#server/platform/database/value-types.ts";
import { beginLedger } from "#tests/support/ledger.ts";
import { makeTemporaryFolder, startServerIn } from "#tests/support/throwaway-server.ts";
import { readVerifierKey, verifyExport, type ExportVerification } from "../../verifier/kuraban-verify.mjs";
import { appendRounds, fillLedger, ledgerKey, look } from "./tamper.ts";

test("a byte of a data file changed while the server stood still", async () => {
  const { folder, remove } = makeTemporaryFolder();
  let server = await startServerIn(folder);
  try {
    const owner = await connectOwner(server.ownerUrl);
    await migrate(owner);
    await setUpLogins(owner, server.credentials);
    const { close, ...pools } = openPools({ ownerUrl: server.ownerUrl, credentials: server.credentials });
    const database = { ...pools, owner: new pg.Pool(), ownerUrl: server.ownerUrl, credentials: server.credentials, drop: close };
    await beginLedger(database);
    await appendRounds(database, 2);
    const { rows } = await owner.query<{ path: string; header: string }>(
      "select pg_relation_filepath('ledger_events') as path, header from ledger_events where event_no = 6",
    );
    const [{ path, header }] = rows as [{ path: string; header: string }];
    await close();
    await owner.end();
    await server.stop();

    const file = join(folder, "data", "postgres", path);
    const bytes = readFileSync(file);
    const place = bytes.indexOf(header) + header.indexOf('"requestId":"') + '"requestId":"'.length;
    bytes[place] = bytes[place]! ^ 1;
    writeFileSync(file, bytes);

    server = await startServerIn(folder);
    const client = new pg.Client({ connectionString: server.ownerUrl, types: valueTypes });
    await client.connect();
    try {
      await expect(look(client)).rejects.toThrow("invalid page");
      await client.query("set ignore_checksum_failure = on");
      const { product, offline } = await look(client);
      expect(product.findings).toEqual([{ what: "header was changed", sequence: 5, eventNo: 6 }]);
      expect(offline.findings).toEqual([{ what: "header was changed", sequence: 5 }]);
    } finally {
      await client.end();
    }
  } finally {
    await server.stop().finally(remove);
  }
}, 60_000);

test("any byte of an export changed", async () => {
  const database = await fillLedger();
  try {
    const pieces: Buffer[] = [];
    for await (const piece of exportLedger({ query: database.app, hasEntries: true, now: new Date() })) pieces.push(piece);
    const whole = Buffer.concat(pieces);
    const verify = (bytes: Buffer): ReturnType<typeof verifyExport> => verifyExport([bytes], { keys: [ledgerKey] });
    expect((await verify(whole)).findings).toEqual([]);
    const small = Array.from({ length: Math.ceil(whole.length / 100) }, (_, at) => whole.subarray(at * 100, (at + 1) * 100));
    expect(await verifyExport(small, { keys: [ledgerKey] })).toMatchObject({ ok: true, events: 20 });
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 2), fc.integer({ min: 1, max: 255 }), async (place, change) => {
        const bytes = Buffer.from(whole);
        bytes[place] = bytes[place]! ^ change;
        // What is no export any more is refused as such.
        const result = await verify(bytes).catch(() => undefined);
        expect(result?.ok ?? false).toBe(false);
      }),
      { numRuns: 300 },
    );
    const cut = await verify(whole.subarray(0, whole.length - 200));
    expect(cut.findings.map(({ what }) => what)).toContain("the export ends too early");
  } finally {
    await database.drop();
  }
});

test("what witnesses and time-stamping authorities said travels with the export, and is held to the checkpoint", async () => {
  const database = await fillLedger();
  try {
    const seed = Buffer.alloc(32, 9);
    const witness = readVerifierKey(formatWitnessKey("witness.example", signingKey(seed).publicKey));
    const { note, epochNo, treeSize } = (await findNewest(database.app))!;
    const line = cosign(note.slice(0, note.lastIndexOf("\n\n") + 1), "witness.example", seed, new Date());
    await database.owner.query("insert into ledger_cosignatures (epoch_no, tree_size, name, at, line) values ($1, $2, 'witness.example', now(), $3)", [
      epochNo,
      treeSize,
      line,
    ]);
    await database.owner.query(
      "insert into checkpoint_outlets (outlet_no, kind, settings_sealed, added_at, next_at) values (1, 'timestamp', '\\x00', now(), now())",
    );
    const token = Buffer.concat([Buffer.from("30", "hex"), createHash("sha256").update(note).digest(), Buffer.from("20261122000000Z")]);
    await database.owner.query(
      "insert into ledger_timestamps (epoch_no, tree_size, outlet_no, at, policy, serial, token) values ($1, $2, 1, now(), '1.2', '01', $3)",
      [epochNo, treeSize, token],
    );
    const verify = (given: Partial<Parameters<typeof verifyExport>[1]> = {}): Promise<ExportVerification> =>
      verifyExport(exportLedger({ query: database.app, hasEntries: true, now: new Date() }), { keys: [ledgerKey], witnesses: [witness], ...given });
    expect(await verify()).toMatchObject({ ok: true, cosigned: { "witness.example": 20 } });
    // What the witness itself keeps is believed by its key, and by nobody's when its line is not there.
    expect(await verify({ notes: [`${note}${line}\n`] })).toMatchObject({ ok: true, keptCheckpoints: 1 });
    const unsigned = `${note.slice(0, note.lastIndexOf("\n\n") + 2)}— somebody AAAAAAAA\n`;
    expect((await verify({ notes: [unsigned] })).findings).toEqual([{ what: "a kept checkpoint is signed by no key that was given", sequence: null }]);
    await database.owner.query("update ledger_timestamps set token = set_byte(token, 5, get_byte(token, 5) # 1)");
    expect((await verify()).findings).toEqual([{ what: "a time stamp is not about its checkpoint", sequence: 19 }]);
  } finally {
    await database.drop();
  }
});
