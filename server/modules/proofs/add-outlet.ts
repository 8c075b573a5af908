import { existsSync, statSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { isAbsolute, join, resolve, sep } from "node:path";
import { queryOver, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { findNewest, parseWitnessKey } from "#server/core/ledger/index.ts";
import { requestApproval } from "#server/modules/approvals/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import type * as contract from "#shared/proofs.ts";
import type { OutletSettings } from "#shared/proofs.ts";
import { consentedKinds, openSettings, sealSettings, targetOf, type OutletRow } from "./outlet-records.ts";
import { readAnchors } from "./time-stamp.ts";

/**
 * Adds a place for checkpoints or events. One that is given files or events waits for the privacy officer's consent
 * (consent-to-outlet.ts).
 * @throws Problem invalid-input with the setting that will not do; conflict for a witness, or a folder of events, known already
 */
export async function addOutlet(context: Context, { body }: Input<typeof contract.addOutlet>): Promise<Draft<ReplyOf<typeof contract.addOutlet>>> {
  const { db, door, journal, now } = context;
  const wrong = whatIsWrong(body, door.filesFolder);
  if (wrong !== undefined) throw new Problem("invalid-input", { fields: [`${wrong}:invalid`] });
  const name = body.kind === "witness" ? (parseWitnessKey(body.verifierKey)?.name as string) : null;
  if (name !== null) {
    const [known] = await db.query("select outlet_no from checkpoint_outlets where name = $1 and ended_at is null", [name]);
    if (known !== undefined) throw new Problem("conflict");
  }
  if (body.kind === "lines" && (await isFedAlready(context, body.folder))) throw new Problem("conflict");
  const [given] = await db.query<{ no: number }>("select nextval(pg_get_serial_sequence('checkpoint_outlets', 'outlet_no'))::int4 as no");
  const outletNo = (given as { no: number }).no;
  const isAsked = consentedKinds.includes(body.kind);
  const requestNo = isAsked
    ? (
        await requestApproval(context, {
          kind: "ledger-outlet",
          facts: { persons: 0, outletNo, outletKind: body.kind, ...sinceOf(body) },
          reason: targetOf(body),
        })
      ).requestNo
    : null;
  await db.query(
    `insert into checkpoint_outlets (outlet_no, kind, name, settings_sealed, added_at, next_at, tree_size, allowed_at, request_no)
     values ($1, $2, $3, $4, $5, $5, $6, $7, $8)`,
    [outletNo, body.kind, name, sealSettings(door.vault, outletNo, body, !isAsked), now, await firstSize(context, body), isAsked ? null : now, requestNo],
  );
  if (isAsked) journal.becomes("ledger.outlet-requested");
  journal.fact("outletNo", outletNo);
  journal.fact("kind", body.kind);
  if (name !== null) journal.fact("name", name);
  for (const [key, since] of Object.entries(sinceOf(body))) journal.fact(key, since);
  return { outletNo, requestNo };
}

/** How many events of the tree a place counts as given: all so far, where only those to come are for it. */
export async function firstSize({ db }: Pick<Context, "db">, settings: OutletSettings): Promise<number | null> {
  return "since" in settings && settings.since === "now" ? ((await findNewest(queryOver(db)))?.treeSize ?? 0) : null;
}

function sinceOf(settings: OutletSettings): { readonly since?: string } {
  return "since" in settings ? { since: settings.since } : {};
}

/** Two that write the same files would write each event twice. */
async function isFedAlready({ db, door }: Context, folder: string): Promise<boolean> {
  const rows = await db.query<OutletRow>("select outlet_no, settings_sealed, allowed_at from checkpoint_outlets where kind = 'lines' and ended_at is null");
  return rows.some((row) => {
    const settings = openSettings(door.vault, row);
    return settings?.kind === "lines" && resolve(settings.folder) === resolve(folder);
  });
}

/** Ends it; its cosignatures and time stamps stay. @throws Problem not-found */
export async function endOutlet(context: Context, { params }: Input<typeof contract.endOutlet>): Promise<Draft<ReplyOf<typeof contract.endOutlet>>> {
  const [ended] = await context.db.query<Pick<OutletRow, "kind" | "name">>(
    "update checkpoint_outlets set ended_at = $2 where outlet_no = $1 and ended_at is null returning kind, name",
    [params.outletNo, context.now],
  );
  if (ended === undefined) throw new Problem("not-found");
  context.journal.fact("outletNo", params.outletNo);
  context.journal.fact("kind", ended.kind);
  if (ended.name !== null) context.journal.fact("name", ended.name);
  return { ok: true };
}

/** The setting that will not do, if one will not. */
function whatIsWrong(settings: OutletSettings, filesFolder: string): string | undefined {
  switch (settings.kind) {
    case "witness":
      return parseWitnessKey(settings.verifierKey) === undefined ? "verifierKey" : withoutLogin(settings.url);
    case "folder":
    case "lines":
      return mayHoldCheckpoints(settings.folder, filesFolder) ? undefined : "folder";
    case "syslog":
      if (settings.trusted !== undefined && readAnchors(settings.trusted) === undefined) return "trusted";
      return whatIsWrongWith(settings);
    case "mail":
      return settings.security === "none" && !isLoopback(settings.host) ? "security" : undefined;
    case "webhook":
      return settings.url.startsWith("https:") || isLoopback(new URL(settings.url).hostname) ? withoutLogin(settings.url) : "url";
    case "timestamp":
      return readAnchors(settings.anchors) === undefined ? "anchors" : withoutLogin(settings.url);
  }
}

/** A certificate goes with its own key, and neither with none. */
function whatIsWrongWith({ certificate, privateKey }: { certificate?: string | undefined; privateKey?: string | undefined }): string | undefined {
  if (certificate === undefined && privateKey === undefined) return undefined;
  if (certificate === undefined || readAnchors(certificate) === undefined) return "certificate";
  if (privateKey === undefined) return "privateKey";
  try {
    createSecureContext({ cert: certificate, key: privateKey });
    return undefined;
  } catch {
    return "privateKey";
  }
}

/** An address with a name and password in it would be shown and logged by others. */
function withoutLogin(url: string): "url" | undefined {
  const { username, password } = new URL(url);
  return username === "" && password === "" ? undefined : "url";
}

function isLoopback(host: string): boolean {
  return ["localhost", "127.0.0.1", "::1", "[::1]"].includes(host);
}

/** What stands in a folder of keys or of a database, wherever that was put. */
const notForCheckpoints = ["signing.sealed", "database.json", "PG_VERSION"];

/** A folder that is there already, and neither the data folder nor that of the keys beside it. */
function mayHoldCheckpoints(folder: string, filesFolder: string): boolean {
  if (!isAbsolute(folder)) return false;
  const place = resolve(folder) + sep;
  const data = resolve(filesFolder, "..");
  if ([data, `${data}.keys`].some((own) => place.startsWith(own + sep) || (own + sep).startsWith(place))) return false;
  try {
    return statSync(folder).isDirectory() && !notForCheckpoints.some((file) => existsSync(join(folder, file)));
  } catch {
    return false;
  }
}
