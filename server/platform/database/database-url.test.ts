import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkDatabaseUrl, withDatabase, withLogin } from "./database-url.ts";

describe("checkDatabaseUrl", () => {
  it.each([
    "postgres://owner:secret@127.0.0.1:5432/kuraban",
    "postgresql://owner:secret@localhost/kuraban",
    "postgres://owner:secret@[::1]:5432/kuraban",
    "postgres://owner:secret@%2Fvar%2Frun%2Fpostgresql/kuraban",
    "postgres:///kuraban?host=/var/run/postgresql&user=owner",
    "postgres://owner:secret@db.example.jp/kuraban?sslmode=verify-full",
  ])("accepts %s", (url) => {
    expect(checkDatabaseUrl(url)).toBe(url);
  });

  it.each([
    "postgres://owner:secret@db.example.jp/kuraban",
    "postgres://owner:secret@db.example.jp/kuraban?sslmode=require",
    "postgres://owner:secret@db.example.jp/kuraban?sslmode=verify-full&sslmode=disable",
    "postgres://owner:secret@127.0.0.1/kuraban?host=db.example.jp",
    "postgres://owner:secret@127.0.0.1.example.jp/kuraban",
    "postgres://owner:secret@10.0.0.5/kuraban",
  ])("refuses to leave the machine without a verified certificate: %s", (url) => {
    expect(() => checkDatabaseUrl(url)).toThrow("sslmode=verify-full");
  });

  it.each(["", "kuraban", "mysql://127.0.0.1/kuraban", "postgres://@/"])("refuses what is no address of a database: %s", (url) => {
    expect(() => checkDatabaseUrl(url)).toThrow("DATABASE_URL");
  });

  it("never shows the password in a refusal", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z]{8,12}$/), fc.domain(), (password, host) => {
        const url = new URL(`postgres://owner@${host}/kuraban`);
        url.password = password;
        let said = "";
        try {
          checkDatabaseUrl(url.href);
        } catch (error) {
          said = String(error);
        }
        expect(said).toContain("verify-full");
        expect(said).not.toContain(password);
      }),
    );
  });
});

describe("withLogin and withDatabase", () => {
  it("change that alone", () => {
    const changed = new URL(withLogin(withDatabase("postgres://owner:secret@db.example.jp:6432/a?sslmode=verify-full", "b"), "app", "pw"));
    expect({ host: changed.host, path: changed.pathname, query: Object.fromEntries(changed.searchParams) }).toEqual({
      host: "db.example.jp:6432",
      path: "/b",
      query: { sslmode: "verify-full", user: "app", password: "pw" },
    });
  });
});
