import type { Vault } from "#server/core/vault/index.ts";
import type { outletKinds, outletStates, OutletProblem, OutletSettings } from "#shared/proofs.ts";

/** A row of checkpoint_outlets. */
export interface OutletRow {
  readonly outlet_no: number;
  readonly kind: (typeof outletKinds)[number];
  readonly name: string | null;
  readonly settings_sealed: Buffer;
  readonly added_at: Date;
  readonly state: (typeof outletStates)[number];
  readonly problem: OutletProblem | null;
  readonly epoch_no: number | null;
  readonly tree_size: number | null;
  readonly last_at: Date | null;
  readonly tried_at: Date | null;
  readonly failures: number;
}

export const outletColumns = "outlet_no, kind, name, settings_sealed, added_at, state, problem, epoch_no, tree_size, last_at, tried_at, failures";

/** Kinds of places that are given every event. */
export const feedKinds: readonly OutletRow["kind"][] = ["syslog", "lines"];

type Secrets = Pick<Vault, "sealSecret" | "openSecret">;

export function sealSettings(vault: Secrets, outletNo: number, settings: OutletSettings): Buffer {
  return vault.sealSecret(`checkpoint-outlet-${outletNo}`, Buffer.from(JSON.stringify(settings), "utf8"));
}

/** Undefined when they are not those that were sealed for this place. */
export function openSettings(vault: Secrets, row: Pick<OutletRow, "outlet_no" | "settings_sealed">): OutletSettings | undefined {
  try {
    return JSON.parse(vault.openSecret(`checkpoint-outlet-${row.outlet_no}`, row.settings_sealed).toString("utf8")) as OutletSettings;
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
