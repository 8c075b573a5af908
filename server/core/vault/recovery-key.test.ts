import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BlobRejected } from "./blob.ts";
import { newRecoveryKey, openKeyBackup, publicKeyOf, sealKeyBackup } from "./recovery-key.ts";
import { readRecoveryText, RecoveryKeyRejected, writeRecoveryText, type RecoveryKeyFault } from "./recovery-text.ts";

const seed = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => Buffer.from(bytes));
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

function faultOf(text: string): RecoveryKeyFault | undefined {
  try {
    readRecoveryText(text);
    return undefined;
  } catch (problem) {
    if (problem instanceof RecoveryKeyRejected) return problem.fault;
    throw problem;
  }
}

describe("the text of a recovery key", () => {
  test("is eight groups of five characters and reads back as it was", () => {
    fc.assert(
      fc.property(seed, (bytes) => {
        const text = writeRecoveryText(bytes);
        expect(text).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){7}[0-9A-HJKMNP-TV-Z]{5}$/);
        expect(readRecoveryText(text).equals(bytes)).toBe(true);
      }),
    );
  });

  test("may be typed in small letters, full width, without hyphens, with O for 0 and l for 1", () => {
    fc.assert(
      fc.property(seed, (bytes) => {
        const text = writeRecoveryText(bytes);
        const fullWidth = [...text].map((each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0)).join("");
        for (const typed of [
          text.toLowerCase(),
          text.replaceAll("-", ""),
          ` ${text.replaceAll("-", "  ")}\n`,
          fullWidth,
          text.replaceAll("0", "O").replaceAll("1", "l"),
        ]) {
          expect(readRecoveryText(typed).equals(bytes)).toBe(true);
        }
      }),
    );
  });

  test("tells the group of any wrong character and of any two swapped neighbours", () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 4 }), fc.constantFrom(...alphabet), (bytes, group, place, character) => {
        const text = writeRecoveryText(bytes);
        const at = group * 6 + place;
        if (text[at] !== character) expect(faultOf(text.slice(0, at) + character + text.slice(at + 1))).toEqual({ what: "check", group: group + 1 });
        if (place < 4 && text[at] !== text[at + 1]) {
          const swapped = text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2);
          expect(faultOf(swapped)).toEqual({ what: "check", group: group + 1 });
        }
      }),
      { numRuns: 500 },
    );
  });

  test("is refused with groups swapped, whatever they hold", () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 }), (bytes, one, other) => {
        fc.pre(one !== other);
        const parts = writeRecoveryText(bytes).split("-");
        [parts[one], parts[other]] = [parts[other] ?? "", parts[one] ?? ""];
        expect(faultOf(parts.join("-"))).toEqual({ what: "check", group: Math.min(one, other) + 1 });
      }),
    );
  });

  test("tells a missing character's group, a character never used, and a wrong length", () => {
    const text = writeRecoveryText(Buffer.alloc(20, 0x5a));
    expect(faultOf(text.slice(0, 14) + text.slice(15))).toEqual({ what: "group-length", group: 3 });
    expect(faultOf(`${text.slice(0, 6)}U${text.slice(7)}`)).toEqual({ what: "character", group: 2 });
    expect(faultOf(text.slice(0, 20))).toEqual({ what: "length", characters: 17, expected: 40 });
    expect(faultOf("")).toEqual({ what: "length", characters: 0, expected: 40 });
  });

  test("never stands in the refusal", () => {
    const text = writeRecoveryText(Buffer.alloc(20, 0x5a));
    const mistyped = `${text.slice(0, -1)}${text.endsWith("7") ? "8" : "7"}`;
    const refusal = new RecoveryKeyRejected(faultOf(mistyped) ?? { what: "other-key" });
    expect(refusal.ja).toBe("8番目の組に打ち間違いがあります。");
    expect(`${refusal.stack} ${JSON.stringify(refusal)}`).not.toContain(text.slice(0, 5));
  });
});

describe("a key backup", () => {
  const keys = Buffer.from("all the keys, and long enough to see that none of it stays readable");
  const info = "kuraban key backup 1";

  test("is sealed with the public key alone and opens with the recovery key", async () => {
    const { text, publicKey } = await newRecoveryKey();
    expect(publicKey.length).toBe(65);
    expect((await publicKeyOf(text)).equals(publicKey)).toBe(true);
    const sealed = await sealKeyBackup(publicKey, keys, info);
    expect(sealed.includes(keys.subarray(0, 12))).toBe(false);
    expect((await openKeyBackup(text.toLowerCase(), sealed, info)).equals(keys)).toBe(true);
  });

  test("holds a large tree of keys", async () => {
    const { text, publicKey } = await newRecoveryKey();
    const large = Buffer.alloc(1_000_003, 7);
    expect((await openKeyBackup(text, await sealKeyBackup(publicKey, large, info), info)).equals(large)).toBe(true);
  });

  test("says that another recovery key is another one, and a mistyped one mistyped", async () => {
    const { text, publicKey } = await newRecoveryKey();
    const other = await newRecoveryKey();
    const sealed = await sealKeyBackup(publicKey, keys, info);
    await expect(openKeyBackup(other.text, sealed, info)).rejects.toMatchObject({ fault: { what: "other-key" } });
    await expect(openKeyBackup(`${text}0`, sealed, info)).rejects.toMatchObject({ fault: { what: "group-length", group: 8 } });
    expect((await openKeyBackup(text, sealed, info)).equals(keys)).toBe(true);
  });

  test("is rejected when changed anywhere, cut, or of another kind", async () => {
    const { text, publicKey } = await newRecoveryKey();
    const sealed = await sealKeyBackup(publicKey, keys, info);
    for (let at = 0; at < sealed.length; at += 7) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(openKeyBackup(text, changed, info)).rejects.toThrow();
    }
    for (const length of [0, 19, 28, 93, sealed.length - 1]) await expect(openKeyBackup(text, sealed.subarray(0, length), info)).rejects.toThrow(BlobRejected);
    await expect(openKeyBackup(text, sealed, "another kind")).rejects.toThrow(BlobRejected);
  });

  test("has a key pair that stays the same from release to release", async () => {
    const text = writeRecoveryText(Buffer.from("00112233445566778899aabbccddeeff00112233", "hex"));
    expect([text, (await publicKeyOf(text)).toString("hex")]).toEqual([
      "008J2-4CT4R-ANK7V-F24SS-NAXW6-SQFE8-ZW01J-28HK2",
      "047e685fe4a1fa214fb093d29f24da75b0f460d9acf3bab1a9ff4e415edb7dab4ddaecdf7c745579457a1e59f6ad2f80afbb0228af66f6eb1b1e46404a852d5004",
    ]);
  });
});
