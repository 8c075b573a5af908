import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import pg from "pg";
import { createRowReader, type BinaryRow } from "./row-reader.ts";

/** A client whose connection can be read without an allocation for each piece that comes. */
export interface CopyClient {
  readonly client: pg.Client;
  /** Streams the rows of a select in binary form; buffers are valid during the call alone. */
  copy(select: string, onRow: (row: BinaryRow) => void): Promise<void>;
}

/** Of a connection through a socket of the system so much is read at once. */
const bytesAtOnce = 1 << 18;

/**
 * A client for questions that read hundreds of megabytes: read the usual way they pass through a buffer of 64 KiB each, for which the process then
 * looks for garbage, and are copied four times.
 */
export function createCopyClient(options: pg.ClientConfig): CopyClient {
  let isCopying = false;
  const open = (given?: { readonly ssl?: unknown }): Duplex => {
    // What is decrypted comes in buffers of its own.
    if (given?.ssl) return new Socket();
    const socket: Socket = new Socket({
      onread: {
        buffer: new Uint8Array(bytesAtOnce),
        callback(count, shared) {
          const bytes = Buffer.from(shared.buffer, shared.byteOffset, count);
          // pg keeps what it is given.
          socket.emit("data", isCopying ? bytes : Buffer.from(bytes));
          return true;
        },
      },
    });
    return socket;
  };
  const client = new pg.Client({ ...options, pipeline: false, stream: open });
  return {
    client,
    copy: (select, onRow) =>
      new Promise((resolve, reject) => {
        const reader = createRowReader(onRow);
        let failure: unknown;
        let detach = (): void => undefined;
        const take = (bytes: Buffer): void => {
          // The rest has to be read all the same.
          if (failure !== undefined) return;
          try {
            reader.read(bytes);
          } catch (error) {
            failure = error ?? new Error("a copy was not taken");
          }
        };
        client.query({
          submit(connection: pg.Connection) {
            const stream = connection.stream as Duplex;
            const [parse] = stream.listeners("data") as ((bytes: Buffer) => void)[];
            const messages = createMessageReader(take, (rest) => {
              detach();
              if (rest.length > 0) parse!(Buffer.from(rest));
            });
            stream.off("data", parse!);
            stream.on("data", messages);
            isCopying = true;
            detach = () => {
              detach = () => undefined;
              isCopying = false;
              stream.off("data", messages);
              stream.on("data", parse!);
            };
            (connection as unknown as { query(text: string): void }).query(`copy (${select}) to stdout (format binary)`);
          },
          handleError(error: unknown) {
            detach();
            reject(error);
          },
          handleCommandComplete() {
            // The end is told by handleReadyForQuery.
          },
          handleReadyForQuery() {
            if (failure === undefined && reader.isOver()) resolve();
            else reject(failure ?? new Error("a copy ended too early"));
          },
        } as unknown as pg.Submittable);
      }),
  };
}

const headBytes = 5;
const [copyData, copyOutResponse, parameterStatus, notice, notification] = [..."dHSNA"].map((letter) => letter.charCodeAt(0));

/**
 * Takes messages of PostgreSQL's protocol ("Message Formats") apart, however they come, while a copy is under way. `onEnd` is given everything from the
 * first message on that is no part of it; of the copy's end itself, what follows it.
 */
export function createMessageReader(onData: (bytes: Buffer) => void, onEnd: (rest: Buffer) => void): (bytes: Buffer) => void {
  const head = Buffer.alloc(headBytes);
  let headKept = 0;
  /** Bytes of the message that are still to come. */
  let left = 0;
  let isData = false;
  return (bytes) => {
    let at = 0;
    while (at < bytes.length) {
      if (left > 0) {
        const end = Math.min(bytes.length, at + left);
        if (isData) onData(bytes.subarray(at, end));
        left -= end - at;
        at = end;
        continue;
      }
      const taken = Math.min(headBytes - headKept, bytes.length - at);
      bytes.copy(head, headKept, at, at + taken);
      headKept += taken;
      at += taken;
      if (headKept < headBytes) return;
      headKept = 0;
      const code = head[0];
      isData = code === copyData;
      if (isData || code === copyOutResponse || code === parameterStatus || code === notice || code === notification) {
        left = head.readUInt32BE(1) - 4;
        continue;
      }
      onEnd(code === copyDone ? bytes.subarray(at) : Buffer.concat([head, bytes.subarray(at)]));
      return;
    }
  };
}

const copyDone = "c".charCodeAt(0);
