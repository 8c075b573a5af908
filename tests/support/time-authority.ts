import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A time-stamping authority (RFC 3161) by openssl, with a throwaway certificate authority above it. */
export interface TestAuthority {
  readonly anchorPem: string;
  readonly policy: string;
  /** The response to a request, both in DER. */
  reply(request: Buffer): Buffer;
  /** Another certificate of the same authority, for these uses; gives what signs by it the statement of a response anew, naming it or not. */
  certify(extendedKeyUsage: string): (response: Buffer, namesSigner: boolean) => Buffer;
  /** Answers by HTTP on loopback until `remove`. */
  listen(): Promise<string>;
  remove(): void;
}

const policy = "1.2.3.4.1";

export function makeAuthority(): TestAuthority {
  const folder = mkdtempSync(join(tmpdir(), "kuraban-tsa-"));
  const openssl = (...args: string[]): Buffer => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  writeFileSync(
    join(folder, "openssl.cnf"),
    `[req]
distinguished_name = dn
prompt = no
[dn]
CN = Throwaway authority
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[tsa]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ts]
default_tsa = tsa_config
[tsa_config]
serial = ./serial
signer_cert = ./tsa.pem
certs = ./ca.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = ${policy}
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
`,
  );
  writeFileSync(join(folder, "serial"), "01\n");
  openssl("req", "-x509", "-config", "openssl.cnf", "-extensions", "ca", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2");
  openssl("req", "-new", "-config", "openssl.cnf", "-subj", "/CN=Throwaway time", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr");
  const certifyAs = (file: string, extensions: string, out: string): unknown =>
    openssl(..."x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2".split(" "), "-extfile", file, "-extensions", extensions, "-out", out);
  certifyAs("openssl.cnf", "tsa", "tsa.pem");
  const reply = (request: Buffer): Buffer => {
    writeFileSync(join(folder, "request"), request);
    openssl("ts", "-reply", "-config", "openssl.cnf", "-section", "tsa_config", "-queryfile", "request", "-out", "response");
    return readFileSync(join(folder, "response"));
  };
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (request.headers["content-type"] !== "application/timestamp-query") {
      response.writeHead(415).end();
      return;
    }
    response.writeHead(200, { "content-type": "application/timestamp-reply" }).end(reply(Buffer.concat(parts)));
  });
  return {
    anchorPem: readFileSync(join(folder, "ca.pem"), "utf8"),
    policy,
    reply,
    certify(extendedKeyUsage) {
      const name = `other-${extendedKeyUsage.replaceAll(/\W/g, "-")}.pem`;
      writeFileSync(join(folder, "other.cnf"), `[other]\nkeyUsage = critical,digitalSignature\nextendedKeyUsage = ${extendedKeyUsage}\n`);
      certifyAs("other.cnf", "other", name);
      return (response, namesSigner) => {
        writeFileSync(join(folder, "response"), response);
        openssl("ts", "-reply", "-in", "response", "-token_out", "-out", "token");
        openssl("cms", "-verify", "-noverify", "-inform", "DER", "-in", "token", "-out", "statement");
        const sign = ["cms", "-sign", "-binary", "-nodetach", "-md", "sha256", "-econtent_type", "1.2.840.113549.1.9.16.1.4", "-outform", "DER"];
        openssl(...sign, "-in", "statement", "-signer", name, "-inkey", "tsa.key", ...(namesSigner ? ["-cades"] : []), "-out", "resigned");
        return readFileSync(join(folder, "resigned"));
      };
    },
    listen: () =>
      new Promise((resolve) => {
        server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
      }),
    remove() {
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
