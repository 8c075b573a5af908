import { mm, type PdfContent } from "#server/platform/files/index.ts";
import type { PrintOffset } from "#shared/uses.ts";

/** Moves what has a place on the page by millimetres. What flows stays. */
export function shiftContent(content: readonly PdfContent[], { right, down }: PrintOffset): PdfContent[] {
  return content.map((each) =>
    typeof each === "string" || each.absolutePosition === undefined
      ? each
      : { ...each, absolutePosition: { x: each.absolutePosition.x + mm(right), y: each.absolutePosition.y + mm(down) } },
  );
}
