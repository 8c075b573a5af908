import { describe, expect, test } from "vitest";
import { readBounce } from "./read-bounce.ts";

const token = "0a1b2c3d4e5f6g7h";
const read = (lines: readonly string[]) => readBounce(Buffer.from(lines.join("\r\n"), "utf8"));

const postfix = (to: string): string[] => [
  "Return-Path: <>",
  "Received: by mx.kuraban.example (Postfix) id 4F1A2C0D; Sun, 22 Nov 2026 10:00:00 +0900 (JST)",
  "From: MAILER-DAEMON@mx.kuraban.example (Mail Delivery System)",
  "Subject: Undelivered Mail Returned to Sender",
  `To: ${to}`,
  "Auto-Submitted: auto-replied",
  "MIME-Version: 1.0",
  'Content-Type: multipart/report; report-type=delivery-status; boundary="4F1A2C0D.1/mx"',
  "",
  "This is a MIME-encapsulated message.",
  "",
  "--4F1A2C0D.1/mx",
  "Content-Description: Notification",
  "Content-Type: text/plain; charset=us-ascii",
  "",
  "<someone@example.com>: host mx.example.com said: 550 5.1.1 User unknown (in reply to RCPT TO command)",
  "",
  "--4F1A2C0D.1/mx",
  "Content-Description: Delivery report",
  "Content-Type: message/delivery-status",
  "",
  "Reporting-MTA: dns; mx.kuraban.example",
  "Arrival-Date: Sun, 22 Nov 2026 09:59:58 +0900 (JST)",
  "",
  "Final-Recipient: rfc822; someone@example.com",
  "Action: failed",
  "Status: 5.1.1",
  "Diagnostic-Code: smtp; 550 5.1.1 User unknown",
  "",
  "--4F1A2C0D.1/mx",
  "Content-Description: Undelivered Message Headers",
  "Content-Type: text/rfc822-headers",
  "",
  "Return-Path: <bounce@kuraban.example>",
  `Message-ID: <kb-${token}@kuraban.example>`,
  "Subject: =?UTF-8?B?44GK55+l44KJ44Gb?=",
  "",
  "--4F1A2C0D.1/mx--",
  "",
];

const exchange = [
  "From: <postmaster@example.co.jp>",
  "To: <bounce@kuraban.example>",
  'Content-Type: multipart/report; report-type=delivery-status; boundary="ex-1"',
  "X-MS-Exchange-Message-Is-Ndr:",
  "Content-Language: ja-JP",
  `In-Reply-To: <kb-${token}@kuraban.example>`,
  "Subject: =?utf-8?B?6YWN5L+h5LiN6IO9?=",
  "MIME-Version: 1.0",
  "",
  "--ex-1",
  'Content-Type: multipart/alternative; differences=Content-Type; boundary="ex-2"',
  "",
  "--ex-2",
  'Content-Type: text/plain; charset="utf-8"',
  "Content-Transfer-Encoding: base64",
  "",
  Buffer.from("この宛先へは配信できませんでした。someone@example.co.jp").toString("base64"),
  "--ex-2",
  'Content-Type: text/html; charset="utf-8"',
  "",
  "<html><body>配信できませんでした</body></html>",
  "--ex-2--",
  "",
  "--ex-1",
  "Content-Type: message/delivery-status",
  "",
  "Reporting-MTA: dns;mail.example.co.jp",
  `Original-Envelope-Id: ${token.toUpperCase()}`,
  "",
  "Final-recipient: RFC822;someone@example.co.jp",
  "Action: failed",
  "Status: 5.2.2",
  "",
  "--ex-1",
  "Content-Type: message/rfc822",
  "",
  `Message-ID: <kb-${token}@kuraban.example>`,
  "Subject: x",
  "",
  "body",
  "--ex-1--",
  "",
];

const gmail = (action: string, status: string): string[] => [
  `Delivered-To: bounce+kb-${token}@kuraban.example`,
  "From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
  `To: bounce+kb-${token}@kuraban.example`,
  "Auto-Submitted: auto-replied",
  "Subject: Delivery Status Notification",
  'Content-Type: multipart/report; boundary="00000000g"; report-type=delivery-status',
  "",
  "--00000000g",
  'Content-Type: multipart/related; boundary="00000001g"',
  "",
  "--00000001g",
  'Content-Type: text/html; charset="UTF-8"',
  "",
  "<html><b>Address not found</b></html>",
  "--00000001g--",
  "--00000000g",
  "Content-Type: message/delivery-status",
  "",
  "Reporting-MTA: dns; googlemail.com",
  "Received-From-MTA: dns; notice@kuraban.example",
  "",
  "Final-Recipient: rfc822; someone@gmail.example",
  `Action: ${action}`,
  `Status: ${status}`,
  "",
  "--00000000g",
  "Content-Type: message/rfc822",
  "",
  `X-Kuraban-Notice: kb-${token}`,
  "",
  "--00000000g--",
  "",
];

describe("a report of a mail system names its mail", () => {
  test.each([
    ["Postfix, with the mark in the address", postfix(`bounce+kb-${token}@kuraban.example`), "5.1.1"],
    ["Postfix, with the mark in the mail that came back alone", postfix("bounce@kuraban.example"), "5.1.1"],
    ["Exchange, by the envelope", exchange, "5.2.2"],
    ["Gmail", gmail("failed", "5.1.1"), "5.1.1"],
  ])("%s", async (_, lines, status) => {
    expect(await read(lines)).toEqual({ token, says: "failed", status });
  });

  test("a report of a delay, or of a delivery, is no failure", async () => {
    expect(await read(gmail("delayed", "4.4.1"))).toEqual({ token, says: "delayed", status: "4.4.1" });
    expect(await read(gmail("relayed", "2.0.0"))).toMatchObject({ token, says: "delivered" });
  });
});

test("a mailer daemon that writes no report is understood as well", async () => {
  const qmail = [
    "From: MAILER-DAEMON@qmail.example.jp",
    `To: bounce+kb-${token}@kuraban.example`,
    "Subject: failure notice",
    "",
    "Hi. This is the qmail-send program. <someone@example.jp>: Sorry, no mailbox here by that name. (#5.1.1)",
  ];
  expect(await read(qmail)).toEqual({ token, says: "failed", status: "5.1.1" });
});

test("an answer or an absence note that quotes the mail says nothing of delivery", async () => {
  const answer = ["From: someone@example.jp", "To: desk@kuraban.example", `In-Reply-To: <kb-${token}@kuraban.example>`, "", `> kb-${token}`];
  expect((await read(answer)).says).toBe("none");
  const absence = [
    "Return-Path: <>",
    "From: postmaster@example.jp",
    `To: bounce+kb-${token}@kuraban.example`,
    "Auto-Submitted: auto-replied",
    "",
    "出張中です。",
  ];
  expect((await read(absence)).says).toBe("none");
});

test("what is no message, or none of ours, is nobody's", async () => {
  expect(await read(["まったく別の文書"])).toMatchObject({ token: null });
  expect(await read(postfix("bounce@kuraban.example").map((line) => line.replace(token, "short")))).toMatchObject({ token: null, says: "failed" });
  expect(await readBounce(Buffer.alloc(0))).toMatchObject({ token: null, says: "none" });
});

test("a message that is written to keep a reader busy is not read; a long one of the ordinary kind is", async () => {
  const filled = (line: string, times: number): string[] => [...postfix(`bounce+kb-${token}@kuraban.example`), ...Array<string>(times).fill(line)];
  expect(await read(filled("", 20_000))).toEqual({ token: null, says: "none", status: null });
  expect(await read(filled("QUJD".repeat(19), 7_000))).toMatchObject({ token, says: "failed" });
  const header = ["From: MAILER-DAEMON@mx.kuraban.example", `To: bounce+kb-${token}@kuraban.example`, `Cc: ${"a:".repeat(40_000)}`, "", "5.1.1"];
  expect(await read(header)).toEqual({ token: null, says: "none", status: null });
});
