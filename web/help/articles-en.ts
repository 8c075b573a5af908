import { readArticles } from "#web/help/read-article.ts";

export const articles = readArticles(import.meta.glob<string>("./articles/en/*.md", { query: "?raw", import: "default", eager: true }));
