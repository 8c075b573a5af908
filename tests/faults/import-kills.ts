import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { listEvents } from "#server/core/ledger/index.ts";
import { makeRandom } from "#server/modules/sample/index.ts";
import { connectToHouse } from "#tests/support/connect-to-house.ts";
import type { WireReply } from "../support/ask-over-http.ts";
import { runKuraban, type RunningKuraban } from "../support/run-kuraban.ts";
import { seedEmbedded } from "../support/seed-embedded.ts";
import type { Caller } from "../support/seed-storehouse.ts";
import { makeTemporaryFolder } from "../support/throwaway-server.ts";
import { askUntilAnswered } from "./ask-until-answered.ts";
import { killAndRestart, untilAnswered, victims, type Victim } from "./kill-rounds.ts";
import { verifyHouse } from "./verify-house.ts";

export interface ImportRound {
  readonly rows: number;
  readonly kills: readonly { readonly victim: Victim; readonly rowsDone: number }[];
  readonly failures: readonly string[];
}

interface KnownFile {
  readonly bytes: Buffer;
  readonly rows: number;
  readonly added: number;
  readonly skipped: number;
  readonly heldBack: number;
  readonly memberNumber: (index: number) => string;
}

/** People of whom every 41st has a telephone that is none, and every 53rd comes twice. */
function makeFile(nth: number, people: number): KnownFile {
  const memberNumber = (index: number): string => `F${nth}-${String(index).padStart(6, "0")}`;
  const lines = ["顧客番号,氏名,携帯,会社名"];
  let [skipped, heldBack] = [0, 0];
  for (let index = 0; index < people; index += 1) {
    const isOdd = index % 41 === 7;
    heldBack += isOdd ? 1 : 0;
    const line = `${memberNumber(index)},断絶　第${nth}の${index},${isOdd ? "12-34" : `090-${2000 + nth}-${String(index % 10_000).padStart(4, "0")}`},断絶商会${index % 90}`;
    lines.push(line);
    if (index % 53 === 52) {
      lines.push(line);
      skipped += 1;
      heldBack += isOdd ? 1 : 0;
    }
  }
  return { bytes: Buffer.from(`${lines.join("\r\n")}\r\n`), rows: lines.length - 1, added: people, skipped, heldBack, memberNumber };
}

/**
 * Imports files into the real product while it, its PostgreSQL or both are killed with SIGKILL at random moments, until each
 * import is done; then nobody may be missing or there twice, and the ledger must tell the same.
 */
export async function runImportKills(given: {
  imports: number;
  people: number;
  killsEach: number;
  seed: number;
  onImport?: (nth: number, round: ImportRound) => void;
}): Promise<ImportRound[]> {
  const { folder, remove } = makeTemporaryFolder();
  const dataFolder = join(folder, "data");
  let product: RunningKuraban | undefined;
  try {
    const house = await seedEmbedded(dataFolder, [["office"], ["privacy-officer"]], {});
    const [importer, officer] = [house.callers[0], house.callers[1]] as [Caller, Caller];
    const random = makeRandom(given.seed);
    product = await runKuraban(dataFolder);
    const ask = (method: string, path: string, body?: unknown, caller = importer, headers?: Record<string, string>): Promise<WireReply> =>
      askUntilAnswered(() => (product as RunningKuraban).url, {
        method,
        path,
        cookie: caller.cookie,
        body,
        timeoutMs: 60_000,
        ...(headers === undefined ? {} : { headers }),
      });
    const rounds: ImportRound[] = [];
    for (let nth = 0; nth < given.imports; nth += 1) {
      const file = makeFile(nth, given.people);
      // The first kill meets the import in its middle however fast the machine is; the others come when they come.
      const brake = await brakeImports(dataFolder);
      const importNo = await begin(ask, file);
      await brake.letBatches(random.below(3));
      const kills: { victim: Victim; rowsDone: number }[] = [];
      let state = await stateOf(ask, importNo);
      while (state["state"] === "running") {
        if (kills.length < given.killsEach) {
          if (kills.length > 0) await wait(150 + random.below(700));
          state = await stateOf(ask, importNo);
          if (state["state"] !== "running") break;
          const victim = victims[(nth + kills.length) % victims.length] as Victim;
          product = await killAndRestart(victim, product, dataFolder, random.below(1_000));
          await brake.release();
          await untilAnswered(product.url, importer);
          kills.push({ victim, rowsDone: Number(state["rowsDone"]) });
        } else await wait(200);
        state = await stateOf(ask, importNo);
      }
      await brake.release();
      const failures = await check({ ask, url: product.url, officer, dataFolder, importNo, file, state, random });
      const round = { rows: file.rows, kills, failures };
      rounds.push(round);
      given.onImport?.(nth, round);
    }
    return rounds;
  } finally {
    await product?.stop();
    remove();
  }
}

/** Lets no batch be written but those it is told to: PostgreSQL queues who waits for a lock, so one batch passes at a time. */
async function brakeImports(dataFolder: string): Promise<{ letBatches: (count: number) => Promise<void>; release: () => Promise<void> }> {
  const client = await connectToHouse(dataFolder);
  // It may be killed as any other connection may: its lock is gone then, too.
  client.on("error", () => undefined);
  const hold = (): Promise<unknown> => client.query("begin; lock table customers in share mode");
  const untilOneWaits = async (): Promise<void> => {
    const waiting = "select 1 from pg_locks where relation = 'customers'::regclass and mode = 'RowExclusiveLock' and not granted";
    for (const until = performance.now() + 60_000; (await client.query(waiting)).rowCount === 0; await wait(20)) {
      if (performance.now() > until) throw new Error("the import writes no batch");
    }
  };
  let isHeld = true;
  await hold();
  return {
    async letBatches(count) {
      for (let nth = 0; nth < count; nth += 1) {
        await untilOneWaits();
        await client.query("commit");
        await hold();
      }
      await untilOneWaits();
    },
    async release() {
      if (!isHeld) return;
      isHeld = false;
      await client.end().catch(() => undefined);
    },
  };
}

type Ask = (method: string, path: string, body?: unknown, caller?: Caller, headers?: Record<string, string>) => Promise<WireReply>;

async function begin(ask: Ask, file: KnownFile): Promise<number> {
  const uploaded = await ask("POST", "/api/imports", file.bytes, undefined, { "x-file-name": "faults.csv" });
  const importNo = Number(uploaded.body["importNo"]);
  const preview = await ask("GET", `/api/imports/${importNo}/preview`);
  const started = await ask("POST", `/api/imports/${importNo}/start`, preview.body["mapping"]);
  if (started.status !== 200) throw new Error(`the import did not start: ${started.status} ${String(started.body["code"])}`);
  return importNo;
}

async function stateOf(ask: Ask, importNo: number): Promise<Record<string, unknown>> {
  const reply = await ask("GET", `/api/imports/${importNo}?named=no`);
  if (reply.status !== 200) throw new Error(`the product did not say how far the import is: ${reply.status} ${String(reply.body["code"])}`);
  return reply.body;
}

async function check(given: {
  ask: Ask;
  url: string;
  officer: Caller;
  dataFolder: string;
  importNo: number;
  file: KnownFile;
  state: Record<string, unknown>;
  random: ReturnType<typeof makeRandom>;
}): Promise<string[]> {
  const { ask, importNo, file, state } = given;
  const failures: string[] = [];
  const expect = (what: string, found: unknown, wanted: unknown): void => {
    if (found !== wanted) failures.push(`${what}: ${String(found)} and not ${String(wanted)}`);
  };
  expect("state", state["state"], "done");
  for (const [name, wanted] of Object.entries({
    rowsDone: file.rows,
    rowsTotal: file.rows,
    added: file.added,
    updated: 0,
    skipped: file.skipped,
    duplicates: file.skipped,
    heldBack: file.heldBack,
  }))
    expect(name, state[name], wanted);
  const owner = await connectToHouse(given.dataFolder);
  try {
    const count = async (sql: string): Promise<number> =>
      Number((await owner.query<{ count: string }>(`select count(*) from ${sql}`, [importNo])).rows[0]?.count);
    expect("customers", await count("customers where import_no = $1"), file.added);
    expect("customers in the index", await count("customer_search s join customers c using (customer_no) where c.import_no = $1"), file.added);
    expect("problems", await count("import_problems where import_no = $1"), Number(state["problems"]));
    const batches: { from: number; to: number; added: number }[] = [];
    for (let before: number | undefined, isMore = true; isMore;) {
      const page = await listEvents(owner, { limit: 500, before });
      for (const { type, outcome, facts } of page.events)
        if (type === "import.batch" && outcome === "ok" && facts["import"] === importNo && facts["superseded"] !== true)
          batches.push({ from: Number(facts["from"]), to: Number(facts["to"]), added: Number(facts["added"]) });
      isMore = page.nextBefore !== null;
      before = page.nextBefore ?? undefined;
    }
    batches.sort((a, b) => a.from - b.from);
    expect(
      "people that the ledger saw added",
      batches.reduce((sum, { added }) => sum + added, 0),
      file.added,
    );
    batches.forEach(({ from }, index) => expect(`the row after batch ${index}`, from, (batches[index - 1]?.to ?? 0) + 1));
  } finally {
    await owner.end();
  }
  for (let sample = 0; sample < 20; sample += 1) {
    const index = given.random.below(file.added);
    const found = await ask("POST", "/api/customers/views", { search: file.memberNumber(index) });
    expect(`person ${index} is found`, found.body["total"], 1);
  }
  const verified = await verifyHouse(given.url, given.officer);
  expect("the ledger verifies", verified.body["ok"], true);
  return failures;
}
