import { createWriteStream } from "node:fs";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { bundleFromConsole } from "#server/modules/evidence/index.ts";
import { openFromConsole, runScopeFor, verifyScope } from "#server/modules/incidents/index.ts";
import { listVerifierKeys, questionsOf, readVerifier } from "#server/modules/records/index.ts";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import { keyPlaces, type KeyPlace, type ScopeCause, type ScopeSummary } from "#shared/incident-scope.ts";
import { playbookKeys } from "#shared/incidents.ts";
import { Problem } from "#shared/problems.ts";
import type { Asked } from "./asked.ts";
import { causes } from "./modules.ts";
import { openStorehouse } from "./open-storehouse.ts";

/**
 * `./kuraban incident scope --cause KIND:VALUE[,VALUE] …`: how many people in which tier, as numbers and codes; no personal value
 * leaves. With `--verify` it waits until the whole ledger was verified and looked through event by event. Exit code 3 where it does not hold.
 */
export async function run(asked: Asked): Promise<number> {
  if (asked.words[0] === "open") return open(asked);
  if (asked.words[0] === "evidence") return writeEvidence(asked);
  if (asked.words[0] !== "scope" || asked.causes.length === 0) {
    throw new CannotStart({
      ja: "使い方: ./kuraban incident scope --cause account:12 [--from 日時 --to 日時]",
      en: "Usage: ./kuraban incident scope --cause account:12 [--from TIME --to TIME]",
    });
  }
  const window = { ...moment(asked, "from"), ...moment(asked, "to") };
  const question = { causes: asked.causes.map((text) => ({ ...readCause(text), ...window })), asOfEvent: numberOf(asked, "as-of") };
  const opened = await openStorehouse({ place: asked.place, onTrouble: (what) => process.stderr.write(`${what}\n`) });
  try {
    await opened.sequencer.sequenceNow();
    const house = { causes };
    const summary = await runScopeFor(opened.storehouse, house, numberOf(asked, "incident") ?? null, question);
    const { state: held } = summary.verification;
    const state = asked.verify ? await verifyScope(opened.storehouse, summary.runNo, house) : held === "pending" ? undefined : held;
    print(asked, summary, state);
    return state === "fails" ? 3 : 0;
  } catch (error) {
    if (error instanceof Problem) {
      throw new CannotStart({
        ja: `原因の指定が正しくありません: ${JSON.stringify(error.facts)}`,
        en: `A cause is not understood: ${error.code} ${JSON.stringify(error.facts)}`,
      });
    }
    throw error;
  } finally {
    await opened.close();
  }
}

/** `./kuraban incident evidence --incident N --out FILE`: everything that was kept of an incident, in numbers, in one sealed file. */
async function writeEvidence(asked: Asked): Promise<number> {
  const [incidentNo, path] = [numberOf(asked, "incident"), asked.option("out")];
  if (incidentNo === undefined || path === undefined) {
    throw new CannotStart({
      ja: "使い方: ./kuraban incident evidence --incident 番号 --out ファイル.zip",
      en: "Usage: ./kuraban incident evidence --incident NUMBER --out FILE.zip",
    });
  }
  const opened = await openStorehouse({ place: asked.place, onTrouble: (what) => process.stderr.write(`${what}\n`) });
  try {
    await opened.sequencer.sequenceNow();
    const { items, pieces } = await bundleFromConsole(opened.storehouse, incidentNo);
    await pipeline(pieces, createWriteStream(path, { mode: 0o600, flags: "wx" }));
    const keys = await listVerifierKeys(questionsOf(opened.storehouse), opened.storehouse.door.checkpointKeys);
    const { sha256 } = readVerifier();
    if (asked.json) process.stdout.write(`${JSON.stringify({ file: path, items, verifierSha256: sha256, keys })}\n`);
    else {
      const command = `node kuraban-verify.mjs ${basename(path)} ${keys.map((key) => `--key '${key}'`).join(" ")}`;
      process.stdout.write(
        `${items} 件の証拠を ${path} に書き出しました。\n${items} items of evidence were written to ${path}.\n\n検証 / To verify:\n${command}\nkuraban-verify.mjs SHA-256 ${sha256}\n`,
      );
    }
    return 0;
  } catch (error) {
    if (error instanceof Problem) {
      throw new CannotStart({
        ja: `書き出せませんでした: ${error.code} ${JSON.stringify(error.facts)}`,
        en: `The evidence could not be written: ${error.code} ${JSON.stringify(error.facts)}`,
      });
    }
    throw error;
  } finally {
    await opened.close();
  }
}

/** `./kuraban incident open --playbook KEY [--known TIME] [--what TEXT]`: opens an incident when nobody who may can sign in. */
async function open(asked: Asked): Promise<number> {
  const playbook = playbookKeys.find((key) => key === asked.option("playbook"));
  const knownAt = new Date(asked.option("known") ?? Date.now());
  if (playbook === undefined || Number.isNaN(knownAt.getTime()) || knownAt.getTime() > Date.now()) {
    const keys = playbookKeys.join(" ");
    throw new CannotStart({
      ja: `使い方: ./kuraban incident open --playbook 原因 [--known 知った時刻] [--what 何が起きたか]  原因: ${keys}`,
      en: `Usage: ./kuraban incident open --playbook CAUSE [--known TIME] [--what TEXT]  Causes: ${keys}`,
    });
  }
  const opened = await openStorehouse({ place: asked.place, onTrouble: (what) => process.stderr.write(`${what}\n`) });
  try {
    const what = asked.option("what")?.trim().slice(0, 400) ?? "";
    const opening = { playbook, isDrill: false, knownAt, what: what === "" ? "端末から開いた事案" : what, cause: null };
    const { incidentNo } = await openFromConsole(opened.storehouse, opening);
    process.stdout.write(asked.json ? `${JSON.stringify({ incidentNo })}\n` : `事案 第${incidentNo}号を開きました / Opened incident ${incidentNo}\n`);
    return 0;
  } finally {
    await opened.close();
  }
}

function print(asked: Asked, summary: ScopeSummary, state: "holds" | "fails" | undefined): void {
  const isVerified = state === "holds";
  // Nobody is excluded by a ledger that does not verify.
  const counts = state === "fails" ? { confirmed: summary.confirmed, possible: summary.possible + summary.excluded, excluded: 0 } : summary;
  const { confirmed, possible, excluded } = counts;
  if (asked.json) {
    const verification = state === undefined ? summary.verification.state : state;
    process.stdout.write(`${JSON.stringify({ ...summary, confirmed, possible, excluded, isVerified, verification })}\n`);
    return;
  }
  process.stdout.write(
    `確認 ${confirmed} 人、可能性 ${possible} 人、除外 ${excluded} 人(${state === undefined ? "検証待ち" : isVerified ? "検証済み" : "検証できません"}、記録 ${summary.asOfEvent} 番まで)\n` +
      `confirmed ${confirmed}, possible ${possible}, excluded ${excluded} (${state === undefined ? "not verified yet" : isVerified ? "verified" : "does not verify"}, as of event ${summary.asOfEvent})\n` +
      `${summary.hash}\n`,
  );
}

/** `account:12,13`, `address:10.0.0.0/8`, `time`, `backup:together`. */
function readCause(text: string): ScopeCause {
  const colon = text.indexOf(":");
  const kind = colon < 0 ? text : text.slice(0, colon);
  const given = colon < 0 ? [] : text.slice(colon + 1).split(",");
  const known = causes().find((cause) => cause.kind === kind);
  if (known === undefined) {
    const kinds = causes()
      .map((cause) => cause.kind)
      .join(", ");
    throw new CannotStart({ ja: `原因の種類がありません: ${kinds} のどれかです。`, en: `There is no such kind of cause; kinds are ${kinds}.` });
  }
  if (known.takes === "none") {
    const keys = keyPlaces.find((place) => place === given[0]);
    if (given.length > 1 || (given.length === 1 && (keys === undefined || known.asksForKeys !== true))) {
      throw new CannotStart({ ja: `${kind} に値はありません。`, en: `${kind} takes no value.` });
    }
    return { kind, values: [], ...(keys === undefined ? {} : { keys: keys satisfies KeyPlace }) };
  }
  const hasNumbers = !["sessions", "devices", "addresses", "roles"].includes(known.takes);
  return { kind, values: given.map((value) => (hasNumbers ? Number(value) : value)) };
}

function moment(asked: Asked, name: "from" | "to"): { from?: string; to?: string } {
  const text = asked.option(name);
  if (text === undefined) return {};
  // A day is a day in Japan.
  const time = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00+09:00` : text);
  if (Number.isNaN(time.getTime())) {
    throw new CannotStart({
      ja: `--${name} は 2026-11-21 か 2026-11-21T09:00:00+09:00 の形で指定してください。`,
      en: `--${name} must look like 2026-11-21 or 2026-11-21T09:00:00+09:00.`,
    });
  }
  return { [name]: time.toISOString() };
}

function numberOf(asked: Asked, name: "as-of" | "incident"): number | undefined {
  const text = asked.option(name);
  if (text === undefined) return undefined;
  if (!/^[1-9][0-9]{0,14}$/.test(text)) throw new CannotStart({ ja: `--${name} は数で指定してください。`, en: `--${name} must be a number.` });
  return Number(text);
}
