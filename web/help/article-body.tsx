import { Kbd } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "#web/help/help.module.css";
import type { Article, Inline } from "#web/help/read-article.ts";

/** An article as it is read. It is made of text nodes alone; nothing in it is taken for markup. */
export function ArticleBody({ article, titleOf, onOpen }: { article: Article; titleOf: (slug: string) => string; onOpen: (slug: string) => void }) {
  const pieces = (line: readonly Inline[]): ReactNode =>
    line.map((piece, at) =>
      piece.kind === "article" ? (
        <button key={at} type="button" className={styles["link"]} onClick={() => onOpen(piece.slug)}>
          {titleOf(piece.slug)}
        </button>
      ) : piece.kind === "strong" ? (
        <strong key={at}>{piece.text}</strong>
      ) : piece.kind === "key" ? (
        <Kbd key={at}>{piece.text}</Kbd>
      ) : (
        piece.text
      ),
    );
  return (
    <article className={styles["article"]}>
      <h2>{article.title}</h2>
      {article.blocks.map((block, at) =>
        block.kind === "paragraph" ? (
          <p key={at}>{pieces(block.line)}</p>
        ) : block.kind === "steps" ? (
          <ol key={at}>
            {block.lines.map((line, place) => (
              <li key={place}>{pieces(line)}</li>
            ))}
          </ol>
        ) : (
          <ul key={at}>
            {block.lines.map((line, place) => (
              <li key={place}>{pieces(line)}</li>
            ))}
          </ul>
        ),
      )}
    </article>
  );
}
