import { createCipheriv, randomBytes, scrypt } from "node:crypto";

/**
 * A file locked by a password, for somebody outside: "KURABAN LOCK 1\n" (15 bytes), salt (16), nonce (12), ciphertext, tag (16).
 * ChaCha20-Poly1305 (RFC 8439), the 15 bytes as additional data; the key is scrypt (RFC 7914) of the password in UTF-8 with N = 2^17,
 * r = 8, p = 1. Everything of it is in node:crypto, so that the one-file verifier opens it.
 */
const heading = Buffer.from("KURABAN LOCK 1\n", "latin1");
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };

export interface Lock {
  readonly salt: Buffer;
  readonly key: Buffer;
}

export async function makeLock(password: string): Promise<Lock> {
  const salt = randomBytes(16);
  const key = await new Promise<Buffer>((resolve, reject) => {
    scrypt(Buffer.from(password.normalize("NFC"), "utf8"), salt, 32, cost, (error, made) => (error === null ? resolve(made) : reject(error)));
  });
  return { salt, key };
}

/** With the same nonce the same source gives the same bytes: they are hashed before they leave. A nonce is used for one source alone. */
export async function* locked({ salt, key }: Lock, nonce: Buffer, source: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
  cipher.setAAD(heading, { plaintextLength: 0 });
  yield Buffer.concat([heading, salt, nonce]);
  for await (const piece of source) yield cipher.update(piece);
  const last = cipher.final();
  yield Buffer.concat([last, cipher.getAuthTag()]);
}
