import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestHouse, type TestCaller, type TestHouse } from "#tests/support/act.ts";
import * as monitoring from "#shared/monitoring.ts";
import * as session from "#shared/session.ts";
import { accountRoutes, events, installShippedPolicy, lacksShippedPolicy } from "../index.ts";

let house: TestHouse;
let officer: TestCaller;
let sales: TestCaller;
let salesNo: number;

beforeAll(async () => {
  house = await openTestHouse({ routes: accountRoutes({ countReach: async () => 0 }), events: [events] });
  officer = await house.signIn(await house.addStaff({ mail: "officer@yamada-denki.example", roles: ["privacy-officer"] }));
  const staff = await house.addStaff({ mail: "sato@yamada-denki.example", roles: ["sales"] });
  salesNo = staff.accountNo;
  sales = await house.signIn(staff);
});
afterAll(() => house.close());

const isDue = async (caller: TestCaller): Promise<boolean> => (await caller.get(session.me)).noticeDue;
const notice = (caller: TestCaller) => caller.get(monitoring.showNotice);
const acknowledge = async (caller: TestCaller): Promise<void> => {
  const { version, noticeNo } = await notice(caller);
  await caller.get(monitoring.acknowledgeNotice, { body: { version, noticeNo } });
};

describe("the recording of work", () => {
  test("is announced to each member of staff until they have confirmed the text, which stands in the ledger", async () => {
    expect(await isDue(sales)).toBe(true);
    expect(await notice(sales)).toMatchObject({ version: monitoring.noticeVersion, noticeNo: 0, text: null, acknowledgedAt: null });
    await acknowledge(sales);
    expect(await isDue(sales)).toBe(false);
    expect((await notice(sales)).acknowledgedAt).toBe(house.now().toISOString());
    expect(await isDue(officer)).toBe(true);
    const [recorded] = await house.events(["monitoring.acknowledged"]);
    expect(recorded).toMatchObject({ accountNo: salesNo, outcome: "ok", facts: { version: monitoring.noticeVersion, noticeNo: 0 } });
  });

  test("names the roles that read the record, and apart from them those that see who saw a customer", async () => {
    const { ledgerReaders, exposureReaders } = await notice(sales);
    expect(ledgerReaders.map((role) => role.key).toSorted()).toEqual(["auditor", "privacy-officer"]);
    expect(exposureReaders.map((role) => role.key)).toEqual(["manager"]);
  });

  test("is announced anew when the organisation changes its own words, which stand sealed", async () => {
    const text = "お問い合わせは総務部の中村まで。";
    const { noticeNo } = await officer.get(monitoring.writeNotice, { body: { text: `  ${text}\n`, noticeNo: 0 } });
    expect(await isDue(sales)).toBe(true);
    expect(await notice(sales)).toMatchObject({ noticeNo, text, acknowledgedAt: null });
    const stored = await house.database.owner.query("select * from monitoring_notices");
    expect(JSON.stringify(stored.rows)).not.toContain("中村");
    expect(stored.rows[0].sealed_text.includes(Buffer.from("中村"))).toBe(false);
    await acknowledge(sales);
    expect(await isDue(sales)).toBe(false);
  });

  test("is confirmed only as it stands now, and changed only by who saw its last form", async () => {
    const { noticeNo } = await notice(sales);
    for (const body of [
      { version: monitoring.noticeVersion, noticeNo: 0 },
      { version: monitoring.noticeVersion + 1, noticeNo },
    ]) {
      expect((await sales.call(monitoring.acknowledgeNotice, { body })).code).toBe("conflict");
    }
    expect((await officer.call(monitoring.writeNotice, { body: { text: "別の文", noticeNo: 0 } })).code).toBe("conflict");
  });

  test("is worded by the privacy officer alone, and shown to nobody who is not signed in", async () => {
    const { noticeNo } = await notice(sales);
    expect((await sales.call(monitoring.writeNotice, { body: { text: "記録しません", noticeNo } })).code).toBe("not-permitted");
    expect((await house.visitor().call(monitoring.showNotice)).code).toBe("not-signed-in");
  });
});

describe("the right to see who saw a customer", () => {
  test("comes once to every stored role that read the ledger before it was a right of its own, with its full state in the event", async () => {
    const reset = async (): Promise<void> => {
      await house.database.owner.query("update roles set definition = jsonb_set(definition, '{verbs}', (definition->'verbs') - 'read-exposures')");
    };
    await reset();
    await house.database.owner.query("delete from policy_amendments");
    expect(await house.act("test.arranged", ({ db }) => lacksShippedPolicy(db))).toBe(true);
    await house.act("policy.installed", (context) => installShippedPolicy(context.db, context.journal));
    const holders = await house.database.owner.query("select role_key from roles where definition->'verbs' ? 'read-exposures' order by role_key");
    expect(holders.rows.map((row) => row.role_key)).toEqual(["auditor", "privacy-officer"]);
    const [installed] = await house.events(["policy.installed"]);
    const roles = installed?.facts["roles"] as readonly { key: string; verbs: string[] }[];
    expect(roles.map((role) => [role.key, role.verbs.includes("read-exposures")]).toSorted()).toEqual([
      ["auditor", true],
      ["privacy-officer", true],
    ]);
    expect(await house.act("test.arranged", ({ db }) => lacksShippedPolicy(db))).toBe(false);
    await reset();
    await house.act("policy.installed", (context) => installShippedPolicy(context.db, context.journal));
    expect((await house.database.owner.query("select from roles where definition->'verbs' ? 'read-exposures'")).rowCount).toBe(0);
  });
});
