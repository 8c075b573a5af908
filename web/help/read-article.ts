/** A piece of a line: plain words, words that weigh more, a key, or another article. */
export type Inline = { readonly kind: "text" | "strong" | "key"; readonly text: string } | { readonly kind: "article"; readonly slug: string };

export type Block =
  | { readonly kind: "paragraph"; readonly line: readonly Inline[] }
  | { readonly kind: "steps" | "points"; readonly lines: readonly (readonly Inline[])[] };

export interface Article {
  /** Name of its file; the same in both languages. */
  readonly slug: string;
  readonly title: string;
  /** Routes of the screens that it belongs to, as the router names them. */
  readonly screens: readonly string[];
  /** Words that people look for and that do not stand in the text. */
  readonly words: string;
  readonly blocks: readonly Block[];
  /** All that is read, for the search. */
  readonly text: string;
}

const pieces = /\*\*(.+?)\*\*|`(.+?)`|\[\[([a-z-]+)\]\]/g;

function readLine(line: string): Inline[] {
  const found: Inline[] = [];
  let at = 0;
  for (const match of line.matchAll(pieces)) {
    if (match.index > at) found.push({ kind: "text", text: line.slice(at, match.index) });
    const [, strong, key, slug] = match;
    if (slug !== undefined) found.push({ kind: "article", slug });
    else found.push(strong === undefined ? { kind: "key", text: key ?? "" } : { kind: "strong", text: strong });
    at = match.index + match[0].length;
  }
  if (at < line.length) found.push({ kind: "text", text: line.slice(at) });
  return found;
}

/**
 * Reads an article: `# title`, `@screens` and `@words`, then paragraphs of a line each, `1.` steps and `-` points; in a line
 * `**strong**`, `` `key` `` and `[[article]]`.
 * @throws Error when it has no title
 */
export function readArticle(slug: string, source: string): Article {
  let title: string | undefined;
  let screens: readonly string[] = [];
  let words = "";
  const blocks: (Block & { lines?: (readonly Inline[])[] })[] = [];
  for (const line of source.split("\n")) {
    if (line.trim() === "") continue;
    const [, item, rest = ""] = /^(\d+\.|-) (.*)$/.exec(line) ?? [];
    if (line.startsWith("# ")) title = line.slice(2).trim();
    else if (line.startsWith("@screens ")) screens = line.slice(9).trim().split(/\s+/);
    else if (line.startsWith("@words ")) words = line.slice(7).trim();
    else if (item === undefined) blocks.push({ kind: "paragraph", line: readLine(line) });
    else {
      const kind = item === "-" ? "points" : "steps";
      const last = blocks.at(-1);
      if (last?.kind === kind && last.lines !== undefined) last.lines.push(readLine(rest));
      else blocks.push({ kind, lines: [readLine(rest)] });
    }
  }
  if (title === undefined) throw new Error(`the article ${slug} has no title`);
  const lines = blocks.flatMap((block) => (block.kind === "paragraph" ? [block.line] : block.lines));
  const text = lines.map((line) => line.map((piece) => (piece.kind === "article" ? "" : piece.text)).join("")).join("\n");
  return { slug, title, screens, words, blocks, text };
}

/** Reads the files of one language: their contents by path. */
export function readArticles(files: Readonly<Record<string, string>>): Article[] {
  return Object.entries(files).map(([path, source]) => readArticle(path.replace(/^.*\/|\.md$/g, ""), source));
}
