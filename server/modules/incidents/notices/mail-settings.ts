import { createHash, randomBytes } from "node:crypto";
import type { Context, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { MailSettings, setNoticeMail as setEndpoint, showNoticeMail as showEndpoint, tryNoticeMail as tryEndpoint } from "#shared/incident-notices.ts";
import { Problem } from "#shared/problems.ts";
import { openMailer } from "./open-mailer.ts";

const sealedAs = "notice-mail";

interface Row {
  readonly settings_sealed: Buffer;
  readonly hash: Buffer;
}

type Reading = Pick<Context, "db" | "door">;

/** By which server notices leave; undefined before it was set, or when the stored bytes are not those that were sealed. */
export async function mailSettingsOf({ db, door }: Reading): Promise<MailSettings | undefined> {
  const [row] = await db.query<Row>("select settings_sealed, hash from notice_mail");
  if (row === undefined) return undefined;
  try {
    return JSON.parse(door.vault.openSecret(sealedAs, row.settings_sealed).toString("utf8")) as MailSettings;
  } catch {
    return undefined;
  }
}

/** What an approval is bound to: where mails go to and in whose name, not the password. Null before it was set. */
export async function mailSettingsHash(context: Reading): Promise<Buffer | null> {
  const settings = await mailSettingsOf(context);
  return settings === undefined ? null : hashOf(settings);
}

function hashOf({ password: _password, ...settings }: MailSettings): Buffer {
  return createHash("sha256")
    .update(JSON.stringify(Object.entries(settings).toSorted(([a], [b]) => (a < b ? -1 : 1))))
    .digest();
}

export async function showNoticeMail(context: Context): Promise<ReplyOf<typeof showEndpoint>> {
  const settings = await mailSettingsOf(context);
  if (settings === undefined) return { mail: null };
  const { password, trusted: _trusted, ...shown } = settings;
  return { mail: { ...shown, hasPassword: password !== undefined && password !== "" } };
}

/** @throws Problem invalid-input {fields} for a server elsewhere without TLS */
export async function setNoticeMail(context: Context, { body }: Input<typeof setEndpoint>): Promise<{ ok: true }> {
  const { db, door, now, actor, journal } = context;
  if (body.security === "none" && !["localhost", "127.0.0.1", "::1"].includes(body.host)) {
    throw new Problem("invalid-input", { fields: ["security:invalid"] });
  }
  const before = await mailSettingsOf(context);
  // A password is kept for the server and user that it was given for, and sent to no other.
  const isSame = before !== undefined && before.host === body.host && before.port === body.port && before.user === body.user;
  const password = body.password ?? (isSame ? before.password : undefined);
  const settings: MailSettings = { ...body, ...(password === undefined ? {} : { password }) };
  const hash = hashOf(settings);
  await db.query(
    `insert into notice_mail (settings_sealed, hash, set_by, set_at) values ($1, $2, $3, $4)
     on conflict (is_only) do update set settings_sealed = excluded.settings_sealed, hash = excluded.hash, set_by = excluded.set_by, set_at = excluded.set_at`,
    [door.vault.sealSecret(sealedAs, Buffer.from(JSON.stringify(settings), "utf8")), hash, actor.accountNo, now],
  );
  journal.fact("host", body.host);
  journal.fact("port", body.port);
  journal.fact("security", body.security);
  journal.fact("fromDomain", body.from.split("@").at(-1) ?? "");
  journal.fact("hash", hash.toString("hex"));
  return { ok: true };
}

/** @throws Problem not-ready {reason: "mail-not-set"} */
export async function tryNoticeMail(context: Context, { body }: Input<typeof tryEndpoint>): Promise<ReplyOf<typeof tryEndpoint>> {
  const settings = await mailSettingsOf(context);
  if (settings === undefined) throw new Problem("not-ready", { reason: "mail-not-set" });
  const mailer = openMailer(settings);
  const said = await mailer
    .send({
      to: body.to,
      toName: "",
      token: `test${randomBytes(6).toString("hex")}`,
      fromName: "",
      subject: "蔵番 テストメール / Kuraban test mail",
      text: "本人への通知に使うメールの設定を確かめるためのメールです。このメールに個人情報は含まれません。\nThis mail checks the settings by which notices leave. It holds nothing of anybody.\n",
      language: "ja",
    })
    .finally(() => mailer.close());
  const outcome = said.outcome === "stopped" ? said.problem : said.outcome === "deferred" ? "refused" : said.outcome;
  context.journal.fact("host", settings.host);
  context.journal.fact("outcome", outcome);
  return { outcome };
}
