import { afterAll, beforeAll, expect, test } from "vitest";
import { causes } from "#server/app/modules.ts";
import { followScopes } from "#server/modules/evidence/index.ts";
import { verifyScope } from "#server/modules/incidents/index.ts";
import type { DraftHead, PaperOut } from "#shared/incident-drafts.ts";
import { whileHeld } from "#tests/support/hold-row.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";

let house: SeededHouse;
let officer: Caller, manager: Caller, second: Caller;
beforeAll(async () => {
  house = await openSeededHouse([["privacy-officer"], ["manager"], ["manager"]], { unowned: 6, far: 0 });
  [officer, manager, second] = house.callers as [Caller, Caller, Caller];
}, 60_000);
afterAll(() => house.close());

const ask = (who: Caller, method: string, url: string, body?: unknown): Promise<Reply> =>
  request(house, { method, url, cookie: who.cookie, ...(body === undefined ? {} : { body }) });
/** What an act came to: its status, or why it was refused. */
const came = ({ status, body }: Reply): unknown => (status === 200 ? 200 : ((body["facts"] as { reason?: string } | undefined)?.reason ?? body["code"]));
const decide = (who: Caller, requestNo: number, decision = "approve"): Promise<Reply> => ask(who, "POST", `/api/approvals/${requestNo}/decide`, { decision });
const state = (no: number, value: string): Promise<Reply> =>
  ask(officer, "POST", `/api/incidents/${no}/facts`, { key: "outline.summary", value, certainty: "confirmed" });
const make = async (no: number, paper = "preliminary"): Promise<DraftHead | undefined> =>
  ((await ask(officer, "POST", `/api/incidents/${no}/drafts`, { papers: [paper] })).body["made"] as DraftHead[])[0];
const askFor = async (url: string): Promise<number> => {
  const reply = await ask(officer, "POST", url, { reason: "提出のため" });
  expect([reply.status, reply.body["code"]]).toEqual([200, undefined]);
  return Number(reply.body["requestNo"]);
};
const versions = async (no: number): Promise<unknown[]> =>
  ((await ask(officer, "GET", `/api/incidents/${no}/drafts/preliminary`)).body as unknown as PaperOut & { versions: DraftHead[] }).versions.map(
    ({ version, state: of }) => `${version} ${of}`,
  );
async function open(): Promise<number> {
  const knownAt = new Date(Date.now() - 3_600_000).toISOString();
  return Number((await ask(officer, "POST", "/api/incidents", { playbook: "misdirected", isDrill: false, knownAt, what: "誤送信" })).body["incidentNo"]);
}
async function run(no: number, indexes: readonly number[]): Promise<number> {
  const named = [{ kind: "people", values: indexes.map((index) => house.customerNos[index]!) }];
  const runNo = Number((await ask(officer, "POST", `/api/incidents/${no}/scope`, { causes: named })).body["runNo"]);
  await house.open.sequencer.sequenceNow();
  expect(await verifyScope(house.open.storehouse, runNo, { causes })).toBe("holds");
  return runNo;
}
const move = (no: number, runNo: number, index: number, tier: string): Promise<Reply> =>
  ask(officer, "POST", `/api/incidents/${no}/scope/runs/${runNo}/move`, { customerNos: [house.customerNos[index]!], tier, reason: "別の宛先だった" });
const rowOf = (table: "approvals" | "incidents", no: number) => ({
  sql: table === "approvals" ? "select from approvals where request_no = $1" : "select from incidents where incident_no = $1",
  values: [no],
});

test("two who decide at once are two in a row: the first one's word holds, and the other is told so", async () => {
  const no = await open();
  const draft = await make(no);
  const requestNo = await askFor(`/api/incident-drafts/${draft!.draftNo}/approval`);
  const both = await whileHeld(house.database, rowOf("approvals", requestNo), [() => decide(manager, requestNo, "refuse"), () => decide(second, requestNo)]);
  expect(both.map(came)).toEqual([200, "decided"]);
  expect(await versions(no)).toEqual(["1 refused"]);
});

test("a paper that is changed while it is judged: whoever came first is first, and no version is approved that had a newer one", async () => {
  for (const order of ["edit", "approval"]) {
    const no = await open();
    const draft = await make(no);
    const requestNo = await askFor(`/api/incident-drafts/${draft!.draftNo}/approval`);
    await state(no, "別の説明");
    const edit = (): Promise<Reply> => ask(officer, "POST", `/api/incidents/${no}/drafts`, { papers: ["preliminary"] });
    const approve = (): Promise<Reply> => decide(manager, requestNo);
    const done = await whileHeld(house.database, rowOf("incidents", no), order === "edit" ? [edit, approve] : [approve, edit]);
    expect(done.map(came)).toEqual(order === "edit" ? [200, "not-latest"] : [200, 200]);
    expect(await versions(no)).toEqual(order === "edit" ? ["2 draft", "1 asked"] : ["2 draft", "1 approved"]);
    expect((await ask(officer, "POST", `/api/incident-drafts/${draft!.draftNo}/pdf`, {})).status).toBe(order === "edit" ? 409 : 200);
  }
});

test("a paper is not approved with figures of people who were moved since, nor after a run that found others", async () => {
  const no = await open();
  const runNo = await run(no, [0, 1, 2]);
  const draft = await make(no);
  const requestNo = await askFor(`/api/incident-drafts/${draft!.draftNo}/approval`);
  const [moved, judged] = await whileHeld(house.database, rowOf("incidents", no), [() => move(no, runNo, 1, "excluded"), () => decide(manager, requestNo)]);
  expect([came(moved!), came(judged!)]).toEqual([200, "figures-moved"]);
  expect((await move(no, runNo, 1, "confirmed")).status).toBe(200);
  await run(no, [0, 1]);
  expect(came(await decide(manager, requestNo))).toBe("figures-moved");
  expect(came(await decide(manager, requestNo, "refuse"))).toBe(200);
  // A version of the figures as they are goes its way.
  const next = await make(no);
  expect(came(await decide(manager, await askFor(`/api/incident-drafts/${next!.draftNo}/approval`)))).toBe(200);
});

test("handing over and taking the note back come to one end each, whatever the case does meanwhile", async () => {
  const no = await open();
  const draft = await make(no);
  await decide(manager, await askFor(`/api/incident-drafts/${draft!.draftNo}/approval`));
  const hand = (): Promise<Reply> =>
    ask(officer, "POST", `/api/incident-drafts/${draft!.draftNo}/handings`, { handedAt: new Date().toISOString(), way: "web-form", receipt: "", note: "" });
  await state(no, "書き直し");
  const edit = (): Promise<Reply> => ask(officer, "POST", `/api/incidents/${no}/drafts`, { papers: ["preliminary"] });
  const handed = await whileHeld(house.database, rowOf("incidents", no), [edit, hand]);
  expect(handed.map(came)).toEqual([200, 200]);
  const { handingNo } = handed[1]!.body as { handingNo: number };
  const { version } = (await ask(officer, "GET", `/api/incidents/${no}`)).body["incident"] as { version: number };
  const withdraw = (): Promise<Reply> => ask(officer, "POST", `/api/incident-papers/handings/${handingNo}/withdraw`, {});
  const close = (): Promise<Reply> => ask(officer, "PATCH", `/api/incidents/${no}`, { version, isClosed: true });
  const ended = await Promise.all([withdraw(), close(), withdraw()]);
  expect(ended.map(came).filter((one) => one === 200)).toHaveLength(2);
  expect(ended.map(came)).toContain("withdrawn");
  // The version that was handed over is the one that was approved, not the newer one.
  const shown = (await ask(officer, "GET", `/api/incidents/${no}/drafts/preliminary`)).body["handings"];
  expect(shown).toMatchObject([{ handingNo, version: 1, isWithdrawn: true }]);
});

test("a hold that grew since it was asked about is not lifted by that request", async () => {
  const no = await open();
  const runNo = await run(no, [0]);
  const { holdNo } = (await ask(officer, "POST", `/api/incidents/${no}/evidence/holds`, { runNo, reason: "調査のため" })).body as { holdNo: number };
  const lift = (): Promise<number> => askFor(`/api/incident-evidence-holds/${holdNo}/lift`);
  const requestNo = await lift();
  const [, judged] = await whileHeld(house.database, rowOf("incidents", no), [() => move(no, runNo, 3, "possible"), () => decide(manager, requestNo)]);
  expect(came(judged!)).toBe("hold-grew");
  await followScopes(house.open.storehouse);
  expect(came(await decide(manager, requestNo))).toBe("hold-grew");
  expect(came(await decide(manager, requestNo, "refuse"))).toBe(200);
  const again = await lift();
  const both = await whileHeld(house.database, rowOf("approvals", again), [() => decide(manager, again), () => decide(second, again)]);
  expect(both.map(came)).toEqual([200, "decided"]);
});

test("a measure that is lifted while it is confirmed ends, and a yes that comes later does not bring it back", async () => {
  for (const order of ["lift", "confirm"]) {
    const taken = await ask(officer, "POST", "/api/measures", { kind: "stop", target: "service", reason: "調査" });
    expect(taken.body).toMatchObject({ state: "provisional" });
    const measureNo = Number(taken.body["measureNo"]);
    const requestNo = Number(taken.body["requestNo"]);
    const lift = (): Promise<Reply> => ask(officer, "POST", `/api/measures/${measureNo}/lift`, {});
    const confirm = (): Promise<Reply> => decide(manager, requestNo);
    const done = await whileHeld(house.database, rowOf("approvals", requestNo), order === "lift" ? [lift, confirm] : [confirm, lift]);
    expect(done.map(came)).toEqual(order === "lift" ? [200, "decided"] : [200, 200]);
    expect((await house.database.owner.query("select stopped_until::text as until from organisation")).rows[0]).toEqual({ until: "-infinity" });
    expect(came(await lift())).toBe("measure-ended");
  }
});
