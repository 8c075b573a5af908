import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { actAs } from "#server/core/door/index.ts";
import { accountRoutes, events as accountEvents } from "#server/modules/accounts/index.ts";
import { approvalRoutes, events as approvalEvents } from "#server/modules/approvals/index.ts";
import { signOut } from "#shared/session.ts";
import { openTestHouse, type TestCaller, type TestHouse, type TestStaff } from "#tests/support/act.ts";
import { events, liftMeasureAs, measureApproval, measureRoutes, takeMeasureAs } from "./index.ts";

let house: TestHouse;
let url: string;
let staff: TestStaff;
beforeAll(async () => {
  house = await openTestHouse({
    routes: [...accountRoutes({ countReach: async () => 0 }), ...approvalRoutes([measureApproval]), ...measureRoutes()],
    events: [accountEvents, approvalEvents, events],
  });
  staff = await house.addStaff({ mail: "seller@example.jp", roles: ["sales"] });
  await house.app.listen({ host: "127.0.0.1", port: 0 });
  url = `http://127.0.0.1:${(house.app.server.address() as AddressInfo).port}`;
});
afterAll(() => house.close());

interface Heard {
  readonly response: Response;
  /** The next event but beats; undefined when the stream has closed. */
  readonly next: () => Promise<{ event: string; data: Record<string, unknown> } | undefined>;
  readonly leave: () => void;
}

async function listen(caller: TestCaller): Promise<Heard> {
  const leaving = new AbortController();
  const response = await fetch(`${url}/api/session/watch`, {
    headers: { cookie: [...caller.cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
    signal: leaving.signal,
  });
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream() as never).getReader() as ReadableStreamDefaultReader<string>;
  let rest = "";
  return {
    response,
    leave: () => leaving.abort(),
    async next() {
      for (;;) {
        const found = /event: (\w+)\ndata: (.*)\n\n/.exec(rest);
        if (found !== null) {
          rest = rest.slice(found.index + found[0].length);
          if (found[1] !== "beat") {
            return { event: found[1] as string, data: JSON.parse(found[2] as string) as Record<string, unknown> };
          }
          continue;
        }
        const { value, done } = await reader.read();
        if (done) {
          return undefined;
        }
        rest += value;
      }
    },
  };
}

const calm = { exportsHeld: false, readOnly: false, stopped: null };
const byTerminal = (given: Partial<Parameters<typeof takeMeasureAs>[1]>): Promise<{ measureNo: number }> =>
  actAs(house.storehouse, "console", "measure.taken", crypto.randomUUID(), (context) =>
    takeMeasureAs(context, {
      kind: "stop",
      target: "service",
      accountNo: null,
      roleKey: null,
      departmentNo: null,
      reason: "調査",
      incidentNo: null,
      isDrill: false,
      hours: null,
      waits: false,
      message: null,
      ...given,
    }),
  ) as Promise<{ measureNo: number }>;
const lifted = (measureNo: number): Promise<void> =>
  actAs(house.storehouse, "console", "measure.lifted", crypto.randomUUID(), (context) => liftMeasureAs(context, measureNo));

test("an open page hears of each measure as it is taken and lifted, and of nothing else; opening it is one event", async () => {
  const heard = await listen(await house.signIn(staff));
  expect([heard.response.status, heard.response.headers.get("content-type"), heard.response.headers.get("cache-control")]).toEqual([
    200,
    "text/event-stream; charset=utf-8",
    "no-store, no-transform",
  ]);
  expect(await heard.next()).toEqual({ event: "standing", data: calm });
  const stop = await byTerminal({});
  expect(await heard.next()).toEqual({ event: "standing", data: { ...calm, stopped: "for-you" } });
  const shut = await byTerminal({ kind: "read-only" });
  expect(await heard.next()).toEqual({ event: "standing", data: { ...calm, readOnly: true, stopped: "for-you" } });
  await lifted(stop.measureNo);
  expect(await heard.next()).toEqual({ event: "standing", data: { ...calm, readOnly: true } });
  await lifted(shut.measureNo);
  expect(await heard.next()).toEqual({ event: "standing", data: calm });
  heard.leave();
  expect((await house.events(["session.watched"])).length).toBe(1);
});

test("a cut, a freeze and a sign-out each end the page's stream, and say which of them it was", async () => {
  const [first, second, third] = [await house.signIn(staff), await house.signIn(staff), await house.signIn(staff)] as const;
  const out = await listen(third);
  await out.next();
  await third.get(signOut);
  expect([await out.next(), await out.next()]).toEqual([{ event: "ended", data: { because: "over" } }, undefined]);
  const cut = await listen(first);
  await cut.next();
  await byTerminal({ kind: "cut-sessions", target: "account", accountNo: staff.accountNo });
  expect([await cut.next(), await cut.next()]).toEqual([{ event: "ended", data: { because: "cut" } }, undefined]);
  expect((await listen(second)).response.status).toBe(401);
  const frozen = await listen(await house.signIn(staff));
  await frozen.next();
  const { measureNo } = await byTerminal({ kind: "freeze", target: "account", accountNo: staff.accountNo });
  expect([await frozen.next(), await frozen.next()]).toEqual([{ event: "ended", data: { because: "frozen" } }, undefined]);
  await lifted(measureNo);
});

test("a node whose ear to the database was cut hears again by itself, and tells what it missed", async () => {
  const heard = await listen(await house.signIn(staff));
  expect((await heard.next())?.data).toEqual(calm);
  await house.database.owner.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen %'");
  const { measureNo } = await byTerminal({ kind: "hold-exports" });
  expect((await heard.next())?.data).toEqual({ ...calm, exportsHeld: true });
  await lifted(measureNo);
  expect((await heard.next())?.data).toEqual(calm);
  heard.leave();
});

test("a measure's end comes to the page without anybody's act", async () => {
  const heard = await listen(await house.signIn(staff));
  expect((await heard.next())?.data).toEqual(calm);
  await byTerminal({ kind: "read-only", hours: 0.25 });
  expect((await heard.next())?.data).toEqual({ ...calm, readOnly: true });
  house.pass(901);
  expect((await heard.next())?.data).toEqual(calm);
  heard.leave();
});

test("a term that ends, a session left idle and an account that is no more each end the page's stream, nobody asking", async () => {
  const other = await house.addStaff({ mail: "desk@example.jp", roles: ["desk-operator"] });
  const third = await house.addStaff({ mail: "leaver@example.jp", roles: ["sales"] });
  const [idle, desk, leaver] = [await listen(await house.signIn(staff)), await listen(await house.signIn(other)), await listen(await house.signIn(third))];
  for (const heard of [idle, desk, leaver]) expect((await heard.next())?.data).toEqual(calm);
  const over = { event: "ended", data: { because: "over" } };
  await house.database.owner.query("update accounts set served_until = $2 where account_no = $1", [other.accountNo, house.now()]);
  await house.database.owner.query("update accounts set state = 'disabled' where account_no = $1", [third.accountNo]);
  expect([await leaver.next(), await leaver.next()]).toEqual([over, undefined]);
  expect([await desk.next(), await desk.next()]).toEqual([over, undefined]);
  house.pass(13 * 3_600);
  expect([await idle.next(), await idle.next()]).toEqual([over, undefined]);
});

test("one session holds so many streams open and no more, and another one after it has let go of one", async () => {
  const caller = await house.signIn(staff);
  const other = await house.signIn(staff);
  const asked = await Promise.all(Array.from({ length: 24 }, () => listen(caller)));
  const answers = await Promise.all(asked.map(async (one) => ({ one, said: one.response.status === 200 ? await one.next() : undefined })));
  const heard = answers.flatMap(({ one, said }) => (said === undefined ? [] : [one]));
  expect(heard.length).toBe(16);
  expect((await listen(caller)).response.status).toBe(429);
  const another = await listen(other);
  expect(another.response.status).toBe(200);
  heard[0]?.leave();
  let again = await listen(caller);
  for (let nth = 0; again.response.status === 429 && nth < 100; nth += 1) again = await listen(caller);
  expect(again.response.status).toBe(200);
  for (const one of [...heard, another, again]) one.leave();
});
