import PostalMime, { type Email } from "postal-mime";

/** What a message that came back says of one mail. It holds an address of somebody and is not kept. */
export interface Bounce {
  /** Mark of the mail; null where none is found. */
  readonly token: string | null;
  /** `none`: an answer, an absence note or anything else that says nothing of delivery. */
  readonly says: "failed" | "delayed" | "delivered" | "none";
  /** RFC 3463, e.g. `5.1.1`. */
  readonly status: string | null;
}

const nothing: Bounce = { token: null, says: "none", status: null };
/** A reader takes time by the line and not by the byte: half a megabyte of empty ones is seconds. What mail systems write has far fewer. */
const mostLines = 20_000;
const mostHeaderBytes = 64 * 1024;
const mark = /(?<![0-9a-z])kb-([0-9a-v]{16})(?![0-9a-z])/i;
const reporters = /^(?:mailer-daemon|postmaster|mail-daemon|noreply-dsn)(?:[+.-].*)?@/i;

/**
 * Reads a message of a mail system about a mail that could not be delivered: a report (RFC 3462, RFC 3464) as Postfix, Exchange and
 * Gmail write it, or plain words by a mailer daemon. Never throws for what is no message, and does not read what is written to keep it busy.
 */
export async function readBounce(message: Uint8Array): Promise<Bounce> {
  if (countLines(message) > mostLines) return nothing;
  let mail: Email;
  try {
    mail = await PostalMime.parse(message, { forceRfc822Attachments: true, attachmentEncoding: "utf8", maxNestingDepth: 20, maxHeadersSize: mostHeaderBytes });
  } catch {
    return nothing;
  }
  const partOf = (...types: readonly string[]): string | undefined => {
    const found = mail.attachments.find((part) => types.includes(part.mimeType))?.content;
    return typeof found === "string" ? found : undefined;
  };
  const report = partOf("message/delivery-status", "message/global-delivery-status");
  const returned = partOf("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers");
  const token = tokenIn(mail, report, returned);
  if (report !== undefined) {
    const action = /^action:\s*([a-z]+)/im.exec(report)?.[1]?.toLowerCase();
    const says = action === "failed" ? "failed" : action === "delayed" ? "delayed" : action === undefined ? "none" : "delivered";
    return { token, says, status: /^status:\s*([245]\.\d{1,3}\.\d{1,3})/im.exec(report)?.[1] ?? null };
  }
  const isAnswer = /^auto-replied/i.test(headerOf(mail, "auto-submitted") ?? "");
  if (isAnswer || !reporters.test(mail.from?.address ?? "")) return { token, says: "none", status: null };
  return { token, says: "failed", status: /\b(5\.\d{1,3}\.\d{1,3})\b/.exec(mail.text ?? "")?.[1] ?? null };
}

function countLines(message: Uint8Array): number {
  let lines = 0;
  for (const byte of message) if (byte === 10) lines += 1;
  return lines;
}

function headerOf(mail: Email, key: string): string | undefined {
  return mail.headers.find((header) => header.key === key)?.value;
}

/** In the address that it came back to, in the envelope's identifier, or in the mail that it gives back. */
function tokenIn(mail: Email, report: string | undefined, returned: string | undefined): string | null {
  const receivers = mail.headers
    .filter(({ key }) => ["to", "delivered-to", "x-original-to", "envelope-to", "x-failed-message-id"].includes(key))
    .map(({ value }) => value);
  const envelope = /^original-envelope-id:\s*([0-9a-v]{16})\s*$/im.exec(report ?? "")?.[1];
  const found =
    receivers.map((text) => mark.exec(text)?.[1]).find((token) => token !== undefined) ??
    envelope ??
    mark.exec(returned ?? "")?.[1] ??
    mark.exec(mail.text ?? "")?.[1];
  return found?.toLowerCase() ?? null;
}
