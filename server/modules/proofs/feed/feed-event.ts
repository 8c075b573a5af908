import { hashLeaf, parseHeader, type EventHeader, type PlacedHeader } from "#server/core/ledger/index.ts";

/** An event on its way to a SIEM. */
export interface FeedEvent extends PlacedHeader {
  /** What the header says; undefined where there is none that can be read. */
  readonly said: EventHeader | undefined;
  /** Whether it stands as it was signed. Anything else is told at once, and found by the next verification. */
  readonly state: "signed" | "altered" | "missing";
}

export function readFeedEvent(placed: PlacedHeader): FeedEvent {
  const { header, leaf } = placed;
  if (header === null) return { ...placed, said: undefined, state: "missing" };
  return { ...placed, said: saidIn(header), state: hashLeaf(Buffer.from(header, "utf8")).equals(leaf) ? "signed" : "altered" };
}

function saidIn(header: string): EventHeader | undefined {
  try {
    return parseHeader(header);
  } catch {
    return undefined;
  }
}
