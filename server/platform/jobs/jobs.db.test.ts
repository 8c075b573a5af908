import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { withLogin } from "#server/platform/database/database-url.ts";
import { cloneDatabase, type TestDatabase } from "#tests/support/database.ts";
import { addJob, startJobs, type Jobs, type StartJobsOptions, type Tasks } from "./index.ts";

let database: TestDatabase;
const started: Jobs[] = [];

beforeAll(async () => {
  database = await cloneDatabase();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((jobs) => jobs.stop()));
  await database.owner.query("delete from jobs");
});
afterAll(() => database.drop());

function start(tasks: Tasks, options: Partial<StartJobsOptions> = {}): Jobs {
  const jobs = startJobs({ pool: database.app, tasks, pollMs: 100, ...options });
  started.push(jobs);
  return jobs;
}

const waiting = async (): Promise<Record<string, unknown>[]> => (await database.owner.query("select * from jobs order by job_no")).rows;
const untilEmpty = (): Promise<void> => vi.waitFor(async () => expect(await waiting()).toEqual([]), { timeout: 15_000 });

describe("a job", () => {
  it("runs when its transaction has committed, and never when it rolled back", async () => {
    const ran: unknown[] = [];
    start({ note: { run: async ({ payload }) => void ran.push(payload["no"]) } }, { pollMs: 60_000 });
    const client = await database.app.connect();
    await client.query("begin");
    await addJob(client, "note", { no: 1 });
    await client.query("rollback");
    await client.query("begin");
    await addJob(client, "note", { no: 2 });
    expect(ran).toEqual([]);
    await client.query("commit");
    client.release();
    await untilEmpty();
    expect(ran).toEqual([2]);
  });

  it("cannot be told a text", async () => {
    for (const payload of [{ name: "髙橋" }, { list: [1, "x"] }, { deep: { er: "x" } }]) {
      await expect(addJob(database.app, "note", payload as never)).rejects.toMatchObject({ code: "23514" });
    }
    await addJob(database.app, "note", { no: 1, list: [1, 2], yes: true, nothing: null });
    expect(await waiting()).toHaveLength(1);
  });

  it("that fails waits longer each time, and only the code of its failure is kept", async () => {
    const troubles: unknown[] = [];
    start({ fail: { run: async () => Promise.reject(new TypeError("佐藤 090-1234-5678")) } }, { onTrouble: (what) => troubles.push(what) });
    await addJob(database.app, "fail", {});
    // Two seconds after the first failure, four after the second: as of the row's making, however late it is looked at.
    const wait = async (): Promise<{ failures: number; wait: number; last_error: string } | undefined> =>
      (await database.owner.query("select failures, last_error, extract(epoch from run_at - created_at)::float8 as wait from jobs where failures > 0")).rows[0];
    await vi.waitFor(async () => expect(await wait()).toMatchObject({ last_error: "TypeError" }), { timeout: 10_000 });
    const first = (await wait())!;
    expect(first.wait).toBeGreaterThan(2 ** first.failures - 0.1);
    expect(JSON.stringify([troubles, await waiting()])).not.toMatch(/佐藤|090-/);
    await vi.waitFor(async () => expect((await wait())?.failures).toBeGreaterThan(first.failures), { timeout: 20_000 });
  });

  it("waits for its time", async () => {
    const ran: number[] = [];
    start({ note: { run: async ({ payload }) => void ran.push(payload["no"] as number) } });
    await addJob(database.app, "note", { no: 1 }, { runAt: new Date(Date.now() + 3_600_000) });
    await addJob(database.app, "note", { no: 2 });
    await vi.waitFor(() => expect(ran).toEqual([2]), { timeout: 10_000 });
    await vi.waitFor(async () => expect(await waiting()).toMatchObject([{ payload: { no: 1 }, starts: 0 }]), { timeout: 10_000 });
    expect(ran).toEqual([2]);
  });

  it("of one key waits once, and runs once more when it was asked for while it ran", async () => {
    const ran: number[] = [];
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    start({
      note: {
        run: async ({ payload }) => {
          ran.push(payload["no"] as number);
          await held;
        },
      },
    });
    await addJob(database.app, "note", { no: 1 }, { key: "one" });
    await vi.waitFor(() => expect(ran).toEqual([1]), { timeout: 10_000 });
    await addJob(database.app, "note", { no: 2 }, { key: "one" });
    await addJob(database.app, "note", { no: 3 }, { key: "one" });
    expect(await waiting()).toHaveLength(1);
    goOn();
    await untilEmpty();
    expect(ran).toEqual([1, 3]);
  });

  it("goes on where it remembered to be, unless it was asked for anew", async () => {
    const seen: unknown[] = [];
    start({
      walk: {
        run: async ({ payload, remember }) => {
          const at = payload["at"] as number;
          seen.push(at);
          if (at === 1) {
            expect(await remember(database.app, { at: 2 })).toBe(true);
            throw new Error("stumbled");
          }
          if (at === 2) {
            await addJob(database.app, "walk", { at: 7 }, { key: "walk" });
            expect(await remember(database.app, { at: 3 })).toBe(false);
          }
        },
      },
    });
    await addJob(database.app, "walk", { at: 1 }, { key: "walk" });
    await untilEmpty();
    expect(seen).toEqual([1, 2, 7]);
  });

  it("that is held up is told to stop where it runs, is not begun meanwhile, and goes on afterwards; others run", async () => {
    let held: string[] = [];
    const begun: string[] = [];
    const tasks: Tasks = {
      change: {
        heldBy: ["shut"],
        run: async ({ attempt, signal }) => {
          begun.push(`change ${attempt}`);
          if (begun.length === 1) {
            await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
            signal.throwIfAborted();
          }
        },
      },
      note: { run: async () => void begun.push("note") },
    };
    start(tasks, { held: async () => held });
    await addJob(database.app, "change", {});
    await vi.waitFor(() => expect(begun).toEqual(["change 1"]), { timeout: 10_000 });
    held = ["shut"];
    await vi.waitFor(async () => expect(await waiting()).toMatchObject([{ task: "change", starts: 0, failures: 0 }]), { timeout: 10_000 });
    await addJob(database.app, "note", {});
    await vi.waitFor(() => expect(begun).toEqual(["change 1", "note"]), { timeout: 10_000 });
    await vi.waitFor(async () => expect(await waiting()).toMatchObject([{ task: "change", starts: 0 }]), { timeout: 10_000 });
    expect(begun).toEqual(["change 1", "note"]);
    held = [];
    await untilEmpty();
    expect(begun).toEqual(["change 1", "note", "change 1"]);
  });

  it("that comes round waits again after its end, on two nodes once", async () => {
    let runs = 0;
    const tasks: Tasks = { round: { everySeconds: 3_600, run: async () => void runs++ } };
    start(tasks);
    start(tasks);
    await vi.waitFor(async () => expect(await waiting()).toMatchObject([{ task: "round", starts: 0, key: "every round" }]), { timeout: 10_000 });
    await vi.waitFor(() => expect(runs).toBe(1), { timeout: 10_000 });
    await addJob(database.app, "round", {}, { key: "every round" });
    await vi.waitFor(() => expect(runs).toBe(2), { timeout: 10_000 });
    await vi.waitFor(async () => expect(await waiting()).toMatchObject([{ task: "round", starts: 0 }]), { timeout: 10_000 });
  });
});

describe("two nodes", () => {
  it("share the jobs, each of which runs once", async () => {
    const ran: number[] = [];
    const tasks: Tasks = {
      note: {
        run: async ({ payload }) => {
          ran.push(payload["no"] as number);
          await database.app.query("select pg_sleep(0.01)");
        },
      },
    };
    for (let no = 0; no < 40; no++) {
      await addJob(database.app, "note", { no });
    }
    start(tasks, { concurrency: 3 });
    start(tasks, { concurrency: 3 });
    await untilEmpty();
    expect(ran.toSorted((a, b) => a - b)).toEqual([...Array(40).keys()]);
  });
});

describe("after a crash", () => {
  it("the job of a node that was killed by -9 runs elsewhere within seconds", async () => {
    await addJob(database.app, "hold", {});
    const url = withLogin(database.ownerUrl, "kuraban_app", database.credentials.app);
    const node = spawn(process.execPath, [fileURLToPath(new URL("../../../tests/support/hold-job.ts", import.meta.url)), url], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      await once(node.stdout, "data");
      const attempts: number[] = [];
      start({ hold: { run: async ({ attempt }) => void attempts.push(attempt) } });
      expect(attempts).toEqual([]);
      node.kill("SIGKILL");
      await vi.waitFor(() => expect(attempts).toEqual([2]), { timeout: 15_000 });
      await untilEmpty();
    } finally {
      node.kill("SIGKILL");
    }
  });

  it("a node whose connections were cut tells its tasks, connects anew and runs the job again", async () => {
    const attempts: number[] = [];
    const aborted: string[] = [];
    start({
      note: {
        run: async ({ attempt, signal }) => {
          attempts.push(attempt);
          if (attempt === 1) {
            await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
            aborted.push("told");
            signal.throwIfAborted();
          }
        },
      },
    });
    await addJob(database.app, "note", {});
    await vi.waitFor(() => expect(attempts).toEqual([1]), { timeout: 10_000 });
    await database.owner.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'kuraban_app'");
    await untilEmpty();
    expect(aborted).toEqual(["told"]);
    expect(attempts).toEqual([1, 2]);
  });
});

describe("a node that stops", () => {
  it("gives its running job back at once", async () => {
    const jobs = start({
      note: {
        run: ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
      },
    });
    await addJob(database.app, "note", {});
    await vi.waitFor(async () => expect(await waiting()).toMatchObject([{ starts: 1 }]), { timeout: 10_000 });
    await jobs.stop();
    expect(await waiting()).toMatchObject([{ starts: 0, failures: 0 }]);
    let ran = false;
    start({ note: { run: async () => void (ran = true) } });
    await untilEmpty();
    expect(ran).toBe(true);
  });

  it("waits for a task that does not listen no longer than its grace", async () => {
    const jobs = start({ note: { run: () => new Promise(() => undefined) } });
    await addJob(database.app, "note", {});
    await vi.waitFor(async () => expect(await waiting()).toMatchObject([{ starts: 1 }]), { timeout: 10_000 });
    await jobs.stop(50);
    let ran = false;
    start({ note: { run: async () => void (ran = true) } });
    await untilEmpty();
    expect(ran).toBe(true);
  });
});
