import type { Vault } from "#server/core/vault/index.ts";
import type { outletKinds, outletStates, OutletProblem, OutletSettings } from "#shared/proofs.ts";

/** A row of checkpoint_outlets. */
export interface OutletRow {
  readonly outlet_no: number;
  readonly kind: (typeof outletKinds)[number];
  readonly name: string | null;
  readonly settings_sealed: Buffer;
  readonly added_at: Date;
  /** Null while it waits for the privacy officer. */
  readonly allowed_at: Date | null;
  readonly state: (typeof outletStates)[number];
  readonly problem: OutletProblem | null;
  readonly epoch_no: number | null;
  readonly tree_size: number | null;
  readonly last_at: Date | null;
  readonly tried_at: Date | null;
  readonly failures: number;
}

export const outletColumns = "outlet_no, kind, name, settings_sealed, added_at, allowed_at, state, problem, epoch_no, tree_size, last_at, tried_at, failures";

/** Kinds of places that are given every event. */
export const feedKinds: readonly OutletRow["kind"][] = ["syslog", "lines"];

/** Kinds that give away files or events, and not only show a checkpoint for a signature: the privacy officer consents to them. */
export const consentedKinds: readonly OutletRow["kind"][] = ["folder", "mail", "webhook", "syslog", "lines"];

type Secrets = Pick<Vault, "sealSecret" | "openSecret">;

/** What waits for consent is sealed under another name: an `allowed_at` that somebody wrote into the row does not open it. */
const nameOf = (outletNo: number, isAllowed: boolean): string => `checkpoint-outlet-${isAllowed ? "" : "asked-"}${outletNo}`;

export function sealSettings(vault: Secrets, outletNo: number, settings: OutletSettings, isAllowed: boolean): Buffer {
  return vault.sealSecret(nameOf(outletNo, isAllowed), Buffer.from(JSON.stringify(settings), "utf8"));
}

/** Undefined when they are not those that were sealed for this place, as it is. */
export function openSettings(vault: Secrets, row: Pick<OutletRow, "outlet_no" | "settings_sealed" | "allowed_at">): OutletSettings | undefined {
  try {
    return JSON.parse(vault.openSecret(nameOf(row.outlet_no, row.allowed_at !== null), row.settings_sealed).toString("utf8")) as OutletSettings;
  } catch {
    return undefined;
  }
}

/** What may be said of a place: machine, folder or domain. */
export function targetOf(settings: OutletSettings | undefined): string {
  switch (settings?.kind) {
    case undefined:
      return "?";
    case "folder":
    case "lines":
      return settings.folder;
    case "syslog":
      return `${settings.host}:${settings.port}`;
    case "mail":
      return `${settings.host} → ***@${settings.to.split("@").at(-1) ?? ""}`;
    case "witness":
    case "webhook":
    case "timestamp":
      return new URL(settings.url).origin;
  }
}
