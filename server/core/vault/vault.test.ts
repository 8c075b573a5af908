import { createCipheriv, createHmac } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { blobHeader, blobOverhead, BlobRejected, KeyErased } from "./blob.ts";
import { openKeyEncryptionKey, type KeyEncryptionKey } from "./key-encryption-key.ts";
import { openKeysFolder, type KeysFolder } from "./keys-folder.ts";
import { openBlob, openBlobText } from "./opening.ts";
import { subjectKinds, type Subject } from "./subject.ts";
import { indexTokens } from "./tokens.ts";
import { importKeys, openVault, type Vault } from "./vault.ts";

const base = mkdtempSync(join(tmpdir(), "kuraban-vault-"));
afterAll(() => rmSync(base, { recursive: true }));

let folders = 0;
async function newHouse(): Promise<{ keysFolder: KeysFolder; kek: KeyEncryptionKey; vault: Vault }> {
  folders += 1;
  const dataFolder = join(base, `data${folders}`);
  const keysFolder = openKeysFolder({ path: `${dataFolder}.keys`, dataFolder, create: true });
  const kek = await openKeyEncryptionKey({ keysFolder, dataFolder, create: true });
  return { keysFolder, kek, vault: await openVault({ keysFolder, kek, create: true }) };
}
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

describe("erasing", () => {
  test("makes the blobs of a subject, and of nobody else, unreadable at once and after opening the vault again", async () => {
    const house = await newHouse();
    const neighbour: Subject = { kind: "customer", no: 13 };
    const blob = house.vault.seal(hanako, 2, 1, text);
    const kept = house.vault.seal(neighbour, 2, 1, text);
    const company = house.vault.seal({ kind: "company", no: 12 }, 2, 1, text);
    const keysBefore = house.vault.exportKeys();
    expect(openBlobText(house.vault, hanako, blob)).toBe(text);
    await house.vault.eraseKey(hanako);
    house.vault.close();
    const again = await openVault(house);
    for (const each of [again]) {
      expect(() => openBlob(each, hanako, blob)).toThrow(KeyErased);
      expect(() => each.seal(hanako, 2, 2, text)).toThrow(KeyErased);
      expect(each.isErased(hanako)).toBe(true);
      expect(each.isErased(neighbour)).toBe(false);
      expect(openBlobText(each, neighbour, kept)).toBe(text);
      expect(openBlobText(each, { kind: "company", no: 12 }, company)).toBe(text);
    }
    // The twin that shows the test can see: the keys from before still open it.
    const elsewhere = await newKeysFolder();
    await importKeys({ ...elsewhere, keys: keysBefore });
    expect(openBlobText(await openVault(elsewhere), hanako, blob)).toBe(text);
  });

  test("holds before its promise resolves only in memory, afterwards on disk; repeating it is harmless", async () => {
    const house = await newHouse();
    const blob = house.vault.seal(hanako, 2, 1, text);
    const erased = house.vault.eraseKey(hanako);
    expect(() => openBlob(house.vault, hanako, blob)).toThrow(KeyErased);
    await erased;
    const revision = house.vault.keyFacts().revision;
    await house.vault.eraseKey(hanako);
    expect(house.vault.keyFacts().revision).toBe(revision);
    expect((await openVault(house)).isErased(hanako)).toBe(true);
  });

  test("of many subjects at once, and in many calls at the same time, loses none", async () => {
    const house = await newHouse();
    const subjects = Array.from({ length: 300 }, (_, no): Subject => ({ kind: "import", no }));
    await Promise.all([house.vault.eraseKeys(subjects.slice(0, 250)), ...subjects.slice(250).map((each) => house.vault.eraseKey(each))]);
    const again = await openVault(house);
    expect(subjects.every((each) => again.isErased(each))).toBe(true);
    expect(again.isErased({ kind: "import", no: 300 })).toBe(false);
  });

  test("reaches the generations before and after", async () => {
    const house = await newHouse();
    const first = house.vault.seal(hanako, 2, 1, text);
    await house.vault.newGeneration();
    const second = house.vault.seal(hanako, 2, 2, text);
    await house.vault.eraseKey(hanako);
    for (const blob of [first, second]) expect(() => openBlob(house.vault, hanako, blob)).toThrow(KeyErased);
    await house.vault.newGeneration();
    expect(() => house.vault.seal(hanako, 2, 3, text)).toThrow(KeyErased);
    expect(openBlobText(house.vault, { kind: "customer", no: 1 }, house.vault.seal({ kind: "customer", no: 1 }, 2, 3, text))).toBe(text);
  });

  test("that cannot be stored fails, and succeeds when repeated", async () => {
    const house = await newHouse();
    let isBroken = true;
    const failing: KeysFolder = {
      ...house.keysFolder,
      write: (name, bytes) => (isBroken ? Promise.reject(new Error("disk full")) : house.keysFolder.write(name, bytes)),
    };
    const breaking = await openVault({ keysFolder: failing, kek: house.kek });
    await expect(breaking.eraseKey(hanako)).rejects.toThrow("disk full");
    expect((await openVault(house)).isErased(hanako)).toBe(false);
    isBroken = false;
    await breaking.eraseKey(hanako);
    expect((await openVault(house)).isErased(hanako)).toBe(true);
  });

  test("that failed after the new file was in place can be repeated", async () => {
    const house = await newHouse();
    let isBroken = true;
    const failing: KeysFolder = {
      ...house.keysFolder,
      async write(name, bytes) {
        await house.keysFolder.write(name, bytes);
        if (isBroken) throw new Error("lost power");
      },
    };
    const breaking = await openVault({ keysFolder: failing, kek: house.kek });
    await expect(breaking.eraseKey(hanako)).rejects.toThrow("lost power");
    isBroken = false;
    await breaking.eraseKey(hanako);
    expect((await openVault(house)).isErased(hanako)).toBe(true);
  });

  test("is never undone by another process that opened the same keys", async () => {
    const house = await newHouse();
    const other = await openVault(house);
    await house.vault.eraseKey(hanako);
    await expect(other.eraseKey({ kind: "customer", no: 1 })).rejects.toThrow("another process");
    expect((await openVault(house)).isErased(hanako)).toBe(true);
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

describe("the keys on disk", () => {
  test("are in the keys folder only, closed to others, and none of them in the clear", async () => {
    const house = await newHouse();
    await house.vault.eraseKey(hanako);
    const keys = house.vault.exportKeys();
    expect(readdirSync(house.keysFolder.path).toSorted()).toEqual(["kek", "trees.sealed"]);
    const file = readFileSync(join(house.keysFolder.path, "trees.sealed"));
    expect(statSync(join(house.keysFolder.path, "trees.sealed")).mode & 0o777).toBe(0o600);
    for (let at = 3; at + 16 <= keys.length; at += 16) {
      const piece = keys.subarray(at, at + 16);
      if (!piece.equals(Buffer.alloc(16))) expect(file.includes(piece)).toBe(false);
    }
  });

  test("are refused when changed anywhere, cut, or missing", async () => {
    const house = await newHouse();
    const path = join(house.keysFolder.path, "trees.sealed");
    const file = readFileSync(path);
    for (const at of [0, 15, 21, 25, 60, 120, file.length - 1]) {
      const changed = Buffer.from(file);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(path, changed);
      await expect(openVault(house)).rejects.toThrow(/damaged|sealed under another/);
    }
    for (const length of [0, 10, 30, 100, file.length - 1]) {
      writeFileSync(path, file.subarray(0, length));
      await expect(openVault(house)).rejects.toThrow("damaged");
    }
    rmSync(path);
    await expect(openVault(house)).rejects.toThrow("holds no keys");
    writeFileSync(path, file, { mode: 0o600 });
    expect(openBlobText(await openVault(house), hanako, house.vault.seal(hanako, 2, 1, text))).toBe(text);
  });

  test("are refused under another key-encrypting key, by its name", async () => {
    const house = await newHouse();
    const other = await newHouse();
    await expect(openVault({ keysFolder: house.keysFolder, kek: other.kek })).rejects.toThrow(house.kek.id);
  });

  test("can be wrapped anew under another key-encrypting key", async () => {
    const house = await newHouse();
    const other = await newHouse();
    const blob = house.vault.seal(hanako, 2, 1, text);
    await house.vault.rewrap(other.kek);
    expect(house.vault.keyFacts().keyEncryptionKey).toBe(other.kek.id);
    await expect(openVault(house)).rejects.toThrow(other.kek.id);
    expect(openBlobText(await openVault({ keysFolder: house.keysFolder, kek: other.kek }), hanako, blob)).toBe(text);
  });
});

describe("exported keys", () => {
  test("open everything elsewhere and stay erased where they were", async () => {
    const house = await newHouse();
    const blob = house.vault.seal(hanako, 2, 1, text);
    const sealed = house.vault.sealSecret("signing", Buffer.from("seed"));
    const record = [{ no: 1, type: "name", value: "髙橋 花子" }] as const;
    await house.vault.eraseKey({ kind: "customer", no: 1 });
    const elsewhere = await newKeysFolder();
    const keys = house.vault.exportKeys();
    await importKeys({ ...elsewhere, keys });
    expect(keys.equals(Buffer.alloc(keys.length))).toBe(true);
    const there = await openVault(elsewhere);
    expect(openBlobText(there, hanako, blob)).toBe(text);
    expect(there.openSecret("signing", sealed).toString()).toBe("seed");
    expect(there.isErased({ kind: "customer", no: 1 })).toBe(true);
    expect(indexTokens(there.searchKeys().current, record)).toEqual(indexTokens(house.vault.searchKeys().current, record));
    await expect(importKeys({ ...elsewhere, keys: house.vault.exportKeys() })).rejects.toThrow("already holds keys");
  });

  test("are refused when they are none", async () => {
    const elsewhere = await newKeysFolder();
    await expect(importKeys({ ...elsewhere, keys: Buffer.from("nothing") })).rejects.toThrow();
    expect(elsewhere.keysFolder.read("trees.sealed")).toBeUndefined();
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

async function newKeysFolder(): Promise<{ keysFolder: KeysFolder; kek: KeyEncryptionKey }> {
  folders += 1;
  const dataFolder = join(base, `data${folders}`);
  const keysFolder = openKeysFolder({ path: `${dataFolder}.keys`, dataFolder, create: true });
  return { keysFolder, kek: await openKeyEncryptionKey({ keysFolder, dataFolder, create: true }) };
}
