import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type TLSSocket } from "node:tls";

export interface SyslogMessage {
  readonly facility: number;
  readonly severity: number;
  readonly at: string | null;
  readonly hostname: string;
  readonly app: string;
  readonly id: string;
  readonly data: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A message by the grammar of RFC 5424, section 6, and nothing besides. @throws Error saying what is not of it */
export function parseSyslog(message: Buffer): SyslogMessage {
  const whole = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(message);
  const header =
    /^<(0|[1-9]\d{0,2})>1 (-|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)) ([\x21-\x7e]{1,255}) ([\x21-\x7e]{1,48}) (-|[\x21-\x7e]{1,128}) ([\x21-\x7e]{1,32}) /.exec(
      whole,
    );
  if (header === null) throw new Error(`no header: ${whole.slice(0, 200)}`);
  const priority = Number(header[1]);
  if (priority > 191) throw new Error(`PRI ${priority}`);
  let rest = whole.slice(header[0].length);
  const data: Record<string, string> = {};
  const element = /^\[([^\s=\]"]{1,32})((?: [\x21\x23-\x3c\x3e-\x5c\x5e-\x7e]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*)\]/su.exec(rest);
  if (element === null) throw new Error(`no structured data: ${rest.slice(0, 200)}`);
  if (!/^[^@]+@[1-9]\d*(\.\d+)*$/.test(element[1] as string)) throw new Error(`SD-ID ${element[1]}`);
  for (const [, name, value] of (element[2] as string).matchAll(/ ([^=]+)="((?:[^"\\\]]|\\["\\\]])*)"/gsu)) {
    if (data[name as string] !== undefined) throw new Error(`${name} twice`);
    data[name as string] = (value as string).replaceAll(/\\(["\\\]])/g, "$1");
  }
  rest = rest.slice(element[0].length);
  if (rest !== "" && !rest.startsWith(" ")) throw new Error("no space before the message");
  const text = rest.slice(1);
  // eslint-disable-next-line no-control-regex
  const isAscii = /^[\x00-\x7f]*$/.test(text);
  if (!isAscii && !text.startsWith("\ufeff")) throw new Error("UTF-8 without its mark");
  return {
    facility: priority >> 3,
    severity: priority & 7,
    at: header[2] === "-" ? null : (header[2] as string),
    hostname: header[3] as string,
    app: header[4] as string,
    id: header[6] as string,
    data,
    text: text.replace(/^\ufeff/, ""),
  };
}

/** Whole messages at the beginning of bytes in octet counting (RFC 5425, 4.3), and what is left. @throws Error */
export function readFrames(bytes: Buffer): { messages: Buffer[]; rest: Buffer } {
  const messages: Buffer[] = [];
  for (let at = 0; ;) {
    const space = bytes.indexOf(32, at);
    const length = bytes.subarray(at, space < 0 ? undefined : space).toString("latin1");
    if (length !== "" && !/^[1-9]\d{0,5}$/.test(length)) throw new Error(`MSG-LEN ${JSON.stringify(length.slice(0, 20))}`);
    const end = space + 1 + Number(length);
    if (space < 0 || end > bytes.length) return { messages, rest: bytes.subarray(at) };
    messages.push(bytes.subarray(space + 1, end));
    at = end;
  }
}

export interface Certificates {
  readonly ca: string;
  /** A certificate and its key, for a server of this name or a client. */
  sign(name: string): { readonly cert: string; readonly key: string };
  remove(): void;
}

/** A throwaway certificate authority. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), "kuraban-ca-"));
  const openssl = (...args: string[]): Buffer => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...newKey, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Throwaway authority");
  return {
    ca: readFileSync(join(folder, "ca.pem"), "utf8"),
    sign(name) {
      openssl("req", "-new", ...newKey, "-keyout", "own.key", "-out", "own.csr", "-subj", `/CN=${name}`);
      writeFileSync(join(folder, "own.cnf"), `subjectAltName = DNS:${name}\nextendedKeyUsage = serverAuth, clientAuth\n`);
      openssl("x509", "-req", "-in", "own.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "own.cnf", "-out", "own.pem");
      return { cert: readFileSync(join(folder, "own.pem"), "utf8"), key: readFileSync(join(folder, "own.key"), "utf8") };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface SyslogReceiver {
  readonly port: number;
  /** What arrived whole, in the order in which it did. */
  readonly messages: readonly SyslogMessage[];
  /** What was not of the grammars, if anything was. */
  readonly faults: readonly string[];
  /** Breaks every connection off once so many messages more have arrived, and takes no further one, as a killed process. */
  fallAfter(count: number): void;
  close(): Promise<void>;
}

/** A strict receiver of syslog over TLS on loopback. `clients`: the authority of those who may send. */
export async function startReceiver(given: {
  readonly cert: string;
  readonly key: string;
  readonly clients?: string;
  readonly port?: number;
}): Promise<SyslogReceiver> {
  const messages: SyslogMessage[] = [];
  const faults: string[] = [];
  const sockets = new Set<TLSSocket>();
  let left = Number.POSITIVE_INFINITY;
  const server = createServer(
    { cert: given.cert, key: given.key, ...(given.clients === undefined ? {} : { requestCert: true, rejectUnauthorized: true, ca: given.clients }) },
    (socket) => {
      sockets.add(socket);
      let rest: Buffer = Buffer.alloc(0);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
      socket.on("end", () => {
        if (rest.length > 0) faults.push("ended within a message");
      });
      socket.on("data", (bytes: Buffer) => {
        try {
          const read = readFrames(Buffer.concat([rest, bytes]));
          rest = read.rest;
          for (const message of read.messages) {
            if (left === 0) return;
            messages.push(parseSyslog(message));
            left -= 1;
            if (left === 0) fall();
          }
        } catch (error) {
          faults.push(String(error));
          socket.destroy();
        }
      });
    },
  );
  server.on("tlsClientError", () => undefined);
  const fall = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(given.port ?? 0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    messages,
    faults,
    fallAfter: (count) => void (left = count),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
