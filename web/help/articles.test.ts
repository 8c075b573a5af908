import { expect, test } from "vitest";
import { problems } from "#shared/problems.ts";
import { articleOfRefusal } from "#web/help/article-of-refusal.ts";
import { articleOrder } from "#web/help/article-order.ts";
import { articles as english } from "#web/help/articles-en.ts";
import { articles as japanese } from "#web/help/articles-ja.ts";
import { helpEn, helpJa } from "#web/words/help.ts";

const languages = { japanese, english };
const router = Object.values(import.meta.glob<string>("../app/router.tsx", { query: "?raw", import: "default", eager: true })).join();
// A place that has sections is a screen by itself and one with each of them.
const routes = [...router.matchAll(/page\(\s*"([^"]+)"/g)].flatMap(([, path = ""]) =>
  path.endsWith("/{-$section}") ? [path.replace("/{-$section}", ""), path.replace("{-$section}", "$section")] : [path],
);

test("both languages have the same articles, and all of them have their place in the order", () => {
  for (const articles of Object.values(languages)) {
    expect(articles.map((one) => one.slug).toSorted()).toEqual([...articleOrder].toSorted());
  }
});

test("every refusal has a next step in both languages, and an article that exists", () => {
  const codes = [...Object.keys(problems), "unreachable"].toSorted();
  expect(Object.keys(articleOfRefusal).toSorted()).toEqual(codes);
  for (const { nextSteps } of [helpJa, helpEn]) {
    expect(Object.keys(nextSteps).toSorted()).toEqual(codes);
    expect(Object.values(nextSteps).filter((step) => step.length < 10)).toEqual([]);
  }
  for (const articles of Object.values(languages)) {
    const known = new Set(articles.map((one) => one.slug));
    expect(Object.values(articleOfRefusal).filter((slug) => !known.has(slug))).toEqual([]);
  }
});

test("every screen has an article, and no article names a screen that is not there", () => {
  for (const articles of Object.values(languages)) {
    const named = new Set(articles.flatMap((one) => one.screens));
    const withSections = (path: string): boolean => routes.includes(path) || routes.includes(path.replace(/\/[a-z]+$/, "/$section"));
    expect([...named].filter((path) => !withSections(path))).toEqual([]);
    expect(routes.filter((path) => !named.has(path) && path !== "/settings/$section")).toEqual([]);
  }
});

test("an article leads only to articles that exist, and each is short enough to be read at once", () => {
  for (const articles of Object.values(languages)) {
    const known = new Set(articles.map((one) => one.slug));
    for (const article of articles) {
      const lines = article.blocks.flatMap((block) => (block.kind === "paragraph" ? [block.line] : block.lines)).flat();
      expect(lines.flatMap((piece) => (piece.kind === "article" && !known.has(piece.slug) ? [`${article.slug} → ${piece.slug}`] : []))).toEqual([]);
      expect([article.slug, article.text.split(/\s+/).length < 200 && article.text.length < 1300]).toEqual([article.slug, true]);
    }
  }
});
