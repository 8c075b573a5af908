import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { temporaryVaults } from "#tests/support/temporary-vaults.ts";
import { KeyErased } from "./blob.ts";
import type { KeysFolder } from "./keys-folder.ts";
import { openBlob, openBlobText } from "./opening.ts";
import type { Subject } from "./subject.ts";
import { indexTokens } from "./tokens.ts";
import { importKeys, openVault } from "./vault.ts";

const { newHouse, newKeysFolder, remove } = temporaryVaults();
afterAll(remove);
const hanako: Subject = { kind: "customer", no: 12 };
const text = '{"fullName":"髙橋 花子"}';

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
