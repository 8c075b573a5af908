import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import * as x509 from "@peculiar/x509";
import type { KeysFolder } from "#server/core/vault/index.ts";
import { CannotStart } from "#server/platform/database/cannot-start.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 86_400_000;

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** The authority's certificate, to be installed on the computers of the company; absent for a certificate of one's own. */
  readonly authority: string | undefined;
}

/** A certificate that somebody gave, as PEM files. */
export function givenCertificate(keyFile: string, certFile: string): Certificate {
  for (const file of [keyFile, certFile]) {
    if (!existsSync(file)) {
      throw new CannotStart({ ja: `証明書のファイル ${file} がありません。`, en: `The certificate file ${file} does not exist.` });
    }
  }
  return { key: readFileSync(keyFile, "utf8"), cert: readFileSync(certFile, "utf8"), authority: undefined };
}

/**
 * A server certificate (398 days) from a local authority (ten years, RFC 5280, for servers only), both kept in the keys
 * folder. The server's certificate is made anew 30 days before it ends or when the host's names change.
 */
export async function localCertificate(keys: KeysFolder, host: string, now: Date): Promise<Certificate> {
  x509.cryptoProvider.set(webcrypto as never);
  const names = namesFor(host);
  const stored = keys.read("tls.json");
  if (stored !== undefined) {
    const known = JSON.parse(stored.toString("utf8")) as Certificate & { names: string[]; endsAt: string };
    if (known.names.join() === names.join() && Date.parse(known.endsAt) - now.getTime() > 30 * day) {
      return known;
    }
  }
  const authority = await openAuthority(keys, now);
  const pair = (await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
  const endsAt = new Date(now.getTime() + 397 * day);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${names[0] ?? "kuraban"}`,
    issuer: authority.certificate.subject,
    notBefore: new Date(now.getTime() - day),
    notAfter: endsAt,
    signingAlgorithm: algorithm,
    publicKey: pair.publicKey,
    signingKey: authority.key,
    extensions: [
      new x509.SubjectAlternativeNameExtension(names.map((name) => ({ type: isIP(name) === 0 ? ("dns" as const) : ("ip" as const), value: name }))),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.BasicConstraintsExtension(false, undefined, true),
    ],
  });
  const made = {
    key: await privatePem(pair.privateKey),
    cert: certificate.toString("pem"),
    authority: authority.certificate.toString("pem"),
    names,
    endsAt: endsAt.toISOString(),
  };
  await keys.write("tls.json", Buffer.from(JSON.stringify(made), "utf8"));
  return made;
}

async function openAuthority(keys: KeysFolder, now: Date): Promise<{ key: webcrypto.CryptoKey; certificate: x509.X509Certificate }> {
  const stored = keys.read("authority.json");
  if (stored !== undefined) {
    const known = JSON.parse(stored.toString("utf8")) as { key: string; cert: string };
    const der = Buffer.from(known.key, "base64");
    return { key: await webcrypto.subtle.importKey("pkcs8", der, algorithm, true, ["sign"]), certificate: new x509.X509Certificate(known.cert) };
  }
  const pair = (await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=Kuraban local authority",
    notBefore: new Date(now.getTime() - day),
    notAfter: new Date(now.getTime() + 3650 * day),
    signingAlgorithm: algorithm,
    keys: pair,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true)],
  });
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", pair.privateKey)).toString("base64");
  await keys.write("authority.json", Buffer.from(JSON.stringify({ key: der, cert: certificate.toString("pem") }), "utf8"));
  return { key: pair.privateKey, certificate };
}

function namesFor(host: string): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).filter((entry) => !entry.internal).map((entry) => entry.address));
  const own = host === "0.0.0.0" || host === "::" ? [hostname(), ...addresses] : [host];
  return [...new Set([...own, "localhost", "127.0.0.1"])].filter((name) => !name.includes("%"));
}

async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key)).toString("base64");
  return `-----BEGIN PRIVATE KEY-----\n${der.match(/.{1,64}/g)?.join("\n") ?? ""}\n-----END PRIVATE KEY-----\n`;
}
