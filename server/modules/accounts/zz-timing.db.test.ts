import { test } from "vitest";
import { openTestHouse } from "#tests/support/act.ts";
import * as session from "#shared/session.ts";
import { accountRoutes, events } from "./index.ts";
test("t", async () => {
  const house = await openTestHouse({ routes: accountRoutes({ countReach: async () => 0 }), events: [events] });
  const known: number[] = [], unknown: number[] = [];
  const people = []; for (let i = 0; i < 8; i++) people.push(await house.addStaff({ mail: `k${i}@a.example`, roles: [] }));
  for (let round = 0; round < 8; round++) { house.pass(4000); for (const [i, p] of people.entries()) for (const [list, mail] of (i + round) % 2 ? [[known, p.mail], [unknown, `u${i}@a.example`]] as const : [[unknown, `u${i}@a.example`], [known, p.mail]] as const) {
    const s = performance.now(); const a = await house.visitor().call(session.presentPassword, { body: { mail, password: "wrong" } }); if (a.code !== "wrong-credentials") throw new Error(a.code); list.push(performance.now() - s);
  } }
  const med = (l: number[]) => l.toSorted((a, b) => a - b)[l.length >> 1];
  console.log("known", known.length, med(known), "unknown", med(unknown));
  await house.close();
}, 60000);
