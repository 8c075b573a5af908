import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterEach, describe, expect, it } from "vitest";
import { makeTemporaryFolder, startServerIn } from "#tests/support/throwaway-server.ts";
import { connectOwner } from "./connect.ts";
import type { EmbeddedServer } from "./embedded-server.ts";
import { findProcess } from "./process-identity.ts";

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function newFolder(): string {
  const { folder, remove } = makeTemporaryFolder();
  cleanUps.push(remove);
  return folder;
}

async function start(folder: string): Promise<EmbeddedServer> {
  const server = await startServerIn(folder);
  cleanUps.push(() => server.stop());
  return server;
}

async function startInOtherProcess(folder: string): Promise<{ child: ChildProcess; ownerUrl: string; postgresPid: number }> {
  const script = fileURLToPath(new URL("../../../tests/support/hold-server.ts", import.meta.url));
  const child = spawn(process.execPath, [script, folder], { stdio: ["ignore", "pipe", "inherit"] });
  cleanUps.push(() => child.kill("SIGKILL"));
  let said = "";
  for await (const bytes of child.stdout) {
    said += String(bytes);
    if (said.includes("\n")) break;
  }
  return { child, ...(JSON.parse(said) as { ownerUrl: string; postgresPid: number }) };
}

/** On a busy machine a process lives on for a moment after the signal, and would be found. */
async function killDead(pid: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  await expect.poll(() => findProcess(pid), { timeout: 20_000 }).toBeUndefined();
}

async function killAndWait(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = await connectOwner(url);
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

describe("the embedded server", () => {
  it("is adopted with its data after its parent was killed", async () => {
    const folder = newFolder();
    const first = await startInOtherProcess(folder);
    await query(first.ownerUrl, "create table kept as select 42 as answer");
    await killAndWait(first.child);

    const server = await start(folder);
    expect({ isAdopted: server.isAdopted, pid: server.pid(), url: server.ownerUrl }).toEqual({
      isAdopted: true,
      pid: first.postgresPid,
      url: first.ownerUrl,
    });
    expect(await query(server.ownerUrl, "select answer from kept")).toEqual([{ answer: 42 }]);
    await server.stop();
    expect(findProcess(first.postgresPid)).toBeUndefined();
  });

  it("recovers by itself when its parent and PostgreSQL were killed together", async () => {
    const folder = newFolder();
    const first = await startInOtherProcess(folder);
    await query(first.ownerUrl, "create table kept as select 42 as answer");
    await killDead(first.postgresPid);
    await killAndWait(first.child);

    const server = await start(folder);
    expect(server.isAdopted).toBe(false);
    expect(await query(server.ownerUrl, "select answer from kept")).toEqual([{ answer: 42 }]);
  });

  it("starts over a postmaster.pid whose number now belongs to another process", async () => {
    const folder = newFolder();
    const first = await startInOtherProcess(folder);
    const file = join(folder, "data", "postgres", "postmaster.pid");
    const lines = readFileSync(file, "utf8").split("\n");
    await killDead(first.postgresPid);
    await killAndWait(first.child);
    writeFileSync(file, [String(process.ppid), ...lines.slice(1)].join("\n"));
    const server = await start(folder);
    expect({ isAdopted: server.isAdopted, parent: findProcess(process.ppid)?.pid }).toEqual({ isAdopted: false, parent: process.ppid });
    expect(await query(server.ownerUrl, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("refuses a second start on its folder with a sentence, and goes on", async () => {
    const folder = newFolder();
    const { ownerUrl, child } = await startInOtherProcess(folder);
    await expect(startServerIn(folder)).rejects.toThrow(`already running on this data folder: ${folder}/data (pid ${child.pid})`);
    expect(await query(ownerUrl, "select 1 as one")).toEqual([{ one: 1 }]);
    await killAndWait(child);
    // The twin of the refusal: the same start once the first process is gone.
    expect((await start(folder)).isAdopted).toBe(true);
  });

  it("comes back on the same port after kill -9 of PostgreSQL, with every row that was acknowledged", async () => {
    const server = await start(newFolder());
    await query(server.ownerUrl, "create table rows (n int4)");
    let deaths = 0;
    server.onExit(() => (deaths += 1));
    const pool = new pg.Pool({ connectionString: server.ownerUrl, max: 4 });
    pool.on("error", () => undefined);
    cleanUps.push(() => pool.end());

    const acknowledged: number[] = [];
    const killed = server.pid();
    let next = 0;
    async function insertUntil(goal: number): Promise<void> {
      while (acknowledged.length < goal) {
        const n = (next += 1);
        await pool.query("insert into rows values ($1)", [n]).then(
          () => acknowledged.push(n),
          () => new Promise((resolve) => setTimeout(resolve, 20)),
        );
        if (n === 200) process.kill(killed, "SIGKILL");
      }
    }
    await Promise.all([1, 2, 3, 4].map(() => insertUntil(600)));

    const rows = new Set((await query<{ n: number }>(server.ownerUrl, "select n from rows")).map(({ n }) => n));
    expect(acknowledged.filter((n) => !rows.has(n))).toEqual([]);
    expect(server.pid()).not.toBe(killed);
    expect({ deaths, isAlive: server.isAlive() }).toEqual({ deaths: 1, isAlive: true });
  });

  it("stops with nothing left running and starts again on its port", async () => {
    const folder = newFolder();
    const first = await start(folder);
    const pid = first.pid();
    await Promise.all([first.stop(), first.stop()]);
    expect({ process: findProcess(pid), isAlive: first.isAlive() }).toEqual({ process: undefined, isAlive: false });
    const second = await start(folder);
    expect(second.port).toBe(first.port);
  });

  it("sets new passwords when the file with them was lost", async () => {
    const folder = newFolder();
    const first = await start(folder);
    await first.stop();
    rmSync(join(folder, "data.keys"), { recursive: true });
    const second = await start(folder);
    expect(second.credentials.owner).not.toBe(first.credentials.owner);
    expect(await query(second.ownerUrl, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("listens on loopback alone, asks for a password and leaves no core file", async () => {
    const server = await start(newFolder());
    expect(await query(server.ownerUrl, "show listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
    for (const host of ["", new URL(server.ownerUrl).searchParams.get("host") ?? ""]) {
      const wrong = new URL(server.ownerUrl);
      wrong.password = "wrong";
      if (host === "") wrong.searchParams.delete("host");
      await expect(connectOwner(wrong.href)).rejects.toMatchObject({ code: "28P01" });
    }
    expect(readFileSync(`/proc/${server.pid()}/limits`, "utf8")).toMatch(/Max core file size +0 /);
  });

  it("writes no value into its log, whatever fails", async () => {
    const folder = newFolder();
    const server = await start(folder);
    const client = await connectOwner(server.ownerUrl);
    const marker = "takahashi-marker";
    await client.query("create table once (value text primary key)");
    await client.query("insert into once values ($1)", [marker]);
    await expect(client.query("insert into once values ($1)", [marker])).rejects.toMatchObject({ code: "23505" });
    await expect(client.query("select $1::int4", [marker])).rejects.toMatchObject({ code: "22P02" });
    await expect(client.query(`select '${marker}' from nowhere`)).rejects.toMatchObject({ code: "42P01" });
    await client.query(`do $$ begin raise warning '${marker}'; end $$`);
    await client.end();
    await server.stop();
    const log = readFileSync(join(folder, "data", "postgres.log"), "utf8");
    expect(log).toContain("database system is ready to accept connections");
    expect(log).not.toContain(marker);
  });
});
