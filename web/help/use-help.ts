import { useMatches, useParams } from "@tanstack/react-router";
import { createContext, useContext } from "react";
import type { ArticleSlug } from "#web/help/article-order.ts";

/** Opens the help beside the work: at an article, or at those of the screen. */
export type OpenHelp = (slug?: ArticleSlug) => void;

/** Before sign-in there is no panel to open. */
export const HelpContext = createContext<OpenHelp | undefined>(undefined);

export function useHelp(): OpenHelp | undefined {
  return useContext(HelpContext);
}

/** The route of the screen, `/customers/$customerNo`; a section by its own name, `/settings/roles`. */
export function useScreen(): string {
  const path = useMatches().at(-1)?.fullPath ?? "/";
  const params: { section?: string } = useParams({ strict: false });
  return params.section === undefined ? path.replace("/{-$section}", "") : path.replace(/\$section|\{-\$section\}/, params.section);
}
