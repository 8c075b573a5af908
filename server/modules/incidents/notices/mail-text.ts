import type { NoticePaper } from "#shared/incident-notices.ts";

type Entry = NoticePaper["sections"][number]["entries"][number];

/** What stands in a place: of a text that is gone, nothing. */
function textOfEntry({ pieces }: Pick<Entry, "pieces">): string {
  return pieces.map((piece) => (typeof piece.text === "string" ? piece.text : "")).join("");
}

/** The place of the template where the person's name goes. */
const addressee = "opening.addressee";

/** `山田 太郎 様` or `Dear Taro Yamada,`; without a name `お客様`. */
function salutation({ locale }: Pick<NoticePaper, "locale">, name: string): string {
  if (locale === "en") return name === "" ? "Dear customer," : `Dear ${name},`;
  return name === "" ? "お客様" : `${name} 様`;
}

export interface Block {
  readonly title: string | null;
  readonly lines: readonly string[];
}

/** The blocks of a letter to one person: the salutation first, then the paper as it was approved, without the entries of `apart`. */
export function letterBlocks(paper: NoticePaper, name: string, apart: readonly string[] = []): Block[] {
  const blocks = paper.sections.map((section) => ({
    title: section.title,
    lines: section.entries
      .filter((entry) => entry.key !== addressee && !apart.includes(entry.key))
      .map((entry) => (entry.label === null ? textOfEntry(entry) : `${entry.label}: ${textOfEntry(entry)}`))
      .filter((line) => line !== ""),
  }));
  return [{ title: null, lines: [salutation(paper, name)] }, ...blocks.filter((block) => block.lines.length > 0)];
}

/** A mail as plain text, which every reader can read and nothing can be hidden in. */
export function mailText(paper: NoticePaper, name: string): string {
  const drill = paper.isDrill ? [paper.locale === "ja" ? "【訓練】 実際の事案ではありません" : "[DRILL] Not a real incident", ""] : [];
  const [opening, ...rest] = letterBlocks(paper, name);
  return [
    ...drill,
    ...(opening?.lines ?? []),
    "",
    paper.day,
    "",
    ...rest.flatMap((block) => [...(block.title === null ? [] : [block.title]), ...block.lines, ""]),
  ].join("\n");
}
