import { Link } from "@tanstack/react-router";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { useWords } from "#web/words/words.ts";

export function NotFound() {
  const { w } = useWords();
  return <EmptyState as="h1" title={w.notFound.title} help={w.notFound.lead} action={<Link to="/">{w.notFound.home}</Link>} />;
}
