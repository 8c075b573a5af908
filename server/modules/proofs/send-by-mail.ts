import { createTransport } from "nodemailer";
import { noteOf } from "#server/core/ledger/index.ts";
import type { Sending, Sent } from "./sending.ts";

const patienceMs = 20_000;

/** Mails the note, as text for people and as a file for whoever compares it later. */
export async function sendByMail({ settings, checkpoint }: Sending<"mail">): Promise<Sent> {
  const { host, port, security, user, password, from, to, trusted } = settings;
  const transport = createTransport({
    host,
    port,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    ...(user === undefined ? {} : { auth: { user, pass: password ?? "" } }),
    ...(trusted === undefined ? {} : { tls: { ca: trusted } }),
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const note = noteOf(checkpoint);
  try {
    await transport.sendMail({
      from,
      to,
      subject: `蔵番 検印 / Kuraban checkpoint ${checkpoint.origin} ${checkpoint.treeSize}`,
      text: `記録簿の検印です。消さずに保管してください。後の記録簿がこの検印に続いていなければ、記録が消されたか書き換えられたことが分かります。\nA checkpoint of the ledger. Please keep it: a later ledger that does not continue it was cut or changed.\n\n${note}`,
      attachments: [{ filename: "checkpoint.txt", content: Buffer.from(note, "utf8"), contentType: "text/plain; charset=utf-8", encoding: "base64" }],
      headers: { "auto-submitted": "auto-generated" },
    });
    return { state: "ok", checkpoint };
  } catch (error) {
    const { responseCode } = error as { responseCode?: number };
    return { state: "failing", problem: responseCode === undefined ? "unreachable" : "mail-refused" };
  } finally {
    transport.close();
  }
}
