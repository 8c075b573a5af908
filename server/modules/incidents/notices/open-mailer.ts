import { Readable } from "node:stream";
import MailComposer from "nodemailer/lib/mail-composer";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import type { MailSettings } from "#shared/incident-notices.ts";

const patienceMs = 20_000;
/** A server that takes a message at once may still scan it before it says so. */
const patienceForDataMs = 120_000;

export interface Mail {
  readonly to: string;
  readonly toName: string;
  /** Mark of this mail: stands in its return path, its Message-ID and its envelope identifier (RFC 3461). */
  readonly token: string;
  readonly fromName: string;
  readonly subject: string;
  readonly text: string;
  readonly language: "ja" | "en";
}

/**
 * What the mail server said to one mail.
 * - `sent` it took the message over
 * - `refused` it will not take it for this address (`status` as far as it gave one)
 * - `deferred` not now; nothing was sent
 * - `unsure` the connection broke, or nothing was said, after the message had begun to go: it may have arrived
 * - `stopped` nothing can be sent to anybody; nothing was sent
 */
export type Said =
  | { readonly outcome: "sent" | "unsure" }
  | { readonly outcome: "refused" | "deferred"; readonly status: string | null }
  | { readonly outcome: "stopped"; readonly problem: "unreachable" | "mail-login" | "mail-refused" };

export interface Mailer {
  /** One after the other. */
  send(mail: Mail): Promise<Said>;
  close(): void;
}

/** Sends mails over one SMTP connection (RFC 5321), opened when it is first needed and again after it broke. */
export function openMailer(settings: MailSettings): Mailer {
  let current: SMTPConnection | undefined;
  const close = (): void => {
    current?.close();
    current = undefined;
  };
  return {
    close,
    async send(mail) {
      for (;;) {
        const isKept = current !== undefined;
        try {
          current ??= await connect(settings);
        } catch (error) {
          close();
          return { outcome: "stopped", problem: problemOf(error as Partial<SMTPConnection.SMTPError>) };
        }
        const { said, isBroken } = await transmit(current, settings, mail);
        if (isBroken) close();
        // A server that ended an idle connection meanwhile has heard nothing of this mail.
        if (!isKept || said.outcome !== "stopped" || said.problem !== "unreachable") return said;
      }
    },
  };
}

function problemOf({ code, responseCode }: Partial<SMTPConnection.SMTPError>): "unreachable" | "mail-login" | "mail-refused" {
  if (code === "EAUTH") return "mail-login";
  return responseCode !== undefined && responseCode >= 500 ? "mail-refused" : "unreachable";
}

async function connect({ host, port, security, user, password, trusted }: MailSettings): Promise<SMTPConnection> {
  const connection = new SMTPConnection({
    host,
    port,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    ...(trusted === undefined || trusted === "" ? {} : { tls: { ca: trusted } }),
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceForDataMs,
    logger: false,
  });
  // Whoever waits is told by their own callback; without a listener the process would end.
  connection.on("error", () => undefined);
  await answered(connection, (done) => connection.connect(done));
  if (user !== "") await answered(connection, (done) => connection.login({ credentials: { user, pass: password ?? "" } }, done));
  return connection;
}

function answered(connection: SMTPConnection, ask: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      connection.off("error", fail);
      connection.off("end", ended);
      reject(error);
    };
    const ended = (): void => fail(new Error("the connection ended"));
    connection.on("error", fail);
    connection.on("end", ended);
    ask((error) => {
      if (error !== undefined && error !== null) {
        fail(error);
        return;
      }
      connection.off("error", fail);
      connection.off("end", ended);
      resolve();
    });
  });
}

async function transmit(connection: SMTPConnection, settings: MailSettings, mail: Mail): Promise<{ said: Said; isBroken: boolean }> {
  const bytes = await compose(settings, mail);
  // The message is read only once the server has asked for it (354): from then on it may arrive.
  let hasBegun = false;
  const message = new Readable({
    read() {
      hasBegun = true;
      this.push(bytes);
      this.push(null);
    },
  });
  try {
    await answered(connection, (done) =>
      connection.send(
        {
          from: returnPath(settings, mail.token),
          to: [mail.to],
          dsn: { envid: mail.token, ret: "HDRS", notify: ["FAILURE"] },
        },
        message,
        done,
      ),
    );
    return { said: { outcome: "sent" }, isBroken: false };
  } catch (thrown) {
    const error = thrown as Partial<SMTPConnection.SMTPError>;
    const { responseCode, command } = error;
    if (responseCode === undefined) {
      return { said: hasBegun ? { outcome: "unsure" } : { outcome: "stopped", problem: "unreachable" }, isBroken: true };
    }
    if (command === "MAIL FROM" && responseCode >= 500) return { said: { outcome: "stopped", problem: "mail-refused" }, isBroken: true };
    const status = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})/.exec(error.response ?? "")?.[1] ?? String(responseCode);
    return { said: { outcome: responseCode >= 500 ? "refused" : "deferred", status }, isBroken: !(await canGoOn(connection)) };
  }
}

/** After a refusal the transaction is reset (RSET), so that the next mail begins anew. */
async function canGoOn(connection: SMTPConnection): Promise<boolean> {
  return answered(connection, (done) => connection.reset(done)).then(
    () => true,
    () => false,
  );
}

/** Where what cannot be delivered comes back to: with the mark in the address where the mailbox takes that. */
function returnPath({ bounceTo, isTagged }: MailSettings, token: string): string {
  const at = bounceTo.lastIndexOf("@");
  return isTagged ? `${bounceTo.slice(0, at)}+kb-${token}${bounceTo.slice(at)}` : bounceTo;
}

async function compose({ from, replyTo }: MailSettings, { to, toName, token, fromName, subject, text, language }: Mail): Promise<Buffer> {
  const domain = from.slice(from.lastIndexOf("@") + 1);
  return new MailComposer({
    from: { name: fromName, address: from },
    to: { name: toName, address: to },
    ...(replyTo === "" ? {} : { replyTo }),
    subject,
    text,
    textEncoding: "base64",
    messageId: `<kb-${token}@${domain}>`,
    headers: { "auto-submitted": "auto-generated", "content-language": language, "x-kuraban-notice": `kb-${token}` },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}
