import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { expect } from "vitest";
import { causes } from "#server/app/modules.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import { findWays } from "#server/modules/incidents/notices/find-ways.ts";
import { sendNotice } from "#server/modules/incidents/notices/send-mails.ts";
import { verifyScope } from "#server/modules/incidents/scope/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as contract from "#shared/incident-notices.ts";
import type * as drafts from "#shared/incident-drafts.ts";
import { request, type Reply } from "./request.ts";
import { openSeededHouse, type Caller } from "./seeded-house.ts";

/** What stands in the records of the seeded people, by their index. */
function valuesOf(index: number): Readonly<Record<string, string | null>> {
  const name = { fullName: `宛名 ${index}番` };
  const address = { postalCode: "1000001", address: `東京都千代田区千代田1-${index}` };
  switch (index) {
    case 3:
      return { ...name, ...address };
    case 4:
      return name;
    case 5:
      return { ...name, ...address, mail: "refuse@example.jp" };
    case 6:
      return { ...name, ...address, mail: "cut@example.jp" };
    case 7:
      return { ...name, ...address, mail: "suspended@example.jp" };
    default:
      return { ...name, ...address, mail: `p${index}@example.jp` };
  }
}

interface Taken {
  readonly to: string;
  readonly from: string;
  readonly raw: string;
}

/** What the mail server took, and what it does next. */
interface MailServer {
  readonly taken: Taken[];
  /** Whom it does not take for now. */
  later: string;
  beforeLater: () => Promise<void>;
  /** Called with each message before it is answered; a message is not answered while it waits. */
  beforeAnswer: (message: Taken) => Promise<void>;
}

/** A house with people who can be told by mail, by letter or not at all, and a mail server that takes what it is sent. */
export async function openNoticeHouse() {
  const mail: MailServer = { taken: [], later: "", beforeLater: async () => undefined, beforeAnswer: async () => undefined };
  const house = await openSeededHouse([["privacy-officer"], ["manager"], ["sales"]], { unowned: 9, far: 0, valuesOf });
  const [officer, manager, sales] = house.callers as [Caller, Caller, Caller];
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo({ address }, _session, done) {
      if (address === mail.later) void mail.beforeLater().then(() => done(Object.assign(new Error("4.7.1 greylisted, try later"), { responseCode: 451 })));
      else done(address.startsWith("refuse") ? Object.assign(new Error("5.1.1 no such user here"), { responseCode: 550 }) : null);
    },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        const message = { to: rcptTo[0]?.address ?? "", from: mailFrom === false ? "" : mailFrom.address, raw: Buffer.concat(parts).toString("utf8") };
        mail.taken.push(message);
        void mail.beforeAnswer(message).then(() => done());
      });
    },
  });
  smtp.on("error", () => undefined);
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  const close = async (): Promise<void> => {
    await new Promise<void>((resolve) => smtp.close(() => resolve()));
    await house.close();
  };

  const port = (): number => (smtp.server.address() as AddressInfo).port;
  const mailSettings = (): Record<string, unknown> => ({
    host: "127.0.0.1",
    port: port(),
    security: "none",
    user: "",
    from: "notice@kuraban.example",
    replyTo: "desk@kuraban.example",
    bounceTo: "bounce@kuraban.example",
    isTagged: true,
  });
  const ask = (who: Caller, method: string, url: string, body?: unknown): Promise<Reply> =>
    request(house, { method, url, cookie: who.cookie, ...(body === undefined ? {} : { body }) });
  const run = (noticeNo: number): Promise<void> => sendNotice(house.open.storehouse, { payload: { noticeNo }, signal: new AbortController().signal });
  const list = async (no: number) => (await ask(officer, "GET", `/api/incidents/${no}/notices`)).body as unknown as ReplyOf<typeof contract.listNotices>;
  const people = async (noticeNo: number, more: object = {}) =>
    (
      (await ask(officer, "POST", `/api/incident-notices/${noticeNo}/people`, { limit: 100, ...more })).body as unknown as ReplyOf<
        typeof contract.listNoticePeople
      >
    ).people;
  const eventsOf = async (type: string) =>
    (await listEvents(house.database.app, { types: [type], limit: 50 })).events.filter(({ outcome }) => outcome === "ok");

  /** An incident with an approved notice paper and a scope that names these people and verifies. */
  async function ready(indexes: readonly number[], isDrill = false): Promise<number> {
    const knownAt = new Date(house.open.storehouse.clock().getTime() - 3_600_000).toISOString();
    const no = Number(
      (await ask(officer, "POST", "/api/incidents", { playbook: "misdirected", isDrill, knownAt, what: "宛先を誤って送信した" })).body["incidentNo"],
    );
    await ask(officer, "POST", `/api/incidents/${no}/facts`, { key: "outline.summary", value: "別の方の資料を送りました", certainty: "confirmed" });
    const [draft] = (await ask(officer, "POST", `/api/incidents/${no}/drafts`, { papers: ["person-notice"] })).body["made"] as drafts.DraftHead[];
    const asked = await ask(officer, "POST", `/api/incident-drafts/${draft!.draftNo}/approval`, {});
    await decide(asked.body["requestNo"]);
    const named = [{ kind: "people", values: indexes.map((index) => house.customerNos[index]!) }];
    const scope = await ask(officer, "POST", `/api/incidents/${no}/scope`, { causes: named });
    await house.open.sequencer.sequenceNow();
    expect(await verifyScope(house.open.storehouse, Number(scope.body["runNo"]), { causes })).toBe("holds");
    return no;
  }
  async function decide(requestNo: unknown, decision = "approve"): Promise<void> {
    expect((await ask(manager, "POST", `/api/approvals/${Number(requestNo)}/decide`, { decision })).status).toBe(200);
  }
  async function plan(no: number, body: object = {}): Promise<number> {
    const reply = await ask(officer, "POST", `/api/incidents/${no}/notices`, { mailsPerMinute: 6_000, ...body });
    expect(reply.status).toBe(200);
    const noticeNo = Number(reply.body["noticeNo"]);
    await find(noticeNo);
    return noticeNo;
  }
  const find = (noticeNo: number, signal = new AbortController().signal, atOnce?: number): Promise<void> =>
    findWays(house.open.storehouse, { payload: { noticeNo }, signal }, atOnce);
  async function begin(noticeNo: number): Promise<void> {
    await decide((await ask(officer, "POST", `/api/incident-notices/${noticeNo}/approval`, {})).body["requestNo"]);
    expect((await ask(officer, "POST", `/api/incident-notices/${noticeNo}/start`, {})).status).toBe(200);
  }
  const outcomesOf = async (noticeNo: number): Promise<Record<string, string>> =>
    Object.fromEntries((await people(noticeNo)).map((one) => [String(house.customerIndex.get(one.customerNo)), `${one.way} ${one.outcome}`]));
  /** Moves people of an incident's newest run, by their indexes. */
  async function moving(no: number): Promise<(tier: string, ...indexes: number[]) => Promise<void>> {
    const { runs } = (await ask(officer, "GET", `/api/incidents/${no}/scope/runs`)).body as { runs: { runNo: number }[] };
    return async (tier, ...indexes) => {
      const body = { customerNos: indexes.map((index) => house.customerNos[index]!), tier, reason: "別の宛先だった" };
      expect((await ask(officer, "POST", `/api/incidents/${no}/scope/runs/${runs[0]!.runNo}/move`, body)).status).toBe(200);
    };
  }
  expect((await ask(officer, "PUT", "/api/notice-mail", mailSettings())).status).toBe(200);
  expect((await ask(officer, "POST", `/api/customers/${house.customerNos[7]!}/suspend`, { reason: "本人の申し出" })).status).toBe(200);
  return {
    house,
    smtp,
    mail,
    officer,
    manager,
    sales,
    port,
    mailSettings,
    ask,
    run,
    list,
    people,
    eventsOf,
    ready,
    decide,
    plan,
    find,
    begin,
    outcomesOf,
    moving,
    close,
  };
}
