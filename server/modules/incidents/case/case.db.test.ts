import { afterAll, beforeAll, expect, test } from "vitest";
import { listEvents } from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as signals from "#shared/incident-signals.ts";
import type * as contract from "#shared/incidents.ts";
import { pdfText } from "#tests/support/pdf-text.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { statedFacts } from "./facts.ts";
import { openFromConsole } from "./open-from-console.ts";
import { watchThresholds } from "./alerts.ts";

let house: SeededHouse;
let officer: Caller, sales: Caller, administrator: Caller;
const hourMs = 3_600_000;
beforeAll(async () => {
  house = await openSeededHouse([["privacy-officer"], ["sales"], ["system-administrator"]]);
  [officer, sales, administrator] = house.callers as [Caller, Caller, Caller];
});
afterAll(() => house.close());

const ask = (who: Caller, method: string, url: string, body?: unknown): Promise<Reply> =>
  request(house, { method, url, cookie: who.cookie, ...(body === undefined ? {} : { body }) });
const now = (): Date => house.open.storehouse.clock();
const show = async (no: number) => (await ask(officer, "GET", `/api/incidents/${no}`)).body as unknown as ReplyOf<typeof contract.showIncident>;
const eventsOf = async (type: string) => (await listEvents(house.database.app, { types: [type], limit: 50 })).events.filter(({ outcome }) => outcome === "ok");
const what = "営業の山田太郎のアカウントが盗まれたおそれがある";
const open = async (given: object = {}): Promise<number> => {
  const reply = await ask(officer, "POST", "/api/incidents", { playbook: "unauthorised-access", knownAt: now().toISOString(), what, ...given });
  expect(reply.status).toBe(200);
  return Number(reply.body["incidentNo"]);
};
/** Everything of the module's tables as text: nothing typed may be found in it. */
const inTheClear = async (): Promise<string> => {
  const tables = ["incidents", "incident_facts", "incident_tasks", "incident_notes", "incident_reports", "incident_alerts", "incident_playbook_tasks"];
  const texts = await Promise.all(tables.map(async (table) => JSON.stringify((await house.database.owner.query(`select t::text from ${table} t`)).rows)));
  const headers = (await house.database.owner.query("select header from ledger_events")).rows;
  return texts.join() + JSON.stringify(headers);
};

test("the privacy officer opens an incident, nobody else sees that there is one", async () => {
  for (const who of [sales, administrator]) {
    expect((await ask(who, "POST", "/api/incidents", { playbook: "insider", knownAt: now().toISOString(), what })).status).toBe(403);
    expect((await ask(who, "GET", "/api/incidents/open")).status).toBe(403);
    expect((await ask(who, "GET", "/api/incidents/1")).status).toBe(403);
  }
  const knownAt = new Date(now().getTime() - hourMs).toISOString();
  const no = await open({ knownAt });
  const whole = await show(no);
  expect(whole.incident).toMatchObject({ incidentNo: no, isDrill: false, playbook: "unauthorised-access", phase: 1, knownAt, what });
  const contain = whole.tasks.find((task) => task.key === "common.contain")!;
  expect(Date.parse(contain.dueAt!) - Date.parse(knownAt)).toBe(4 * hourMs);
  expect(whole.tasks.map((task) => task.phase)).toEqual(whole.tasks.map((task) => task.phase).toSorted());
  expect((await ask(officer, "GET", "/api/incidents/open")).body["incidents"]).toMatchObject([{ incidentNo: no }]);
  expect((await ask(officer, "GET", "/api/incidents")).body["incidents"]).toMatchObject([{ incidentNo: no, what }]);
  expect((await eventsOf("incident.opened"))[0]!.facts).toMatchObject({ incidentNo: no, playbook: "unauthorised-access", knownAt });
  expect((await ask(officer, "POST", "/api/incidents", { playbook: "insider", knownAt: new Date(now().getTime() + hourMs).toISOString(), what })).status).toBe(
    400,
  );
});

test("an incident opened by the terminal is nobody's, and stands before whoever handles incidents", async () => {
  const opening = { playbook: "ransomware", isDrill: false, knownAt: now(), what, cause: null } as const;
  const { incidentNo } = await openFromConsole(house.open.storehouse, opening);
  expect((await show(incidentNo)).incident).toMatchObject({ openedBy: null, playbook: "ransomware", what });
  expect((await eventsOf("incident.opened"))[0]).toMatchObject({ principal: "console", accountNo: null, facts: { incidentNo } });
});

test("a corrected moment of knowing moves the terms and the clocks of the playbook, and both moments stand in the ledger", async () => {
  const no = await open({ knownAt: "2026-11-19T15:30:00.000Z" });
  const before = await show(no);
  expect(before.terms).toMatchObject({ knownOn: "2026-11-20", early: "2026-11-22", late: "2026-11-24" });
  const knownAt = "2026-11-18T15:30:00.000Z";
  const changed = await ask(officer, "PATCH", `/api/incidents/${no}`, { version: before.incident.version, knownAt });
  expect(changed.status).toBe(200);
  const after = await show(no);
  expect(after.terms.knownOn).toBe("2026-11-19");
  const due = (whole: typeof after): number[] => whole.tasks.flatMap((task) => (task.dueAt === null ? [] : [Date.parse(task.dueAt)]));
  expect(due(after)).toEqual(due(before).map((at) => at - 24 * hourMs));
  expect((await eventsOf("incident.changed"))[0]!.facts).toMatchObject({ knownAt, formerKnownAt: "2026-11-19T15:30:00.000Z" });
  expect((await ask(officer, "PATCH", `/api/incidents/${no}`, { version: before.incident.version, phase: 2 })).body).toMatchObject({ code: "conflict" });
});

test("a fact is never overwritten: each version stands, with who, how sure and from where", async () => {
  const no = await open();
  const state = (body: object): Promise<Reply> => ask(officer, "POST", `/api/incidents/${no}/facts`, body);
  expect((await state({ key: "persons.total", certainty: "assumed", value: "1200", source: "委託先の電話" })).status).toBe(200);
  expect((await state({ key: "persons.total", certainty: "confirmed", value: "1204", source: "記録簿" })).status).toBe(200);
  expect((await state({ key: "cause.detail", certainty: "assumed", value: "山田太郎の端末から侵入" })).status).toBe(200);
  const facts = (await ask(officer, "GET", `/api/incidents/${no}/facts`)).body["facts"];
  expect(facts).toMatchObject([
    { key: "cause.detail", certainty: "assumed", value: null, text: "山田太郎の端末から侵入", versions: 1 },
    { key: "persons.total", certainty: "confirmed", value: "1204", text: null, source: "記録簿", versions: 2, by: officer.accountNo },
  ]);
  const versions = (await ask(officer, "GET", `/api/incidents/${no}/facts/persons.total`)).body["versions"] as { value: string }[];
  expect(versions.map(({ value }) => value)).toEqual(["1204", "1200"]);
  const [first] = (await ask(officer, "GET", `/api/incidents/${no}/facts/persons.total`)).body["versions"] as { factNo: number }[];
  const query = async <Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> => (await house.database.app.query(text, [...values])).rows as Row[];
  const then = await statedFacts({ db: { query } }, no, first!.factNo - 1);
  expect(then.map(({ key, value }) => [key, value])).toEqual([["persons.total", "1200"]]);
  for (const wrong of [
    { key: "persons.total", certainty: "confirmed", value: "たくさん" },
    { key: "persons.total", certainty: "unknown", value: "3" },
    { key: "persons.total", certainty: "confirmed", value: null },
    { key: "nothing.such", certainty: "confirmed", value: "1" },
  ]) {
    expect((await state(wrong)).status).toBe(400);
  }
  expect((await state({ key: "cause.detail", certainty: "confirmed", value: "4111 1111 1111 1111" })).body).toMatchObject({ code: "card-number" });
  await expect(house.database.app.query("update incident_facts set value = '1'")).rejects.toThrow(/permission denied/);
  await expect(house.database.app.query("delete from incident_facts")).rejects.toThrow(/permission denied/);
});

test("a task is ticked, given to somebody, and skipped only with a reason; a closed incident stands still until it is opened again", async () => {
  const no = await open();
  const [task] = (await show(no)).tasks;
  const change = (body: object): Promise<Reply> => ask(officer, "PATCH", `/api/incidents/${no}/tasks/${task!.taskNo}`, body);
  expect((await change({ version: 1, state: "skipped" })).status).toBe(400);
  expect((await change({ version: 1, assignedTo: 999_999 })).status).toBe(400);
  expect((await change({ version: 1, state: "skipped", note: "既に報告済み" })).status).toBe(200);
  expect((await change({ version: 1, state: "done" })).body).toMatchObject({ code: "conflict" });
  expect((await change({ version: 2, state: "done", assignedTo: administrator.accountNo })).status).toBe(200);
  expect((await ask(officer, "POST", `/api/incidents/${no}/tasks`, { title: "社長へ電話する", phase: 2, role: "lead", dueAt: null })).status).toBe(200);
  expect((await ask(officer, "PUT", `/api/incidents/${no}/team`, { role: "systems", accountNos: [administrator.accountNo] })).status).toBe(200);
  const whole = await show(no);
  expect(whole.tasks.find(({ taskNo }) => taskNo === task!.taskNo)).toMatchObject({ state: "done", assignedTo: administrator.accountNo, note: "既に報告済み" });
  expect(whole.tasks.filter(({ title }) => title === "社長へ電話する")).toHaveLength(1);
  expect(whole.team).toEqual([{ role: "systems", accountNo: administrator.accountNo }]);
  expect((await ask(officer, "PATCH", `/api/incidents/${no}`, { version: 1, isClosed: true })).status).toBe(200);
  expect((await change({ version: 3, state: "open" })).body).toMatchObject({ code: "conflict", facts: { reason: "incident-closed" } });
  expect((await ask(officer, "PATCH", `/api/incidents/${no}`, { version: 2, isClosed: false })).status).toBe(200);
  expect((await change({ version: 3, state: "open" })).status).toBe(200);
});

test("what happened is told by people's notes and by the ledger's acts on this incident alone", async () => {
  const [one, other] = [await open(), await open()];
  const happenedAt = new Date(now().getTime() - 3 * hourMs).toISOString();
  expect((await ask(officer, "POST", `/api/incidents/${one}/timeline`, { happenedAt, text: "警察の佐藤さんから電話" })).status).toBe(200);
  expect((await ask(officer, "PATCH", `/api/incidents/${one}`, { version: 1, phase: 2 })).status).toBe(200);
  const told = (await ask(officer, "GET", `/api/incidents/${one}/timeline`)).body as unknown as ReplyOf<typeof contract.incidentTimeline>;
  expect(told.notes).toMatchObject([{ happenedAt, text: "警察の佐藤さんから電話", by: officer.accountNo }]);
  expect(told.acts.map(({ type }) => type)).toEqual(["incident.moved", "incident.noted", "incident.opened"]);
  const elsewhere = (await ask(officer, "GET", `/api/incidents/${other}/timeline`)).body as unknown as ReplyOf<typeof contract.incidentTimeline>;
  expect(elsewhere.acts.map(({ type }) => type)).toEqual(["incident.opened"]);
});

test("facts, timeline and tasks go to a meeting as one file, with who, how sure and from where, and leave a record", async () => {
  const no = await open();
  const state = (key: string, certainty: string, value: string | null, source = ""): Promise<Reply> =>
    ask(officer, "POST", `/api/incidents/${no}/facts`, { key, certainty, value, source });
  await state("outline.summary", "confirmed", "古い概要");
  await state("outline.summary", "confirmed", "端末が乗っ取られた", "情シスの調べ");
  await state("cause.kind", "assumed", "unauthorised-access");
  await state("secondary.state", "unknown", null);
  await ask(officer, "POST", `/api/incidents/${no}/timeline`, { happenedAt: now().toISOString(), text: "警察に相談した" });
  const [first, second] = (await show(no)).tasks as [contract.IncidentTask, contract.IncidentTask];
  await ask(officer, "PATCH", `/api/incidents/${no}/tasks/${first.taskNo}`, { version: first.version, state: "done" });
  await ask(officer, "PATCH", `/api/incidents/${no}/tasks/${second.taskNo}`, { version: second.version, state: "skipped", note: "電話で足りた" });
  await ask(officer, "POST", `/api/incidents/${no}/tasks`, { title: "弁護士へ電話する", phase: 4, role: "legal", dueAt: now().toISOString() });
  for (const who of [sales, administrator]) expect((await ask(who, "POST", `/api/incidents/${no}/facts/print`, {})).status).toBe(403);
  const { bytes, status } = await ask(officer, "POST", `/api/incidents/${no}/facts/print`, {});
  expect(status).toBe(200);
  const text = pdfText(bytes.subarray(bytes.indexOf("%PDF"))).replaceAll(/\s/g, "");
  for (const part of [
    what,
    "確定端末が乗っ取られた出所:情シスの調べ",
    "推定不正アクセス",
    "二次被害又はそのおそれ不明―",
    "未記入の項目",
    "警察に相談した",
    "事案を開いた",
    "■済",
    "―不要",
    "メモ:電話で足りた",
    "弁護士へ電話する",
    "□",
  ]) {
    expect(text).toContain(part);
  }
  expect(text).not.toContain("古い概要");
  const [event] = await eventsOf("incident.facts-printed");
  expect(event!.facts).toMatchObject({ incidentNo: no, facts: 3 });
});

test("anybody reports without signing in and gets a receipt alone; one address does not flood it; a report becomes an incident once", async () => {
  const report = (text: string): Promise<Reply> => request(house, { method: "POST", url: "/api/incident-reports", body: { text, contact: "内線123 鈴木" } });
  const first = await report("名簿をFAXで別の会社に送ってしまいました");
  expect(first.status).toBe(200);
  expect(Object.keys(first.body)).toEqual(["receipt"]);
  expect((await report("4111-1111-1111-1111 を送りました")).body).toMatchObject({ code: "card-number" });
  for (let n = 0; n < 4; n++) expect((await report("もう一度")).status).toBe(200);
  expect((await report("六回目")).status).toBe(429);
  expect((await report("x".repeat(2001))).status).toBe(400);
  expect((await ask(sales, "GET", "/api/incident-reports")).status).toBe(403);
  const listed = (await ask(officer, "GET", "/api/incident-reports")).body["reports"] as signals.IncidentReport[];
  const taken = listed.find(({ receipt }) => receipt === first.body["receipt"])!;
  expect(taken).toMatchObject({ state: "new", text: "名簿をFAXで別の会社に送ってしまいました", contact: "内線123 鈴木" });
  const no = await open({ playbook: "misdirected", reportNo: taken.reportNo });
  expect((await show(no)).reportNos).toEqual([taken.reportNo]);
  const again = await ask(officer, "POST", "/api/incidents", { playbook: "misdirected", knownAt: now().toISOString(), what, reportNo: taken.reportNo });
  expect(again.body).toMatchObject({ code: "conflict" });
  const [another] = listed.filter(({ reportNo }) => reportNo !== taken.reportNo);
  const dismiss = (): Promise<Reply> => ask(officer, "POST", `/api/incident-reports/${another!.reportNo}/dismiss`, { reason: "重複" });
  expect((await dismiss()).status).toBe(200);
  expect((await dismiss()).body).toMatchObject({ code: "conflict" });
});

test("who sees more people than the threshold raises one alert, which grows, and comes again only at twice as many", async () => {
  const rule = { rule: "people-in-hour", isOn: true, threshold: 1, fromHour: null, toHour: null };
  expect((await ask(sales, "PUT", "/api/incident-alert-rules", rule)).status).toBe(403);
  expect((await ask(officer, "PUT", "/api/incident-alert-rules", { ...rule, fromHour: 3 })).status).toBe(400);
  for (const other of ["people-in-day", "refusals-in-hour"]) {
    expect((await ask(officer, "PUT", "/api/incident-alert-rules", { ...rule, rule: other, isOn: false })).status).toBe(200);
  }
  expect((await ask(officer, "PUT", "/api/incident-alert-rules", { ...rule, rule: "odd-hours", isOn: false, fromHour: 22, toHour: 5 })).status).toBe(200);
  expect((await ask(officer, "PUT", "/api/incident-alert-rules", rule)).status).toBe(200);
  const seen: unknown[] = [];
  for (const customerNo of house.customerNos) {
    const reply = await ask(sales, "GET", `/api/customers/${customerNo}`);
    if (reply.status === 200) seen.push(customerNo);
  }
  expect(seen.length).toBeGreaterThan(1);
  const watch = (): Promise<void> => watchThresholds(house.open.storehouse, new Date(now().getTime() - hourMs));
  const alerts = async () => (await ask(officer, "GET", "/api/incident-alerts")).body["alerts"] as signals.IncidentAlert[];
  await watch();
  await watch();
  await house.database.owner.query("update incident_alerts set found = found - 1");
  await watch();
  expect((await eventsOf("incident.alert-grew"))[0]!.facts).toMatchObject({ rule: "people-in-hour", found: seen.length });
  const [alert, ...more] = await alerts();
  expect(more).toEqual([]);
  expect(alert).toMatchObject({ rule: "people-in-hour", accountNo: sales.accountNo, found: seen.length, threshold: 1, state: "new" });
  expect(await eventsOf("incident.alert-raised")).toHaveLength(1);
  const cause = { kind: "account", no: sales.accountNo, from: alert!.from, to: alert!.to };
  const no = await open({ alertNo: alert!.alertNo, cause });
  expect(await show(no)).toMatchObject({ cause, alertNos: [alert!.alertNo] });
  await watch();
  expect(await alerts()).toHaveLength(1);
  await house.database.owner.query("update incident_alerts set found = $1, from_at = from_at - interval '1 second'", [Math.floor(seen.length / 2)]);
  await watch();
  expect(await alerts()).toMatchObject([{ state: "new" }, { state: "opened" }]);
  expect((await ask(officer, "POST", `/api/incident-alerts/${alert!.alertNo}/dismiss`, { reason: "通常の業務" })).body).toMatchObject({ code: "conflict" });
});

test("refused attempts over the threshold raise an alert, and one that is put away says why", async () => {
  const rule = { rule: "refusals-in-hour", isOn: true, threshold: 3, fromHour: null, toHour: null };
  expect((await ask(officer, "PUT", "/api/incident-alert-rules", rule)).status).toBe(200);
  for (let n = 0; n < 4; n++) expect((await ask(administrator, "GET", "/api/incidents")).status).toBe(403);
  await watchThresholds(house.open.storehouse, now());
  const alerts = (await ask(officer, "GET", "/api/incident-alerts")).body["alerts"] as signals.IncidentAlert[];
  const alert = alerts.find((one) => one.rule === "refusals-in-hour" && one.accountNo === administrator.accountNo)!;
  expect(alert.found).toBeGreaterThan(3);
  expect((await ask(officer, "POST", `/api/incident-alerts/${alert.alertNo}/dismiss`, { reason: "画面の開き間違い" })).status).toBe(200);
  const after = (await ask(officer, "GET", "/api/incident-alerts")).body["alerts"] as signals.IncidentAlert[];
  expect(after.find(({ alertNo }) => alertNo === alert.alertNo)).toMatchObject({ state: "dismissed", reason: "画面の開き間違い" });
});

test("a playbook of the house takes the place of the shipped one, and gives way again", async () => {
  const read = async () => (await ask(officer, "GET", "/api/incident-playbooks/insider")).body as unknown as ReplyOf<typeof contract.showPlaybook>;
  const shipped = await read();
  expect(shipped.isOwn).toBe(false);
  const own = { key: "own.1", phase: 2, kind: "measure", role: "lead", dueHours: 2, link: null };
  const set = (tasks: object[]): Promise<Reply> => ask(officer, "PUT", "/api/incident-playbooks/insider", { tasks });
  expect((await set([own])).status).toBe(400);
  expect((await set([{ ...own, title: "社長と弁護士の加藤に知らせる" }])).status).toBe(200);
  expect((await set([{ ...own, dueHours: 3 }])).status).toBe(200);
  expect(await read()).toMatchObject({ isOwn: true, tasks: [{ key: "own.1", title: "社長と弁護士の加藤に知らせる", dueHours: 3 }] });
  const [task] = (await show(await open({ playbook: "insider" }))).tasks;
  expect(task).toMatchObject({ key: "own.1", title: "社長と弁護士の加藤に知らせる", phase: 2 });
  expect((await set([])).status).toBe(200);
  expect(await read()).toEqual(shipped);
});

test("a drill takes the account that saw most for stolen, and is marked", async () => {
  expect((await ask(sales, "POST", "/api/incidents/drill")).status).toBe(403);
  const reply = await ask(officer, "POST", "/api/incidents/drill");
  expect(reply.status).toBe(200);
  const whole = await show(Number(reply.body["incidentNo"]));
  expect(whole.incident.isDrill).toBe(true);
  expect(whole.cause).toMatchObject({ kind: "account", no: sales.accountNo });
  expect((await eventsOf("incident.opened"))[0]!.facts).toMatchObject({ isDrill: true });
});

test("nothing that was typed about an incident stands in the clear, in no table and in no header", async () => {
  const clear = await inTheClear();
  for (const typed of ["山田太郎", "委託先の電話", "社長", "佐藤", "名簿をFAX", "鈴木", "加藤", "既に報告済み", "画面の開き間違い"])
    expect([typed, clear.includes(typed)]).toEqual([typed, false]);
});
