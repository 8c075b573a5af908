import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import { sentinelValues } from "#server/modules/sample/index.ts";
import { standardFields } from "#shared/fields.ts";
import type { WireReply } from "../support/ask-over-http.ts";
import type { Seeded } from "../support/seed-storehouse.ts";

type Ask = (name: string, method: string, path: string, body?: unknown) => Promise<WireReply>;

/** Names, reasons, comments, notes and values for many, as people type them: each says something of somebody. */
export async function workOfADay({ ask, house, fromFile }: { ask: Ask; house: Seeded; fromFile: number }): Promise<void> {
  const said = (nth: number, field: string): string => sentinelValues("customer", fromFile + nth)[field] as string;
  const done = async (...[name, method, path, body]: Parameters<Ask>): Promise<Record<string, unknown>> => {
    const reply = await ask(name, method, path, body);
    expect([name, method, path, reply.status, reply.status === 200 ? "" : reply.body["code"]]).toEqual([name, method, path, 200, ""]);
    return reply.body;
  };
  const near = house.cells.get("near")?.cellNo;
  const free = house.customerNos.filter((no) => house.ownerOf.get(no) === null && house.cellOf.get(no) === near).slice(-16);
  const [first, second, third] = free as [number, number, number];
  const allow = (requestNo: unknown, nth: number): Promise<unknown> =>
    done("manager", "POST", `/api/approvals/${Number(requestNo)}/decide`, { decision: "approve", comment: said(nth, "notes") });
  const rests = async (operationNo: unknown): Promise<string> => {
    for (let tries = 0; ; tries += 1) {
      const { state } = await done("office", "GET", `/api/customers/bulk/${Number(operationNo)}`);
      if (tries > 200 || !["running", "undoing", "awaits-approval"].includes(String(state))) return String(state);
      await wait(50);
    }
  };

  const taken = await done("office", "POST", "/api/lists", {
    name: said(0, "fullName"),
    purpose: "delivery",
    destination: "handler",
    handler: said(1, "companyName"),
    reason: said(2, "notes"),
    fields: ["fullName", "address", "bankAccount"],
    customerNos: [first, second],
    endsOn: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
  });
  await allow(taken["requestNo"], 3);
  expect((await ask("office", "POST", `/api/lists/${Number(taken["listNo"])}/download`, {})).status).toBe(200);
  expect((await ask("office", "POST", "/api/prints", { customerNos: [first, second], layout: "label-a4-24", purpose: "delivery" })).status).toBe(200);

  const values = { section: said(4, "section"), notes: said(4, "notes") };
  const changed = await done("office", "POST", "/api/customers/bulk", { kind: "change", customerNos: [first, second], values, expected: { persons: 2 } });
  await done("office", "POST", `/api/customers/bulk/${Number(changed["operationNo"])}/undo`);
  expect(await rests(changed["operationNo"])).toBe("undone");
  const many = free.slice(4, 15);
  const trashed = await done("office", "POST", "/api/customers/bulk", {
    kind: "trash",
    customerNos: many,
    reason: said(5, "notes"),
    expected: { persons: 11 },
  });
  await allow((await done("office", "GET", `/api/customers/bulk/${Number(trashed["operationNo"])}`))["requestNo"], 5);
  expect(await rests(trashed["operationNo"])).toBe("done");

  const view = {
    filters: {},
    sort: { by: "kana", descending: false },
    columns: [
      "fullName",
      said(6, "mail")
        .replaceAll(/[^a-z]/g, "")
        .slice(0, 30),
    ],
    cellNo: null,
  };
  await done("office", "POST", "/api/saved-views", { ...view, name: said(6, "fullName"), search: said(6, "kana"), sharing: "own" });
  await done("office", "POST", "/api/saved-views", { ...view, name: said(6, "companyName"), search: "", sharing: "all" });
  await done("office", "POST", "/api/duplicates/alike", { values: { fullName: said(6, "fullName"), mail: said(6, "mail"), mobile: said(6, "mobile") } });

  const action = { text: said(7, "address"), dueOn: "2026-12-01" };
  const note = await done("office", "POST", `/api/customers/${first}/notes`, { text: said(7, "notes"), action });
  await done("office", "PATCH", `/api/notes/${Number(note["noteNo"])}`, { version: 1, text: said(8, "notes") });
  await done("office", "POST", `/api/customers/${first}/purchases`, {
    boughtOn: "2026-01-07",
    purchase: { product: said(7, "companyName"), note: said(7, "phone") },
  });

  const asked = { kind: "disclosure", receivedOn: "2026-11-20", channel: "mail", identityCheck: "document", text: said(8, "notes") };
  const request = await done("office", "POST", `/api/customers/${first}/person-requests`, asked);
  const step = { kind: "decide", decision: "granted", answer: said(9, "notes") };
  await done("privacy-officer", "POST", `/api/person-requests/${Number(request["requestNo"])}/move`, { version: 1, step });
  const disclosing = { purpose: "person-request", requestNo: request["requestNo"] };
  for (const form of ["json", "pdf"]) expect((await ask("privacy-officer", "POST", `/api/customers/${first}/disclosure/${form}`, disclosing)).status).toBe(200);
  await done("office", "POST", `/api/customers/${second}/suspend`, { reason: said(10, "notes") });
  await done("privacy-officer", "POST", `/api/customers/${second}/lift-suspension`, { reason: said(10, "address") });
  const erasure = await done("office", "POST", `/api/customers/${third}/erase`, { because: "no-longer-needed", reason: said(11, "notes") });
  await allow(erasure["approvalNo"], 11);
  const versionOf = async (no: number): Promise<unknown> => (await done("office", "GET", `/api/customers/${no}`))["version"];
  const [winner, loser] = [
    { no: first, version: await versionOf(first) },
    { no: second, version: await versionOf(second) },
  ];
  const merged = await done("office", "POST", "/api/duplicates/merge", {
    kind: "customer",
    winner,
    losers: [loser],
    choices: { fullName: second, address: second },
  });
  await done("office", "POST", `/api/duplicates/merges/${Number(merged["mergeNo"])}/undo`, {});
}

/** Twelve people, one with an address that is none: a problem that waits for its correction. */
export function csvOf(first: number): string {
  const keys = ["fullName", "kana", "companyName", "mail", "phone", "mobile", "postalCode", "address", "notes"];
  const heads = keys.map((key) => standardFields.find((field) => field.kind === "customer" && field.key === key)?.ja as string);
  const lines = Array.from({ length: 12 }, (_, nth) =>
    keys
      .map((key) => sentinelValues("customer", first + nth)[key] as string)
      .map((value) => (nth === 3 && value.includes("@") ? value.replace(/\.example$/, "") : value)),
  );
  return [heads, ...lines].map((line) => `${line.join(",")}\r\n`).join("");
}
