import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStorehouse, type OpenStorehouse } from "#server/app/open-storehouse.ts";
import { listEvents, type RecordedEvent } from "#server/core/ledger/index.ts";
import { cloneDatabase, type TestDatabase } from "#tests/support/database.ts";
import { sweepRows, type SweepFinding } from "./sweep-rows.ts";

/** A storehouse as an earlier release left it: rows of these kinds stand, and no event holds a hash of them. */
let database: TestDatabase;
let folder: string;
const rowsMade = 1_203;

beforeAll(async () => {
  database = await cloneDatabase();
  folder = mkdtempSync(join(tmpdir(), "kuraban-earlier-"));
  mkdirSync(join(folder, "keys"), { mode: 0o700 });
  writeFileSync(join(folder, "keys", "database.json"), JSON.stringify({ owner: "unused", ...database.credentials }), { mode: 0o600 });
  await asOwner(...["approvals", "person-request", "person-consent", "erasure"].map((kind) => made(kind, 1, rowsMade)));
}, 60_000);
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** Without the accounts and customers to which the rows belong: they are none of this. */
async function asOwner(...statements: readonly string[]): Promise<void> {
  const client = await database.owner.connect();
  try {
    await client.query(`begin; set local session_replication_role = replica; ${statements.join(";")}; commit`);
  } finally {
    client.release();
  }
}

function made(kind: string, from: number, to: number): string {
  const numbers = `generate_series(${from}, ${to}) n`;
  const day = "'2026-05-01T00:00:00Z'";
  switch (kind) {
    case "approvals":
      return `insert into approvals (kind, asked_by, asked_at, expires_at, facts, query_no, sealed_reason)
                select 'list-export', 1, ${day}, ${day}, '{"persons": 3}', n, '\\x01' from ${numbers}`;
    case "person-request":
      return `insert into person_requests (customer_no, kind, received_on, channel, identity_check, due_on, state, recorded_by, recorded_at, sealed_text, version)
                select n, 'disclosure', '2026-05-01', 'letter', 'none', '2026-05-15', 'open', 1, ${day}, '\\x01', 1 from ${numbers}`;
    case "person-consent":
      return `insert into customer_consents (customer_no, purpose_no, stance, how, recorded_by, recorded_at)
                select n, 1, 'given', 'form', 1, ${day} from ${numbers}`;
    default:
      return `insert into erasures (kind, reason_code, asked_by, asked_at, persons)
                select 'erasure', 'asked-by-person', 1, ${day}, 1 from ${numbers}`;
  }
}

const openRun = (): Promise<OpenStorehouse> =>
  openStorehouse({
    place: { dataFolder: join(folder, "data"), keysFolder: join(folder, "keys"), databaseUrl: database.ownerUrl },
    onTrouble: () => undefined,
    appConnections: 4,
  });
const baselined = async (): Promise<readonly RecordedEvent[]> => (await listEvents(database.owner, { types: ["rows.baselined"], limit: 100 })).events;
async function sweepOnceOpen(meanwhile: string = "select 1"): Promise<readonly SweepFinding[]> {
  const open = await openRun();
  try {
    await asOwner(meanwhile);
    return (await open.storehouse.door.snapshot((query) => sweepRows(query))).findings;
  } finally {
    await open.close();
  }
}

test("rows from before are hashed once as they stand, said with their number, and are no finding", async () => {
  expect(await sweepOnceOpen()).toEqual([]);
  const events = await baselined();
  expect(events.map(({ facts }) => [facts["kind"], facts["rows"]]).toSorted()).toEqual(
    ["approval", "erasure", "person-consent", "person-request"].map((kind) => [kind, rowsMade]),
  );
  for (const { writes } of events) expect(writes).toHaveLength(rowsMade);
});

test("from then on a row that is added, changed or removed around the product is found, and no second start hides it", async () => {
  const tampered = [
    made("approvals", 5_001, 5_001),
    "update person_requests set due_on = due_on + 30 where request_no = 7",
    "delete from customer_consents where consent_no = 8",
  ].join(";");
  const expected = [
    { what: "row was changed around the product", subject: "person-request 7" },
    { what: "row was removed around the product", subject: "person-consent 8" },
    { what: "row was added around the product", subject: `approval ${rowsMade + 1}` },
  ];
  expect(await sweepOnceOpen(tampered)).toEqual(expected);
  expect(await sweepOnceOpen()).toEqual(expected);
  // Taking the migration out of its table brings it about again, and changes nothing: the ledger names it.
  await asOwner("delete from migrations where number = 222");
  expect(await sweepOnceOpen()).toEqual(expected);
  expect(await baselined()).toHaveLength(4);
});
