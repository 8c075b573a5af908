import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { scramVerifier } from "./scram-verifier.ts";

it("agrees with the exchange printed in RFC 7677 §3", () => {
  const salt = "W22ZaJ0SNY7soEsUEjb6gQ==";
  const verifier = scramVerifier("pencil", Buffer.from(salt, "base64"));
  expect(verifier.startsWith(`SCRAM-SHA-256$4096:${salt}$`)).toBe(true);
  const serverKey = Buffer.from(verifier.slice(verifier.lastIndexOf(":") + 1), "base64");
  const nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  const exchange = `n=user,r=rOprNGfwEbeRWgbNEkqO,r=${nonce},s=${salt},i=4096,c=biws,r=${nonce}`;
  expect(createHmac("sha256", serverKey).update(exchange).digest("base64")).toBe("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
});
