import { afterAll, beforeAll, expect, test } from "vitest";
import { causes } from "#server/app/modules.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as contract from "#shared/incident-consignors.ts";
import type * as drafts from "#shared/incident-drafts.ts";
import { readWorkbook } from "#tests/support/read-workbook.ts";
import { readWord } from "#tests/support/read-word.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { verifyScope } from "../scope/index.ts";

let house: SeededHouse;
let officer: Caller, manager: Caller, sales: Caller;
let first: number, second: number;
beforeAll(async () => {
  house = await openSeededHouse([["privacy-officer"], ["manager"], ["sales"]], { unowned: 5, far: 2 });
  [officer, manager, sales] = house.callers as [Caller, Caller, Caller];
  [first, second] = [...house.companyIndex.keys()] as [number, number];
});
afterAll(() => house.close());

const ask = (who: Caller, method: string, url: string, body?: unknown): Promise<Reply> =>
  request(house, { method, url, cookie: who.cookie, ...(body === undefined ? {} : { body }) });
const customer = (index: number): number => house.customerNos[index]!;
const entrust = (companyNo: number, indexes: readonly number[], isEntrusted = true, who = manager): Promise<Reply> =>
  ask(who, "POST", `/api/companies/${companyNo}/entrusted`, { customerNos: indexes.map(customer), isEntrusted });
const list = async (no: number) => (await ask(officer, "GET", `/api/incidents/${no}/consignors`)).body as unknown as ReplyOf<typeof contract.listConsignors>;
const judged = async (no: number) => (await ask(officer, "GET", `/api/incidents/${no}/judgement`)).body as unknown as drafts.JudgementOut;
const decide = async (requestNo: unknown): Promise<void> =>
  void expect((await ask(manager, "POST", `/api/approvals/${Number(requestNo)}/decide`, { decision: "approve" })).status).toBe(200);
const nameOf = (companyNo: number): string =>
  house.sentinels.find((one) => one.kind === "company" && one.index === house.companyIndex.get(companyNo) && one.field === "companyName")!.value;
const valueOf = (index: number, field: string): string =>
  house.sentinels.find((one) => one.kind === "customer" && one.index === index && one.field === field)!.value;

async function ready(indexes: readonly number[], isDrill = false): Promise<number> {
  const knownAt = new Date(house.open.storehouse.clock().getTime() - 3_600_000).toISOString();
  const no = Number(
    (await ask(officer, "POST", "/api/incidents", { playbook: "misdirected", isDrill, knownAt, what: "委託元の名簿を誤って送信した" })).body["incidentNo"],
  );
  await ask(officer, "POST", `/api/incidents/${no}/facts`, { key: "outline.leak", value: "certain", certainty: "confirmed" });
  const [draft] = (await ask(officer, "POST", `/api/incidents/${no}/drafts`, { papers: ["consignor-notice"] })).body["made"] as drafts.DraftHead[];
  await decide((await ask(officer, "POST", `/api/incident-drafts/${draft!.draftNo}/approval`, {})).body["requestNo"]);
  const scope = await ask(officer, "POST", `/api/incidents/${no}/scope`, { causes: [{ kind: "people", values: indexes.map(customer) }] });
  await house.open.sequencer.sequenceNow();
  expect(await verifyScope(house.open.storehouse, Number(scope.body["runNo"]), { causes })).toBe("holds");
  return no;
}

test("customers are entrusted by those who may write them, and by nobody else", async () => {
  expect((await entrust(first, [1, 3, 4])).body).toEqual({ changed: 3 });
  expect((await entrust(first, [1, 3])).body).toEqual({ changed: 0 });
  expect((await entrust(second, [4, 5])).body).toEqual({ changed: 2 });
  // The last two stand in another department.
  expect((await entrust(first, [8, 9])).body).toEqual({ changed: 0 });
  for (const who of [sales, officer]) expect((await entrust(first, [3], true, who)).status).toBe(403);
  expect((await ask(manager, "GET", `/api/companies/${first}/entrusted`)).body).toMatchObject({ people: 3 });
  expect((await entrust(first, [1], false)).body).toEqual({ changed: 1 });
  const [event] = (await listEvents(house.database.app, { types: ["customers.entrusted"], limit: 1 })).events;
  expect(event).toMatchObject({ facts: { companyNo: first, isEntrusted: false, people: 1 } });
  expect(event!.releases.some(({ kind, numbers }) => kind === "customer" && numbers.includes(customer(1)))).toBe(true);
});

test("each consignor is told of its own people alone, after a second person said yes", async () => {
  const no = await ready([3, 4, 5, 6]);
  const { consignors, own } = await list(no);
  expect(consignors.map(({ companyNo, confirmed, possible }) => ({ companyNo, confirmed, possible }))).toEqual([
    { companyNo: first, confirmed: 2, possible: 0 },
    { companyNo: second, confirmed: 2, possible: 0 },
  ]);
  expect(own).toBe(1);
  const packNo = Number((await ask(officer, "POST", `/api/incidents/${no}/consignors/${first}/packs`, {})).body["packNo"]);
  for (const act of ["pdf", "word", "list", "password"]) {
    expect((await ask(officer, "POST", `/api/consignor-packs/${packNo}/${act}`, {})).body).toMatchObject({ code: "awaits-approval" });
  }
  await decide((await ask(officer, "POST", `/api/consignor-packs/${packNo}/approval`, { reason: "規則9条の通知" })).body["requestNo"]);

  const pdf = (await ask(officer, "POST", `/api/consignor-packs/${packNo}/pdf`, {})).bytes.toString("utf8");
  for (const text of [nameOf(first), "貴社分2人", "施行規則9条"]) expect(pdf).toContain(text);
  for (const text of [nameOf(second), "委託元ごとに、"]) expect(pdf).not.toContain(text);
  const { bytes } = await ask(officer, "POST", `/api/consignor-packs/${packNo}/word`, {});
  expect(await readWord(bytes.subarray(bytes.indexOf("PK\u0003\u0004", 0, "latin1")))).toContain("貴社分 2人");

  const { password } = (await ask(officer, "POST", `/api/consignor-packs/${packNo}/password`, {})).body as { password: string };
  const reply = await ask(officer, "POST", `/api/consignor-packs/${packNo}/list`, {});
  const file = reply.bytes.subarray(reply.bytes.indexOf(Buffer.from("d0cf11e0a1b11ae1", "hex")));
  const cells = JSON.stringify([...(await readWorkbook(file, password))]);
  for (const index of [3, 4]) expect(cells).toContain(valueOf(index, "fullName"));
  for (const index of [5, 6]) expect(cells).not.toContain(valueOf(index, "fullName"));
  const [event] = (await listEvents(house.database.app, { types: ["incident.pack-list-drawn"], limit: 1 })).events;
  expect(event).toMatchObject({ purpose: "audit", facts: { packNo, companyNo: first, people: 2, leftOut: 0 } });
  for (const who of [manager, sales]) expect((await ask(who, "POST", `/api/consignor-packs/${packNo}/list`, {})).status).toBe(403);

  // Somebody whom nobody approved, slipped in around the product.
  const swap = (from: number, to: number): Promise<unknown> =>
    house.database.owner.query("update incident_consignor_packs set confirmed = array_replace(confirmed, $2, $3) where pack_no = $1", [packNo, from, to]);
  await swap(customer(3), customer(5));
  for (const act of ["list", "password", "pdf"]) {
    expect((await ask(officer, "POST", `/api/consignor-packs/${packNo}/${act}`, {})).body).toMatchObject({ code: "conflict", facts: { reason: "changed" } });
  }
  await swap(customer(5), customer(3));
});

test("a pack that names somebody who was moved out since is not approved", async () => {
  const no = await ready([3, 4]);
  const { runs } = (await ask(officer, "GET", `/api/incidents/${no}/scope/runs`)).body as { runs: { runNo: number }[] };
  const move = (tier: string): Promise<Reply> =>
    ask(officer, "POST", `/api/incidents/${no}/scope/runs/${runs[0]!.runNo}/move`, { customerNos: [customer(3)], tier, reason: "別の名簿の人" });
  const { packNo } = (await ask(officer, "POST", `/api/incidents/${no}/consignors/${first}/packs`, {})).body as { packNo: number };
  const asked = await ask(officer, "POST", `/api/consignor-packs/${packNo}/approval`, {});
  expect((await move("excluded")).status).toBe(200);
  const approval = `/api/approvals/${Number(asked.body["requestNo"])}/decide`;
  expect((await ask(manager, "POST", approval, { decision: "approve" })).body).toMatchObject({
    code: "conflict",
    facts: { reason: "people-moved", people: 1 },
  });
  await move("confirmed");
  expect((await ask(manager, "POST", approval, { decision: "approve" })).status).toBe(200);
});

test("the list of a drill holds nobody's name, whoever approved it", async () => {
  const no = await ready([3, 4], true);
  const packNo = Number((await ask(officer, "POST", `/api/incidents/${no}/consignors/${first}/packs`, {})).body["packNo"]);
  await decide((await ask(officer, "POST", `/api/consignor-packs/${packNo}/approval`, {})).body["requestNo"]);
  const { password } = (await ask(officer, "POST", `/api/consignor-packs/${packNo}/password`, {})).body as { password: string };
  const { bytes, status } = await ask(officer, "POST", `/api/consignor-packs/${packNo}/list`, {});
  expect(status).toBe(200);
  const cells = JSON.stringify([...(await readWorkbook(bytes.subarray(bytes.indexOf(Buffer.from("d0cf11e0a1b11ae1", "hex"))), password))]);
  expect(cells).toContain("訓練");
  expect(cells).toContain(String(customer(3)));
  for (const field of ["fullName", "mail", "memberNumber"]) expect(cells).not.toContain(valueOf(3, field));
});

test("the judgement says who is still to be told, and releases only when everybody was, in time, of everybody", async () => {
  const no = await ready([3, 4, 5]);
  const note = async (): Promise<string> => (await judged(no)).notes.map(({ ja }) => ja).join("");
  expect(await note()).toContain("通知がまだの委託元が2社");
  const today = house.open.storehouse.clock().toISOString().slice(0, 10);
  const before = (await judged(no)).overall;
  expect(before).not.toBe("not-reportable");
  for (const companyNo of [first, second]) {
    const packNo = Number((await ask(officer, "POST", `/api/incidents/${no}/consignors/${companyNo}/packs`, {})).body["packNo"]);
    expect((await ask(officer, "POST", `/api/consignor-packs/${packNo}/sent`, { on: today, how: "mail" })).body).toMatchObject({ code: "awaits-approval" });
    await decide((await ask(officer, "POST", `/api/consignor-packs/${packNo}/approval`, {})).body["requestNo"]);
    const sent = await ask(officer, "POST", `/api/consignor-packs/${packNo}/sent`, { on: today, how: "mail", receipt: "情報管理部 青木様" });
    expect(sent.body).toEqual({ state: "sent" });
    if (companyNo === first) {
      expect((await judged(no)).overall).toBe(before);
      expect(await note()).toContain("通知がまだの委託元が1社");
    }
  }
  expect(await judged(no)).toMatchObject({ overall: "not-reportable", reasons: [{ isToBeChecked: true }] });
  expect((await list(no)).consignors[0]!.packs[0]).toMatchObject({ state: "sent", sentHow: "mail", receipt: "情報管理部 青木様", isStale: false });
  // Somebody comes into the scope whom nobody entrusted: our own duty is there again.
  const scope = await ask(officer, "POST", `/api/incidents/${no}/scope`, { causes: [{ kind: "people", values: [3, 4, 5, 6].map(customer) }] });
  await house.open.sequencer.sequenceNow();
  await verifyScope(house.open.storehouse, Number(scope.body["runNo"]), { causes });
  expect((await judged(no)).overall).toBe(before);
  const { rows } = await house.database.owner.query<{ text: string }>("select string_agg(p::text, ' ') as text from incident_consignor_packs p");
  expect(rows[0]!.text).not.toContain("青木");
});
