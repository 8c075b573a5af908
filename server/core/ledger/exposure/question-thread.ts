import { parentPort } from "node:worker_threads";
import { askApart } from "./copy-rows.ts";
import { createEventSet, wordsInChunk, type EventSet } from "./event-set.ts";
import type { PackedPeople, PackedSet, ThreadGiven, ThreadTold } from "./in-threads.ts";
import { matchChunks } from "./match-events.ts";
import { gatherPeople } from "./people-seen.ts";

/** Parts of questions to the ledger, one after the other, apart from everything else (in-threads.ts). */
const port = parentPort!;
port.on("message", (given: ThreadGiven) => void answer(given));

async function answer({ connection, task }: ThreadGiven): Promise<void> {
  try {
    const found = await askApart({ options: connection }, async (copier): Promise<PackedSet | PackedPeople> => {
      if (task.ask === "match") return packSet(await matchChunks(copier, task.filter, task.chunkNos));
      const { fieldSet, ...people } = await gatherPeople(copier, unpackSet(task.events), task.options);
      return { ...people, sets: new Map(Array.from(new Set(people.fieldSets), (number) => [number, fieldSet(number)] as const)) };
    });
    const buffers = Object.values(found).flatMap((list) => (ArrayBuffer.isView(list) ? [list.buffer as ArrayBuffer] : []));
    port.postMessage({ found } satisfies ThreadTold, buffers);
  } catch (failure) {
    port.postMessage({ failure } satisfies ThreadTold);
  }
}

function packSet(events: EventSet): PackedSet {
  const chunkNos = Float64Array.from(events.chunkNos());
  const words = new Uint32Array(chunkNos.length * wordsInChunk);
  chunkNos.forEach((chunkNo, at) => words.set(events.words(chunkNo)!, at * wordsInChunk));
  return { chunkNos, words };
}

const unpackSet = ({ chunkNos, words }: PackedSet): EventSet =>
  createEventSet(new Map(Array.from(chunkNos, (chunkNo, at) => [chunkNo, words.subarray(at * wordsInChunk, (at + 1) * wordsInChunk)] as const)));
