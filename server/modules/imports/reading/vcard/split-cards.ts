import { unreadable } from "../unreadable.ts";

/** The logical lines of one card, BEGIN and END left out. */
export interface CardLines {
  /** From 1. */
  readonly no: number;
  readonly lines: readonly string[];
  /** False when the next card began, or the file ended, before its END. */
  readonly isClosed: boolean;
}

/** UTF-16 units of a line that is kept; RFC 6350 knows no limit, an address book hardly needs a thousandth. */
const longestLine = 64 * 1024;
const mostLines = 1_000;
/** Pictures, sounds and keys: large, and nothing that a customer's record holds. Their reading (X-IRMC-N) is in SOUND. */
const dropped = /^(?:[\w-]+\.)?(PHOTO|LOGO|KEY|SOUND(?![^:]*X-IRMC-N))[;:]/i;
const quoted = /^[^:]*QUOTED-PRINTABLE[^:]*:/i;

/**
 * Cuts decoded text into cards and their logical lines: soft breaks of quoted-printable are joined, pictures shortened to their
 * name. Memory is bounded by one card.
 * @throws Problem file-unreadable `row-too-long`: a line or a card that no address book writes
 */
export async function* splitCards(pieces: AsyncIterable<string>): AsyncGenerator<CardLines> {
  let no = 0;
  let lines: string[] | undefined;
  /** Cards within a card: AGENT of vCard 2.1. */
  let depth = 0;
  let open: string | undefined;

  const flush = (): void => {
    if (open !== undefined && lines !== undefined && depth === 0) {
      if (lines.length >= mostLines) throw unreadable("row-too-long", { row: no + 1 });
      lines.push(open);
    }
    open = undefined;
  };
  const take = function* (line: string): Generator<CardLines> {
    if (open !== undefined && quoted.test(open) && open.endsWith("=")) {
      open = `${open.slice(0, -1)}${line}`;
      if (open.length > longestLine) throw unreadable("row-too-long", { row: no + 1 });
      return;
    }
    if (/^[ \t]/.test(line) && open !== undefined) {
      if (!dropped.test(open)) open += line.slice(1);
      if (open.length > longestLine) throw unreadable("row-too-long", { row: no + 1 });
      return;
    }
    flush();
    const mark = line.trim().toUpperCase();
    if (/^BEGIN\s*:\s*VCARD$/.test(mark)) {
      if (lines !== undefined && /^(?:[\w-]+\.)?AGENT[;:]/i.test(lines.at(-1) ?? "")) {
        depth += 1;
        return;
      }
      if (lines !== undefined) yield { no, lines, isClosed: false };
      no += 1;
      lines = [];
      depth = 0;
    } else if (/^END\s*:\s*VCARD$/.test(mark)) {
      if (depth > 0) depth -= 1;
      else if (lines !== undefined) {
        yield { no, lines, isClosed: true };
        lines = undefined;
      }
    } else if (mark !== "" && lines !== undefined) {
      const picture = dropped.exec(line)?.[1];
      open = picture === undefined ? line : `${picture}:`;
    }
  };

  for await (const line of splitLines(pieces)) yield* take(line);
  flush();
  if (lines !== undefined) yield { no, lines, isClosed: false };
}

/** Lines however they end. Of a picture in one line nothing but its beginning is held. */
async function* splitLines(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  let isDropping = false;
  for await (const piece of pieces) {
    const text = rest + piece;
    // A carriage return at the end may be half of a line break.
    const whole = text.endsWith("\r") ? text.slice(0, -1) : text;
    const lines = whole.split(/\r\n|\n|\r/);
    rest = `${lines.pop() ?? ""}${text.slice(whole.length)}`;
    for (const line of lines) {
      if (isDropping) isDropping = false;
      else yield line;
    }
    if (isDropping) rest = rest.slice(-1);
    else if (rest.length > longestLine) {
      if (!dropped.test(rest.replace(/^\ufeff/, ""))) throw unreadable("row-too-long");
      yield rest.slice(0, 256);
      rest = rest.slice(-1);
      isDropping = true;
    }
  }
  if (!isDropping && rest !== "") yield rest.replace(/\r$/, "");
}
