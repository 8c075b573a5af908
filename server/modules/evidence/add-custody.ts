import type { Context } from "#server/core/door/index.ts";
import { hashOfText, sealIncidentText } from "#server/modules/incidents/index.ts";
import type { CustodyAct } from "#shared/evidence.ts";

interface Said {
  /** Absent: whoever acts. */
  readonly by?: number | null;
  readonly receipt?: string;
  readonly holds?: boolean;
  readonly foundAt?: Date | null;
  /** What was typed; sealed under the incident's key, its hash goes into the event. */
  readonly typed?: { readonly incidentNo: number; readonly texts: Readonly<Record<string, string>> };
}

/** Adds a line to the chain of custody of an item. @throws Problem card-number */
export async function addCustody(context: Context, itemNo: number, act: CustodyAct, said: Said = {}): Promise<number> {
  const texts = said.typed === undefined ? {} : Object.fromEntries(Object.entries(said.typed.texts).filter(([, text]) => text !== ""));
  const sealed = said.typed === undefined || Object.keys(texts).length === 0 ? null : sealIncidentText(context, said.typed.incidentNo, texts);
  const [row] = await context.db.query<{ custody_no: number }>(
    "insert into evidence_custody (item_no, act, acted_by, acted_at, receipt, holds, found_at, sealed_texts) values ($1, $2, $3, $4, $5, $6, $7, $8) returning custody_no",
    [
      itemNo,
      act,
      said.by === undefined ? context.actor.accountNo : said.by,
      context.now,
      said.receipt ?? null,
      said.holds ?? null,
      said.foundAt ?? null,
      sealed,
    ],
  );
  if (sealed !== null) context.journal.fact("hash", hashOfText(sealed));
  return row?.custody_no ?? 0;
}
