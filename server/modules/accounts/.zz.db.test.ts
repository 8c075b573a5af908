import { test } from "vitest";
import { openTestHouse } from "#tests/support/act.ts";
import * as session from "#shared/session.ts";
import { accountRoutes, events } from "./index.ts";
test("t", async () => {
  const house = await openTestHouse({ routes: accountRoutes({ countReach: async () => 0 }), events: [events] });
  const all: Record<string, number[]> = { known: [], unknown: [] };
  const people = []; for (let i = 0; i < 7; i++) people.push(await house.addStaff({ mail: `k${i}@a.example`, roles: [] }));
  for (const half of [0, 1]) { void half;
  for (let round = 0; round < 8; round++) { house.pass(4000); for (let i = 0; i < 7; i++) for (const which of Math.random() < 0.5 ? ["known", "unknown"] : ["unknown", "known"]) {
    const mail = which === "known" ? people[i]!.mail : `u${i}@a.example`;
    const s = performance.now(); const a = await house.visitor().call(session.presentPassword, { body: { mail, password: "wrong" } }); if (a.code !== "wrong-credentials") throw new Error(a.code); all[which]!.push(performance.now() - s);
  } }
  await new Promise((r) => setTimeout(r, 61000)); }
  const q = (l: number[], f: number) => Math.round(l.toSorted((a, b) => a - b)[Math.floor(l.length * f)] ?? 0);
  for (const k of ["known", "unknown"]) console.log(k, all[k]!.length, [0, 0.1, 0.25, 0.5, 0.75].map((f) => q(all[k]!, f)).join(" "));
  await house.close();
}, 290000);
