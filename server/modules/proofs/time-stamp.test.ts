import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { makeAuthority, type TestAuthority } from "#tests/support/time-authority.ts";
import { encodeTimeStampRequest, readAnchors, verifyTimeStamp, verifyToken } from "./time-stamp.ts";

// openssl is a process for every step.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let authority: TestAuthority;
let stranger: TestAuthority;
beforeAll(() => {
  authority = makeAuthority();
  stranger = makeAuthority();
});
afterAll(() => {
  authority.remove();
  stranger.remove();
});

const data = Buffer.from("kuraban.example/ledger/epoch-1\n42\nAAAA\n");
const nonce = Buffer.concat([Buffer.from([0x9f]), randomBytes(7)]);
const anchorsOf = ({ anchorPem }: TestAuthority): Buffer[] => readAnchors(anchorPem)!;

test("a time stamp by openssl's authority holds, and openssl itself says so of what we kept", async () => {
  const response = authority.reply(encodeTimeStampRequest(data, nonce, authority.policy));
  const expected = { data, nonce, policy: authority.policy, anchors: anchorsOf(authority) };
  const stamp = await verifyTimeStamp(response, expected);
  expect(stamp.policy).toBe(authority.policy);
  expect(Math.abs(stamp.at.getTime() - Date.now())).toBeLessThan(60_000);
  expect(await verifyToken(stamp.token, expected)).toEqual(stamp);

  const folder = mkdtempSync(join(tmpdir(), "kuraban-stamp-"));
  writeFileSync(join(folder, "data"), data);
  writeFileSync(join(folder, "token"), stamp.token);
  writeFileSync(join(folder, "anchor"), authority.anchorPem);
  const said = execFileSync("openssl", ["ts", "-verify", "-data", "data", "-in", "token", "-token_in", "-CAfile", "anchor"], { cwd: folder, stdio: "pipe" });
  rmSync(folder, { recursive: true });
  expect(said.toString()).toContain("Verification: OK");
});

test("a time stamp is refused for other bytes, another nonce, policy or authority, and when a byte of it changed", async () => {
  const expected = { data, nonce, policy: authority.policy, anchors: anchorsOf(authority) };
  const response = authority.reply(encodeTimeStampRequest(data, nonce, authority.policy));
  const refused = { code: "stamp-invalid" };
  await expect(verifyTimeStamp(response, { ...expected, data: Buffer.from("other") })).rejects.toMatchObject(refused);
  await expect(verifyTimeStamp(response, { ...expected, nonce: randomBytes(8) })).rejects.toMatchObject(refused);
  await expect(verifyTimeStamp(response, { ...expected, policy: "1.2.3.4.9" })).rejects.toMatchObject(refused);
  await expect(verifyTimeStamp(response, { ...expected, anchors: anchorsOf(stranger) })).rejects.toMatchObject(refused);
  await expect(verifyTimeStamp(stranger.reply(encodeTimeStampRequest(data, nonce, authority.policy)), expected)).rejects.toMatchObject(refused);
  const signature = Buffer.from(response);
  signature[signature.length - 5] = signature[signature.length - 5]! ^ 1;
  await expect(verifyTimeStamp(signature, expected)).rejects.toMatchObject(refused);
  // The time that it states.
  const time = response.indexOf(Buffer.from(`${new Date().getUTCFullYear()}`, "latin1"), response.indexOf(Buffer.from("060b2a864886f70d0109100104", "hex")));
  const moved = Buffer.from(response);
  moved[time + 3] = moved[time + 3]! === 0x30 ? 0x31 : 0x30;
  await expect(verifyTimeStamp(moved, expected)).rejects.toMatchObject(refused);
  await expect(verifyTimeStamp(Buffer.from("<html>"), expected)).rejects.toMatchObject(refused);
});

test("an authority that refuses is told from one that answers wrongly", async () => {
  const response = authority.reply(encodeTimeStampRequest(data, nonce, "1.2.3.4.9"));
  await expect(verifyTimeStamp(response, { data, nonce, policy: "1.2.3.4.9", anchors: anchorsOf(authority) })).rejects.toMatchObject({ code: "stamp-refused" });
});

test("only a certificate for time stamps alone counts, and only where the token names it", async () => {
  const signBy = authority.certify("critical,timeStamping");
  const others = ["critical,timeStamping,clientAuth", "timeStamping"].map((use) => authority.certify(use));
  const response = authority.reply(encodeTimeStampRequest(data, nonce, authority.policy));
  const expected = { data, policy: authority.policy, anchors: anchorsOf(authority) };
  expect((await verifyToken(signBy(response, true), expected)).policy).toBe(authority.policy);
  await expect(verifyToken(signBy(response, false), expected)).rejects.toMatchObject({ message: "the token does not name its certificate" });
  for (const signByOther of others) {
    await expect(verifyToken(signByOther(response, true), expected)).rejects.toMatchObject({ message: "the certificate is not one for time stamps alone" });
  }
});
