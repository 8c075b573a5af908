import { readTimes } from "./chunk.ts";
import { factsOf, type EventRow } from "./pack-events.ts";
import { chunkOf, chunkSize } from "./ranges.ts";

/** The times of the events in some lists, while they are looked up. */
export interface EventTimes {
  /** The chunks whose times are wanted. */
  readonly chunkNos: readonly number[];
  /** Whether an event is wanted that no chunk holds yet. */
  readonly wantsEvents: boolean;
  takeChunk(chunkNo: number, packed: Buffer): void;
  takeEvent(row: Pick<EventRow, "eventNo" | "header">): void;
  /** By list, in ms; 0 of an event that did not come. */
  finish(): Float64Array[];
}

/** @param upTo the last event that is packed */
export function createEventTimes(lists: readonly Float64Array[], upTo: number): EventTimes {
  const orders = lists.map(orderByChunk);
  const found = lists.map((list) => new Float64Array(list.length));
  const unpacked = new Map<number, number>();
  for (const list of lists) for (const eventNo of list) if (eventNo > upTo) unpacked.set(eventNo, 0);
  return {
    chunkNos: [...new Set(orders.flatMap(({ starts }) => [...starts.keys()]))].filter((chunkNo) => chunkNo * chunkSize <= upTo),
    wantsEvents: unpacked.size > 0,
    takeChunk(chunkNo, packed) {
      const ofChunk = readTimes(packed);
      const first = chunkNo * chunkSize;
      orders.forEach(({ starts, order }, which) => {
        const [list, times] = [lists[which]!, found[which]!];
        for (let at = starts.get(chunkNo) ?? order.length; at < order.length; at++) {
          const index = order[at]!;
          const offset = list[index]! - first;
          if (offset >= chunkSize) return;
          times[index] = ofChunk[offset]!;
        }
      });
    },
    takeEvent({ eventNo, header }) {
      if (unpacked.has(eventNo)) unpacked.set(eventNo, factsOf(header).at);
    },
    finish() {
      if (unpacked.size > 0) {
        lists.forEach((list, which) => {
          for (let at = 0; at < list.length; at++) if (list[at]! > upTo) found[which]![at] = unpacked.get(list[at]!)!;
        });
      }
      return found;
    },
  };
}

/** The places of a list in the order of their chunks, and where each chunk begins in it. */
function orderByChunk(eventNos: Float64Array): { starts: Map<number, number>; order: Uint32Array } {
  const chunks = new Uint32Array(eventNos.length);
  let [least, most] = [Infinity, -1];
  for (let index = 0; index < chunks.length; index++) {
    const chunkNo = chunkOf(eventNos[index]!);
    chunks[index] = chunkNo;
    if (chunkNo < least) least = chunkNo;
    if (chunkNo > most) most = chunkNo;
  }
  const next = new Uint32Array(Math.max(0, most - least + 1));
  for (let index = 0; index < chunks.length; index++) next[chunks[index]! - least]!++;
  const starts = new Map<number, number>();
  let sum = 0;
  for (let chunk = 0; chunk < next.length; chunk++) {
    const count = next[chunk]!;
    if (count > 0) starts.set(least + chunk, sum);
    next[chunk] = sum;
    sum += count;
  }
  const order = new Uint32Array(chunks.length);
  for (let index = 0; index < chunks.length; index++) order[next[chunks[index]! - least]!++] = index;
  return { starts, order };
}
