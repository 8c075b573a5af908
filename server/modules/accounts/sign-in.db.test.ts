import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestHouse, staffPassword, type TestHouse, type TestStaff } from "#tests/support/act.ts";
import { totpCodeAt } from "#tests/support/totp-code.ts";
import * as session from "#shared/session.ts";
import { accountRoutes, events } from "./index.ts";
import { issueRecoveryCodes } from "./recovery-codes.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await openTestHouse({ routes: accountRoutes({ countReach: async () => 0 }), events: [events] });
});
afterAll(() => house.close());

let made = 0;
const staffWith = (roles: readonly string[] = ["sales"]): Promise<TestStaff> => house.addStaff({ mail: `s${(made += 1)}@yamada-denki.example`, roles });
const code = (staff: TestStaff): string => totpCodeAt(staff.totpSecret, house.now());
const passwordOf = (mail: string, password: string = staffPassword) => ({ body: { mail, password } });

describe("signing in", () => {
  test("takes the password and then a code; only then there is a session", async () => {
    const staff = await staffWith();
    const caller = house.visitor();
    const first = await caller.call(session.presentPassword, passwordOf(` ${staff.mail.toUpperCase()}　`));
    expect(first.reply).toEqual({ kind: "needs-code" });
    expect([...caller.cookies.keys()]).toEqual(["kuraban-login"]);
    expect((await caller.call(session.me)).code).toBe("not-signed-in");
    expect((await caller.call(session.presentCode, { body: { code: code(staff) } })).reply).toEqual({ kind: "signed-in", recoveryCodesLeft: 0 });
    expect([...caller.cookies.keys()].toSorted()).toEqual(["kuraban-device", "kuraban-session"]);
    const me = await caller.get(session.me);
    expect(me).toMatchObject({ accountNo: staff.accountNo, staffName: "山田 太郎", staffMail: staff.mail, viewedToday: 0 });
    expect(me.roles.map((role) => role.key)).toEqual(["sales"]);
    const [started] = await house.events(["session.started"]);
    expect(started?.facts).toMatchObject({ accountNo: staff.accountNo, step: "totp" });
  });

  test("shows one's own name to somebody whose roles see no member of staff", async () => {
    const caller = await house.signIn(await staffWith(["executive"]));
    expect((await caller.get(session.me)).staffName).toBe("山田 太郎");
  });

  test("a wrong password, an unknown address and a disabled account get the same reply", async () => {
    const known = await staffWith();
    const disabled = await staffWith();
    await house.database.owner.query("update accounts set state = 'disabled' where account_no = $1", [disabled.accountNo]);
    const replies = [];
    for (const [mail, password] of [
      [known.mail, "not the password"],
      ["nobody@yamada-denki.example", staffPassword],
      [disabled.mail, staffPassword],
    ] as const) {
      const caller = house.visitor();
      const { status, code: refused, facts, setCookies } = await caller.call(session.presentPassword, passwordOf(mail, password));
      replies.push({ status, refused, facts, setCookies });
    }
    expect(replies[0]).toEqual({ status: 401, refused: "wrong-credentials", facts: {}, setCookies: [] });
    expect(replies[1]).toEqual(replies[0]);
    expect(replies[2]).toEqual(replies[0]);
  });

  test("failures lock an address for growing times, whether it has an account or not", async () => {
    const known = await staffWith();
    const sequence = async (mail: string): Promise<(string | undefined)[]> => {
      const answers: (string | undefined)[] = [];
      const caller = house.visitor();
      for (let attempt = 0; attempt < 4; attempt += 1) {
        const answer = await caller.call(session.presentPassword, passwordOf(mail, "wrong"));
        answers.push(`${answer.code} ${JSON.stringify(answer.facts)}`);
      }
      return answers;
    };
    const ofKnown = await sequence(known.mail);
    expect(ofKnown).toEqual(["wrong-credentials {}", "wrong-credentials {}", "wrong-credentials {}", 'try-later {"retryAfterSeconds":5}']);
    expect(await sequence("somebody-else@yamada-denki.example")).toEqual(ofKnown);
    // The right password is locked out as well, and let in after the term.
    expect((await house.visitor().call(session.presentPassword, passwordOf(known.mail))).code).toBe("try-later");
    house.pass(6);
    expect((await house.visitor().call(session.presentPassword, passwordOf(known.mail))).status).toBe(200);
  });

  test("the right password alone does not end a count of failures, both factors do", async () => {
    const staff = await staffWith();
    const caller = house.visitor();
    await caller.call(session.presentPassword, passwordOf(staff.mail, "wrong"));
    await caller.get(session.presentPassword, passwordOf(staff.mail));
    const count = async (): Promise<number | undefined> =>
      (
        await house.database.owner.query("select failed_attempts from login_failures f join accounts a using (mail_token) where account_no = $1", [
          staff.accountNo,
        ])
      ).rows[0]?.failed_attempts;
    expect(await count()).toBe(1);
    await caller.get(session.presentCode, { body: { code: code(staff) } });
    expect(await count()).toBeUndefined();
  });

  test("after 100 failures in a row no wait helps any more", async () => {
    const staff = await staffWith();
    await house.visitor().call(session.presentPassword, passwordOf(staff.mail, "wrong"));
    const set = (failures: number): Promise<unknown> =>
      house.database.owner.query("update login_failures f set failed_attempts = $2 from accounts a where a.mail_token = f.mail_token and account_no = $1", [
        staff.accountNo,
        failures,
      ]);
    house.pass(86_400);
    await set(100);
    expect((await house.visitor().call(session.presentPassword, passwordOf(staff.mail))).code).toBe("try-later");
    await set(99);
    expect((await house.visitor().call(session.presentPassword, passwordOf(staff.mail))).status).toBe(200);
  });

  test("many guesses at once are not looked at together: each that is looked at counts", async () => {
    const staff = await staffWith();
    const answers = await Promise.all(Array.from({ length: 6 }, () => house.visitor().call(session.presentPassword, passwordOf(staff.mail, "wrong"))));
    const looked = answers.filter((answer) => answer.code === "wrong-credentials").length;
    expect(looked).toBeGreaterThan(0);
    expect(answers.every((answer) => ["wrong-credentials", "too-many-requests", "try-later"].includes(answer.code ?? ""))).toBe(true);
    const { rows } = await house.database.owner.query("select failed_attempts from login_failures f join accounts a using (mail_token) where account_no = $1", [
      staff.accountNo,
    ]);
    expect(rows[0]?.failed_attempts).toBe(looked);
  });

  test("a code is good once, also for two who send it at the same time", async () => {
    const staff = await staffWith();
    const callers = [house.visitor(), house.visitor()];
    for (const caller of callers) await caller.get(session.presentPassword, passwordOf(staff.mail));
    const sent = { body: { code: code(staff) } };
    const answers = await Promise.all(callers.map((caller) => caller.call(session.presentCode, sent)));
    expect(answers.map((answer) => answer.status === 200).filter(Boolean)).toHaveLength(1);
    const late = house.visitor();
    await late.get(session.presentPassword, passwordOf(staff.mail));
    expect((await late.call(session.presentCode, sent)).code).toBe("wrong-credentials");
    house.pass(30);
    expect((await late.call(session.presentCode, { body: { code: code(staff) } })).status).toBe(200);
  });

  test("a code one step early or late is accepted, two steps are not", async () => {
    const staff = await staffWith();
    const attempt = async (secondsAway: number): Promise<number> => {
      const caller = house.visitor();
      await caller.get(session.presentPassword, passwordOf(staff.mail));
      const typed = totpCodeAt(staff.totpSecret, new Date(house.now().getTime() + secondsAway * 1000));
      return (await caller.call(session.presentCode, { body: { code: typed } })).status;
    };
    expect(await attempt(-60)).toBe(401);
    expect(await attempt(60)).toBe(401);
    expect(await attempt(-30)).toBe(200);
    expect(await attempt(30)).toBe(200);
  });

  test("a recovery code replaces the code, once", async () => {
    const staff = await staffWith();
    const codes = await house.act("test.arranged", (context) => issueRecoveryCodes(context, staff.accountNo));
    expect(new Set(codes).size).toBe(10);
    const caller = house.visitor();
    await caller.get(session.presentPassword, passwordOf(staff.mail));
    const typed = { body: { recoveryCode: (codes[3] as string).toLowerCase().replaceAll("-", " ") } };
    expect((await caller.call(session.presentCode, typed)).reply).toEqual({ kind: "signed-in", recoveryCodesLeft: 9 });
    const again = house.visitor();
    await again.get(session.presentPassword, passwordOf(staff.mail));
    expect((await again.call(session.presentCode, typed)).code).toBe("wrong-credentials");
  });

  test("the step between password and code ends after five minutes", async () => {
    const staff = await staffWith();
    const early = house.visitor();
    const late = house.visitor();
    await early.get(session.presentPassword, passwordOf(staff.mail));
    await late.get(session.presentPassword, passwordOf(staff.mail));
    house.pass(290);
    expect((await early.call(session.presentCode, { body: { code: code(staff) } })).status).toBe(200);
    house.pass(30);
    expect((await late.call(session.presentCode, { body: { code: code(staff) } })).code).toBe("not-signed-in");
  });

  test("a browser keeps the number that its first sign-in gave it, and its acts stand under it; what somebody wrote into the cookie does not", async () => {
    const staff = await staffWith();
    const caller = await house.signIn(staff);
    const device = caller.cookies.get("kuraban-device");
    await caller.call(session.changePassword, { body: { current: "not-the-password", next: "another-password-0" } });
    expect((await house.events(["session.started"]))[0]?.deviceId).toBe(device);
    expect((await house.events(["session.refused"]))[0]).toMatchObject({ accountNo: staff.accountNo, deviceId: device });
    await caller.get(session.signOut);
    house.pass(60);
    await caller.get(session.presentPassword, passwordOf(staff.mail));
    await caller.get(session.presentCode, { body: { code: code(staff) } });
    expect(caller.cookies.get("kuraban-device")).toBe(device);
    caller.cookies.set("kuraban-device", "nakamura-hanako@example.jp");
    await caller.call(session.changePassword, { body: { current: "not-the-password", next: "another-password-0" } });
    expect((await house.events(["session.refused"]))[0]?.deviceId).toBeUndefined();
  });

  test("a refused attempt stands in the ledger by account number and without what was typed", async () => {
    const staff = await staffWith();
    await house.visitor().call(session.presentPassword, passwordOf(staff.mail, "secret-guess"));
    const [refused] = await house.events(["session.refused"]);
    expect(refused).toMatchObject({ outcome: "refused", facts: { accountNo: staff.accountNo, step: "password", code: "wrong-credentials" } });
    expect(JSON.stringify(refused)).not.toContain("yamada-denki");
    expect(JSON.stringify(refused)).not.toContain("secret-guess");
  });
});

describe("a session", () => {
  test("ends at once when its owner ends it from another one", async () => {
    const staff = await staffWith();
    const [here, there] = [await house.signIn(staff), await house.signIn(staff)];
    const { sessions } = await here.get(session.listSessions);
    expect(sessions).toHaveLength(2);
    const other = sessions.find((each) => !each.isCurrent);
    await here.get(session.revokeSession, { params: { sessionId: other?.sessionId ?? "" } });
    expect((await there.call(session.me)).code).toBe("not-signed-in");
    expect((await here.call(session.me)).status).toBe(200);
  });

  test("of somebody else is not found", async () => {
    const mine = await house.signIn(await staffWith());
    const theirs = await house.signIn(await staffWith());
    const { sessions } = await theirs.get(session.listSessions);
    const params = { sessionId: sessions[0]?.sessionId ?? "" };
    expect((await mine.call(session.revokeSession, { params })).code).toBe("not-found");
    expect((await theirs.call(session.revokeSession, { params })).status).toBe(200);
  });

  test("ends after half an hour of nothing, and after twelve hours of work", async () => {
    const idle = await house.signIn(await staffWith());
    const busy = await house.signIn(await staffWith());
    // A look notes its time unless another one's note is still on its way: it is asked until it is noted.
    const look = async (): Promise<void> => {
      do expect((await busy.call(session.me)).status).toBe(200);
      while ((await house.database.owner.query("select from sessions where last_seen_at = $1", [house.now()])).rowCount === 0);
    };
    house.pass(29 * 60);
    await look();
    house.pass(2 * 60);
    expect((await idle.call(session.me)).code).toBe("not-signed-in");
    for (let minutes = 31; minutes < 12 * 60 - 25; minutes += 20) {
      await look();
      house.pass(20 * 60);
    }
    house.pass(20 * 60);
    expect((await busy.call(session.me)).code).toBe("not-signed-in");
  });

  test("signing out ends it for whoever still has the cookie", async () => {
    const caller = await house.signIn(await staffWith());
    const copied = new Map(caller.cookies);
    expect((await caller.call(session.signOut)).status).toBe(200);
    // What tells one browser from another stays; it opens nothing.
    expect([...caller.cookies.keys()].filter((name) => !name.endsWith("device"))).toEqual([]);
    for (const [name, value] of copied) caller.cookies.set(name, value);
    expect((await caller.call(session.me)).code).toBe("not-signed-in");
  });
});

describe("a new password", () => {
  const change = (current: string, next: string) => ({ body: { current, next } });

  test("ends every other session and lets the old one in no more", async () => {
    const staff = await staffWith();
    const [here, there] = [await house.signIn(staff), await house.signIn(staff)];
    expect((await here.call(session.changePassword, change("not it", "mado-no-soto-no-ame"))).code).toBe("wrong-credentials");
    expect((await here.call(session.changePassword, change(staffPassword, "mado-no-soto-no-ame"))).status).toBe(200);
    expect((await here.call(session.me)).status).toBe(200);
    expect((await there.call(session.me)).code).toBe("not-signed-in");
    expect((await house.visitor().call(session.presentPassword, passwordOf(staff.mail))).code).toBe("wrong-credentials");
    expect((await house.visitor().call(session.presentPassword, passwordOf(staff.mail, "ｍａｄｏ-no-soto-no-ame"))).status).toBe(200);
  });

  test("is refused when it was one of the last five, or holds the own name or mail address", async () => {
    const staff = await house.addStaff({ mail: "shiromoto.k@yamada-denki.example", roles: ["sales"], name: "城本 敬一郎" });
    const caller = await house.signIn(staff);
    const reason = async (next: string) => (await caller.call(session.changePassword, change(staffPassword, next))).facts["reason"];
    expect(await reason(staffPassword)).toBe("used-before");
    expect(await reason("shiromoto-2026")).toBe("own-words");
    expect(await reason("城本敬一郎のパスワード")).toBe("own-words");
    expect(await reason("mado-no-soto-no-yuki")).toBeUndefined();
  });
});
