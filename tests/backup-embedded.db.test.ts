import { spawn } from "node:child_process";
import { once } from "node:events";
import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStorehouse, type OpenStorehouse } from "#server/app/open-storehouse.ts";
import { actAs } from "#server/core/door/index.ts";
import { foundSampleOrganisation } from "#server/modules/accounts/index.ts";
import { makeRecoveryKey } from "#server/modules/accounts/recovery-public-key.ts";
import { insertCustomer } from "#server/modules/customers/index.ts";
import { makeTemporaryFolder } from "./support/throwaway-server.ts";

const { folder, remove } = makeTemporaryFolder();
const place = { dataFolder: join(folder, "data"), keysFolder: join(folder, "data.keys"), databaseUrl: undefined };
const keyFile = join(folder, "recovery-key");
let open: OpenStorehouse;

beforeAll(async () => {
  open = await openStorehouse({ place, onTrouble: () => undefined });
  const act = <Result>(event: string, what: Parameters<typeof actAs<Result>>[4]): Promise<Result> =>
    actAs(open.storehouse, "system", event, randomUUID(), what);
  const cells = await act("organisation.founded", (context) =>
    foundSampleOrganisation(context, { name: "番人商会", departments: [{ key: "all", parent: null, name: "全社" }] }),
  );
  writeFileSync(keyFile, await act("organisation.founded", makeRecoveryKey), { mode: 0o600 });
  await act("customer.created", (context) =>
    insertCustomer(context, { ownerNo: null, cellNo: cells.get("all")?.cellNo as number, companyNo: null, values: { fullName: "髙橋　一郎" } }),
  );
}, 120_000);
afterAll(async () => {
  await open.close();
  remove();
}, 60_000);

async function kuraban(...words: readonly string[]): Promise<{ code: number; out: string; error: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "../server/main.ts"), ...words], { env: { ...process.env, DATABASE_URL: "" } });
  let out = "";
  let error = "";
  child.stdout.on("data", (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (error += bytes.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, out, error };
}

test("a backup is written beside the running server, comes back in another folder, and its ledger verifies there", async () => {
  const backups = join(folder, "backups");
  const written = await kuraban("backup", "--to", backups, "--data", place.dataFolder, "--json");
  expect(written).toMatchObject({ code: 0, error: "" });
  expect(JSON.parse(written.out)).toMatchObject({ tables: { customers: 1 }, missed: [] });
  expect(open.server?.isAlive()).toBe(true);

  const other = join(folder, "other", "machine");
  const restored = await kuraban("restore", "--from", backups, "--data", other, "--recovery-key-file", keyFile, "--json");
  expect(restored).toMatchObject({ code: 0, error: "" });
  expect(JSON.parse(restored.out)).toMatchObject({ customers: 1, erased: 0, unreadable: 0 });

  const verified = await kuraban("ledger", "verify", "--data", other, "--json");
  expect(verified).toMatchObject({ code: 0, error: "" });
  expect(JSON.parse(verified.out)).toMatchObject({ ok: true, rowsSwept: 1 });
}, 120_000);

test("without a recovery key nothing is restored, and nobody is kept waiting for one", async () => {
  const empty = join(folder, "no-backup");
  mkdirSync(empty);
  expect(await kuraban("restore", "--from", empty, "--data", join(folder, "third"))).toMatchObject({ code: 1, out: "" });
  const asked = await kuraban("restore", "--from", join(folder, "backups"), "--data", join(folder, "third"));
  expect(asked.code).toBe(1);
  expect(asked.error).toContain("There is no recovery key");
}, 60_000);
