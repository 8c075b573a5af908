import type { Way } from "#shared/uses.ts";

/**
 * Where a value is handed on: `tel:` (RFC 3966) with the number alone, without an extension or a note behind it; `mailto:`
 * (RFC 6068) with nothing of the address taken for a header; a search of a map for the name of a town.
 */
export function hrefOf(way: Way, value: string): string {
  const plain = value.normalize("NFKC").trim();
  switch (way) {
    case "call":
      // +81 (0)3: the bracketed zero is for those who call from inside.
      return `tel:${(/^[+\d][\d\-‐‑–—−ー().\s]*/u.exec(plain.replace(/^[^+\d]+/, "").replace(/^(\+.*?)\(0\)/, "$1"))?.[0] ?? "").replaceAll(/[^\d+]/g, "")}`;
    case "mail":
      return `mailto:${encodeURIComponent(plain).replaceAll("%40", "@")}`;
    case "map":
      return `https://www.google.com/maps/search/?api=1&query=${encodeURIComponent(plain)}`;
  }
}
