import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { canonicalJson } from "#server/core/ledger/canonical-json.ts";
import { hashLeaf } from "#server/core/ledger/index.ts";
import { parseSyslog, readFrames } from "#tests/support/syslog-receiver.ts";
import { readFeedEvent, type FeedEvent } from "./feed-event.ts";
import { eventLine } from "./send-to-lines.ts";
import { frame, longestMessage, syslogMessage } from "./syslog-message.ts";

const plain = {
  v: 1,
  type: "customer.viewed",
  at: "2026-11-20T01:00:00.000Z",
  principal: "account",
  accountNo: 2,
  address: "192.0.2.10",
  requestId: "00000000-0000-4000-8000-000000000001",
  outcome: "ok",
  policy: 5,
  entries: { count: 3, root: "ytFg" },
};
function eventOf(change: object = {}): FeedEvent {
  const header = canonicalJson({ ...plain, ...change } as never);
  return readFeedEvent({ sequence: 11, eventNo: 12, epochNo: 1, leaf: hashLeaf(Buffer.from(header, "utf8")), header });
}
const read = (event: FeedEvent) => parseSyslog(syslogMessage(event, "kuraban.0a1b"));

describe("an event as a syslog message", () => {
  test("says where it stands, whose it is and how it ended, and carries the header as it was signed", () => {
    const event = eventOf();
    expect(read(event)).toEqual({
      facility: 13,
      severity: 6,
      at: plain.at,
      hostname: "kuraban.0a1b",
      app: "kuraban",
      id: "customer.viewed",
      data: {
        sequence: "11",
        event: "12",
        epoch: "1",
        type: "customer.viewed",
        principal: "account",
        account: "2",
        outcome: "ok",
        address: "192.0.2.10",
        records: "3",
        leaf: event.leaf.toString("base64"),
      },
      text: event.header,
    });
  });

  test("is graver when it was refused, failed or is an alarm, or is not what was signed", () => {
    const event = eventOf();
    const gravest = [eventOf({ outcome: "refused" }), eventOf({ outcome: "failed" }), eventOf({ facts: { alarm: true } })];
    expect(gravest.map((one) => read(one).severity)).toEqual([4, 3, 1]);
    const altered = read(readFeedEvent({ ...event, header: event.header!.replace("192.0.2.10", "192.0.2.11") }));
    expect([altered.severity, altered.data["state"], altered.data["address"]]).toEqual([1, "altered", "192.0.2.11"]);
    const missing = read(readFeedEvent({ ...event, header: null }));
    expect([missing.severity, missing.id, missing.data["state"], missing.data["sequence"], missing.text, missing.at]).toEqual([
      1,
      "ledger.event-missing",
      "missing",
      "11",
      "",
      null,
    ]);
    const ruined = read(readFeedEvent({ ...event, header: "no\njson" }));
    expect([ruined.severity, ruined.data["state"], ruined.text]).toEqual([1, "altered", "no\njson"]);
  });

  test("leaves out its facts, and says so, before a receiver would cut it off", () => {
    const { data, text } = read(eventOf({ facts: { headers: Array.from({ length: 2_000 }, () => "日本") } }));
    expect(data["cut"]).toBe("facts");
    expect(JSON.parse(text)).toEqual(plain);
  });

  test("whatever stands in it, keeps to the grammar, within its bound, and to one line as JSON", () => {
    const name = fc.stringMatching(/^[a-z][a-z-]{0,25}\.[a-z][a-z-]{0,31}$/);
    const wild = fc.string({ unit: "grapheme", maxLength: 60 });
    fc.assert(
      fc.property(name, wild, wild, fc.constantFrom("ok", "refused", "failed"), (type, address, word, outcome) => {
        const event = eventOf({ type, address, outcome, facts: { word } });
        const message = syslogMessage(event, "kuraban.0a1b");
        expect(message.length).toBeLessThanOrEqual(longestMessage);
        const parsed = parseSyslog(message);
        expect([parsed.data["type"], parsed.data["address"], parsed.text]).toEqual([type, address, event.header]);
        expect(readFrames(Buffer.concat([frame(message), frame(message)]))).toEqual({ messages: [message, message], rest: Buffer.alloc(0) });
        const line = eventLine(event);
        expect(line.indexOf("\n")).toBe(line.length - 1);
        expect(JSON.parse(line)).toMatchObject({ sequence: 11, event: 12, epoch: 1, header: { type, facts: { word } } });
      }),
    );
  });
});
