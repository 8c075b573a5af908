import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cloneDatabase, type TestDatabase } from "#tests/support/database.ts";
import { connectOwner } from "./connect.ts";
import { findMigrations, type Migration } from "./find-migrations.ts";
import { migrate } from "./migrate.ts";

let database: TestDatabase;
beforeAll(async () => void (database = await cloneDatabase()));
afterAll(() => database.drop());

const later: Migration = { number: 9001, name: "9001-shelves", sql: "create table shelves (shelf_no int4)", sha256: "a".repeat(64) };
const broken: Migration = {
  number: 9002,
  name: "9002-broken",
  sql: "create table half_built (n int4); select no_such_column from shelves",
  sha256: "b".repeat(64),
};

describe("migrate", () => {
  it("applies what is missing once, and nothing the second time", async () => {
    const owner = await connectOwner(database.ownerUrl);
    expect(await migrate(owner)).toEqual([]);
    expect(await migrate(owner, [...findMigrations(), later])).toEqual([later.name]);
    expect(await migrate(owner, [...findMigrations(), later])).toEqual([]);
    await owner.end();
  });

  it("lets two processes start at once, and one of them does the work", async () => {
    const another = await cloneDatabase();
    const owners = await Promise.all([connectOwner(another.ownerUrl), connectOwner(another.ownerUrl)]);
    const applied = await Promise.all(owners.map((owner) => migrate(owner, [...findMigrations(), later])));
    expect(applied.flat()).toEqual([later.name]);
    await Promise.all(owners.map((owner) => owner.end()));
    await another.drop();
  });

  it("leaves nothing of a migration that fails", async () => {
    const owner = await connectOwner(database.ownerUrl);
    await expect(migrate(owner, [...findMigrations(), later, broken])).rejects.toThrow("migration 9002-broken failed");
    const { rows } = await owner.query("select to_regclass('half_built') as half, count(*) as recorded from migrations where number = 9002");
    expect(rows).toEqual([{ half: null, recorded: 0 }]);
    await owner.end();
  });

  it("refuses when an applied file has changed or is unknown", async () => {
    const owner = await connectOwner(database.ownerUrl);
    const changed = { ...later, sha256: "c".repeat(64) };
    await expect(migrate(owner, [...findMigrations(), changed])).rejects.toThrow("9001-shelves has changed");
    await expect(migrate(owner)).rejects.toThrow("does not know");
    await owner.end();
  });

  it("works for an owner who is no superuser but may create roles", async () => {
    await database.owner.query("drop role if exists plain_owner");
    await database.owner.query("create role plain_owner login createrole createdb password 'not-a-secret'");
    await database.owner.query("create database plain_owned owner plain_owner");
    await database.owner.query("grant kuraban_search to plain_owner with admin option");
    const url = new URL(database.ownerUrl);
    url.pathname = "/plain_owned";
    url.username = "plain_owner";
    url.password = "not-a-secret";
    const owner = await connectOwner(url.href);
    try {
      expect(
        await migrate(
          owner,
          findMigrations().filter(({ number }) => number === 1),
        ),
      ).toEqual(["0001-roles"]);
    } finally {
      await owner.end();
      await database.owner.query("drop database plain_owned with (force)");
      await database.owner.query("drop owned by plain_owner");
      await database.owner.query("drop role plain_owner");
    }
  });
});

describe("the logins", () => {
  it("own nothing, create nothing and have no power over row-level security", async () => {
    for (const pool of [database.app, database.ledger]) {
      const { rows } = await pool.query(`
        select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as powerful,
               (select count(*) from pg_class where relowner = pg_roles.oid) as owned,
               has_schema_privilege('public', 'create') as may_create,
               has_database_privilege(current_database(), 'temporary') as may_make_temporary
          from pg_roles where rolname = current_user`);
      expect(rows).toEqual([{ powerful: false, owned: 0, may_create: false, may_make_temporary: false }]);
      await expect(pool.query("create table mine (n int4)")).rejects.toMatchObject({ code: "42501" });
      await expect(pool.query("delete from migrations")).rejects.toMatchObject({ code: "42501" });
    }
  });

  it("let nobody else in: a role without a grant cannot connect", async () => {
    const { rows } = await database.owner.query("select has_database_privilege('kuraban_search', current_database(), 'connect') as may");
    expect(rows).toEqual([{ may: false }]);
  });

  it("bring large counts as numbers and refuse what a number cannot hold", async () => {
    const { rows } = await database.app.query("select 9007199254740991::int8 as n, array[1, null]::int8[] as list, date '2024-02-29' as day");
    expect(rows).toEqual([{ n: Number.MAX_SAFE_INTEGER, list: [1, null], day: "2024-02-29" }]);
    await expect(database.app.query("select 9007199254740993::int8 as n")).rejects.toThrow(RangeError);
  });
});
