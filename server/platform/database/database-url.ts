import { CannotStart } from "./cannot-start.ts";

/**
 * Checks a connection string by RFC 3986 that somebody gave (`DATABASE_URL`): to another machine only over TLS with the
 * certificate and its name verified (`sslmode=verify-full`, RFC 9525).
 *
 * @throws CannotStart; the sentence names the host but never user or password.
 */
export function checkDatabaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new CannotStart({
      ja: "DATABASE_URL は postgres://ユーザー:パスワード@ホスト:ポート/データベース の形で指定してください。",
      en: "DATABASE_URL must look like postgres://user:password@host:port/database",
    });
  }
  const host = hostOf(url);
  if (host === "") {
    throw new CannotStart({ ja: "DATABASE_URL にホスト名がありません。", en: "DATABASE_URL names no host." });
  }
  if (!isLoopback(host) && url.searchParams.getAll("sslmode").at(-1) !== "verify-full") {
    throw new CannotStart({
      ja: `${host} への接続は暗号化と証明書の確認が必要です。DATABASE_URL に ?sslmode=verify-full を付けてください(独自の認証局なら &sslrootcert=ファイル も)。`,
      en: `A connection to ${host} needs TLS with a verified certificate: add ?sslmode=verify-full to DATABASE_URL (and &sslrootcert=FILE for a CA of your own).`,
    });
  }
  return text;
}

/** The same server and database with another login. */
export function withLogin(databaseUrl: string, login: string, password: string): string {
  const url = new URL(databaseUrl);
  // In the query they win over those before the host, which a string with an empty host cannot have.
  url.searchParams.set("user", login);
  url.searchParams.set("password", password);
  return url.href;
}

/** The same server and login with another database. */
export function withDatabase(databaseUrl: string, database: string): string {
  const url = new URL(databaseUrl);
  url.pathname = `/${database}`;
  return url.href;
}

function hostOf(url: URL): string {
  return (url.searchParams.getAll("host").at(-1) ?? decodeURIComponent(url.hostname)).replace(/^\[(.+)\]$/, "$1");
}

function isLoopback(host: string): boolean {
  return host.startsWith("/") || host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
