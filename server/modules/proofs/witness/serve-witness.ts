import { createHash } from "node:crypto";
import { createServer as createPlain, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createSecure } from "node:https";
import { answerCheckpoint } from "./answer-checkpoint.ts";
import type { WitnessFolder } from "./witness-folder.ts";

export interface ServeWitnessOptions {
  readonly folder: WitnessFolder;
  readonly now: () => Date;
  readonly tls: { readonly key: string; readonly cert: string } | undefined;
  /** Told of each refusal: the status alone and the first line of the checkpoint, the origin. */
  readonly onRefusal: (status: number, origin: string) => void;
}

const mostBytes = 64 * 1024;

/**
 * The HTTP face of a witness (C2SP tlog-witness): `POST /add-checkpoint`, `GET /<origin hash>/checkpoint`. There is nothing
 * secret in it: what counts is signed, so plain HTTP will do where nobody minds being seen.
 */
export function serveWitness(options: ServeWitnessOptions): Server {
  const { folder, now, tls, onRefusal } = options;
  const answer: RequestListener = (request, response) => {
    void (async () => {
      const url = request.url ?? "";
      if (request.method === "POST" && url === "/add-checkpoint") {
        const body = await readBody(request);
        if (body === undefined) {
          response.writeHead(413).end();
          return;
        }
        const given = answerCheckpoint(folder, body, now());
        if (given.status !== 200) onRefusal(given.status, body.slice(body.indexOf("\n\n") + 2).split("\n")[0] ?? "");
        response.writeHead(given.status, { "content-type": given.type }).end(given.body);
        return;
      }
      const [, hash] = /^\/([0-9a-f]{64})\/checkpoint$/.exec(url) ?? [];
      const note = request.method === "GET" && hash !== undefined ? noteByHash(folder, hash) : undefined;
      if (note === undefined) response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("not found\n");
      else response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" }).end(note);
    })().catch(() => response.destroy());
  };
  const server = tls === undefined ? createPlain(answer) : createSecure({ ...tls, minVersion: "TLSv1.2" }, answer);
  server.requestTimeout = 20_000;
  server.headersTimeout = 10_000;
  return server;
}

function noteByHash(folder: WitnessFolder, hash: string): string | undefined {
  for (const key of folder.logs) {
    const origin = key.split("+")[0] as string;
    if (createHash("sha256").update(origin).digest("hex") === hash) return folder.lastOf(origin)?.note;
  }
  return undefined;
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    length += (part as Buffer).length;
    if (length > mostBytes) return undefined;
    parts.push(part as Buffer);
  }
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts));
}
