import { expect, test } from "vitest";
import { articleOrder } from "#web/help/article-order.ts";
import { articles as english } from "#web/help/articles-en.ts";
import { articles as japanese } from "#web/help/articles-ja.ts";
import { readArticle } from "#web/help/read-article.ts";
import { searchArticles } from "#web/help/search-articles.ts";

const first = (typed: string, articles = japanese, screen = "/"): string | undefined => searchArticles(articles, typed, screen, articleOrder)[0]?.slug;

test.each([
  ["伏せ字", "masks"],
  ["マスク", "masks"],
  ["ﾏｽｸ", "masks"],
  ["ますく", "masks"],
  ["電話 番号 検索", "finding-people"],
  ["エクセル", "import-file"],
  ["ＣＳＶ", "import-file"],
  ["退職", "staff"],
  ["バックアップ", "backup"],
  ["元に戻せますか", "bulk"],
])("「%s」 finds the article %s first", (typed, slug) => {
  expect(first(typed)).toBe(slug);
});

test.each([
  ["masked", "masks"],
  ["export", "take-out"],
  ["Recovery Key", "backup"],
])("“%s” finds the article %s first in English", (typed, slug) => {
  expect(first(typed, english)).toBe(slug);
});

test("with nothing typed the articles of the screen come first, and none is left out", () => {
  const shown = searchArticles(japanese, "  ", "/ledger", articleOrder).map((one) => one.slug);
  expect(shown[0]).toBe("ledger");
  expect(shown.toSorted()).toEqual([...articleOrder].toSorted());
});

test("what stands nowhere finds nothing", () => {
  expect(searchArticles(japanese, "鮪の刺身", "/", articleOrder)).toEqual([]);
});

test("an article is read into title, paragraphs, steps, points, keys and ways to others", () => {
  const article = readArticle("a", "# 題\n@screens /x /y\n@words 語\n文 **強** `k` です\n1. 一\n2. 二\n- 点\n→ [[b]]\n");
  expect(article).toMatchObject({ slug: "a", title: "題", screens: ["/x", "/y"], words: "語" });
  expect(article.blocks).toEqual([
    {
      kind: "paragraph",
      line: [
        { kind: "text", text: "文 " },
        { kind: "strong", text: "強" },
        { kind: "text", text: " " },
        { kind: "key", text: "k" },
        { kind: "text", text: " です" },
      ],
    },
    { kind: "steps", lines: [[{ kind: "text", text: "一" }], [{ kind: "text", text: "二" }]] },
    { kind: "points", lines: [[{ kind: "text", text: "点" }]] },
    {
      kind: "paragraph",
      line: [
        { kind: "text", text: "→ " },
        { kind: "article", slug: "b" },
      ],
    },
  ]);
});
