import type { FeedEvent } from "./feed-event.ts";

/** Receivers need not take more (RFC 5425, 4.3.1: should take 8192 octets), and many cut it off. */
export const longestMessage = 8192;

/** Log audit (RFC 5424, 6.2.1). */
const facility = 13;
const severities = { ok: 6, refused: 4, failed: 3 } as const;
const alert = 1;

/** RFC 5612 keeps this number for whoever has none of their own. */
const dataId = "kuraban@32473";

/**
 * An event as a syslog message (RFC 5424). MSGID is its type (the first 32 characters), the structured data say where it
 * stands, whose it is and how it ended, MSG is the header as it was signed; without its facts, and `cut="facts"`, where the
 * message were longer than {@link longestMessage}.
 */
export function syslogMessage(event: FeedEvent, hostname: string): Buffer {
  const { said, state } = event;
  const data: [string, string | number | undefined][] = [
    ["sequence", event.sequence],
    ["event", event.eventNo],
    ["epoch", event.epochNo],
    ["type", said?.type],
    ["principal", said?.principal],
    ["account", said?.accountNo],
    ["outcome", said?.outcome],
    ["address", said?.address],
    ["session", said?.sessionId],
    ["records", said?.entries?.count],
    ["leaf", event.leaf.toString("base64")],
    ["state", state === "signed" ? undefined : state],
  ];
  const isAlarm = state !== "signed" || said?.facts?.["alarm"] === true;
  const priority = facility * 8 + (isAlarm ? alert : (severities[said?.outcome ?? "failed"] ?? severities.failed));
  const head = `<${priority}>1 ${timeOf(said?.at)} ${printable(hostname, 255)} kuraban - ${printable(said?.type ?? `ledger.event-${state}`, 32)}`;
  const message = (given: typeof data, text: string): Buffer => Buffer.from(`${head} ${element(given)}${text === "" ? "" : ` ${marked(text)}`}`, "utf8");
  const whole = message(data, event.header ?? "");
  if (whole.length <= longestMessage) return whole;
  const { facts: _, ...rest } = said ?? {};
  return message([...data, ["cut", "facts"]], JSON.stringify(rest));
}

/** Octet counting (RFC 5425, 4.3). */
export function frame(message: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${message.length} `, "latin1"), message]);
}

function element(data: readonly [string, string | number | undefined][]): string {
  const parts = data.flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${String(value).replaceAll(/["\\\]]/g, "\\$&")}"`]));
  return `[${dataId}${parts.join("")}]`;
}

/** A text that is not ASCII alone begins with a byte order mark (RFC 5424, 6.4). */
function marked(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : `\ufeff${text}`;
}

function timeOf(at: string | undefined): string {
  const time = new Date(at ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? "-" : time.toISOString();
}

function printable(text: string, most: number): string {
  return text.replaceAll(/[^\x21-\x7e]/g, "?").slice(0, most) || "-";
}
