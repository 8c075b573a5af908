import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { modules } from "#server/app/modules.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = readdirSync(join(root, "server"), { recursive: true, encoding: "utf8" })
  .map((file) => join("server", file))
  .filter((file) => /\.(?:ts|sql)$/.test(file) && !file.endsWith(".test.ts"));

/**
 * Everything that destroys keys, asks for holds first: either in its own file, or, like `erase-customer.ts`, because
 * `eraseRows` did, which refuses before the first row goes.
 */
const destroysKeys: Readonly<Record<string, "asks" | "after-rows">> = {
  "server/app/erase-customer.ts": "after-rows",
  "server/modules/customers/bulk/tidy-bulk.ts": "asks",
  "server/modules/imports/tidy-imports.ts": "asks",
  "server/modules/requests/run-erasure.ts": "asks",
};

/** Deletions outside of what modules declare as erasures, and why a hold has nothing to keep there, or where it is asked for. */
const deletes: Readonly<Record<string, string>> = {
  "server/core/ledger/migrations/0218-archives.sql": "rows whose events lie in a bound file: nothing is lost",
  "server/modules/accounts/migrations/0288-follow-rights.sql": "a job",
  "server/modules/accounts/add-account.ts": "roles; every change of them stands in the ledger",
  "server/modules/accounts/login-attempts.ts": "counters of failed sign-ins; the refusals stand in the ledger",
  "server/modules/accounts/present-code.ts": "half a sign-in",
  "server/modules/accounts/present-password.ts": "half a sign-in",
  "server/modules/accounts/purge.ts": "ended sessions; their beginning, device and end stand in the ledger",
  "server/modules/accounts/recovery-codes.ts": "codes of staff",
  "server/modules/accounts/renew-factors.ts": "codes of staff",
  "server/modules/accounts/sessions-of.ts": "half a sign-in",
  "server/modules/backup/load-data.ts": "rows of the erased that an old backup brings back; their keys are gone",
  "server/modules/customers/arrange-fields.ts": "headings of forms",
  "server/modules/customers/bulk/tidy-bulk.ts": "asks",
  "server/modules/customers/change-customers.ts": "the index of somebody in the trash; it is built anew",
  "server/modules/customers/entrusted/entrusted-customers.ts": "whose data they are, in numbers; every change stands in the ledger",
  "server/modules/customers/list/saved-views.ts": "a view of one's own",
  "server/modules/customers/list/stars.ts": "marks of one's own",
  "server/modules/customers/merge-rows.ts": "the index of a merged row; it is built anew",
  "server/modules/customers/order/refresh-orders.ts": "the sorted order; it is made anew",
  "server/modules/customers/order/stored-order.ts": "the sorted order; it is made anew",
  "server/modules/customers/trash-companies.ts": "the index of companies in the trash; it is built anew",
  "server/modules/customers/trash-company.ts": "the index of a company in the trash; it is built anew",
  "server/modules/customers/write-customer.ts": "the index of somebody in the trash; it is built anew",
  "server/modules/duplicates/find-pairs.ts": "pairs that are found anew",
  "server/modules/duplicates/move-people.ts": "who went back when a merge was undone",
  "server/modules/imports/learned-headers.ts": "hashes of headings",
  "server/modules/imports/saved-mappings.ts": "a mapping of one's own",
  "server/modules/imports/tidy-imports.ts": "asks",
  "server/modules/imports/undo-import.ts": "former values go back to their row; both stand in the ledger, sealed under the person's key",
  "server/modules/evidence/migrations/0301-unbound-parts.sql": "sealed parts that no item ever named; nothing that is kept is among them",
  "server/modules/incidents/case/change-task.ts": "who was in a team; every change stands in the ledger",
  "server/modules/incidents/case/playbook-records.ts": "words of a playbook",
  "server/modules/measures/cut-sessions.ts": "half a sign-in",
  "server/modules/measures/put-in-force.ts": "what is in force; every change stands in the ledger",
  "server/modules/reach/count-reach.ts": "counts that are made anew",
  "server/modules/records/questions.ts": "a question of one's own",
  "server/modules/support/first-hour.ts": "a tick of one's own",
  "server/platform/jobs/claim-job.ts": "a job that is done",
};

const textOf = (file: string): string => readFileSync(join(root, file), "utf8");
/** `eraseCustomerRows` stands in erase-customer-rows.ts. */
const fileOf = (name: string): string => `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`;
const asksForHolds = /\b(?:heldAmong|demandUnheld)\(/;

test("whatever destroys a key has asked for holds", () => {
  const found = source.filter((file) => /\beraseKeys?\(/.test(textOf(file)) && !file.startsWith("server/core/vault/"));
  expect(found.toSorted()).toEqual(Object.keys(destroysKeys));
  for (const [file, how] of Object.entries(destroysKeys))
    expect([file, (how === "asks" ? asksForHolds : /\beraseRows\(/).test(textOf(file))]).toEqual([file, true]);
});

test("what modules destroy of a person goes through eraseRows alone, which asks for holds before the first of it", () => {
  const callers = source.filter((file) => /\berase\(context, customerNo\)/.test(textOf(file)));
  expect(callers).toEqual(["server/modules/requests/erase-rows.ts"]);
  const text = textOf("server/modules/requests/erase-rows.ts");
  expect(text.indexOf("demandUnheld(")).toBeGreaterThan(0);
  expect(text.indexOf("demandUnheld(")).toBeLessThan(text.indexOf("erase(context, customerNo)"));
  const names = modules.flatMap((module) => (module.erasures ?? []).map((erase) => erase.name));
  for (const name of names) {
    const callsIt = source.filter((file) => new RegExp(`\\b${name}\\(`).test(textOf(file)));
    expect([name, callsIt.length]).toEqual([name, 1]);
  }
});

test("every other deletion is judged here", () => {
  const declared = new Set(modules.flatMap((module) => (module.erasures ?? []).map((erase) => fileOf(erase.name))));
  const isErasure = (file: string): boolean => declared.has(file.split("/").at(-1) as string);
  // "on delete" of a policy or a trigger deletes nothing; packed exposure is made of the ledger, again and again.
  const found = source.filter(
    (file) =>
      /\bdelete from \S|\btruncate /i.test(textOf(file)) &&
      !file.startsWith("server/core/ledger/exposure/") &&
      !isErasure(file) &&
      file !== "server/modules/requests/erase-rows.ts",
  );
  expect(found.filter((file) => deletes[file] === undefined)).toEqual([]);
  for (const [file, why] of Object.entries(deletes)) if (why === "asks") expect([file, asksForHolds.test(textOf(file))]).toEqual([file, true]);
});

test("a list that is held is not noted as disposed of", () => {
  expect(textOf("server/modules/lists/download-list.ts")).toMatch(/demandUnheld\(context, "list"/);
});
