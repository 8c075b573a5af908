import type { Context, Draft } from "#server/core/door/index.ts";
import { dayInJapan } from "#shared/day-in-japan.ts";
import type { NoticePaper } from "#shared/incident-notices.ts";
import { Problem } from "#shared/problems.ts";
import { demandUnchanged } from "./draft-hash.ts";
import { findDraft, openPieces } from "./draft-records.ts";
import { dayText } from "./ground.ts";

/**
 * An approved version as it goes to many people: its words, without what stands on the screen alone or is not settled yet.
 * @throws Problem not-found, awaits-approval, conflict {reason: "changed"}
 */
export async function approvedPaper(context: Context, draftNo: number): Promise<Draft<NoticePaper>> {
  const row = await findDraft(context, draftNo);
  if (row.state !== "approved" || row.approved_at === null) {
    throw new Problem("awaits-approval", { state: row.state });
  }
  demandUnchanged(row);
  const sections = row.content.sections
    .map((section) => ({ ...section, entries: section.entries.filter((entry) => !entry.isInternal && (entry.label === null || entry.state !== "unknown")) }))
    .filter((section) => section.entries.length > 0);
  const open = await openPieces(
    context,
    sections.flatMap((section) => section.entries),
    "handle-incidents",
  );
  const [organisation] = await context.db.query<{ name: string }>("select name from organisation");
  const day = dayInJapan(context.now);
  return {
    title: row.content.title,
    organisation: organisation?.name ?? "",
    isDrill: row.content.isDrill,
    locale: row.content.locale,
    day: row.content.locale === "ja" ? dayText(day) : day,
    sections: sections.map((section) => ({
      title: section.title,
      entries: section.entries.map((entry) => ({ key: entry.key, label: entry.label, pieces: open(entry.pieces) })),
    })),
  };
}
