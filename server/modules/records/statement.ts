import { canonicalJson } from "#server/core/ledger/canonical-json.ts";
import type { Context } from "#server/core/door/index.ts";
import type { Fact } from "#server/core/ledger/index.ts";

/**
 * A statement of the storehouse for somebody outside: canonical JSON (RFC 8785), signed (Ed25519) over the bytes
 * "kuraban ledger statement v1\n" and the document by the key of the current epoch. The one-file verifier reads the file that
 * {@link writeStatement} makes. `people` stands beside the document and not under the signature: whoever hands the statement on
 * may take names out of it.
 */
const heading = "kuraban ledger statement v1\n";

export function writeStatement(
  document: { readonly kind: "seen" | "not-seen"; readonly [key: string]: Fact },
  sign: (message: Buffer) => Buffer,
  people?: readonly { readonly no: number; readonly salt: string }[],
): string {
  const text = canonicalJson({ v: 1, ...document });
  const signature = sign(Buffer.from(heading + text)).toString("base64");
  return `${JSON.stringify({ "kuraban-statement": 1, document: text, signature, ...(people && { people }) }, null, 1)}\n`;
}

/** From when to when: what is to come is not stated. */
export function windowOf({ now }: Pick<Context, "now">, asked: { readonly from: string; readonly to: string }): [from: Date, to: Date] {
  return [new Date(asked.from), new Date(Math.min(Date.parse(asked.to), now.getTime()))];
}
