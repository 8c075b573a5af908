import { createHash } from "node:crypto";
import * as asn1js from "asn1js";
import {
  AlgorithmIdentifier,
  Certificate,
  ContentInfo,
  ExtKeyUsage,
  MessageImprint,
  SignedData,
  TimeStampReq,
  TimeStampResp,
  TSTInfo,
  type Attribute,
  type SignerInfo,
} from "pkijs";

const oids = {
  sha256: "2.16.840.1.101.3.4.2.1",
  sha1: "1.3.14.3.2.26",
  sha384: "2.16.840.1.101.3.4.2.2",
  sha512: "2.16.840.1.101.3.4.2.3",
  signedData: "1.2.840.113549.1.7.2",
  tstInfo: "1.2.840.113549.1.9.16.1.4",
  contentType: "1.2.840.113549.1.9.3",
  signingCertificate: "1.2.840.113549.1.9.16.2.12",
  signingCertificateV2: "1.2.840.113549.1.9.16.2.47",
  extendedKeyUsage: "2.5.29.37",
  timeStamping: "1.3.6.1.5.5.7.3.8",
} as const;

/** A request for a time stamp (RFC 3161, 2.4.1) over SHA-256, with a nonce and asking for the certificate, in DER. */
export function encodeTimeStampRequest(data: Buffer, nonce: Buffer, policy: string | undefined): Buffer {
  const request = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: oids.sha256, algorithmParams: new asn1js.Null() }),
      hashedMessage: new asn1js.OctetString({ valueHex: bytesOf(sha256(data)) }),
    }),
    nonce: new asn1js.Integer({ valueHex: bytesOf(positive(nonce)) }),
    certReq: true,
    ...(policy === undefined ? {} : { reqPolicy: policy }),
  });
  return Buffer.from(request.toSchema().toBER());
}

export interface TimeStamp {
  /** The TimeStampToken in DER. */
  readonly token: Buffer;
  readonly at: Date;
  /** OID. */
  readonly policy: string;
  /** Hexadecimal. */
  readonly serial: string;
}

export interface StampExpectations {
  readonly data: Buffer;
  readonly nonce: Buffer;
  readonly policy: string | undefined;
  /** Certificates that are trusted, DER. */
  readonly anchors: readonly Buffer[];
}

/** `refused`: the authority says no. `invalid`: what it sent is no time stamp of these bytes by somebody trusted. */
export class StampRefused extends Error {
  readonly code: "stamp-refused" | "stamp-invalid";
  constructor(code: "stamp-refused" | "stamp-invalid", message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Verifies a response (RFC 3161, 2.4.2): granted; a token over these bytes with this nonce and policy; signed by a certificate
 * that is for time stamping alone, names itself in the signed attributes (RFC 2634, RFC 5816) and leads to a trusted one.
 * @throws StampRefused
 */
export async function verifyTimeStamp(response: Buffer, expected: StampExpectations): Promise<TimeStamp> {
  const parsed = attempt(() => TimeStampResp.fromBER(bytesOf(response)), "not a response of RFC 3161");
  const { status } = parsed.status;
  if (status !== 0 && status !== 1) throw new StampRefused("stamp-refused", `status ${status}`);
  const content = parsed.timeStampToken;
  demand(content !== undefined, "no token");
  const token = Buffer.from(content.toSchema().toBER());
  const stamp = await verifyToken(token, expected);
  const info = tstInfoOf(token);
  demand(info.nonce !== undefined && positive(Buffer.from(info.nonce.valueBlock.valueHexView)).equals(positive(expected.nonce)), "another nonce");
  return stamp;
}

/** As {@link verifyTimeStamp}, for a token that was kept: its nonce was compared when it came. @throws StampRefused */
export async function verifyToken(token: Buffer, expected: Omit<StampExpectations, "nonce">): Promise<TimeStamp> {
  const { data, policy } = expected;
  const signed = signedDataOf(token);
  const info = tstInfoOf(token);
  demand(info.messageImprint.hashAlgorithm.algorithmId === oids.sha256, "another hash");
  demand(Buffer.from(info.messageImprint.hashedMessage.valueBlock.valueHexView).equals(sha256(data)), "a time stamp of other bytes");
  demand(policy === undefined || info.policy === policy, "another policy");
  const signer = signed.signerInfos[0];
  demand(signer !== undefined && signed.signerInfos.length === 1, "not signed by one");
  const trustedCerts = attempt(() => expected.anchors.map((anchor) => Certificate.fromBER(bytesOf(anchor))), "no certificates to trust");
  let result;
  try {
    result = await signed.verify({ signer: 0, data: bytesOf(data), trustedCerts, checkChain: true, extendedMode: true });
  } catch {
    throw new StampRefused("stamp-invalid", "the signature or its certificates do not hold");
  }
  const certificate = result.signerCertificate;
  demand(result.signatureVerified === true && result.signerCertificateVerified === true && certificate instanceof Certificate, "the signature does not hold");
  demand(isForStampsAlone(certificate), "the certificate is not one for time stamps alone");
  demand(namesSigner(signer, certificate), "the token does not name its certificate");
  return { token, at: info.genTime, policy: info.policy, serial: Buffer.from(info.serialNumber.valueBlock.valueHexView).toString("hex") };
}

/** Certificates in PEM as DER; undefined when there is none or one does not read. */
export function readAnchors(pem: string): Buffer[] | undefined {
  const found = [...pem.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g)];
  const anchors = found.map(([, body]) => Buffer.from(body as string, "base64"));
  try {
    for (const anchor of anchors) Certificate.fromBER(bytesOf(anchor));
  } catch {
    return undefined;
  }
  return anchors.length === 0 ? undefined : anchors;
}

function signedDataOf(token: Buffer): SignedData {
  return attempt(() => {
    const content = ContentInfo.fromBER(bytesOf(token));
    demand(content.contentType === oids.signedData, "not signed data");
    const signed = new SignedData({ schema: content.content });
    demand(signed.encapContentInfo.eContentType === oids.tstInfo, "not a time stamp");
    return signed;
  }, "not a token of RFC 3161");
}

function tstInfoOf(token: Buffer): TSTInfo {
  return attempt(() => {
    const content = signedDataOf(token).encapContentInfo.eContent as asn1js.OctetString;
    return TSTInfo.fromBER(content.getValue());
  }, "not a token of RFC 3161");
}

/** RFC 3161, 2.3: the extended key usage is critical and holds time stamping and nothing else. */
function isForStampsAlone(certificate: Certificate): boolean {
  const extension = certificate.extensions?.find(({ extnID }) => extnID === oids.extendedKeyUsage);
  if (extension?.critical !== true) return false;
  const { keyPurposes } = ExtKeyUsage.fromBER(extension.extnValue.valueBlock.valueHexView.slice().buffer);
  return keyPurposes.length === 1 && keyPurposes[0] === oids.timeStamping;
}

/** The first certificate hash of SigningCertificate or SigningCertificateV2 is that of the signer, and the content type is a stamp. */
function namesSigner(signer: SignerInfo, certificate: Certificate): boolean {
  const attributes: readonly Attribute[] = signer.signedAttrs?.attributes ?? [];
  const type = attributes.find((attribute) => attribute.type === oids.contentType)?.values[0] as asn1js.ObjectIdentifier | undefined;
  if (type?.valueBlock.toString() !== oids.tstInfo) return false;
  const named =
    attributes.find((attribute) => attribute.type === oids.signingCertificateV2) ?? attributes.find((attribute) => attribute.type === oids.signingCertificate);
  if (named === undefined) return false;
  const [certs] = (named.values[0] as asn1js.Sequence).valueBlock.value as [asn1js.Sequence];
  const [first] = certs.valueBlock.value as [asn1js.Sequence];
  const parts = first.valueBlock.value;
  const hasAlgorithm = parts[0] instanceof asn1js.Sequence;
  const algorithm = hasAlgorithm
    ? ((parts[0] as asn1js.Sequence).valueBlock.value[0] as asn1js.ObjectIdentifier).valueBlock.toString()
    : named.type === oids.signingCertificateV2
      ? oids.sha256
      : oids.sha1;
  const hash = parts[hasAlgorithm ? 1 : 0] as asn1js.OctetString;
  const name = { [oids.sha1]: "sha1", [oids.sha256]: "sha256", [oids.sha384]: "sha384", [oids.sha512]: "sha512" }[algorithm];
  if (name === undefined || !(hash instanceof asn1js.OctetString)) return false;
  return createHash(name).update(Buffer.from(certificate.toSchema().toBER())).digest().equals(Buffer.from(hash.valueBlock.valueHexView));
}

function attempt<Result>(act: () => Result, otherwise: string): Result {
  try {
    return act();
  } catch (error) {
    throw error instanceof StampRefused ? error : new StampRefused("stamp-invalid", otherwise);
  }
}

function demand(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new StampRefused("stamp-invalid", otherwise);
}

function sha256(data: Buffer): Buffer {
  return createHash("sha256").update(data).digest();
}

/** As DER writes a positive number: no needless zeros, and one where the first bit is set. */
function positive(bytes: Buffer): Buffer {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === 0) from += 1;
  const bare = bytes.subarray(from);
  return ((bare[0] ?? 0) & 0x80) === 0 ? Buffer.from(bare) : Buffer.concat([Buffer.from([0]), bare]);
}

function bytesOf(buffer: Buffer): ArrayBuffer {
  return new Uint8Array(buffer).buffer;
}
