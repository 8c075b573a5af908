import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { connectToHouse } from "#tests/support/connect-to-house.ts";
import type { Window } from "../support/browser.ts";
import { startCompanyJourney } from "../support/company-journey.ts";
import { ledgerScreen } from "../support/screens/ledger-screen.ts";

const { folder, dataFolder, url, enter } = startCompanyJourney([["sales"], ["auditor"]], { unowned: 5 });
/** Where the auditor goes: nothing of the product is there. */
const away = join(folder, "away");
mkdirSync(away);
let auditor: Window;
let key = "";

interface Told {
  readonly code: number;
  readonly said: string;
}

/** The verifier in a process of its own, in a folder of its own, with nothing of the product's in its environment. */
function verify(...files: string[]): Promise<Told> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["kuraban-verify.mjs", ...files, "--key", key], { cwd: away, env: {} }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
    );
  });
}

/** Saves what a click downloads. */
async function save(page: Page, button: string, name: string): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("dialog").getByRole("button", { name: button, exact: true }).click()]);
  const path = join(away, name);
  await file.saveAs(path);
  return path;
}

test("an auditor signs in and exports the ledger, the verifier and the key from the screen", async () => {
  auditor = await enter(1);
  const { page } = auditor;
  await ledgerScreen(page).open();
  await page.getByRole("button", { name: "監査用に書き出す" }).click();
  await page.getByTestId("ledger-key").waitFor();
  expect(await auditor.accessibilityTroubles()).toEqual([]);
  await save(page, "書き出す", "export.jsonl.gz");
  const verifier = await save(page, "検証プログラムを保存", "kuraban-verify.mjs");
  key = await page.getByTestId("ledger-key").innerText();
  const stated = await page.getByTestId("verifier-hash").innerText();
  expect(createHash("sha256").update(readFileSync(verifier)).digest("hex")).toBe(stated.trim());
  await page.keyboard.press("Escape");
});

test("away from the product, the one file says that everything holds", async () => {
  const { code, said } = await verify("export.jsonl.gz");
  expect(said).toContain("記録簿は正しい");
  expect(code).toBe(0);
});

test("one byte of the export changed: it names the record", async () => {
  const bytes = gunzipSync(readFileSync(join(away, "export.jsonl.gz")));
  const lines = bytes.toString("latin1").split("\n");
  const events = lines.flatMap((line, at) => (line.startsWith('["event"') ? [at] : []));
  const sequence = 10;
  const before = lines.slice(0, events[sequence]).join("\n").length;
  const place = bytes.indexOf('"requestId":"', before) + '"requestId":"'.length;
  bytes[place] = bytes[place] === 0x30 ? 0x31 : 0x30;
  writeFileSync(join(away, "changed.jsonl"), bytes);
  const { code, said } = await verify("changed.jsonl");
  expect(code).toBe(1);
  expect(said).toContain(`the first bad sequence number is ${sequence}.`);
  expect(said).toContain(`${sequence}: 記録の見出しが書き換えられています / header was changed`);
});

test("a statement of not having seen people is saved from the screen, and the one file reads it", async () => {
  const { page } = auditor;
  await page.goto(`${url()}/record`);
  await page.getByRole("button", { name: "見ていないことの証明を作る" }).click();
  await page.getByLabel("顧客番号").fill("3\n4\n999999");
  expect(await auditor.accessibilityTroubles()).toEqual([]);
  await save(page, "証明ファイルを保存", "not-seen.json");
  await save(page, "書面(PDF)を保存", "not-seen.pdf");
  expect(readFileSync(join(away, "not-seen.pdf")).subarray(0, 5).toString()).toBe("%PDF-");
  await page.keyboard.press("Escape");
  expect(await verify("--statement", "not-seen.json")).toMatchObject({ code: 0, said: expect.stringContaining("3, 4, 999999") as string });
  await ledgerScreen(page).open();
});

test("one byte of the database changed by its superuser: the next export names the record", async () => {
  const owner = await connectToHouse(dataFolder);
  let sequence: number;
  try {
    const { rows } = await owner.query<{ event_no: number; sequence: number }>(
      `select e.event_no, (r.first_sequence + array_position(r.event_nos, e.event_no) - 1)::int4 as sequence
         from ledger_events e join ledger_rounds r on e.event_no = any(r.event_nos) where e.writes is not null order by e.event_no offset 3 limit 1`,
    );
    const [event] = rows as [{ event_no: number; sequence: number }];
    sequence = event.sequence;
    await owner.query(
      "update ledger_events set writes = set_byte(writes, octet_length(writes) - 1, get_byte(writes, octet_length(writes) - 1) # 1) where event_no = $1",
      [event.event_no],
    );
  } finally {
    await owner.end();
  }
  const { page } = auditor;
  await page.getByRole("button", { name: "監査用に書き出す" }).click();
  await save(page, "書き出す", "second.jsonl.gz");
  const { code, said } = await verify("second.jsonl.gz");
  expect(code).toBe(1);
  expect(said).toContain(`the first bad sequence number is ${sequence}.`);
  expect(said).toContain("writes were changed");
});
