import { chmodSync, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { BlobRejected } from "./blob.ts";
import { openKeyEncryptionKey } from "./key-encryption-key.ts";
import { openKeysFolder } from "./keys-folder.ts";

const base = mkdtempSync(join(tmpdir(), "kuraban-keys-"));
afterAll(() => rmSync(base, { recursive: true }));

let dataFolder = "";
let path = "";
let houses = 0;
beforeEach(() => {
  houses += 1;
  dataFolder = join(base, `house${houses}`, "data");
  path = `${dataFolder}.keys`;
  mkdirSync(dataFolder, { recursive: true });
});
const open = () => openKeysFolder({ path, dataFolder, create: true });

describe("the keys folder", () => {
  test("is made for its owner alone, and so are its files", async () => {
    const folder = open();
    await folder.write("kek", Buffer.from("key"));
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, "kek")).mode & 0o777).toBe(0o600);
    expect(folder.read("kek")?.toString()).toBe("key");
    expect(folder.read("other")).toBeUndefined();
  });

  test("is refused inside the data folder, around it, and behind a symbolic link into it", () => {
    const inside = join(dataFolder, "keys");
    expect(() => openKeysFolder({ path: inside, dataFolder, create: true })).toThrow("inside the data folder");
    expect(existsSync(inside)).toBe(false);
    expect(() => openKeysFolder({ path: dataFolder, dataFolder, create: true })).toThrow("inside the data folder");
    expect(() => openKeysFolder({ path: join(dataFolder, ".."), dataFolder, create: true })).toThrow("inside the keys folder");
    mkdirSync(inside, { mode: 0o700 });
    symlinkSync(inside, path);
    expect(() => open()).toThrow("inside the data folder");
  });

  test("is refused when it does not exist or is no folder", () => {
    expect(() => openKeysFolder({ path, dataFolder })).toThrow("no keys folder");
    writeFileSync(path, "");
    expect(() => openKeysFolder({ path, dataFolder })).toThrow("no keys folder");
  });

  test("is refused when others may enter it, and its files when others may read them", async () => {
    const folder = open();
    await folder.write("kek", Buffer.from("key"));
    for (const mode of [0o640, 0o604]) {
      chmodSync(join(path, "kek"), mode);
      expect(() => folder.read("kek")).toThrow("Others may read");
    }
    chmodSync(join(path, "kek"), 0o600);
    expect(folder.read("kek")?.toString()).toBe("key");
    chmodSync(path, 0o750);
    expect(() => open()).toThrow("Others may read");
  });

  test("replaces a file as a whole and leaves zeros where the old content was", async () => {
    const folder = open();
    await folder.write("trees.sealed", Buffer.from("the first content, which is long"));
    // A second name keeps hold of the old file, as an undelete would.
    linkSync(join(path, "trees.sealed"), join(path, "old"));
    await folder.write("trees.sealed", Buffer.from("the second"));
    expect(folder.read("trees.sealed")?.toString()).toBe("the second");
    expect(readFileSync(join(path, "old")).toString()).not.toContain("first");
    expect(readdirSync(path).toSorted()).toEqual(["old", "trees.sealed"]);
  });

  test("writes over what a crash left half-written", async () => {
    const folder = open();
    writeFileSync(join(path, "kek.new"), "left behind by a crash", { mode: 0o600 });
    await folder.write("kek", Buffer.from("key"));
    expect(readdirSync(path)).toEqual(["kek"]);
    expect(folder.read("kek")?.toString()).toBe("key");
  });

  test("removes a file, its content overwritten", async () => {
    const folder = open();
    await folder.write("kek", Buffer.from("key"));
    linkSync(join(path, "kek"), join(path, "old"));
    await folder.remove("kek");
    await folder.remove("kek");
    expect(folder.read("kek")).toBeUndefined();
    expect(readFileSync(join(path, "old")).toString()).not.toContain("key");
  });

  test("has no files with other than plain names", () => {
    expect(() => open().read("../data")).toThrow("not a name");
  });
});

describe("the key-encrypting key", () => {
  const bytes = Buffer.from("a file key of thirty-two bytes..");
  const additional = Buffer.from("where it belongs");

  test("wraps and unwraps, and only with what it was wrapped with", async () => {
    const kek = await openKeyEncryptionKey({ keysFolder: open(), dataFolder, create: true });
    const wrapped = await kek.wrap(bytes, additional);
    expect((await kek.unwrap(wrapped, additional)).equals(bytes)).toBe(true);
    await expect(kek.unwrap(wrapped, Buffer.from("elsewhere"))).rejects.toThrow(BlobRejected);
    await expect(kek.unwrap(wrapped.subarray(1), additional)).rejects.toThrow(BlobRejected);
    expect(kek.id).toMatch(/^file:[0-9a-f]{16}$/);
  });

  test("is the same at every opening, and never made unasked", async () => {
    const keysFolder = open();
    await expect(openKeyEncryptionKey({ keysFolder, dataFolder })).rejects.toThrow("holds no key");
    const wrapped = await (await openKeyEncryptionKey({ keysFolder, dataFolder, create: true })).wrap(bytes, additional);
    const again = await openKeyEncryptionKey({ keysFolder, dataFolder, create: true });
    expect((await again.unwrap(wrapped, additional)).equals(bytes)).toBe(true);
  });

  test("may be sealed by a passphrase, which is then needed, in any way of typing its letters", async () => {
    const keysFolder = open();
    const passphrase = "ｶﾗﾊﾞﾝの合言葉 of the house";
    const wrapped = await (await openKeyEncryptionKey({ keysFolder, dataFolder, passphrase, create: true })).wrap(bytes, additional);
    expect(readdirSync(path)).toEqual(["kek.passphrase"]);
    const again = await openKeyEncryptionKey({ keysFolder, dataFolder, passphrase: passphrase.normalize("NFKC") });
    expect((await again.unwrap(wrapped, additional)).equals(bytes)).toBe(true);
    await expect(openKeyEncryptionKey({ keysFolder, dataFolder })).rejects.toThrow("sealed by a passphrase");
    await expect(openKeyEncryptionKey({ keysFolder, dataFolder, passphrase: "another" })).rejects.toThrow("passphrase is wrong");
    await keysFolder.write("kek.passphrase", Buffer.from('{"format":1,"memoryCost":99999999999}'));
    await expect(openKeyEncryptionKey({ keysFolder, dataFolder, passphrase })).rejects.toThrow("damaged");
  }, 30_000);

  test("may be mounted, raw or as hex or base64, but not from the data folder", async () => {
    const keysFolder = open();
    const raw = Buffer.alloc(32, 9);
    const wrapped: Buffer[] = [];
    for (const [name, content] of [
      ["raw", raw],
      ["hex", `${raw.toString("hex")}\n`],
      ["base64", raw.toString("base64")],
    ] as const) {
      const mountedFile = join(base, `house${houses}`, name);
      writeFileSync(mountedFile, content);
      const kek = await openKeyEncryptionKey({ keysFolder, dataFolder, mountedFile });
      wrapped.push(await kek.wrap(bytes, additional));
      for (const each of wrapped) expect((await kek.unwrap(each, additional)).equals(bytes)).toBe(true);
      expect(kek.id).toMatch(/^mount:/);
    }
    const mountedFile = join(dataFolder, "kek");
    await expect(openKeyEncryptionKey({ keysFolder, dataFolder, mountedFile })).rejects.toThrow("no file");
    writeFileSync(mountedFile, raw);
    await expect(openKeyEncryptionKey({ keysFolder, dataFolder, mountedFile })).rejects.toThrow("inside the data folder");
    const short = join(base, `house${houses}`, "short");
    writeFileSync(short, "too short");
    await expect(openKeyEncryptionKey({ keysFolder, dataFolder, mountedFile: short })).rejects.toThrow("32 bytes");
  });
});
