import { afterAll, beforeAll, expect, test } from "vitest";
import { causes } from "#server/app/modules.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as contract from "#shared/incident-drafts.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { readWord } from "#tests/support/read-word.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { verifyScope } from "../scope/index.ts";
import { hashOfContent } from "./draft-hash.ts";

let house: SeededHouse;
let officer: Caller, manager: Caller, sales: Caller;
beforeAll(async () => {
  house = await openSeededHouse([["privacy-officer"], ["manager"], ["sales"]]);
  [officer, manager, sales] = house.callers as [Caller, Caller, Caller];
});
afterAll(() => house.close());

const ask = (who: Caller, method: string, url: string, body?: unknown): Promise<Reply> =>
  request(house, { method, url, cookie: who.cookie, ...(body === undefined ? {} : { body }) });
const eventsOf = async (type: string) => (await listEvents(house.database.app, { types: [type], limit: 50 })).events.filter(({ outcome }) => outcome === "ok");
const summary = "営業の端末から顧客の一覧が見知らぬ相手に開かれた";

async function open(playbook = "unauthorised-access", isDrill = false): Promise<number> {
  const knownAt = new Date(house.open.storehouse.clock().getTime() - 3_600_000).toISOString();
  const reply = await ask(officer, "POST", "/api/incidents", { playbook, isDrill, knownAt, what: "見慣れない端末からの閲覧" });
  return Number(reply.body["incidentNo"]);
}
const state = async (no: number, key: string, value: string | null, certainty = "confirmed"): Promise<void> =>
  expect((await ask(officer, "POST", `/api/incidents/${no}/facts`, { key, value, certainty })).status).toBe(200);
const make = async (no: number, papers?: readonly string[]): Promise<contract.DraftHead[]> =>
  (await ask(officer, "POST", `/api/incidents/${no}/drafts`, papers === undefined ? {} : { papers })).body["made"] as contract.DraftHead[];
const list = async (no: number) => (await ask(officer, "GET", `/api/incidents/${no}/drafts`)).body as unknown as ReplyOf<typeof contract.listDrafts>;
const show = async (draftNo: number, who = officer) => (await ask(who, "GET", `/api/incident-drafts/${draftNo}`)).body as unknown as contract.PaperOut;
const entriesOf = (paper: contract.PaperOut): contract.DraftEntry[] => paper.sections.flatMap((section) => section.entries);
const textOf = (pieces: readonly contract.DraftPiece[] | null | undefined): string => (pieces ?? []).map((piece) => String(piece.text)).join("");
const entry = (paper: contract.PaperOut, key: string): contract.DraftEntry => entriesOf(paper).find((one) => one.key === key)!;

test("papers are saved only where they would read otherwise, and a version shows what it changed", async () => {
  const no = await open();
  const first = await make(no);
  expect(first.map((head) => head.paper)).toEqual(expect.arrayContaining(["preliminary", "final", "person-notice", "police", "press", "desk-script"]));
  expect(first.map((head) => head.paper)).not.toContain("card-company");
  expect(await make(no)).toEqual([]);
  expect((await list(no)).papers.find((one) => one.paper === "preliminary")).toMatchObject({
    isNeeded: true,
    changed: 0,
    latest: { version: 1, state: "draft" },
  });

  await state(no, "outline.summary", summary);
  await state(no, "outline.leak", "possible");
  const stands = (await list(no)).papers.find((one) => one.paper === "preliminary")!;
  expect(stands.changed).toBe(2);
  const [second] = await make(no, ["preliminary"]);
  expect(second).toMatchObject({ paper: "preliminary", version: 2, changed: 2, overall: "reportable" });
  expect(await make(no, ["preliminary"])).toEqual([]);
  const shown = await show(second!.draftNo);
  expect(
    entriesOf(shown)
      .filter((one) => one.isChanged)
      .map((one) => one.key),
  ).toEqual(["outline.summary", "outline.leak"]);
  expect(textOf(entry(shown, "outline.summary").pieces)).toBe(summary);
  expect(textOf(entry(shown, "outline.summary").former)).toBe("不明(調査中)");
  expect(textOf(entry(shown, "outline.leak").pieces)).toBe("□確定 ■おそれ □なし");

  // A version reads the same when facts have moved on.
  await state(no, "outline.summary", "別の説明");
  expect(textOf(entry(await show(second!.draftNo), "outline.summary").pieces)).toBe(summary);
});

test("nothing leaves before a second person approved that very version", async () => {
  const no = await open();
  await state(no, "outline.summary", summary);
  const [draft] = await make(no, ["preliminary"]);
  const download = (draftNo: number, form: string, who = officer): Promise<Reply> => ask(who, "POST", `/api/incident-drafts/${draftNo}/${form}`, {});
  for (const form of ["word", "pdf"]) expect((await download(draft!.draftNo, form)).body).toMatchObject({ code: "awaits-approval" });

  expect((await ask(manager, "GET", `/api/incident-drafts/${draft!.draftNo}`)).status).toBe(404);
  const asked = await ask(officer, "POST", `/api/incident-drafts/${draft!.draftNo}/approval`, { reason: "速報の提出" });
  expect(asked.status).toBe(200);
  expect((await ask(officer, "POST", `/api/incident-drafts/${draft!.draftNo}/approval`, {})).body).toMatchObject({ code: "awaits-approval" });
  expect((await download(draft!.draftNo, "pdf")).body).toMatchObject({ code: "awaits-approval" });

  // Who judges reads what is judged, and nobody else does.
  expect(textOf(entry(await show(draft!.draftNo, manager), "outline.summary").pieces)).toBe(summary);
  expect((await ask(sales, "GET", `/api/incident-drafts/${draft!.draftNo}`)).status).toBe(404);
  const decide = (who: Caller): Promise<Reply> => ask(who, "POST", `/api/approvals/${Number(asked.body["requestNo"])}/decide`, { decision: "approve" });
  expect((await decide(officer)).status).toBe(403);
  expect((await decide(manager)).status).toBe(200);
  expect((await show(draft!.draftNo)).head).toMatchObject({ state: "approved", approvedBy: manager.accountNo });
  expect((await ask(manager, "GET", `/api/incident-drafts/${draft!.draftNo}`)).status).toBe(404);

  const pdf = (await download(draft!.draftNo, "pdf")).bytes.toString("utf8");
  for (const text of ["漏えい等に関する報告書", summary, "不明(調査中)", "該当なし", "個人情報保護委員会"]) expect(pdf).toContain(text);
  const { bytes } = await download(draft!.draftNo, "word");
  const word = await readWord(bytes.subarray(bytes.indexOf("PK\u0003\u0004", 0, "latin1")));
  for (const text of ["漏えい等に関する報告書", summary, "不明(調査中)", "確認票", "要確認の欄"]) expect(word).toContain(text);
  expect((await download(draft!.draftNo, "pdf", manager)).status).toBe(403);

  // What is known later is a new version, which nobody approved.
  await state(no, "persons.total", "12");
  const [next] = await make(no, ["preliminary"]);
  expect((await download(next!.draftNo, "pdf")).body).toMatchObject({ code: "awaits-approval" });
  expect((await download(draft!.draftNo, "pdf")).status).toBe(200);
  expect((await ask(officer, "POST", `/api/incident-drafts/${draft!.draftNo}/approval`, {})).body).toMatchObject({ code: "conflict" });
  expect((await eventsOf("incident.draft-downloaded"))[0]!.facts).toMatchObject({ incidentNo: no, paper: "preliminary", version: 1, hash: draft!.hash });
});

test("that an approved version was handed over is noted with its receipt, and taken back where it was a mistake", async () => {
  const no = await open();
  const [draft] = await make(no, ["preliminary"]);
  const hand = (who: Caller, body: object): Promise<Reply> => ask(who, "POST", `/api/incident-drafts/${draft!.draftNo}/handings`, body);
  const now = { handedAt: new Date().toISOString(), way: "web-form", receipt: "R8-00123", note: "画面の控えを保管" };
  expect((await hand(officer, now)).body).toMatchObject({ code: "awaits-approval" });
  const asked = await ask(officer, "POST", `/api/incident-drafts/${draft!.draftNo}/approval`, {});
  await ask(manager, "POST", `/api/approvals/${Number(asked.body["requestNo"])}/decide`, { decision: "approve" });

  expect((await hand(manager, now)).status).toBe(403);
  for (const handedAt of ["2100-01-01T00:00:00.000Z", "2001-01-01T00:00:00.000Z"]) {
    expect((await hand(officer, { ...now, handedAt })).body).toMatchObject({ code: "invalid-input", facts: { field: "handedAt" } });
  }
  const { handingNo } = (await hand(officer, now)).body as { handingNo: number };
  const paper = async () => (await ask(officer, "GET", `/api/incidents/${no}/drafts/preliminary`)).body["handings"];
  const handed = async () => ((await ask(officer, "GET", `/api/incidents/${no}`)).body["terms"] as { preliminaryHanded: string | null }).preliminaryHanded;
  expect(await paper()).toMatchObject([{ handingNo, version: 1, way: "web-form", receipt: "R8-00123", note: "画面の控えを保管", isWithdrawn: false }]);
  expect(await handed()).toBe(now.handedAt);
  const [event] = await eventsOf("incident.paper-handed");
  expect(event!.facts).toMatchObject({ incidentNo: no, paper: "preliminary", version: 1, hash: draft!.hash, handedAt: now.handedAt, way: "web-form" });
  expect(JSON.stringify(event!.facts)).not.toContain("R8-00123");

  const withdraw = (): Promise<Reply> => ask(officer, "POST", `/api/incident-papers/handings/${handingNo}/withdraw`, {});
  expect((await withdraw()).status).toBe(200);
  expect((await withdraw()).body).toMatchObject({ code: "conflict" });
  expect(await handed()).toBeNull();
  expect(await paper()).toMatchObject([{ handingNo, isWithdrawn: true }]);
  expect((await eventsOf("incident.paper-handing-withdrawn"))[0]!.facts).toMatchObject({ handingNo });
});

test("a refused version may be asked about again, and a drill says on every sheet that it is one", async () => {
  const no = await open("misdirected", true);
  const [draft] = await make(no, ["person-notice"]);
  const asked = await ask(officer, "POST", `/api/incident-drafts/${draft!.draftNo}/approval`, {});
  await ask(manager, "POST", `/api/approvals/${Number(asked.body["requestNo"])}/decide`, { decision: "refuse" });
  expect((await show(draft!.draftNo)).head?.state).toBe("refused");
  const again = await ask(officer, "POST", `/api/incident-drafts/${draft!.draftNo}/approval`, {});
  await ask(manager, "POST", `/api/approvals/${Number(again.body["requestNo"])}/decide`, { decision: "approve" });
  const pdf = (await ask(officer, "POST", `/api/incident-drafts/${draft!.draftNo}/pdf`, {})).bytes.toString("utf8");
  expect(pdf).toContain("訓練");
  expect(pdf).not.toContain("送付の対象");
});

test("a passage in words of one's own stands in a new version, and goes back to the template", async () => {
  const no = await open();
  const write = (key: string, text: string | null): Promise<Reply> => ask(officer, "PUT", `/api/incidents/${no}/drafts/press/passages/${key}`, { text });
  expect((await write("text.none", "x")).status).toBe(400);
  const own = (await write("text.lead", "当社は本日、重大な事態を公表いたします。")).body["made"] as contract.DraftHead;
  expect(textOf(entry(await show(own.draftNo), "text.lead").pieces)).toBe("当社は本日、重大な事態を公表いたします。");
  const back = (await write("text.lead", null)).body["made"] as contract.DraftHead;
  expect(back.version).toBe(own.version + 1);
  expect(textOf(entry(await show(back.draftNo), "text.lead").pieces)).toContain("深くおわび申し上げます");
  expect((await write("text.lead", "カード番号は4111 1111 1111 1111です")).body).toMatchObject({ code: "card-number" });
});

test("what was typed stands sealed: a stored version holds its numbers, and its hash is found again", async () => {
  const { rows } = await house.database.owner.query<{ content: Parameters<typeof hashOfContent>[0]; content_hash: Buffer }>(
    "select content, content_hash from incident_drafts",
  );
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) expect(hashOfContent(row.content).equals(row.content_hash)).toBe(true);
  const inTheClear = JSON.stringify(rows) + JSON.stringify((await house.database.owner.query("select t::text from incident_passages t")).rows);
  for (const typed of [summary, "別の説明", "重大な事態"]) expect(inTheClear).not.toContain(typed);
});

test("people of the scope stand in the report with the run and the event that prove them", async () => {
  expect((await ask(sales, "POST", "/api/customers/views", { columns: ["fullName", "phone", "address"] })).status).toBe(200);
  const no = await open();
  const run = await ask(officer, "POST", `/api/incidents/${no}/scope`, { causes: [{ kind: "account", values: [sales.accountNo] }] });
  expect(run.status).toBe(200);
  const confirmed = Number(run.body["confirmed"]);
  expect(confirmed).toBeGreaterThan(0);
  const [draft] = await make(no, ["preliminary"]);
  const total = entry(await show(draft!.draftNo), "persons.total");
  expect(textOf(total.pieces)).toContain(`${confirmed}人`);
  expect(total.evidence).toEqual([
    { kind: "scope-run", no: run.body["runNo"] },
    { kind: "event", no: run.body["asOfEvent"] },
  ]);
  const judged = (await ask(officer, "GET", `/api/incidents/${no}/judgement`)).body as unknown as contract.JudgementOut;
  expect(judged).toMatchObject({ overall: "reportable", terms: { final: { days: 60 } } });
  const costs = (await ask(officer, "GET", `/api/incidents/${no}/estimates?handling=bad`)).body as unknown as ReplyOf<typeof contract.estimateIncident>;
  expect(costs.damages.total).toBe(costs.damages.perPerson * Number(costs.persons));
});

test("figures that are not verified yet wait, or leave with a reason and a sentence in the paper; verified ones leave as they are", async () => {
  const no = await open();
  const run = await ask(officer, "POST", `/api/incidents/${no}/scope`, { causes: [{ kind: "account", values: [sales.accountNo] }] });
  await house.database.owner.query("update incident_scopes set verification = 'pending', basis = null, verified_at = null where scope_no = $1", [
    run.body["runNo"],
  ]);
  const [draft] = await make(no, ["preliminary"]);
  const approval = (draftNo: number, body: object = {}): Promise<Reply> => ask(officer, "POST", `/api/incident-drafts/${draftNo}/approval`, body);
  expect((await approval(draft!.draftNo)).body).toMatchObject({ code: "not-ready", facts: { reason: "scope-unverified" } });
  expect((await approval(draft!.draftNo, { isBeforeVerification: true })).body).toMatchObject({ code: "invalid-input", facts: { field: "reason" } });
  expect(textOf(entry(await show(draft!.draftNo), "provisional").pieces)).toContain("検証中の数値");
  expect((await approval(draft!.draftNo, { reason: "速報の期限が今日", isBeforeVerification: true })).status).toBe(200);
  expect((await eventsOf("incident.draft-approval-asked"))[0]!.facts).toMatchObject({ incidentNo: no, isBeforeVerification: true });

  expect(await verifyScope(house.open.storehouse, Number(run.body["runNo"]), { causes })).toBe("holds");
  const [verified] = await make(no, ["preliminary"]);
  const shown = await show(verified!.draftNo);
  expect(entry(shown, "provisional")).toBeUndefined();
  expect(shown.gone.map((one) => one.key)).toEqual(["provisional"]);
  expect((await approval(verified!.draftNo)).status).toBe(200);
});

test("whoever judges is asked what the asker was: no older version, no figures that were refuted meanwhile, no row that came undecided", async () => {
  const no = await open("loss-theft");
  await ask(sales, "POST", "/api/customers/views", { columns: ["fullName"] });
  const run = await ask(officer, "POST", `/api/incidents/${no}/scope`, { causes: [{ kind: "account", values: [sales.accountNo] }] });
  const verified = (verification: string): Promise<unknown> =>
    house.database.owner.query("update incident_scopes set verification = $2, basis = null where scope_no = $1", [run.body["runNo"], verification]);
  const asks = async (draft: contract.DraftHead | undefined, body: object = {}): Promise<number> => {
    const asked = await ask(officer, "POST", `/api/incident-drafts/${draft!.draftNo}/approval`, body);
    expect([asked.status, asked.body["code"]]).toEqual([200, undefined]);
    return Number(asked.body["requestNo"]);
  };
  const decide = async (requestNo: number, decision = "approve"): Promise<unknown> => {
    const { status, body } = await ask(manager, "POST", `/api/approvals/${requestNo}/decide`, { decision });
    return status === 200 ? "done" : { code: body["code"], ...(body["facts"] as object) };
  };

  await verified("pending");
  const [pending] = await make(no, ["preliminary"]);
  const first = await asks(pending, { reason: "期限が今日", isBeforeVerification: true });
  await verified("fails");
  expect(await decide(first)).toEqual({ code: "not-ready", reason: "scope-refuted" });
  await verified("pending");
  await state(no, "outline.summary", summary);
  const [newer] = await make(no, ["preliminary"]);
  expect(await decide(first)).toEqual({ code: "conflict", reason: "not-latest" });
  expect(await decide(first, "refuse")).toBe("done");

  await verified("holds");
  const [settled] = await make(no, ["preliminary"]);
  expect(settled!.version).toBe(newer!.version + 1);
  const second = await asks(settled);
  await verified("pending");
  expect(await decide(second)).toEqual({ code: "not-ready", reason: "scope-unverified" });
  await verified("holds");
  const customerNo = house.customerNos[1]!;
  const name = String(
    house.sentinels.find((one) => one.kind === "customer" && one.index === house.customerIndex.get(customerNo) && one.field === "fullName")?.value,
  );
  const match = await request(house, {
    method: "POST",
    url: `/api/incidents/${no}/matches`,
    cookie: officer.cookie,
    body: Buffer.from(`氏名\r\n${name}\r\n`),
    headers: { "content-type": "application/octet-stream", "x-file-name": encodeURIComponent("名簿.csv") },
  });
  expect(await decide(second)).toEqual({ code: "not-ready", reason: "rows-undecided" });
  await ask(officer, "POST", `/api/incidents/${no}/matches/${Number(match.body["matchNo"])}/settle`, { rows: [{ row: 2, customerNos: [customerNo] }] });

  // What stands beside its hash in the database is what was judged, or it goes nowhere.
  const content = async (from: string, to: string): Promise<unknown> =>
    house.database.owner.query("update incident_drafts set content = replace(content::text, $2, $3)::jsonb where draft_no = $1", [settled!.draftNo, from, to]);
  await content("個人情報保護委員会 御中", "だれか 御中");
  expect(await decide(second)).toEqual({ code: "conflict", reason: "changed" });
  await content("だれか 御中", "個人情報保護委員会 御中");
  expect(await decide(second)).toBe("done");
  const drawn = (): Promise<Reply> => ask(officer, "POST", `/api/incident-drafts/${settled!.draftNo}/pdf`, {});
  expect((await drawn()).status).toBe(200);
  await content("個人情報保護委員会 御中", "だれか 御中");
  expect((await drawn()).body).toMatchObject({ code: "conflict", facts: { reason: "changed" } });
  await content("だれか 御中", "個人情報保護委員会 御中");
});

test("a list of which a row may mean one of several people holds up what rests on the scope, until it is settled", async () => {
  const no = await open("loss-theft");
  const run = await ask(officer, "POST", `/api/incidents/${no}/scope`, { causes: [{ kind: "account", values: [sales.accountNo] }] });
  await verifyScope(house.open.storehouse, Number(run.body["runNo"]), { causes });
  const customerNo = house.customerNos[1]!;
  const name = String(
    house.sentinels.find((one) => one.kind === "customer" && one.index === house.customerIndex.get(customerNo) && one.field === "fullName")?.value,
  );
  const match = await request(house, {
    method: "POST",
    url: `/api/incidents/${no}/matches`,
    cookie: officer.cookie,
    body: Buffer.from(`氏名\r\n${name}\r\n`),
    headers: { "content-type": "application/octet-stream", "x-file-name": encodeURIComponent("名簿.csv") },
  });
  const [draft] = await make(no, ["preliminary"]);
  const approval = (): Promise<Reply> => ask(officer, "POST", `/api/incident-drafts/${draft!.draftNo}/approval`, {});
  expect((await approval()).body).toMatchObject({ code: "not-ready", facts: { reason: "rows-undecided" } });
  await ask(officer, "POST", `/api/incidents/${no}/matches/${Number(match.body["matchNo"])}/settle`, { rows: [{ row: 2, customerNos: [customerNo] }] });
  expect((await approval()).status).toBe(200);
});

test("who reports is taken from the incident before, until it is stated anew", async () => {
  const before = await open();
  await state(before, "reporter.representative", "代表取締役 緑川一郎");
  const no = await open();
  const of = async (key: string): Promise<string> => {
    const preview = (await ask(officer, "GET", `/api/incidents/${no}/drafts/preliminary`)).body as unknown as contract.PaperOut;
    return textOf(entry(preview, key).pieces);
  };
  expect(await of("reporter.representative")).toBe("代表取締役 緑川一郎");
  await state(no, "reporter.representative", "代表取締役 青山二郎");
  expect(await of("reporter.representative")).toBe("代表取締役 青山二郎");
});

test("incidents are there for those alone who handle them", async () => {
  const no = await open();
  for (const who of [manager, sales]) {
    for (const url of [
      `/api/incidents/${no}/judgement`,
      `/api/incidents/${no}/estimates`,
      `/api/incidents/${no}/drafts`,
      `/api/incidents/${no}/drafts/preliminary`,
    ]) {
      expect((await ask(who, "GET", url)).status).toBe(403);
    }
    expect((await ask(who, "POST", `/api/incidents/${no}/drafts`, {})).status).toBe(403);
  }
});
