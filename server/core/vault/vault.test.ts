import { createCipheriv, createHmac } from "node:crypto";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { temporaryVaults } from "#tests/support/temporary-vaults.ts";
import { blobHeader, blobOverhead, BlobRejected } from "./blob.ts";
import { openBlob, openBlobText } from "./opening.ts";
import { subjectKinds, type Subject } from "./subject.ts";
import { indexTokens } from "./tokens.ts";
import { openVault } from "./vault.ts";

const { newHouse, newKeysFolder, remove } = temporaryVaults();
afterAll(remove);
const { vault } = await newHouse();
const hanako: Subject = { kind: "customer", no: 12 };
const text = '{"fullName":"髙橋 花子"}';

const subject = fc.record({ kind: fc.constantFrom(...subjectKinds), no: fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 40 - 1 })) });

describe("a sealed blob", () => {
  test("opens to what was sealed, for any subject, class, version and content", () => {
    fc.assert(
      fc.property(
        subject,
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.uint8Array({ maxLength: 600 }),
        (of, fieldClass, version, bytes) => {
          const blob = vault.seal(of, fieldClass, version, Buffer.from(bytes));
          expect(blob.length).toBe(bytes.length + blobOverhead);
          expect(blobHeader(blob)).toEqual({ format: 1, suite: 1, generation: 1, fieldClass, version });
          expect(openBlob(vault, of, blob).equals(bytes)).toBe(true);
          expect(openBlob(vault, of, blob, { fieldClass, version }).equals(bytes)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("opens as text, long and short", () => {
    for (const content of ["", text, "髙".repeat(40_000)]) expect(openBlobText(vault, hanako, vault.seal(hanako, 2, 1, content))).toBe(content);
  });

  test("is rejected after any flipped bit", () => {
    const blob = vault.seal(hanako, 2, 7, text);
    for (let bit = 0; bit < blob.length * 8; bit++) {
      const changed = Buffer.from(blob);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => openBlob(vault, hanako, changed)).toThrow(BlobRejected);
    }
    expect(openBlobText(vault, hanako, blob)).toBe(text);
  });

  test("is rejected when cut or lengthened", () => {
    const blob = vault.seal(hanako, 2, 7, text);
    for (let length = 0; length < blob.length; length++) expect(() => openBlob(vault, hanako, blob.subarray(0, length))).toThrow(BlobRejected);
    expect(() => openBlob(vault, hanako, Buffer.concat([blob, Buffer.alloc(1)]))).toThrow(BlobRejected);
  });

  test("is rejected for another subject, of the same number too", () => {
    fc.assert(
      fc.property(subject, subject, (one, other) => {
        fc.pre(one.kind !== other.kind || one.no !== other.no);
        const blob = vault.seal(one, 2, 7, text);
        expect(() => openBlob(vault, other, blob)).toThrow(BlobRejected);
        expect(openBlobText(vault, one, blob)).toBe(text);
      }),
    );
    const blob = vault.seal(hanako, 2, 7, text);
    expect(() => openBlob(vault, { kind: "company", no: 12 }, blob)).toThrow(BlobRejected);
  });

  test("is rejected where another class or version is expected", () => {
    const blob = vault.seal(hanako, 3, 7, text);
    expect(() => openBlob(vault, hanako, blob, { fieldClass: 1 })).toThrow(BlobRejected);
    expect(() => openBlob(vault, hanako, blob, { version: 8 })).toThrow(BlobRejected);
    expect(openBlob(vault, hanako, blob, { fieldClass: 3, version: 7 }).toString()).toBe(text);
  });

  test("is rejected by the vault of another installation", async () => {
    const other = await newHouse();
    expect(() => openBlob(other.vault, hanako, vault.seal(hanako, 2, 7, text))).toThrow(BlobRejected);
  });

  test("never tells its content when it is rejected", () => {
    const blob = vault.seal(hanako, 2, 7, text);
    blob[30] = (blob[30] ?? 0) ^ 1;
    let problem: unknown;
    try {
      openBlob(vault, hanako, blob);
    } catch (caught) {
      problem = caught;
    }
    expect(problem).toBeInstanceOf(BlobRejected);
    expect(`${String(problem)} ${JSON.stringify(problem)} ${(problem as Error).stack}`).not.toMatch(/高|髙|花子|fullName/);
    expect((problem as Error).cause).toBeUndefined();
  });

  test("has the layout of its format, as node:crypto computes it", async () => {
    const { keysFolder, kek } = await newKeysFolder();
    // Randomness is asked for in this order: the tree's root, the roots of secrets and search, then nonces.
    let asked = 0;
    const fillRandom = (into: Buffer): void => void into.fill((asked += 1));
    const counted = await openVault({ keysFolder, kek, create: true, fillRandom });
    const no = 0xab_cdef_0123;
    const blob = counted.seal({ kind: "account", no }, 3, 0x01020304, text);
    let key = Buffer.alloc(32, 1);
    for (let level = 1; level <= 8; level++) {
      const digit = Number(((3n << 42n) + BigInt(no)) >> BigInt(6 * (8 - level))) & 63;
      key = createHmac("sha512", key)
        .update(Buffer.from([level, digit]))
        .digest()
        .subarray(0, 32);
    }
    const header = Buffer.from("01010001" + "03" + "01020304", "hex");
    const nonce = blob.subarray(9, 21);
    const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
    cipher.setAAD(Buffer.concat([Buffer.from("kuraban"), header, Buffer.from("03" + "000000abcdef0123", "hex")]), { plaintextLength: Buffer.byteLength(text) });
    const ciphertext = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    expect(blob.toString("hex")).toBe(Buffer.concat([header, nonce, ciphertext]).toString("hex"));
  });

  test("differs each time that the same is sealed", () => {
    expect(vault.seal(hanako, 2, 7, text).equals(vault.seal(hanako, 2, 7, text))).toBe(false);
  });

  test("leaves a buffer that was sealed as it was", () => {
    const content = Buffer.from(text);
    vault.seal(hanako, 2, 7, content);
    expect(content.toString()).toBe(text);
  });

  test("is not made for what does not fit", () => {
    expect(() => vault.seal({ kind: "customer", no: 2 ** 40 }, 2, 1, text)).toThrow("outside");
    expect(() => vault.seal({ kind: "customer", no: -1 }, 2, 1, text)).toThrow("outside");
    expect(() => vault.seal(hanako, 256, 1, text)).toThrow("outside");
    expect(() => vault.seal(hanako, 2, 2 ** 32, text)).toThrow("outside");
    expect(() => vault.seal({ kind: "stranger" as "customer", no: 1 }, 2, 1, text)).toThrow("unknown");
  });
});

describe("key generations", () => {
  test("seal under the newest and still open the older ones, after opening again too", async () => {
    const house = await newHouse();
    const old = house.vault.seal(hanako, 2, 1, text);
    expect(await house.vault.newGeneration()).toBe(2);
    const fresh = house.vault.seal(hanako, 2, 2, text);
    expect([blobHeader(old).generation, blobHeader(fresh).generation]).toEqual([1, 2]);
    const again = await openVault(house);
    expect([openBlobText(again, hanako, old), openBlobText(again, hanako, fresh)]).toEqual([text, text]);
    expect(blobHeader(again.seal(hanako, 2, 3, text)).generation).toBe(2);
  });
});

describe("a sealed secret", () => {
  const secret = Buffer.from("a seed of thirty-two bytes......");

  test("opens under its name only, and survives opening the vault again", async () => {
    const house = await newHouse();
    const sealed = house.vault.sealSecret("totp:4", secret);
    expect(house.vault.openSecret("totp:4", sealed).equals(secret)).toBe(true);
    expect(() => house.vault.openSecret("totp:5", sealed)).toThrow(BlobRejected);
    expect(() => house.vault.openSecret("totp:4", sealed.subarray(1))).toThrow(BlobRejected);
    expect((await openVault(house)).openSecret("totp:4", sealed).equals(secret)).toBe(true);
  });

  test("is no blob of a subject, and a blob no secret", () => {
    const sealed = vault.sealSecret("customer", secret);
    expect(() => openBlob(vault, hanako, sealed)).toThrow(BlobRejected);
    expect(() => vault.openSecret("customer", vault.seal(hanako, 2, 1, text))).toThrow(BlobRejected);
  });
});

describe("search keys", () => {
  const record = [{ no: 1, type: "name", value: "髙橋 花子" }] as const;

  test("give the same tokens after opening again and others after a rotation", async () => {
    const house = await newHouse();
    const tokens = indexTokens(house.vault.searchKeys().current, record);
    expect(indexTokens((await openVault(house)).searchKeys().current, record)).toEqual(tokens);
    expect(await house.vault.newSearchKey()).toBe(1);
    expect(house.vault.searchKeys().all.map((key) => key.version)).toEqual([1, 0]);
    expect(indexTokens(house.vault.searchKeys().current, record)).not.toEqual(tokens);
    await expect(house.vault.dropSearchKey(1)).rejects.toThrow("current");
    await house.vault.dropSearchKey(0);
    expect((await openVault(house)).searchKeys().all.map((key) => key.version)).toEqual([1]);
  });

  test("come round after four versions, and never take one that is in use", async () => {
    const house = await newHouse();
    for (const version of [1, 2, 3]) expect(await house.vault.newSearchKey()).toBe(version);
    await expect(house.vault.newSearchKey()).rejects.toThrow("in use");
    await house.vault.dropSearchKey(0);
    expect(await house.vault.newSearchKey()).toBe(0);
  });
});

describe("a vault", () => {
  test("says what it unwrapped, without any key", async () => {
    const house = await newHouse();
    expect(house.vault.keyFacts()).toEqual({
      keyEncryptionKey: house.kek.id,
      unwrapped: ["trees.sealed"],
      generation: 1,
      generations: 1,
      searchKeyVersion: 0,
      revision: 1,
    });
  });

  test("does nothing any more when it was closed", async () => {
    const house = await newHouse();
    const blob = house.vault.seal(hanako, 2, 1, text);
    house.vault.close();
    expect(() => openBlob(house.vault, hanako, blob)).toThrow("closed");
    expect(() => house.vault.seal(hanako, 2, 1, text)).toThrow("closed");
    expect(() => house.vault.sealSecret("name", blob)).toThrow("closed");
    expect(() => house.vault.exportKeys()).toThrow("closed");
    expect(() => house.vault.isErased(hanako)).toThrow("closed");
    await expect(house.vault.eraseKey(hanako)).rejects.toThrow("closed");
    await expect(house.vault.newGeneration()).rejects.toThrow("closed");
  });
});
