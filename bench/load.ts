import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { count, type Histogram } from "./histogram.ts";

/**
 * The load generator: a process of its own that holds `callers` connections and sends on each the next request as soon as
 * the answer to the last one is complete (a closed loop). It speaks HTTP/1.1 over plain sockets, because a full client
 * would take from the servers half of what is measured. One order a line on stdin, one result a line on stdout.
 */
export interface LoadOrder {
  readonly port: number;
  readonly callers: number;
  readonly seconds: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly requests: readonly LoadRequest[];
  /** Where in `requests` to begin: slices of one run go on where the last one ended. */
  readonly from: number;
}

export interface LoadRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
}

export interface LoadResult {
  readonly answers: number;
  readonly seconds: number;
  readonly bytes: number;
  /** Answers that were not 200, by status; `0` is a broken connection. */
  readonly refusals: Readonly<Record<number, number>>;
  readonly latencies: Histogram;
  /** CPU of this process for this order. */
  readonly cpuMs: number;
}

const encode = (order: LoadOrder, request: LoadRequest): Buffer => {
  const body = Buffer.from(request.body ?? "");
  const head = [
    `${request.method} ${request.path} HTTP/1.1`,
    `host: 127.0.0.1:${order.port}`,
    ...Object.entries(order.headers).map(([name, value]) => `${name}: ${value}`),
    ...(request.body === undefined ? [] : ["content-type: application/json", `content-length: ${body.length}`]),
    "",
    "",
  ].join("\r\n");
  return Buffer.concat([Buffer.from(head), body]);
};

/** Sends one request and resolves with status and length once the whole answer (by content-length) has arrived. */
function exchange(socket: Socket, request: Buffer): Promise<{ status: number; bytes: number }> {
  return new Promise((resolve) => {
    let head = "";
    let status = 0;
    let missing = -1;
    let bytes = 0;
    const end = (): void => {
      socket.off("data", onData).off("close", onClose);
      resolve({ status, bytes });
    };
    const onClose = (): void => {
      status = 0;
      end();
    };
    const onData = (data: Buffer): void => {
      bytes += data.length;
      if (missing >= 0) missing -= data.length;
      else {
        head += data.toString("latin1");
        const headEnd = head.indexOf("\r\n\r\n");
        if (headEnd < 0) return;
        status = Number(head.slice(9, 12));
        const length = /\r\ncontent-length: *([0-9]+)/i.exec(head.slice(0, headEnd));
        if (length === null) throw new Error("the load generator needs answers with a content-length");
        missing = Number(length[1]) - (head.length - headEnd - 4);
      }
      if (missing <= 0) end();
    };
    socket.on("data", onData).on("close", onClose);
    socket.write(request);
  });
}

export async function runLoad(order: LoadOrder): Promise<LoadResult> {
  const requests = order.requests.map((request) => encode(order, request));
  if (requests.length === 0) throw new Error("nothing to ask");
  const latencies: Histogram = {};
  const refusals: Record<number, number> = {};
  let next = order.from;
  let answers = 0;
  let bytes = 0;
  const before = process.cpuUsage();
  const start = performance.now();
  const until = start + order.seconds * 1000;
  const call = async (): Promise<void> => {
    const socket = connect({ host: "127.0.0.1", port: order.port, noDelay: true });
    socket.on("error", () => undefined);
    await new Promise((resolve) => socket.once("connect", resolve).once("close", resolve));
    while (performance.now() < until) {
      const request = requests[next++ % requests.length]!;
      const sent = performance.now();
      const answer = await exchange(socket, request);
      if (answer.status === 200) {
        answers += 1;
        bytes += answer.bytes;
        count(latencies, performance.now() - sent);
      } else {
        refusals[answer.status] = (refusals[answer.status] ?? 0) + 1;
        if (answer.status === 0) break;
      }
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: order.callers }, call));
  const cpu = process.cpuUsage(before);
  return { answers, seconds: (performance.now() - start) / 1000, bytes, refusals, latencies, cpuMs: (cpu.user + cpu.system) / 1000 };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await runLoad(JSON.parse(line) as LoadOrder))}\n`);
  }
}
