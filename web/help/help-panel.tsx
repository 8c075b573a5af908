import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconChevronLeft, IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { ArticleBody } from "#web/help/article-body.tsx";
import { articleOrder, type ArticleSlug } from "#web/help/article-order.ts";
import styles from "#web/help/help.module.css";
import type { Article } from "#web/help/read-article.ts";
import { searchArticles } from "#web/help/search-articles.ts";
import { useScreen } from "#web/help/use-help.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { SidePanel } from "#web/parts/side-panel.tsx";
import { useWords } from "#web/words/words.ts";

// Each import stands alone, so that the loader of parts knows the files of each.
const articlesIn = { ja: () => import("#web/help/articles-ja.ts"), en: () => import("#web/help/articles-en.ts") };

/** The articles of the language come with the product, as one file, when the help is first opened. */
function useArticles() {
  const { language } = useWords();
  return useQuery({
    queryKey: ["help", language],
    queryFn: async () => (await articlesIn[language]()).articles,
    staleTime: Infinity,
  });
}

/** Help beside the work: the articles of this screen first, all of them to be searched. What is typed stays here. */
export function HelpPanel({ slug, onGo, onClose }: { slug: string | undefined; onGo: (slug: ArticleSlug | undefined) => void; onClose: () => void }) {
  const { w } = useWords();
  const { data: articles, error, refetch } = useArticles();
  const [typed, setTyped] = useState("");
  const read = articles?.find((article) => article.slug === slug);
  const search = useRef<HTMLInputElement>(null);
  const isList = articles !== undefined && read === undefined;
  useEffect(() => {
    // On a phone the keyboard would cover half of what is to be read.
    if (isList && window.matchMedia("(width >= 1000px)").matches) search.current?.focus();
  }, [isList]);
  return (
    <SidePanel label={w.help.title} focusKey={`help-${slug ?? ""}`} onClose={onClose}>
      <div className={styles["panel"]}>
        {error === null ? null : <ProblemNotice error={error} onRetry={() => void refetch()} />}
        {articles === undefined ? null : read === undefined ? (
          <>
            <TextInput
              ref={search}
              aria-label={w.help.search}
              placeholder={w.help.searchHint}
              leftSection={<IconSearch size={16} aria-hidden />}
              autoComplete="off"
              maxLength={100}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key !== "Escape" || event.nativeEvent.isComposing) return;
                if (typed === "") onClose();
                else setTyped("");
              }}
            />
            <Found articles={articles} typed={typed} onGo={onGo} />
          </>
        ) : (
          <>
            <button type="button" className={`${styles["link"]} line small`} onClick={() => onGo(undefined)}>
              <IconChevronLeft size={16} aria-hidden /> {w.help.back}
            </button>
            <ArticleBody
              article={read}
              titleOf={(other) => articles.find((article) => article.slug === other)?.title ?? other}
              onOpen={(other) => onGo(other as ArticleSlug)}
            />
          </>
        )}
      </div>
    </SidePanel>
  );
}

function Found({ articles, typed, onGo }: { articles: readonly Article[]; typed: string; onGo: (slug: ArticleSlug) => void }) {
  const { w } = useWords();
  const exact = useScreen();
  const screen = articles.some((article) => article.screens.includes(exact)) ? exact : exact.replace(/\/[^/]+$/, "");
  const found = searchArticles(articles, typed, screen, articleOrder);
  const isSearch = typed.trim() !== "";
  const here = isSearch ? [] : found.filter((article) => article.screens.includes(screen));
  const rest = found.filter((article) => !here.includes(article));
  return (
    <>
      {here.length === 0 ? null : <Titles label={w.help.ofThisScreen} articles={here} onGo={onGo} />}
      {isSearch ? (
        <p role="status" className="soft small">
          {found.length === 0 ? w.help.none : w.help.found(found.length)}
        </p>
      ) : null}
      {rest.length === 0 ? null : <Titles label={isSearch ? undefined : w.help.others} articles={rest} onGo={onGo} />}
    </>
  );
}

function Titles({ label, articles, onGo }: { label: string | undefined; articles: readonly Article[]; onGo: (slug: ArticleSlug) => void }) {
  return (
    <div>
      {label === undefined ? null : <h2 className="soft small">{label}</h2>}
      <ul className={styles["list"]}>
        {articles.map(({ slug, title }) => (
          <li key={slug}>
            <button type="button" onClick={() => onGo(slug as ArticleSlug)}>
              {title}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
