import type { Article } from "#web/help/read-article.ts";

/** As the storehouse folds what it searches: width, case, hiragana, signs of long vowels and spaces make no difference. */
function foldWord(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[ぁ-ゖ]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0x60))
    .replaceAll(/[ー\-‐-―・]/g, "");
}

const signs = (text: string): string => foldWord(text).replaceAll(/\s+/g, "");

/** Pairs of neighbouring characters: a sentence that was typed finds what shares most of them. */
function pairsOf(text: string): Set<string> {
  const folded = signs(text);
  return new Set([...folded].slice(1).map((_, at) => [...folded].slice(at, at + 2).join("")));
}

function weigh(article: Article, words: readonly string[]): number {
  const [title, known, text] = [signs(article.title), signs(article.words), signs(article.text)];
  let weight = 0;
  for (const word of words) {
    const here = (title.includes(word) ? 8 : 0) + (known.includes(word) ? 5 : 0) + (text.includes(word) ? 2 : 0);
    if (here === 0) return 0;
    weight += here;
  }
  return weight;
}

/**
 * Articles that fit what was typed, the best first: those in which every word stands, and where there is none, those that
 * share most with it. With nothing typed all of them: those of the screen first, the rest in the order of `order`.
 */
export function searchArticles(articles: readonly Article[], typed: string, screen: string, order: readonly string[]): Article[] {
  const place = (article: Article): number => (article.screens.includes(screen) ? 0 : order.length) + order.indexOf(article.slug);
  const words = foldWord(typed).split(/\s+/).map(signs).filter(Boolean);
  if (words.length === 0) return [...articles].sort((a, b) => place(a) - place(b));
  const ranked = (weight: (article: Article) => number): Article[] =>
    articles
      .map((article) => ({ article, weight: weight(article) }))
      .filter((one) => one.weight > 0)
      .sort((a, b) => b.weight - a.weight || place(a.article) - place(b.article))
      .map((one) => one.article);
  const exact = ranked((article) => weigh(article, words));
  if (exact.length > 0) return exact;
  const asked = pairsOf(typed);
  return ranked((article) => {
    const held = pairsOf(`${article.title} ${article.words} ${article.text}`);
    const shared = [...asked].filter((pair) => held.has(pair)).length;
    return shared * 2 > asked.size ? shared : 0;
  }).slice(0, 8);
}
