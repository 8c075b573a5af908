import { hasVerb } from "#server/core/access/compile.ts";
import type { Context } from "#server/core/door/index.ts";
import type { ApprovalKind, ApprovalRequest } from "#server/modules/approvals/index.ts";
import { Problem } from "#shared/problems.ts";
import { firstSize } from "./add-outlet.ts";
import { openSettings, sealSettings, type OutletRow } from "./outlet-records.ts";

type Asked = Pick<OutletRow, "outlet_no" | "kind" | "settings_sealed" | "allowed_at">;

async function outletOf({ db }: Context, request: ApprovalRequest): Promise<Asked | undefined> {
  const [row] = await db.query<Asked>(
    "select outlet_no, kind, settings_sealed, allowed_at from checkpoint_outlets where request_no = $1 and ended_at is null for update",
    [request.requestNo],
  );
  return row;
}

function noteOutlet({ journal }: Context, row: Asked): void {
  journal.fact("outletNo", row.outlet_no);
  journal.fact("outletKind", row.kind);
}

/** A place that is given files or events sends nothing before the privacy officer consented; and nobody else can consent. */
export const outletConsent: ApprovalKind = {
  kind: "ledger-outlet",
  async check(context, request) {
    if (!hasVerb(context.actor.rights, "consent-rights")) throw new Problem("not-permitted", { reason: "privacy-officer-consents" });
    const [row] = await context.db.query("select from checkpoint_outlets where request_no = $1 and ended_at is null", [request.requestNo]);
    if (row === undefined) throw new Problem("not-found");
  },
  async approved(context, request) {
    const row = await outletOf(context, request);
    const { vault } = context.door;
    const settings = row === undefined ? undefined : openSettings(vault, row);
    if (row === undefined || settings === undefined) throw new Problem("not-found");
    noteOutlet(context, row);
    await context.db.query("update checkpoint_outlets set allowed_at = $2, next_at = $2, settings_sealed = $3, tree_size = $4 where outlet_no = $1", [
      row.outlet_no,
      context.now,
      sealSettings(vault, row.outlet_no, settings, true),
      await firstSize(context, settings),
    ]);
  },
  async refused(context, request) {
    const row = await outletOf(context, request);
    if (row === undefined) return;
    noteOutlet(context, row);
    await context.db.query("update checkpoint_outlets set ended_at = $2 where outlet_no = $1", [row.outlet_no, context.now]);
  },
};
