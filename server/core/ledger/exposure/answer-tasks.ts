import { parentPort } from "node:worker_threads";
import { askApart, type Copier } from "./copy-rows.ts";
import type { ThreadGiven, ThreadTold } from "./in-threads.ts";

/** In a thread: answers parts of questions to the ledger, apart from everything else (in-threads.ts). What an answer is made of goes over as it is. */
export function answerTasks<Task>(act: (copier: Copier, task: Task) => Promise<object>): void {
  const port = parentPort!;
  port.on("message", (given: ThreadGiven<Task>) => void answer(given));

  async function answer({ connection, task }: ThreadGiven<Task>): Promise<void> {
    try {
      const found = await askApart({ options: connection }, (copier) => act(copier, task));
      const buffers = new Set(Object.values(found).flatMap((list) => (ArrayBuffer.isView(list) ? [list.buffer as ArrayBuffer] : [])));
      port.postMessage({ found } satisfies ThreadTold<object>, [...buffers]);
    } catch (failure) {
      port.postMessage({ failure } satisfies ThreadTold<object>);
    }
  }
}
